"""What all readers share: how a value is judged, how bad rows are counted, how errors are worded.

A reader hands each row to `Rows`. A row that can't be used is a `BadRow`: `Rows.refuse` makes it the
`TraceError` that the user sees, or counts it where bad rows are to be skipped. Imports contracts and numpy.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Collection
from itertools import islice
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from contracts import TraceError
from drift_processes.traces.trace import Trace

__all__ = [
    "LARGEST",
    "BadRow",
    "Rows",
    "decoded",
    "finished",
    "listed",
    "parsed",
    "seconds",
    "shown",
    "tokens",
    "unsorted",
]

#: Largest magnitude of a count or time: up to it float64 holds every integer, so sums of tokens stay exact.
LARGEST = 2**53
#: Longest text of a value that goes into a message, and how many names of columns do.
LONGEST_SHOWN = 60
MOST_LISTED = 12

_INTEGER = re.compile(r"-?[0-9]{1,400}")
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")


class BadRow(Exception):
    """One row that can't be used, in the words that follow its place; it never leaves this package."""


def shown(value: Any) -> str:
    """Return ``value`` as messages show it: one short line."""
    if value is None:
        return "null"
    if value == "":
        return "an empty cell"
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def listed(names: Collection[str]) -> str:
    """Return the columns or keys that a file has, as messages show them."""
    some = [shown(name) for name in islice(names, MOST_LISTED)]
    more = [f"… ({len(names)} in all)"] if len(names) > MOST_LISTED else []
    return ", ".join(some + more) or "none"


def parsed(cell: str) -> int | float | str:
    """Return the number that a cell of a text file holds, or the cell itself if it holds none."""
    if cell.isdigit() and cell.isascii() and len(cell) <= LONGEST_SHOWN:  # by far the most frequent case
        return int(cell)
    text = cell.strip()
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else cell


def tokens(column: str, value: Any) -> int:
    """Return ``value`` as a number of tokens, or raise `BadRow` if it is not a whole number >= 1."""
    if type(value) is int and 1 <= value <= LARGEST:
        return value
    whole = value.is_integer() if isinstance(value, float) else type(value) is int
    if not whole:
        raise BadRow(f"{column} must be a whole number >= 1, got {shown(value)}")
    if value < 1:
        raise BadRow(f"{column} must be >= 1, got {shown(value)}")
    if value > LARGEST:
        raise BadRow(f"{column} must be at most 2**53, got {shown(value)}")
    return int(value)


def seconds(column: str, value: Any, unit: str = "seconds") -> int | float:
    """Return ``value`` as a time, or raise `BadRow` if it is not a finite number of moderate size."""
    if type(value) is not int and not (isinstance(value, float) and math.isfinite(value)):
        raise BadRow(f"{column} must be a time in {unit}, got {shown(value)}")
    if abs(value) > LARGEST:
        raise BadRow(f"{column} must be at most 2**53 {unit} in magnitude, got {shown(value)}")
    return value


def unsorted(column: str, previous: Any, value: Any) -> BadRow:
    """Return the error of a time that lies before the one of the row above."""
    return BadRow(
        f"{column} must not be earlier than {shown(previous)} of the row before, got {shown(value)}"
    )


class Rows:
    """The usable rows of one file.

    Parameters
    ----------
    name : str
        The file, as messages call it.
    skip_bad_rows : bool
        Count unusable rows instead of raising at the first.
    """

    def __init__(self, name: str, skip_bad_rows: bool) -> None:
        self.name = name
        self.skip_bad_rows = skip_bad_rows
        self.skipped = 0
        self._prompts: list[int] = []
        self._outputs: list[int] = []
        self._ticks: list[int | float] = []
        self._previous: Any = None

    def add(self, prompt: int, output: int) -> None:
        """Keep a row without a time."""
        self._prompts.append(prompt)
        self._outputs.append(output)

    def add_timed(self, prompt: int, output: int, ticks: int | float, column: str, cell: Any) -> None:
        """Keep a row; ``cell`` is its time as the file writes it, in ``column``.

        Raises
        ------
        BadRow
            If the time lies before that of the last row kept.
        """
        if self._ticks and ticks < self._ticks[-1]:
            raise unsorted(column, self._previous, cell)
        self._previous = cell
        self._ticks.append(ticks)
        self.add(prompt, output)

    def refuse(self, where: str, bad: BadRow) -> None:
        """Raise the error of a bad row, or count the row if bad rows are to be skipped."""
        if not self.skip_bad_rows:
            raise TraceError(f"{self.name}, {where}: {bad}") from None
        self.skipped += 1

    def trace(self, form: str, ticks_per_second: int = 1) -> Trace:
        """Return the rows kept, with times from 0 in seconds.

        Raises
        ------
        TraceError
            If no row is left.
        """
        ticks = self._ticks
        # the difference of whole ticks is exact, and its quotient correctly rounded
        arrival = np.array([(t - ticks[0]) / ticks_per_second for t in ticks]) if ticks else None
        return finished(self.name, self._prompts, self._outputs, arrival, self.skipped, form)


def finished(
    name: str,
    prompts: list[int] | NDArray[np.int64],
    outputs: list[int] | NDArray[np.int64],
    arrival_s: NDArray[np.float64] | None,
    skipped: int,
    form: str,
) -> Trace:
    """Return the trace of the columns, read-only, or raise `TraceError` where they are empty."""
    if not len(prompts):
        why = f"no usable row is left, {skipped} were skipped" if skipped else "the file has no rows"
        raise TraceError(f"{name}: {why}")
    columns = (np.asarray(prompts, dtype=np.int64), np.asarray(outputs, dtype=np.int64))
    for column in (*columns, arrival_s):
        if column is not None:
            column.flags.writeable = False
    return Trace(*columns, arrival_s, skipped, form)


def decoded(source: BinaryIO, name: str) -> str:
    """Return the text of a file in UTF-8 (a byte order mark is dropped), or raise `TraceError`."""
    raw = source.read().removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        byte = raw[error.start]
        raise TraceError(f"{name}, line {line}: must be UTF-8 text, got the byte 0x{byte:02x}") from None
    if not text.strip():
        raise TraceError(f"{name}: the file is empty")
    return text
