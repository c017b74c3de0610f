"""What the command line prints: tables of an `Outcome`, and a progress line on a terminal.

Results go to standard output, progress to standard error. Imports rich and `experiments.reproduce`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from experiments.reproduce import Outcome

__all__ = ["progress_bar", "show"]

#: Width where there is no terminal to ask, so that piped output is the same everywhere.
PIPED_WIDTH = 100


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPED_WIDTH)


@contextmanager
def progress_bar(tasks: int) -> Iterator[Progress]:
    """Show a bar of ``tasks`` steps on standard error while it is a terminal, nothing otherwise."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<32}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        bar.add_task("starting", total=tasks)
        yield bar


def show(outcome: Outcome) -> None:
    """Print the main table and the claims table."""
    console = _console()
    scenario = outcome.scenario
    console.print(
        f"{scenario['source']}: G = {scenario['workers']} workers of B = {scenario['slots']} slots, "
        f"{scenario['steps']:,} steps after a warm-up of {scenario['warmup']:,}, seed {scenario['seed']}"
    )
    if scenario["skipped_rows"]:
        console.print(f"{scenario['skipped_rows']:,} unusable rows of the trace were left out")
    console.print(_policies(outcome.results))
    console.print(_claims(outcome.claims))


def _policies(results: pd.DataFrame) -> Table:
    table = Table(title="Policies", title_justify="left")
    table.add_column("policy")
    for head in ("imbalance", "IIR", "idle %", "tokens/s", "TPOT s", "J/token"):
        table.add_column(head, justify="right")
    for row in results.to_dict("records"):
        table.add_row(
            str(row["policy"]),
            _number(float(row["imbalance"])),
            f"{row['iir']:.2f}",
            f"{100 * float(row['idle_fraction']):.2f}",
            f"{row['throughput']:,.0f}",
            f"{row['tpot_s']:.5f}",
            f"{row['energy_per_token_j']:.5f}",
        )
    return table


def _claims(claims: pd.DataFrame) -> Table:
    table = Table(title="Claims", title_justify="left")
    for head in ("claim", "run", "policy", "applies"):
        table.add_column(head)
    table.add_column("bound", justify="right")
    table.add_column("measured", justify="right")
    table.add_column("verdict")
    for row in claims.to_dict("records"):
        applies = "yes" if row["applies"] else "no"
        verdict = str(row["reason"] or row["verdict"])
        table.add_row(
            str(row["claim"]), str(row["run"]), str(row["policy"]), applies,
            _range(float(row["bound_lo"]), float(row["bound_hi"])),
            _range(float(row["measured_lo"]), float(row["measured_hi"])),
            verdict,
        )  # fmt: skip
    return table


def _number(value: float) -> str:
    if value == 0 or 0.01 <= abs(value) < 1e7:
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return f"{value:.3e}"


def _range(low: float, high: float) -> str:
    left, right = _number(low), _number(high)
    if left == right:
        return left
    if math.isinf(high):
        return f"≥ {left}"
    return f"≤ {right}" if low == 0 else f"{left} … {right}"
