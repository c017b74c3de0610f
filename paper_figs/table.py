"""`Table`: what a table says, before it is known whether LaTeX, Markdown or HTML will show it.

A cell is text (`str`, shown as it is), a `Formula`, or a `Number` with its interval. The three writers
(`paper_figs.latex`, `paper_figs.markdown`, `paper_figs.html`) write the digits that `Number.written` chooses,
so that all show the same numbers. May import contracts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contracts import checks

__all__ = ["Cell", "Column", "Formula", "Number", "Table", "Written"]

#: Digits of a value that has no interval; one with an interval shows two digits of its uncertainty.
DIGITS = 4
#: No more digits of a value than these, however narrow its interval is.
MOST_DIGITS = 6
#: What a mean of equal values may be off by, relative to them.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Formula:
    """A formula in LaTeX, without dollar signs."""

    latex: str


@dataclass(frozen=True)
class Written:
    """The decimal digits of a number and of its interval; ``"inf"``, ``"-inf"`` and ``""`` (none) as well.

    ``half`` is half the width where the interval is symmetric, else ``lo`` and ``hi`` are its ends. Ends are
    rounded outward.
    """

    value: str
    half: str = ""
    lo: str = ""
    hi: str = ""


@dataclass(frozen=True)
class Number:
    """A number, in the unit of its column; NaN where there is none.

    Attributes
    ----------
    value : float
    lo, hi : float
        Ends of its interval, equal where all that was measured was the same; NaN without one, as for a
        number known beforehand.
    best : bool
        Whether it is set in bold.
    places : int, optional
        Decimal places. Default: those that two digits of the interval ask for, or four digits in all.
    """

    value: float
    lo: float = math.nan
    hi: float = math.nan
    best: bool = False
    places: int | None = None

    @property
    def has_interval(self) -> bool:
        """Whether it has one, perhaps of no width."""
        return self.lo <= self.hi and not math.isnan(self.value)

    @property
    def is_symmetric(self) -> bool:
        """Whether its interval lies symmetrically around it, as Student's does."""
        below, above = self.value - self.lo, self.hi - self.value
        return math.isfinite(above) and abs(above - below) <= 1e-6 * max(above, below) + ROUNDING * abs(
            self.value
        )

    def written(self, *, as_ends: bool = False) -> Written:
        """Return its digits; with ``as_ends`` the two ends even of a symmetric interval."""
        places = self._places()
        value = _digits(self.value, places)
        if not self.has_interval:
            return Written(value)
        if self.is_symmetric and not as_ends:
            half = "0" if not self._widths() else _digits(self.hi - self.value, places, upward=True)
            return Written(value, half=half)
        return Written(
            value, lo=_digits(self.lo, places, upward=False), hi=_digits(self.hi, places, upward=True)
        )

    def _widths(self) -> list[float]:
        """Return how far the ends lie off, as far as they do by more than rounding and are finite."""
        widths = (self.value - self.lo, self.hi - self.value)
        return [width for width in widths if ROUNDING * abs(self.value) < width < math.inf]

    def _places(self) -> int:
        if self.places is not None:
            return self.places
        size = _exponent(self.value)
        widths = self._widths()
        if not widths:
            return max(DIGITS - 1 - size, 0)
        # of the nearer end: one that is far off must not round the value away
        return min(1 - _exponent(min(widths)), MOST_DIGITS - 1 - size)


def _exponent(value: float) -> int:
    """Return that of the power of ten below a value; such that 0 is written as "0"."""
    return math.floor(math.log10(abs(value))) if math.isfinite(value) and value != 0 else DIGITS - 1


def _digits(value: float, places: int, *, upward: bool | None = None) -> str:
    if not math.isfinite(value):
        return "" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if upward is not None:
        # what is a whole number of units but for its last bits stays that number
        units = value * 10.0**places
        units = (
            round(units) if abs(units - round(units)) < 1e-6 else (math.ceil if upward else math.floor)(units)
        )
        value = units / 10.0**places
    return f"{round(value, places) + 0.0:.{max(places, 0)}f}"


Cell = str | Formula | Number


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    head : str or Formula
    cells : sequence of Cell
    unit : str
        Shown behind the head in brackets; "" where there is none.
    is_key : bool
        It says where a row belongs: the writers for print leave out what repeats the row above.
    is_long : bool
        Its cells are broken into lines in print; one column of a table at most.
    """

    head: str | Formula
    cells: Sequence[Cell]
    unit: str = ""
    is_key: bool = False
    is_long: bool = False

    @property
    def is_numeric(self) -> bool:
        """Whether it is aligned as numbers are."""
        return any(isinstance(cell, Number) for cell in self.cells)

    @property
    def has_intervals(self) -> bool:
        """Whether any of its numbers has an interval."""
        return any(isinstance(cell, Number) and cell.has_interval for cell in self.cells)

    @property
    def shows_ends(self) -> bool:
        """Whether intervals are shown as [lo, hi]: all of them, if one is not symmetric."""
        return any(
            isinstance(cell, Number) and cell.has_interval and not cell.is_symmetric for cell in self.cells
        )


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    columns : sequence of Column
        At least one, all with the same number of cells, at least one.
    caption : sequence of Cell
        Joined as they are.
    label : str
        For references, without the "tab:".
    groups : sequence of int
        Rows before which a new group begins, apart from the first.
    is_wide : bool
        Whether it spans both columns of a two-column page.

    Raises
    ------
    ValueError
        If it is empty, or its columns have different numbers of cells.
    """

    columns: Sequence[Column]
    caption: Sequence[Cell]
    label: str
    groups: Sequence[int] = ()
    is_wide: bool = False

    def __post_init__(self) -> None:
        rows = {len(column.cells) for column in self.columns}
        checks.check(len(rows) == 1, f"columns must have the same number of cells, got {sorted(rows)}")
        checks.check(rows != {0}, "a table must have at least one row")

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.columns[0].cells)

    def parts(self, most: int) -> Iterator[Table]:
        """Cut it between groups, where possible, into tables of at most so many rows."""
        start = 0
        while start < self.rows:
            end = min(start + most, self.rows)
            if end < self.rows:
                end = max([row for row in self.groups if start < row <= end], default=end)
            columns = [replace(column, cells=column.cells[start:end]) for column in self.columns]
            groups = [row - start for row in self.groups if start < row < end]
            yield replace(self, columns=columns, groups=groups)
            start = end
