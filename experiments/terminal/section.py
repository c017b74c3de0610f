"""What `evenstep reproduce` prints of the paper's section. Imports rich and the forms of this package."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from experiments.paper_section import Section
from experiments.terminal.check import allowed_range
from experiments.terminal.forms import make_table, rendered

__all__ = ["section_report", "section_tell"]


def section_tell(what: str) -> None:
    """Say on standard error what begins: it may take an hour."""
    sys.stderr.write(f"{what}\n")
    sys.stderr.flush()


def section_report(section: Section, folder: Path) -> str:
    """Return the verdicts, and what was run and what was not, as the terminal shows them."""
    return rendered(_parts(section, folder))


def _parts(section: Section, folder: Path) -> Iterator[str | Table]:
    table = make_table("Claims put to the test")
    table.add_column("claim", no_wrap=True)
    for head in ("allowed", "measured"):
        table.add_column(head, justify="right")
    table.add_column("verdict", no_wrap=True)
    for verdict in section.verdicts:
        table.add_row(
            verdict.claim, allowed_range(verdict.bound), allowed_range(verdict.measured), verdict.word
        )
    yield table
    if section.untested:
        yield f"not tested without --full: {', '.join(section.untested)}"
    yield f"Sweeps in {folder / 'sweeps'}: {', '.join(section.sweeps)}"
    for name, why in section.left_out.items():
        yield f"left out: {name}: {why}"
    for line in section.failed:
        yield f"failed: {line}"
