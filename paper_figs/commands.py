"""What `evenstep tables` and `evenstep figures` do. Imports the registry and the writers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contracts import checks
from contracts.files import write_bytes
from paper_figs.artefacts import make_figures, make_tables
from paper_figs.figure import save
from paper_figs.html import html_page
from paper_figs.latex import to_latex
from paper_figs.markdown import to_markdown
from paper_figs.sweep import Sweep, read_sweep
from paper_figs.table import Table

__all__ = ["FORMATS", "WrittenFiles", "save_figures", "save_tables", "write_figures", "write_tables"]

#: Suffix and writer of each format of tables.
FORMATS: dict[str, tuple[str, Callable[[Table], str]]] = {
    "latex": (".tex", to_latex),
    "markdown": (".md", to_markdown),
    "html": (".html", html_page),
}


@dataclass(frozen=True)
class WrittenFiles:
    """What was written, and what was not; as text, a line for each.

    Attributes
    ----------
    out : Path
        The folder.
    written : list of str
        Names of the files in it.
    left_out : dict
        Name of each table or figure that the store lacks data for, and what it lacks.
    """

    out: Path
    written: list[str]
    left_out: dict[str, str]

    def __str__(self) -> str:
        lines = [f"Written to {self.out}:", *(f"  {name}" for name in self.written)]
        if self.left_out:
            lines += ["Left out, as the store lacks what they need:"]
            lines += [f"  {name}: {why}" for name, why in self.left_out.items()]
        return "\n".join(lines)


def write_tables(folder: Path, out: Path, *, form: str = "latex") -> WrittenFiles:
    """Write every table that a store has the data for.

    Parameters
    ----------
    folder : Path
        What `evenstep sweep` or `evenstep reproduce` wrote.
    out : Path
        Folder for ``table_NAME.tex``, ``.md`` or ``.html``.
    form : {"latex", "markdown", "html"}

    Returns
    -------
    WrittenFiles

    Raises
    ------
    ValueError
        If the folder holds no store, or the format is unknown.
    """
    checks.choice("--format", form, tuple(FORMATS))
    checks.instance("out", out, Path, "a Path")
    return save_tables(read_sweep(folder), out, form=form)


def save_tables(sweep: Sweep, out: Path, *, form: str = "latex") -> WrittenFiles:
    """Write every table of a store in memory; see `write_tables`."""
    suffix, written_as = FORMATS[form]
    tables = make_tables(sweep)
    paths = [out / f"table_{name}{suffix}" for name in tables.made]
    for path, table in zip(paths, tables.made.values(), strict=True):
        write_bytes(path, written_as(table).encode())
    return WrittenFiles(out, [path.name for path in paths], tables.left_out)


def write_figures(folder: Path, out: Path) -> WrittenFiles:
    """Draw every figure that a store has the data for.

    Parameters
    ----------
    folder : Path
        What `evenstep sweep` or `evenstep reproduce` wrote.
    out : Path
        Folder for ``figure_NAME.pdf`` and ``.png``.

    Returns
    -------
    WrittenFiles

    Raises
    ------
    ValueError
        If the folder holds no store.
    """
    checks.instance("out", out, Path, "a Path")
    return save_figures(read_sweep(folder), out)


def save_figures(sweep: Sweep, out: Path) -> WrittenFiles:
    """Draw every figure of a store in memory; see `write_figures`."""
    figures = make_figures(sweep)
    paths = [path for name, drawn in figures.made.items() for path in save(drawn, out / f"figure_{name}")]
    return WrittenFiles(out, [path.name for path in paths], figures.left_out)
