"""Our own format: Parquet with prompt_tokens, output_tokens and perhaps arrival_s. Whole columns at a time.

May import contracts, numpy, pyarrow and the shared parts of this folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from contracts import TraceError
from drift_processes.traces.rows import LARGEST, BadRow, Rows, finished, listed, seconds, tokens, unsorted
from drift_processes.traces.trace import Trace

__all__ = ["read_parquet"]

_COUNTS = ("prompt_tokens", "output_tokens")
_TIME = "arrival_s"
#: Longest part of pyarrow's own message that goes into ours.
LONGEST_REASON = 160


def read_parquet(source: BinaryIO, name: str, skip_bad_rows: bool) -> Trace:
    """Read a Parquet file; ``arrival_s`` counts from any origin. Raises `TraceError` where it is unusable."""
    if not source.read(1):
        raise TraceError(f"{name}: the file is empty")
    source.seek(0)
    table = _table(source, name)
    timed = _TIME in table.column_names
    prompts, bad_prompts = _counts(table.column("prompt_tokens"))
    outputs, bad_outputs = _counts(table.column("output_tokens"))
    bad = bad_prompts | bad_outputs
    times = np.zeros(len(prompts))
    if timed:
        times, bad_times = _times(table.column(_TIME))
        bad |= bad_times
        good = np.flatnonzero(~bad)
        # a row kept is never earlier than one kept before: the latest of all before is the latest kept
        bad[good[times[good] < np.maximum.accumulate(times[good])]] = True
    if bad.any() and not skip_bad_rows:
        _refuse(name, table, int(np.argmax(bad)))
    kept = ~bad
    arrival = times[kept] - times[kept][:1] if timed else None
    return finished(name, prompts[kept], outputs[kept], arrival, int(bad.sum()), "parquet")


def _table(source: BinaryIO, name: str) -> Any:
    with _readable(name):
        file = pq.ParquetFile(source, page_checksum_verification=True)
        found = list(file.schema_arrow.names)
        types = {field.name: field.type for field in file.schema_arrow}
    for column in (*_COUNTS, _TIME):
        _check_column(name, column, found, types)
    _check_rows(name, file.metadata)
    with _readable(name):
        return file.read(columns=[column for column in (*_COUNTS, _TIME) if column in found])


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        words = str(error).strip().partition("\n")[0][:LONGEST_REASON]
        words = words if words.isprintable() else repr(words)
        raise TraceError(f"{name}: not a readable Parquet file: {words}") from None


def _check_column(name: str, column: str, found: list[str], types: dict[str, Any]) -> None:
    if column not in found:
        if column == _TIME:
            return
        wanted = f"{', '.join(_COUNTS)} and perhaps {_TIME}"
        raise TraceError(f"{name}: missing column {column}; wanted are {wanted}; found {listed(found)}")
    if found.count(column) > 1:
        raise TraceError(f"{name}: the column {column} must be there once, got {found.count(column)}")
    kind = types[column]
    if not (pa.types.is_integer(kind) or pa.types.is_float32(kind) or pa.types.is_float64(kind)):
        what = "seconds as numbers" if column == _TIME else "whole numbers"
        raise TraceError(f"{name}: the column {column} must hold {what}, got the type {kind}")


def _check_rows(name: str, said: Any) -> None:
    """Find where a damaged footer contradicts itself: pyarrow makes room for all that it promises."""
    damaged, rows = f"{name}: not a readable Parquet file: its footer is damaged:", 0
    for index in range(said.num_row_groups):
        group = said.row_group(index)
        rows += group.num_rows
        for place in range(group.num_columns):
            column = group.column(place)
            if column.path_in_schema in (*_COUNTS, _TIME) and column.num_values != group.num_rows:
                raise TraceError(
                    f"{damaged} row group {index} has {group.num_rows:,} rows, and {column.num_values:,} of "
                    f"{column.path_in_schema}"
                )
    if rows != said.num_rows:
        raise TraceError(f"{damaged} {said.num_rows:,} rows, and {rows:,} in the row groups")


def _filled(column: Any) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    # the values with 0 for null, and where the nulls are
    null = column.is_null().to_numpy().astype(np.bool_)
    return (column.fill_null(0) if column.null_count else column).to_numpy(), null


def _counts(column: Any) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    raw, bad = _filled(column)
    bad |= ~((raw >= 1) & (raw <= LARGEST))
    if raw.dtype.kind == "f":
        bad |= raw != np.floor(raw)
    return np.where(bad, 1, raw).astype(np.int64), bad


def _times(column: Any) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    raw, bad = _filled(column)
    bad |= ~((raw >= -LARGEST) & (raw <= LARGEST))
    return np.where(bad, 0, raw).astype(np.float64), bad


def _refuse(name: str, table: Any, index: int) -> None:
    # judge the first bad row as the other readers judge theirs, so that the words are the same
    row = {column: table.column(column)[index].as_py() for column in table.column_names}
    rows = Rows(name, skip_bad_rows=False)
    try:
        for column in _COUNTS:
            tokens(column, row[column])
        seconds(_TIME, row.get(_TIME, 0.0))
        raise unsorted(_TIME, table.column(_TIME)[index - 1].as_py(), row[_TIME])
    except BadRow as bad:
        rows.refuse(f"row {index + 1}", bad)
