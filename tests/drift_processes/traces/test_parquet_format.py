"""Our own format: what is written is read back, whatever the types of the columns."""

import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_processes import read_trace
from tests.traces import trace_file


def write(path: Path, **columns: object) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.parquet",
        note=["a", "b"],
        arrival_s=[7.5, 9.0],
        output_tokens=[3, 4],
        prompt_tokens=[1, 2],
    )
    trace = read_trace(path)
    assert trace.prompt_tokens.tolist() == [1, 2]
    assert trace.output_tokens.tolist() == [3, 4]
    assert trace.arrival_s.tolist() == [0.0, 1.5]
    assert trace.prompt_tokens.dtype == trace.output_tokens.dtype == np.int64
    assert (trace.skipped_rows, trace.format) == (0, "parquet")
    with pytest.raises(ValueError, match="read-only"):
        trace.prompt_tokens[0] = 5


def test_times_are_optional(tmp_path: Path) -> None:
    assert read_trace(write(tmp_path / "t.parquet", prompt_tokens=[1], output_tokens=[2])).arrival_s is None


@pytest.mark.parametrize(
    "kind",
    [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint64(), pa.float32(), pa.float64()],
    ids=str,
)
def test_every_type_of_number_is_read(tmp_path: Path, kind: pa.DataType) -> None:
    path = write(
        tmp_path / "t.parquet",
        prompt_tokens=pa.array([100, 1], kind),
        output_tokens=pa.array([1, 127], kind),
        arrival_s=pa.array([2, 5], kind),
    )
    trace = read_trace(path)
    assert trace.prompt_tokens.tolist() == [100, 1]
    assert trace.output_tokens.tolist() == [1, 127]
    assert trace.arrival_s.tolist() == [0.0, 3.0]


def test_every_kind_of_bad_row_is_skipped_and_counted(tmp_path: Path) -> None:
    nan, inf = float("nan"), float("inf")
    path = write(
        tmp_path / "t.parquet",
        prompt_tokens=[1.0, 0.0, 2.0, nan, None, 2.5, inf, 1e16, 3.0, 4.0, 5.0, 6.0],
        output_tokens=[1, 1, -1, 1, 1, 1, 1, 1, None, 1, 1, 1],
        arrival_s=[10, 10, 10, 10, 10, 10, 10, 10, 10, 9.0, nan, 11.0],
    )
    trace = read_trace(path, skip_bad_rows=True)
    assert trace.prompt_tokens.tolist() == [1, 6]
    assert trace.arrival_s.tolist() == [0.0, 1.0]
    assert trace.skipped_rows == 10


def test_a_bad_row_does_not_set_the_time_that_the_next_is_held_to(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.parquet", prompt_tokens=[0, 4, 5], output_tokens=[1, 1, 1], arrival_s=[9.0, 3.0, 4.0]
    )
    trace = read_trace(path, skip_bad_rows=True)
    assert (trace.prompt_tokens.tolist(), trace.arrival_s.tolist(), trace.skipped_rows) == (
        [4, 5],
        [0.0, 1.0],
        1,
    )


def test_the_largest_counts_and_times_are_read(tmp_path: Path) -> None:
    limit = 2**53
    path = write(
        tmp_path / "t.parquet", prompt_tokens=[limit] * 2, output_tokens=[1, limit], arrival_s=[0, limit]
    )
    trace = read_trace(path)
    assert trace.output_tokens.tolist() == [1, limit]
    assert trace.arrival_s.tolist() == [0.0, limit]


def test_large_counts_next_to_a_null_stay_exact(tmp_path: Path) -> None:
    path = write(tmp_path / "t.parquet", prompt_tokens=[2**53 - 1, None], output_tokens=[1, 1])
    assert read_trace(path, skip_bad_rows=True).prompt_tokens.tolist() == [2**53 - 1]


rows = st.lists(
    st.tuples(st.integers(-1, 5) | st.none(), st.integers(-1, 5) | st.none(), st.integers(0, 9)), min_size=1
)


@given(rows)
def test_the_rows_kept_are_those_that_a_loop_keeps(
    tmp_path_factory: pytest.TempPathFactory, rows: list
) -> None:
    kept: list[tuple[int, int, int]] = []
    for prompt, output, when in rows:
        usable = prompt is not None and prompt >= 1 and output is not None and output >= 1
        if usable and not (kept and when < kept[-1][2]):
            kept.append((prompt, output, when))
    if not kept:
        return
    prompts, outputs, times = zip(*rows, strict=True)
    path = write(
        tmp_path_factory.getbasetemp() / "rows.parquet",
        prompt_tokens=pa.array(prompts, pa.int32()),
        output_tokens=pa.array(outputs, pa.int32()),
        arrival_s=times,
    )
    trace = read_trace(path, skip_bad_rows=True)
    assert trace.prompt_tokens.tolist() == [row[0] for row in kept]
    assert trace.output_tokens.tolist() == [row[1] for row in kept]
    assert trace.arrival_s.tolist() == [row[2] - kept[0][2] for row in kept]
    assert trace.skipped_rows == len(rows) - len(kept)


def test_two_million_rows_are_read_as_whole_columns() -> None:
    path = trace_file("servegen_m_mid_10min.parquet")
    start = time.process_time()
    trace = read_trace(path)
    # processor time of all threads together; generous, since it only has to notice a loop over rows
    assert time.process_time() - start < 5
    assert len(trace.prompt_tokens) == 1_878_067
    assert trace.arrival_s[-1] == pytest.approx(600, abs=0.01)
