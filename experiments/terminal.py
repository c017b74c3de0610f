"""What the command line prints: tables of an `Outcome`, and a progress line on a terminal.

Results go to standard output, progress to standard error. Imports rich and `experiments.reproduce`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from experiments.reproduce import Outcome

__all__ = [
    "claim_ranges",
    "heading",
    "make_table",
    "number",
    "progress_bar",
    "ratio",
    "rendered",
    "report",
    "value_range",
]

#: Width where there is no terminal to ask, so that piped output is the same everywhere.
PIPED_WIDTH = 80


def _console() -> Console:
    # no markup: a file or a parameter may have square brackets
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=PIPED_WIDTH)


@contextmanager
def progress_bar(tasks: int) -> Iterator[Callable[[str], None]]:
    """Show a bar of ``tasks`` steps on standard error while it is a terminal, nothing otherwise.

    Yields a function that is told what begins; what began before is then done.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("starting", total=tasks)
        begun = iter(range(tasks + 1))
        yield lambda what: bar.update(task, description=what, completed=next(begun))


def report(outcome: Outcome) -> str:
    """Return the main table, the claims table and the notes below them, as the terminal shows them."""
    return rendered(_parts(outcome))


def rendered(parts: Iterable[str | Table]) -> str:
    """Return these parts as the terminal shows them."""
    console = _console()
    # captured and not printed: rich itself would end the process with status 1 on a broken pipe
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    return captured.get()


def _parts(outcome: Outcome) -> Iterator[str | Table]:
    scenario = outcome.scenario
    yield from heading(scenario)
    yield _policies(outcome.results)
    yield _claims(outcome.claims)
    if scenario["replicas"]:
        yield (
            f"replicas: {scenario['replicas']} independent runs of {scenario['replica_steps']:,} steps after "
            f"the warm-up; rounds: all lengths equal"
        )
    for row in outcome.claims.to_dict("records"):
        if row["reason"]:
            yield f"{row['claim']} ({row['run']}) {row['verdict']}: {row['reason']}"
    if scenario["verified_runs"]:
        yield f"every run recomputed independently ({scenario['verified_runs']} runs): no difference"


def heading(scenario: Mapping[str, Any]) -> Iterator[str]:
    """Say what was simulated, and what was left out of it."""
    yield (
        f"{scenario['source']}: G = {scenario['workers']} workers of B = {scenario['slots']} slots, "
        f"{scenario['steps']:,} steps after a warm-up of {scenario['warmup']:,}, seed {scenario['seed']}"
    )
    if scenario["skipped_rows"]:
        yield f"{scenario['skipped_rows']:,} unusable rows of the trace were left out"


def _policies(results: pd.DataFrame) -> Table:
    table = make_table("Policies")
    table.add_column("policy")
    for head in ("imbalance", "IIR", "idle %", "tokens/s", "TPOT s", "J/token"):
        table.add_column(head, justify="right")
    for row in results.to_dict("records"):
        table.add_row(
            str(row["policy"]),
            number(float(row["imbalance"])),
            ratio(float(row["iir"])),
            f"{100 * float(row['idle_fraction']):.2f}",
            f"{row['throughput']:,.0f}",
            f"{row['tpot_s']:.5f}",
            f"{row['energy_per_token_j']:.5f}",
        )
    return table


def _claims(claims: pd.DataFrame) -> Table:
    table = make_table("Claims")
    for head in ("claim", "run", "policy"):
        table.add_column(head, no_wrap=True)
    table.add_column("bound", justify="right")
    table.add_column("measured", justify="right")
    table.add_column("verdict")
    for row in claims.to_dict("records"):
        table.add_row(
            str(row["claim"]), str(row["run"]), str(row["policy"]), *claim_ranges(row), str(row["verdict"])
        )
    return table


def claim_ranges(row: Mapping[Any, Any]) -> tuple[str, str]:
    """Return the cells of a claim that say what it allows and what was measured."""
    # a lower bound of 0 on what is never negative says nothing
    void = row["bound_lo"] == 0 and math.isinf(float(row["bound_hi"]))
    bound = "void" if void else value_range(float(row["bound_lo"]), float(row["bound_hi"]))
    return bound, value_range(float(row["measured_lo"]), float(row["measured_hi"]))


def make_table(title: str) -> Table:
    """Return an empty table in the one style that all have."""
    # no lines but one below the head: six columns of numbers and a verdict fit into 80 characters
    return Table(
        title=title, title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0),
        min_width=len(title),  # a title would be broken where its table is narrower
    )  # fmt: skip


def ratio(value: float) -> str:
    """Return a ratio with two decimals."""
    if math.isnan(value):
        return "–"
    return "∞" if math.isinf(value) else f"{value:,.2f}"


def number(value: float) -> str:
    """Return a number with four digits."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞"
    if value == 0 or 0.01 <= abs(value) < 1e7:
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return f"{value:.3e}"


def value_range(low: float, high: float) -> str:
    """Return a range, one number where both ends read alike."""
    left, right = number(low), number(high)
    if left == right:
        return left
    if math.isinf(high):
        return f"≥ {left}"
    return f"≤ {right}" if low == 0 else f"{left} … {right}"
