"""Tables of a store that can't be drawn from: the exact line a user reads, with file and column."""

import math
import re
from pathlib import Path

import pandas as pd
import pytest

from experiments.store import read_metadata, read_table, write_table
from experiments.sweep_means import IDENTIFICATION
from paper_figs.sweep import EXACT, read_sweep
from tests.paper_figs.reproductions import write_reproduction_files
from tests.paper_figs.stores import loads, results, theory, write_store

RESULTS = (
    *IDENTIFICATION, "replication", "seed", "steps", "warmup", "status", "error", "imbalance", "energy_j",
    "work", "idle_work", "idle_fraction", "throughput", "tpot_s", "energy_per_token_j", "ttft_s_p50",
    "ttft_s_p90", "ttft_s_p99", "wait_s_p50", "wait_s_p99",
)  # fmt: skip
LOADS = ("point", "workload", "drift", "workers", "slots", "variant", "step", "worker", "load")
TABLES = {"results": results, "theory": theory, "loads": loads}
LACKING = [
    *(("results", column) for column in RESULTS),
    *(("theory", column) for column in ("point", *EXACT)),
    *(("loads", column) for column in LOADS),
]


def refused(folder: Path, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read_sweep(folder)


def without(path: Path, column: str) -> None:
    """Take a column out of a stored table."""
    scenario = read_metadata(path)["scenario"]
    write_table(path, read_table(path).drop(columns=column), scenario=scenario)


@pytest.mark.parametrize(("name", "column"), LACKING)
def test_a_column_that_is_not_there_is_named_with_its_file(tmp_path: Path, name: str, column: str) -> None:
    path = write_store(tmp_path) / f"{name}.parquet"
    without(path, column)
    refused(tmp_path, f"{path} is no table of `evenstep sweep`: it has no column {column!r}")


def test_where_all_wait_from_the_start_no_times_are_asked_for(tmp_path: Path) -> None:
    clocked = ["ttft_s_p50", "ttft_s_p90", "ttft_s_p99", "wait_s_p50", "wait_s_p99"]
    assert (
        len(read_sweep(write_store(tmp_path, results=results().drop(columns=clocked), only=(0,))).means) == 3
    )


@pytest.mark.parametrize(
    ("name", "column"),
    [
        *(("results", column) for column in ("policy", "steps", "imbalance", "iir", "idle_fraction")),
        *(("results", column) for column in ("throughput", "tpot_s", "energy_per_token_j")),
        *(("loads", column) for column in ("policy", "step", "worker", "load")),
    ],
)
def test_a_column_that_a_reproduction_lacks(tmp_path: Path, name: str, column: str) -> None:
    path = write_reproduction_files(tmp_path) / f"{name}.parquet"
    without(path, column)
    refused(tmp_path, f"{path} is no table of `evenstep reproduce`: it has no column {column!r}")


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("column", ["imbalance", "energy_j", "work", "idle_work"])
def test_a_run_without_a_number_is_named(tmp_path: Path, column: str, value: float) -> None:
    frame = results().astype({column: float})
    where = (frame["point"] == 3) & (frame["variant"] == "BF-IO(0)") & (frame["replication"] == 1)
    frame.loc[where, column] = value
    path = write_store(tmp_path, results=frame) / "results.parquet"
    refused(tmp_path, f"{path}: {column} of point 3, BF-IO(0), replication 1 must be finite, got {value}")


def test_a_run_that_failed_needs_no_number(tmp_path: Path) -> None:
    frame = results()
    frame.loc[0, ["status", "imbalance"]] = ["failed", math.nan]
    means = read_sweep(write_store(tmp_path, results=frame)).means
    assert isinstance(means, pd.DataFrame)
    assert means["failed"].tolist() == [1] + [0] * (len(means) - 1)
