"""LaTeX tables in the style of booktabs and siunitx: the one writer that every table uses.

Imports nothing of evenstep.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Column", "aligned", "decimals", "escape", "significant", "table"]

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True)
class Column:
    """One column: its head (LaTeX), its alignment (``l`` or an siunitx ``S[…]``), and the cells (LaTeX)."""

    head: str
    align: str
    cells: Sequence[str]


def aligned(head: str, cells: Sequence[str]) -> Column:
    """Return a column of decimals, as wide as they are, aligned at the point by siunitx."""
    parts = [cell.split(".") for cell in cells if not cell.startswith("{")]
    whole = max((len(part[0]) for part in parts), default=1)
    fraction = max((len(part[1]) if len(part) > 1 else 0 for part in parts), default=0)
    return Column(head, f"S[table-format={whole}.{fraction}]", cells)


def escape(text: str) -> str:
    """Return ``text`` with LaTeX's special characters made harmless."""
    return "".join(_SPECIAL.get(letter, letter) for letter in text)


def decimals(value: float, places: int) -> str:
    """Return a plain decimal with this many places, "{--}" for NaN and an infinity sign for infinity."""
    if math.isnan(value):
        return "{--}"
    return r"{$\infty$}" if math.isinf(value) else f"{value:.{places}f}"


def significant(value: float, digits: int = 4) -> str:
    """Return a plain decimal with this many significant digits for an siunitx column, or "{--}"."""
    if not math.isfinite(value):
        return "{--}"
    if value == 0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, decimals)
    return f"{rounded:.{max(decimals, 0)}f}"


def table(columns: Sequence[Column], *, caption: str, label: str) -> str:
    r"""Return a floating table to be ``\input`` where booktabs and siunitx are loaded.

    Raises
    ------
    ValueError
        If the columns have different numbers of cells.
    """
    rows = {len(column.cells) for column in columns}
    if len(rows) != 1:
        raise ValueError(f"columns must have the same number of cells, got {sorted(rows)}")
    heads = " & ".join("{" + column.head + "}" for column in columns)
    body = [" & ".join(cells) + r" \\" for cells in zip(*(column.cells for column in columns), strict=True)]
    lines = [
        r"\begin{table}[t]",
        r"  \centering",
        rf"  \caption{{{caption}}}",
        rf"  \label{{{label}}}",
        rf"  \begin{{tabular}}{{{''.join(column.align for column in columns)}}}",
        r"    \toprule",
        f"    {heads} " + r"\\",
        r"    \midrule",
        *(f"    {row}" for row in body),
        r"    \bottomrule",
        r"  \end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"
