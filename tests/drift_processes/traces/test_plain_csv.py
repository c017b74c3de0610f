"""Plain CSV: the columns of the Parquet format as text, with or without times."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_processes import Workload, read_trace


def read(folder: Path, text: str, *, skip_bad_rows: bool = False):
    path = folder / "requests.csv"
    path.write_text(text)
    return read_trace(path, skip_bad_rows=skip_bad_rows)


def test_a_file_with_times_starts_at_0(tmp_path: Path) -> None:
    trace = read(tmp_path, "prompt_tokens,output_tokens,arrival_s\n10,3,100.5\n20,1,102\n")
    assert trace.prompt_tokens.tolist() == [10, 20]
    assert trace.output_tokens.tolist() == [3, 1]
    assert trace.arrival_s is not None
    assert trace.arrival_s.tolist() == [0.0, 1.5]
    assert (trace.skipped_rows, trace.format) == (0, "csv")


def test_a_file_without_times_has_none(tmp_path: Path) -> None:
    trace = read(tmp_path, "prompt_tokens,output_tokens\n10,3\n20,1\n")
    assert (trace.arrival_s, trace.format, repr(trace)) == (
        None,
        "csv",
        "Trace(2 requests, no times, csv)",
    )


def test_columns_may_stand_in_any_order_among_others(tmp_path: Path) -> None:
    trace = read(tmp_path, "user, arrival_s ,output_tokens,prompt_tokens\na,1,3,10\nb,4,1,20\n")
    assert trace.prompt_tokens.tolist() == [10, 20]
    assert trace.arrival_s is not None
    assert trace.arrival_s.tolist() == [0.0, 3.0]


def test_bad_rows_are_skipped_and_counted(tmp_path: Path) -> None:
    text = "prompt_tokens,output_tokens,arrival_s\n10,0,1\n10,2,5\n10,2,4\n10,2\n10,9,6\n"
    trace = read(tmp_path, text, skip_bad_rows=True)
    assert (trace.output_tokens.tolist(), trace.skipped_rows) == ([2, 9], 3)


def test_a_workload_takes_its_times(tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    path.write_text("prompt_tokens,output_tokens,arrival_s\n10,3,0\n20,1,3\n")
    work = Workload.from_trace(path, speed=2.0)
    assert work.arrival_s is not None
    assert work.arrival_s.tolist() == [0.0, 1.5]


ROWS = st.lists(st.tuples(st.integers(1, 2**53), st.integers(1, 10**6)), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plain")


@given(ROWS, st.lists(st.floats(0, 1e9), min_size=8, max_size=8).map(sorted), st.booleans())
def test_text_and_parquet_of_the_same_table_are_the_same_trace(
    folder: Path, rows: list[tuple[int, int]], times: list[float], timed: bool
) -> None:
    table = {"prompt_tokens": [row[0] for row in rows], "output_tokens": [row[1] for row in rows]}
    if timed:
        table["arrival_s"] = times[: len(rows)]
    lines = [",".join(table), *(",".join(map(str, row)) for row in zip(*table.values(), strict=True))]
    text = read(folder, "\n".join(lines))
    pq.write_table(pa.table(table), folder / "x.parquet")
    columns = read_trace(folder / "x.parquet")
    for name in ("prompt_tokens", "output_tokens"):
        assert getattr(text, name).tolist() == getattr(columns, name).tolist()
    assert (text.arrival_s is None) == (columns.arrival_s is None) == (not timed)
    if text.arrival_s is not None and columns.arrival_s is not None:
        assert text.arrival_s.tolist() == columns.arrival_s.tolist()
