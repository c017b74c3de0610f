"""Reading of CSV traces: the header chooses one of the known formats. Imports contracts and the rows.

A format is a value, `CsvFormat`: its three columns and how their cells are read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from contracts import TraceError
from drift_processes.traces.rows import BadRow, Rows, decoded, listed, parsed, tokens
from drift_processes.traces.trace import Trace

__all__ = ["CsvFormat", "read_csv"]


@dataclass(frozen=True)
class CsvFormat:
    """One published CSV format.

    Attributes
    ----------
    name : str
        `Trace.format` of its files.
    title : str
        Its name in messages.
    time, prompt, output : str
        Its columns; a file may have others and any order.
    read_time : callable (column, cell) -> int or float
        The time in ticks; raises `BadRow`.
    ticks_per_second : int
    read_output : callable (column, value) -> int
        The output tokens; raises `BadRow`.
    may_lack_time : bool
        Whether a file may leave out the column of times.
    """

    name: str
    title: str
    time: str
    prompt: str
    output: str
    read_time: Callable[[str, str], int | float]
    ticks_per_second: int = 1
    read_output: Callable[[str, Any], int] = tokens
    may_lack_time: bool = False

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a file must have."""
        counts = (self.prompt, self.output)
        return counts if self.may_lack_time else (self.time, *counts)

    @property
    def words(self) -> str:
        """The columns of a file, as messages show them."""
        return ", ".join(self.needed) + (f" and perhaps {self.time}" if self.may_lack_time else "")


def read_csv(source: BinaryIO, name: str, skip_bad_rows: bool, formats: Sequence[CsvFormat]) -> Trace:
    """Read a CSV file of one of ``formats``.

    Raises
    ------
    TraceError
        If the header is of no known format, a column is missing, or a row is unusable.
    """
    lines = _lines(decoded(source, name), name)
    first, cells = next(lines, (1, []))
    header = [cell.strip() for cell in cells]
    form = _format_of(header, f"{name}, line {first}", formats)
    prompt, output = header.index(form.prompt), header.index(form.output)
    when = header.index(form.time) if form.time in header else None
    rows = Rows(name, skip_bad_rows)
    for line, cells in lines:
        try:
            if len(cells) != len(header):
                raise BadRow(f"must have {len(header)} cells like the header, got {len(cells)}")
            counts = (
                tokens(form.prompt, parsed(cells[prompt])),
                form.read_output(form.output, parsed(cells[output])),
            )
            if when is None:
                rows.add(*counts)
            else:
                rows.add_timed(*counts, form.read_time(form.time, cells[when]), form.time, cells[when])
        except BadRow as bad:
            rows.refuse(f"line {line}", bad)
    return rows.trace(form.name, form.ticks_per_second)


def _lines(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    # (number of the line, its cells); blank lines hold nothing and are passed over
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = 0
    try:
        for cells in reader:
            if len(cells) > 1 or "".join(cells).strip():
                yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise TraceError(f"{name}, line {before + 1}: not readable as CSV: {error}") from None


def _format_of(header: list[str], where: str, formats: Sequence[CsvFormat]) -> CsvFormat:
    form = max(formats, key=lambda form: len(set(form.needed) & set(header)))
    missing = [column for column in form.needed if column not in header]
    if len(missing) == len(form.needed):
        known = " or ".join(f"{form.words} ({form.title})" for form in formats)
        raise TraceError(f"{where}: the columns must include {known}; found {listed(header)}")
    if missing:
        raise TraceError(
            f"{where}: missing column {missing[0]}; {form.title} has {form.words}; found {listed(header)}"
        )
    for column in (form.time, form.prompt, form.output):
        if header.count(column) > 1:
            raise TraceError(f"{where}: the column {column} must be there once, got {header.count(column)}")
    return form
