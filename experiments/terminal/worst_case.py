"""What ``evenstep check --worst-case`` prints. Imports rich, the search, and this room's terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from rich.table import Table

from bounds.checker.worst_case import WorstCase
from drift_processes import Law
from experiments.terminal.forms import make_table, number, rendered

__all__ = ["law_words", "worst_case_facts", "worst_case_report"]

#: Improvements shown; the search makes a few dozen.
SHOWN = 8

TITLES = {"iir": "IIR", "tightness": "BF-IO imbalance / ((G-1)Δ)"}


def worst_case_report(found: WorstCase) -> str:
    """Return the trace of the search, the winner, and how it compares with the bound."""
    return rendered(_parts(found))


def worst_case_facts(found: WorstCase) -> dict[str, Any]:
    """Return the winner, and how it compares with the bound, in JSON types."""
    steps = found.setting.lengths
    assert steps is not None  # sizes and lengths of a class are independent
    return {
        "class": str(found.law_class),
        "goal": found.goal,
        "workers": found.law_class.workers,
        "slots": found.law_class.slots,
        "window": found.law_class.window,
        "seed": found.seed,
        "evaluations": found.evaluations,
        "sizes": law_words(found.setting.sizes),  # type: ignore[arg-type]
        "lengths": law_words(steps),
        "growth": repr(found.setting.drift),
        "fcfs": [found.fcfs.lo, found.fcfs.hi],
        "bfio": [found.bfio.lo, found.bfio.hi],
        "iir": found.iir,
        "iir_range": list(found.iir_range),
        "confidence": found.bfio.level,
        "bound": None if found.bound is None else found.bound.lo,
        "tightness": found.tightness,
        "gap": found.gap,
    }


def law_words(law: Law) -> str:
    """Return a law on a few values in words, for instance ``0 (0.36), 17 (0.64)``."""
    if law.success_probability is not None:
        return f"geometric, p = {law.success_probability:.4g}"
    return ", ".join(f"{value:g} ({p:.4g})" for value, p in zip(law.values, law.probabilities, strict=True))


def _parts(found: WorstCase) -> Iterator[str | Table]:
    here = found.law_class
    shown = "" if here.window is None else f", {here.window} in sight beyond the free slots"
    yield (
        f"class {here}: G = {here.workers}, B = {here.slots}{shown}; every value at least "
        f"{here.share:g} likely, FCFS at least {here.floor:g}·(G-1)·Δ; seed {found.seed}"
    )
    yield _trace(found)
    yield f"{found.evaluations} laws tried; the values above are the search's own, and so too extreme"
    yield _winner(found)
    verdict = found.verdict
    allowed = "" if found.bound is None else f"; measured / bound = {_ratio(found.tightness)}"
    yield f"{verdict.claim} {verdict.word}: {verdict.reason}{allowed}"
    if found.gap > 0:
        yield f"BF-IO's decisions are proven within {found.gap:.3g} of optimal, in the mean"


def _trace(found: WorstCase) -> Table:
    table = make_table("Search: best so far")
    table.add_column("evaluation", justify="right")
    table.add_column(TITLES[found.goal], justify="right")
    for coordinate in found.law_class.coordinates:
        table.add_column(coordinate.name, justify="right")
    for step in found.trace[-SHOWN:]:
        table.add_row(str(step.evaluation), _ratio(step.value), *(f"{x:.3g}" for x in step.place))
    return table


def _winner(found: WorstCase) -> Table:
    table = make_table("Winner, measured on new seeds")
    table.add_column("quantity")
    table.add_column("value")
    steps = found.setting.lengths
    assert steps is not None  # sizes and lengths of a class are independent
    table.add_row("sizes (probability)", law_words(found.setting.sizes))  # type: ignore[arg-type]
    table.add_row("lengths", f"all {steps.mean:g}" if steps.is_constant else law_words(steps))
    table.add_row("growth", repr(found.setting.drift))
    table.add_row("FCFS, exact (F0)", number(found.fcfs.mid))
    table.add_row("BF-IO", f"{number(found.bfio.lo)} to {number(found.bfio.hi)}")
    low, high = found.iir_range
    table.add_row(
        f"IIR, {100 * found.bfio.level:g} % interval",
        f"{_ratio(found.iir)} ({_ratio(low)} to {_ratio(high)})",
    )
    table.add_row("bound (B1-ratio)", "–" if found.bound is None else f">= {found.bound.lo:.4g}")
    return table


def _ratio(value: float | None) -> str:
    if value is None:
        return "–"
    return "∞" if math.isinf(value) else f"{value:.4g}"
