"""Tables in HTML: fragments for a report, or pages of their own. Imports `paper_figs.table`, latex2mathml.

Formulas become MathML, which browsers show without a script.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from latex2mathml.converter import convert

from paper_figs.markdown import number_in_words
from paper_figs.table import Cell, Column, Formula, Table

__all__ = ["html_page", "to_html"]

_STYLE = (
    "body{font:14px/1.4 sans-serif;margin:2em}table{border-collapse:collapse}"
    "caption{text-align:left;max-width:60em;padding-bottom:.6em}"
    "th,td{padding:.15em .8em;text-align:left}.number{text-align:right;white-space:nowrap}"
    "thead{border-top:2px solid;border-bottom:1px solid}tbody{border-bottom:1px solid}"
)


def to_html(table: Table) -> str:
    """Return a ``table`` element; each group of rows is a ``tbody``."""
    return "\n".join(_lines(table)) + "\n"


def html_page(table: Table) -> str:
    """Return a page that shows one table."""
    head = f'<!doctype html>\n<meta charset="utf-8">\n<title>{escape(table.label)}</title>\n'
    return f"{head}<style>{_STYLE}</style>\n{to_html(table)}"


def _lines(table: Table) -> Iterator[str]:
    yield f'<table id="tab:{escape(table.label)}">'
    yield f"<caption>{''.join(_cell(cell) for cell in table.caption).strip()}</caption>"
    heads = []
    for column in table.columns:
        unit = f" ({escape(column.unit)})" if column.unit else ""
        heads.append(f"<th{_class(column)}>{_cell(column.head)}{unit}</th>")
    yield f"<thead><tr>{''.join(heads)}</tr></thead>"
    yield "<tbody>"
    for row in range(table.rows):
        if row in table.groups:
            yield "</tbody><tbody>"
        cells = (
            f"<td{_class(column)}>{_cell(column.cells[row], as_ends=column.shows_ends)}</td>"
            for column in table.columns
        )
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody>"
    yield "</table>"


def _class(column: Column) -> str:
    return ' class="number"' if column.is_numeric else ""


def _cell(cell: Cell, *, as_ends: bool = False) -> str:
    if isinstance(cell, str):
        return escape(cell)
    if isinstance(cell, Formula):
        formula: str = convert(cell.latex)
        return formula
    words = escape(number_in_words(cell, as_ends=as_ends))
    return f"<strong>{words}</strong>" if cell.best else words
