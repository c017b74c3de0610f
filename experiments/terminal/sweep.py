"""What `evenstep sweep` prints: its progress, and the means of what it measured.

Imports rich and the sweeps.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from experiments.sweep_means import point_means
from experiments.sweeps.driver import Swept
from experiments.sweeps.plan import Plan
from experiments.terminal.forms import make_table, number, ratio, rendered

__all__ = ["means_table", "plan_title", "sweep_progress", "sweep_report"]

#: Seconds between two lines where standard error is no terminal.
LINE_EVERY_S = 10.0

#: Rows of the table that the terminal shows; all are in the store.
MOST_ROWS = 40

#: Keys of a row, shown where they differ within the sweep.
KEYS = {
    "workload": "workload", "drift": "drift", "workers": "G", "slots": "B", "arrivals": "arrivals",
    "load": "load",
}  # fmt: skip

#: Those of them that are numbers.
NUMBERS = ("G", "B", "load")


@contextmanager
def sweep_progress(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how far a sweep is on standard error: a bar with rate and time left, or lines where it is piped.

    Yields a function that is told how many tasks are finished of how many.
    """
    if quiet:
        yield lambda _done, _total: None
        return
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    columns = (
        TextColumn("sweep"), BarColumn(), MofNCompleteColumn(), _Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        shown = bar.add_task("sweep", total=None)
        yield lambda done, total: bar.update(shown, completed=done, total=total)


class _Rate(ProgressColumn):
    """Tasks per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.3g}/s")


def _lines() -> Callable[[int, int], None]:
    began = last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done not in (0, total) and now - last < LINE_EVERY_S:
            return
        last = now
        rate = done / (now - began) if done else 0.0
        more = f", {rate:.3g} per s, {(total - done) / rate:.0f} s left" if rate else ""
        sys.stderr.write(f"{done} of {total} runs{more}\n")
        sys.stderr.flush()

    return tell


def plan_title(plan: Plan) -> str:
    """Return the heading of a sweep."""
    scenario = plan.scenario
    return (
        f"{scenario.name}: {_counted(len(plan.points), 'point', 'points')}, "
        f"{_counted(len(plan.variants), 'policy', 'policies')}, "
        f"{scenario.steps:,} steps, replications: {scenario.replications}, seed {scenario.seed}"
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def sweep_report(title: str, swept: Swept, folder: Path, written: Sequence[str]) -> str:
    """Return the table of the means, what failed, and what was written."""
    lines = [*(f"failed: {line}" for line in swept.failed)]
    lines.append(f"Written to {folder}: {', '.join(written)} (.parquet)")
    if swept.failed:
        lines.append(f"{len(swept.failed)} failed; try these again with --resume")
    return means_table(title, swept.results) + "\n".join(lines)


def means_table(title: str, results: pd.DataFrame) -> str:
    """Return the table of the means by point and variant."""
    means = point_means(results)
    heads = {key: head for key, head in KEYS.items() if means[key].nunique() > 1}
    table = make_table(title)
    for head in heads.values():
        table.add_column(head)
    table.add_column("policy", no_wrap=True)
    for head in ("imbalance", "IIR", "99 % interval", "idle %"):
        table.add_column(head, justify="right", no_wrap=True)
    for row in means.head(MOST_ROWS).to_dict("records"):
        table.add_row(
            *(_key(row[key], head) for key, head in heads.items()),
            str(row["variant"]),
            number(float(row.get("imbalance", math.nan))),
            ratio(float(row["iir"])),
            _interval(float(row["iir_lo"]), float(row["iir_hi"])),
            ratio(100 * float(row.get("idle_fraction", math.nan))),
        )
    more = len(means) - MOST_ROWS
    return rendered([table, *([f"and {more} rows more"] if more > 0 else [])])


def _key(value: Any, head: str) -> str:
    if head not in NUMBERS:
        return str(value)
    return "–" if math.isnan(value) else f"{value:g}"  # no load is offered where all wait from the start


def _interval(low: float, high: float) -> str:
    # that of FCFS against itself is 1, and one replication has none
    return "" if math.isnan(low) else f"{ratio(low)} … {ratio(high)}"
