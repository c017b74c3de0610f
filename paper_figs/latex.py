r"""Tables in LaTeX, in the style of booktabs and siunitx, to be ``\input`` into a paper.

The paper loads amsmath, amssymb, booktabs, graphicx and siunitx. Imports `paper_figs.table` and pylatexenc,
which knows LaTeX's name for each sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pylatexenc.latexencode import UnicodeToLatexEncoder

from paper_figs.table import Cell, Column, Formula, Number, Table

__all__ = ["PACKAGES", "escape", "to_latex"]

#: What a paper has to load.
PACKAGES = ("amsmath", "amssymb", "booktabs", "graphicx", "siunitx")

#: Numbers of very different size make a table wide: it is then shrunk, and left as it is otherwise.
_FIT = r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}"

#: More rows than these don't fit on a page.
ROWS_OF_A_PAGE = 45

#: Width of a column of long cells, which leaves room for some short ones.
_LONG = r"0.7\linewidth"

#: Bold numbers stay bold, and thousands are told apart; local to the table.
_NUMBERS = r"\sisetup{detect-weight=true, group-digits=integer, group-minimum-digits=5, group-separator={,}}"

# signs without a name in LaTeX stay as they are: XeLaTeX and LuaLaTeX show them
_encoder = UnicodeToLatexEncoder(unknown_char_policy="keep", unknown_char_warning=False)


def escape(text: str) -> str:
    """Return plain text as LaTeX: special characters made harmless, Greek and signs by their names."""
    encoded: str = _encoder.unicode_to_latex(text)
    return encoded


def to_latex(table: Table) -> str:
    r"""Return floating tables to be ``\input``: one, or several where it is longer than a page."""
    parts = list(table.parts(ROWS_OF_A_PAGE))
    return "\n".join("\n".join(_lines(part, number)) + "\n" for number, part in enumerate(parts, 1))


def _lines(table: Table, number: int) -> Iterator[str]:
    caption, label = "".join(_inline(cell) for cell in table.caption).strip(), f"tab:{table.label}"
    if number > 1:
        caption, label = f"{caption} (Part {number}.)", f"{label}-{number}"
    float_name = "table*" if table.is_wide else "table"
    columns = [_typeset(column, table.groups) for column in table.columns]
    # fractions would touch those of the next row
    is_loose = any(column.is_long for column in table.columns)
    yield rf"\begin{{{float_name}}}[t]"
    yield r"  \centering"
    yield r"  \setlength{\belowcaptionskip}{4pt}"
    yield rf"  \caption{{{caption}}}"
    yield rf"  \label{{{label}}}"
    yield r"  \footnotesize"
    yield r"  \setlength{\tabcolsep}{4pt}"
    yield f"  {_NUMBERS}"
    yield rf"  {_FIT}{{%"
    yield rf"  \begin{{tabular}}{{{''.join(align for align, _ in columns)}}}"
    yield r"    \toprule"
    yield from _heads(table.columns)
    yield r"    \midrule"
    for row in range(table.rows):
        if row in table.groups:
            yield r"    \midrule"
        yield "    " + " & ".join(cells[row] for _, cells in columns) + r" \\"
        if is_loose and row + 1 < table.rows:
            yield r"    \addlinespace[3pt]"
    yield r"    \bottomrule"
    yield r"  \end{tabular}}"
    yield rf"\end{{{float_name}}}"


def _heads(columns: Sequence[Column]) -> Iterator[str]:
    """Yield the line of the heads and, as that is narrower, below it the line of the units, if any."""
    lines = [[_inline(column.head) for column in columns]]
    if any(column.unit for column in columns):
        lines.append([f"({escape(column.unit)})" if column.unit else "" for column in columns])
    for line in lines:
        cells = (
            rf"\multicolumn{{2}}{{c}}{{{text}}}" if column.has_intervals else f"{{{text}}}"
            for column, text in zip(columns, line, strict=True)
        )
        yield "    " + " & ".join(cells) + r" \\"


def _typeset(column: Column, groups: Sequence[int]) -> tuple[str, list[str]]:
    """Return alignment and cells of a column; one with intervals fills two columns of LaTeX's."""
    shown = [*column.cells]
    if column.is_key:
        # as they are written: numbers without an interval have NaN in it, which equals nothing
        written = [repr(cell) for cell in shown]
        for row in range(1, len(shown)):
            if row not in groups and written[row] == written[row - 1]:
                shown[row] = ""
    if not column.is_numeric:
        align = rf">{{\raggedright\arraybackslash}}p{{{_LONG}}}" if column.is_long else "l"
        return align, [_inline(cell) for cell in shown]
    values = [_value(cell) for cell in shown]
    align = f"S[table-format={_format(shown)}]"
    if not column.has_intervals:
        return align, values
    intervals = [_interval(cell, as_ends=column.shows_ends) for cell in shown]
    cells = [f"{value} & {interval}" for value, interval in zip(values, intervals, strict=True)]
    return align + r"@{\,}l", cells


def _inline(cell: Cell) -> str:
    """Return a cell as it stands in running text."""
    if isinstance(cell, str):
        return escape(cell)
    if isinstance(cell, Formula):
        return f"${cell.latex}$"
    return _num(cell.written().value)


def _value(cell: Cell) -> str:
    """Return a cell of an S column."""
    if not isinstance(cell, Number):
        return "{" + _inline(cell) + "}"
    digits = cell.written().value
    if digits in ("", "inf", "-inf"):
        sign = _num(digits)
        return rf"{{$\boldsymbol{{{sign.strip('$')}}}$}}" if cell.best else f"{{{sign}}}"
    return rf"\bfseries {digits}" if cell.best else digits


def _interval(cell: Cell, *, as_ends: bool) -> str:
    if not (isinstance(cell, Number) and cell.has_interval):
        return ""
    written = cell.written(as_ends=as_ends)
    if written.half:
        return rf"$\pm$\,{_num(written.half)}"
    return f"[{_num(written.lo)}, {_num(written.hi)}]"


def _num(digits: str) -> str:
    special = {"": "--", "inf": r"$\infty$", "-inf": r"$-\infty$"}
    return special.get(digits, rf"\num{{{digits}}}")


def _format(cells: Sequence[Cell]) -> str:
    """Return the digits before and after the point that siunitx reserves."""
    written = [replace(cell, best=False).written().value for cell in cells if isinstance(cell, Number)]
    parts = [digits.partition(".") for digits in written if digits not in ("", "inf", "-inf")]
    sign = "-" if any(digits.startswith("-") for digits, _, _ in parts) else ""
    whole = max((len(digits.lstrip("-")) for digits, _, _ in parts), default=1)
    return f"{sign}{whole}.{max((len(fraction) for _, _, fraction in parts), default=0)}"
