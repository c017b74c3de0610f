"""The figure of imbalance against the horizon, from a store made by hand."""

from pathlib import Path

import pandas as pd

from experiments.store import write_table
from paper_figs.fig_horizon import draw_horizon


def test_the_figure_depends_on_the_data_alone(tmp_path: Path) -> None:
    rows = [
        {"workload": w, "variant": v, "horizon": h, "imbalance": 10.0, "ratio": 1.0 / (1 + h)}
        for w in ("a", "b", "c")
        for v in ("oracle", "hazard")
        for h in (0, 5, 20)
    ]
    write_table(tmp_path / "horizon.parquet", pd.DataFrame(rows), scenario={})
    first = [path.read_bytes() for path in draw_horizon(tmp_path / "horizon.parquet", tmp_path / "one")]
    second = [path.read_bytes() for path in draw_horizon(tmp_path / "horizon.parquet", tmp_path / "two")]
    assert first == second
    rows[3]["ratio"] = 3.0
    write_table(tmp_path / "horizon.parquet", pd.DataFrame(rows), scenario={})
    assert draw_horizon(tmp_path / "horizon.parquet", tmp_path / "three")[1].read_bytes() != first[1]
