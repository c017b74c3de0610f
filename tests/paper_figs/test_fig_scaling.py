"""The figures of the scaling study, from a store made by hand."""

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from experiments.scaling_cells import REGIONS
from experiments.store import write_table
from paper_figs.fig_regimes import draw_regimes
from paper_figs.fig_scaling import draw_scaling


def made() -> pd.DataFrame:
    rows = []
    for setting in ("one", "two"):
        for i, workers in enumerate((2, 8)):
            for j, slots in enumerate((4, 16, 64)):
                iir = math.inf if j == 2 and i == 0 else 2.0 * slots**0.5 * (1000.0 if j == 2 else 1.0)
                rows.append(
                    {
                        "setting": setting, "G": workers, "B": slots, "iir": iir, "iir_lo": 0.9 * iir,
                        "iir_hi": 1.1 * iir if j else math.inf, "c": 0.0 if math.isinf(iir) else 1 / iir,
                        "pressure": slots**0.5, "region": REGIONS[(i + j) % 4],
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("draw", "changed"),
    [(draw_scaling, {"iir": 7.5}), (draw_regimes, {"region": "proved"})],
)
def test_the_figure_depends_on_the_data_alone(
    tmp_path: Path, draw: Callable[[Path, Path], list[Path]], changed: dict
) -> None:
    frame = made()
    write_table(tmp_path / "scaling.parquet", frame, scenario={})
    first = [path.read_bytes() for path in draw(tmp_path / "scaling.parquet", tmp_path / "one")]
    second = [path.read_bytes() for path in draw(tmp_path / "scaling.parquet", tmp_path / "two")]
    assert first == second
    assert first[0].startswith(b"%PDF")
    for column, value in changed.items():
        assert frame.loc[1, column] != value
        frame.loc[1, column] = value
    write_table(tmp_path / "scaling.parquet", frame, scenario={})
    assert draw(tmp_path / "scaling.parquet", tmp_path / "three")[1].read_bytes() != first[1]
