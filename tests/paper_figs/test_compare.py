"""The table and the figure of a comparison, from a store made by hand."""

from pathlib import Path

import pandas as pd
import pytest

from experiments.store import write_table
from paper_figs import compare_table, draw_compare

SCENARIO = {
    "source": "my_trace.csv",
    "workers": 4,
    "slots": 8,
    "offered_load": 0.9,
    "steps": None,
    "warmup": 0,
}


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "policy": ["fcfs", "vllm_dp", "mine_own"],
            "binding": ["pooled", "immediate", "immediate"],
            "imbalance": [3192351.2, 0.53214, 20.0],
            "idle_fraction": [0.269, 0.0, 0.1],
            "throughput": [8316.4, 99.5, 1.0],
            "ttft_s_p50": [14.382, 0.05, float("nan")],
            "ttft_s_p99": [37.181, 0.1284, float("nan")],
            "tpot_s_p50": [0.11833, 0.06, 0.1],
            "tpot_s_p99": [0.13928, 0.07, 0.1],
            "energy_per_token_j": [0.6459, 0.6, 1.0],
        }
    )


def test_the_table_holds_the_numbers_of_the_store(frame: pd.DataFrame, tmp_path: Path) -> None:
    write_table(tmp_path / "compare.parquet", frame, scenario=SCENARIO)
    text = compare_table(tmp_path / "compare.parquet")
    assert [line.strip() for line in text.splitlines() if "&" in line][2:] == [
        r"FCFS & pooled & 3192351 & 26.9 & 8316 & 14.382 & 37.181 & 118.33 & 139.28 & 0.6459 \\",
        r"vLLM DP & immediate & 0.5321 & 0.0 & 100 & 0.050 & 0.128 & 60.00 & 70.00 & 0.6000 \\",
        r"mine\_own & immediate & 20.00 & 10.0 & 1 & {--} & {--} & 100.00 & 100.00 & 1.0000 \\",
    ]
    assert r"my\_trace.csv, $G=4$ workers of $B=8$ slots, offered load 0.90." in text


def test_without_a_clock_there_is_no_ttft(frame: pd.DataFrame, tmp_path: Path) -> None:
    scenario = SCENARIO | {"offered_load": None, "steps": 500, "warmup": 7}
    frame = frame.drop(columns=["ttft_s_p50", "ttft_s_p99"])
    write_table(tmp_path / "compare.parquet", frame, scenario=scenario)
    text = compare_table(tmp_path / "compare.parquet")
    assert "TTFT p50" not in text
    assert r"overloaded; \num{500} steps after a warm-up of \num{7}." in text
    assert draw_compare(tmp_path / "compare.parquet", tmp_path / "compare")[0].exists()


def test_the_figure_depends_on_the_data_alone(frame: pd.DataFrame, tmp_path: Path) -> None:
    write_table(tmp_path / "compare.parquet", frame, scenario=SCENARIO)
    first = [path.read_bytes() for path in draw_compare(tmp_path / "compare.parquet", tmp_path / "a")]
    second = [path.read_bytes() for path in draw_compare(tmp_path / "compare.parquet", tmp_path / "b")]
    assert first == second
    for column, value in (
        ("ttft_s_p99", 1.0),
        ("idle_fraction", 0.2),
        ("policy", "jsq"),
        ("binding", "pooled"),
    ):
        changed = frame.copy()
        changed.loc[1, column] = value
        write_table(tmp_path / "compare.parquet", changed, scenario=SCENARIO)
        drawn = draw_compare(tmp_path / "compare.parquet", tmp_path / "c")[1].read_bytes()
        assert drawn != first[1], column
