"""Tables in Markdown, with formulas between dollar signs. Imports `paper_figs.table`."""

from __future__ import annotations

import re

from paper_figs.table import Cell, Formula, Number, Table

__all__ = ["number_in_words", "to_markdown"]


def to_markdown(table: Table) -> str:
    """Return the caption and below it the table."""
    heads, rule = [], []
    for column in table.columns:
        unit = f" ({_text(column.unit)})" if column.unit else ""
        heads.append(_cell(column.head) + unit)
        rule.append("--:" if column.is_numeric else "---")
    lines = ["| " + " | ".join(heads) + " |", "|" + "|".join(rule) + "|"]
    for row in range(table.rows):
        cells = [_cell(column.cells[row], as_ends=column.shows_ends) for column in table.columns]
        lines.append("| " + " | ".join(cells) + " |")
    return "".join(_cell(cell) for cell in table.caption).strip() + "\n\n" + "\n".join(lines) + "\n"


def number_in_words(number: Number, *, as_ends: bool = False) -> str:
    """Return a number and its interval: ``1,234 ± 12``, ``3.1 [2.9, 3.4]`` or, where there is none, ``–``."""
    written = number.written(as_ends=as_ends)
    value = _grouped(written.value)
    if written.half:
        return f"{value} ± {_grouped(written.half)}"
    return f"{value} [{_grouped(written.lo)}, {_grouped(written.hi)}]" if written.hi else value


def _grouped(digits: str) -> str:
    special = {"": "–", "inf": "∞", "-inf": "−∞"}
    if digits in special:
        return special[digits]
    whole, point, fraction = digits.partition(".")
    return f"{int(whole):,}{point}{fraction}" if len(whole) > 4 else digits


def _cell(cell: Cell, *, as_ends: bool = False) -> str:
    if isinstance(cell, str):
        return _text(cell)
    if isinstance(cell, Formula):
        # a bar would end the cell
        return "$" + cell.latex.replace("|", r"\vert ") + "$"
    words = number_in_words(cell, as_ends=as_ends)
    return f"**{words}**" if cell.best else words


def _text(text: str) -> str:
    return re.sub(r"([\\|*_`$<>\[\]])", r"\\\1", text)
