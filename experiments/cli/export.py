"""`evenstep tables` and `evenstep figures`: stored results into a paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.output import AsJson, refuse_file, results_in, say, say_json

__all__ = ["figures_command", "tables_command"]


def tables_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="What evenstep sweep wrote.")],
    form: Annotated[str, typer.Option("--format", help="latex, markdown or html.")] = "latex",
    out: Annotated[Path | None, typer.Option(help="Folder for the tables. Default: FOLDER.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make the tables of a paper from the results of a sweep, or of reproduce."""
    from paper_figs import write_tables

    refuse_file(out)
    with results_in(out or folder) as fresh:
        written = replace(write_tables(folder, fresh, form=form), out=out or folder)
    if as_json:
        say_json("tables", **vars(written))
    else:
        say(str(written))


def figures_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="What evenstep sweep wrote.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the figures. Default: FOLDER.")] = None,
    as_json: AsJson = False,
) -> None:
    """Draw the figures of a paper, PDF and PNG, from the results of a sweep, or of reproduce."""
    from paper_figs import write_figures

    refuse_file(out)
    with results_in(out or folder) as fresh:
        written = replace(write_figures(folder, fresh), out=out or folder)
    if as_json:
        say_json("figures", **vars(written))
    else:
        say(str(written))
