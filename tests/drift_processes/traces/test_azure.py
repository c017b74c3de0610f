"""The Azure LLM inference trace: exact times and tokens."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import TraceError
from drift_processes import read_trace
from drift_processes.traces.azure import AZURE
from tests.traces import trace_file

HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens\n"


def read(tmp_path: Path, body: str, *, skip_bad_rows: bool = False):
    path = tmp_path / "azure.csv"
    path.write_text(HEADER + body, newline="")
    return read_trace(path, skip_bad_rows=skip_bad_rows)


def test_tokens_and_times_of_the_first_rows_of_the_published_file(tmp_path: Path) -> None:
    trace = read(
        tmp_path,
        "2023-11-16 18:17:03.9799600,4808,10\n"
        "2023-11-16 18:17:04.0319600,3180,8\n"
        "2023-11-16 18:17:04.0781490,110,27\n",
    )
    assert trace.prompt_tokens.tolist() == [4808, 3180, 110]
    assert trace.output_tokens.tolist() == [10, 8, 27]
    assert trace.arrival_s.tolist() == [0.0, 0.052, 0.098189]
    assert trace.prompt_tokens.dtype == trace.output_tokens.dtype == np.int64
    assert trace.arrival_s.dtype == np.float64
    assert (trace.skipped_rows, trace.format) == (0, "azure")


@pytest.mark.parametrize(
    ("first", "second", "seconds"),
    [
        ("2023-11-16 18:17:03.0000000", "2023-11-16 18:17:03.0000001", 1e-7),
        ("2023-11-16 18:17:03", "2023-11-16 18:17:04.5", 1.5),
        ("2023-12-31 23:59:59.9", "2024-01-01 00:00:00", 0.1),
        ("2024-02-28 00:00:00", "2024-03-01 00:00:00", 2 * 86400.0),  # a leap year
        ("2024-05-10 00:00:00.009930+00:00", "2024-05-10 00:00:01.009931+00:00", 1.000001),
        ("2024-05-10T00:00:00Z", "2024-05-10T02:00:00+01:00", 3600.0),
        ("1969-12-31 23:59:59.75", "1970-01-01 00:00:00", 0.25),
    ],
)
def test_time_between_two_stamps(tmp_path: Path, first: str, second: str, seconds: float) -> None:
    assert read(tmp_path, f"{first},1,1\n{second},1,1\n").arrival_s.tolist() == [0.0, seconds]


def test_columns_are_found_by_name_and_others_ignored(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('GeneratedTokens,note,TIMESTAMP, ContextTokens\n5,"a, b",2023-11-16 18:17:03,9\n')
    trace = read_trace(path)
    assert (trace.prompt_tokens.tolist(), trace.output_tokens.tolist()) == ([9], [5])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines_blank_lines_and_a_byte_order_mark_make_no_difference(tmp_path: Path, end: str) -> None:
    path = tmp_path / "x.CSV"
    lines = [HEADER.strip(), "2023-11-16 18:17:03,1,2", "", "2023-11-16 18:17:05,3,4", ""]
    path.write_bytes(b"\xef\xbb\xbf" + end.join(lines).encode())
    trace = read_trace(path)
    assert trace.prompt_tokens.tolist() == [1, 3]
    assert trace.arrival_s.tolist() == [0.0, 2.0]


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    body = '2023-11-16 18:17:03,1,2\n\n2023-11-16 18:17:05,"3\n",4\n2023-11-16 18:17:06,0,4\n'
    with pytest.raises(TraceError, match=r"^azure.csv, line 6: ContextTokens must be >= 1, got 0$"):
        read(tmp_path, body)


def test_rows_earlier_than_a_row_kept_are_skipped(tmp_path: Path) -> None:
    times = [5, 3, 7, 6, 7, 8]
    body = "".join(f"2023-11-16 18:17:0{t},{t},1\n" for t in times)
    trace = read(tmp_path, body, skip_bad_rows=True)
    assert trace.prompt_tokens.tolist() == [5, 7, 7, 8]
    assert trace.arrival_s.tolist() == [0, 2, 2, 3]
    assert trace.skipped_rows == 2


def test_a_bad_row_does_not_set_the_time_that_the_next_is_held_to(tmp_path: Path) -> None:
    body = "2023-11-16 18:17:09,0,1\n2023-11-16 18:17:05,4,1\n"
    trace = read(tmp_path, body, skip_bad_rows=True)
    assert (trace.prompt_tokens.tolist(), trace.skipped_rows) == ([4], 1)


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)), st.integers(0, 9))
def test_ticks_are_the_nanoseconds_since_1970(moment: datetime, tenths_of_micros: int) -> None:
    cell = moment.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0") + f".{moment.microsecond:06}{tenths_of_micros}"
    since = moment - datetime(1970, 1, 1)
    exact = (since.days * 86400 + since.seconds) * 10**9 + since.microseconds * 1000 + tenths_of_micros * 100
    assert AZURE.read_time("TIMESTAMP", cell) == exact


def test_the_published_file_agrees_with_the_table_made_from_it() -> None:
    head = read_trace(trace_file("raw/azure2023_code_head.csv"))
    table = read_trace(trace_file("azure2023_code.parquet"))
    n = len(head.prompt_tokens)
    assert n == 1000
    assert head.prompt_tokens.tolist() == table.prompt_tokens[:n].tolist()
    assert head.output_tokens.tolist() == table.output_tokens[:n].tolist()
    np.testing.assert_allclose(head.arrival_s, table.arrival_s[:n], rtol=0, atol=1e-6)
