"""The table and the figure of the main job, drawn from a store made by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.store import write_table
from paper_figs import draw_loads, main_table_latex
from paper_figs.artefacts import make_figures, make_tables
from paper_figs.sweep import read_sweep

SCENARIO = {"source": "50_50 & co", "workers": 4, "slots": 8, "steps": 400, "warmup": 10}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    results = pd.DataFrame(
        {
            "policy": ["fcfs", "bfio"],
            "steps": [400, 400],
            "imbalance": [14212.04, 3641.5],
            "iir": [1.0, 3.9028],
            "idle_fraction": [0.1658, 0.0015],
            "throughput": [49252.4, 56620.1],
            "tpot_s": [0.02339, 0.02035],
            "energy_per_token_j": [0.11824, 0.11296],
        }
    )
    loads = pd.DataFrame(
        {
            "policy": np.repeat(["fcfs", "bfio"], 6),
            "step": [0, 0, 1, 1, 2, 2] * 2,
            "worker": [0, 1] * 6,
            "load": [5.0, 1, 6, 2, 7, 0, 3, 3, 4, 4, 4, 3],
        }
    )
    write_table(tmp_path / "results.parquet", results, scenario=SCENARIO)
    write_table(tmp_path / "loads.parquet", loads, scenario=SCENARIO)
    return tmp_path


def test_the_table_holds_the_numbers_of_the_store(store: Path) -> None:
    lines = main_table_latex(store).splitlines()
    body = [line.strip() for line in lines if "FCFS &" in line or "BF-IO" in line]
    assert body == [
        r"FCFS & 14212 & 1.000 & 16.58 & 49252 & 23.39 & 0.1182 \\",
        r"BF-IO(0) & \bfseries 3642 & \bfseries 3.903 & \bfseries 0.1500 & \bfseries 56620 & "
        r"\bfseries 20.35 & \bfseries 0.1130 \\",
    ]
    assert r"50\_50 \& co" in "".join(lines)
    assert "S[table-format=5.0]" in "".join(lines)
    assert r"Means over \num{400} steps after a warm-up of \num{10}." in "".join(lines)


@pytest.mark.parametrize(
    ("imbalance", "iir", "cells"),
    [
        (0.0, float("nan"), r"\bfseries 0 & {--}"),
        (0.53214, 134.053, r"\bfseries 0.5321 & \bfseries 134.1"),
        (0.0, float("inf"), r"\bfseries 0 & {$\boldsymbol{\infty}$}"),
        (99.994, 9.9996, r"\bfseries 99.99 & \bfseries 10.000"),
    ],
)
def test_small_and_undefined_numbers(store: Path, imbalance: float, iir: float, cells: str) -> None:
    frame = pd.read_parquet(store / "results.parquet")
    frame.loc[1, ["imbalance", "iir"]] = [imbalance, iir]
    write_table(store / "results.parquet", frame, scenario=SCENARIO)
    assert f"BF-IO(0) & {cells} & " in main_table_latex(store)


def test_the_figure_depends_on_the_data_alone(store: Path) -> None:
    first = [path.read_bytes() for path in draw_loads(store / "loads.parquet", store / "a")]
    second = [path.read_bytes() for path in draw_loads(store / "loads.parquet", store / "b")]
    assert first == second
    assert first[0].startswith(b"%PDF")
    assert first[1].startswith(b"\x89PNG")
    assert b"CreationDate" not in first[0]
    frame = pd.read_parquet(store / "loads.parquet")
    frame.loc[0, "load"] = 9.0
    write_table(store / "loads.parquet", frame, scenario=SCENARIO)
    assert draw_loads(store / "loads.parquet", store / "c")[1].read_bytes() != first[1]


def test_a_store_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match=r"holds no results\.parquet; name the folder that `evenstep sweep` wrote$"
    ):
        main_table_latex(tmp_path)


def test_what_a_store_of_reproduce_has(store: Path) -> None:
    sweep = read_sweep(store)
    assert set(make_tables(sweep).made) == {"main", "claims"}
    figures = make_figures(sweep).made
    assert set(figures) == {"loads"}
    # the worker's load, not the offered one, which has the same name
    assert figures["loads"].axes[0].lines[0].get_ydata().tolist() == [5, 6, 7]
