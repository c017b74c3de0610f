"""The one look of what the command line prints: tables, numbers, a progress line. Imports rich.

Results go to standard output, progress to standard error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

__all__ = ["best", "make_table", "number", "progress_bar", "ratio", "rendered", "value_range"]

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


def rendered(parts: Iterable[str | Table]) -> str:
    """Return these parts as the terminal shows them."""
    console = _console()
    # captured and not printed: rich itself would end the process with status 1 on a broken pipe
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    return captured.get()


def make_table(title: str) -> Table:
    """Return an empty table in the one style that all have."""
    # no lines but one below the head: six columns of numbers and a verdict fit into 80 characters
    return Table(
        title=title, title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0),
        min_width=len(title),  # a title would be broken where its table is narrower
    )  # fmt: skip


def best(values: Sequence[float], shown: Sequence[Hashable], *, more_is_better: bool) -> list[bool]:
    """Return which values to mark as the best: those that are shown like it; none where all are shown alike.

    Parameters
    ----------
    values : sequence of float
        NaN is never best.
    shown : sequence of Hashable
        How a reader sees each.
    more_is_better : bool
    """
    known = [i for i, value in enumerate(values) if not math.isnan(value)]
    if len({shown[i] for i in known}) < 2:
        return [False] * len(values)
    top = (max if more_is_better else min)(known, key=lambda i: values[i])
    return [not math.isnan(value) and shown[i] == shown[top] for i, value in enumerate(values)]


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
