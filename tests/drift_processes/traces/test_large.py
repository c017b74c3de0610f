"""A trace of ten million rows is read whole, and its one bad row is found wherever it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from contracts import TraceError
from drift_processes import read_trace

ROWS = 10_000_000


def columns(bad_row: int | None = None) -> dict[str, np.ndarray]:
    prompts = np.arange(ROWS) % 4001 + 1
    if bad_row is not None:
        prompts[bad_row - 1] = 0
    return {
        "prompt_tokens": prompts,
        "output_tokens": np.arange(ROWS) % 7 + 1,
        "arrival_s": np.arange(ROWS) / 8,
    }


def write(path: Path, data: dict[str, np.ndarray]) -> Path:
    table = pa.table(data)
    if path.suffix == ".csv":
        pyarrow.csv.write_csv(table, path)
    else:
        pq.write_table(table, path)
    return path


@pytest.mark.search
@pytest.mark.parametrize("ending", [".parquet", ".csv"])
def test_ten_million_rows_are_all_there(ending: str, tmp_path: Path) -> None:
    data = columns()
    trace = read_trace(write(tmp_path / f"large{ending}", data))
    for name in ("prompt_tokens", "output_tokens", "arrival_s"):
        assert np.array_equal(getattr(trace, name), data[name])
    assert trace.skipped_rows == 0


@pytest.mark.search
def test_the_last_of_ten_million_rows_is_bad(tmp_path: Path) -> None:
    path = write(tmp_path / "large.parquet", columns(bad_row=ROWS))
    with pytest.raises(TraceError, match=rf"^large.parquet, row {ROWS}: prompt_tokens must be "):
        read_trace(path)
    trace = read_trace(path, skip_bad_rows=True)
    assert (len(trace.prompt_tokens), trace.skipped_rows) == (ROWS - 1, 1)
