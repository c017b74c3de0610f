"""How long a run must be: warm-up, memory, and independent replications of FCFS.

Derived from the law of the lengths alone. May import everything below this room.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from bounds.intervals import batch_count, batch_means, memory_steps
from bounds.renewal import Unsettled, common_divisor, stationary_after
from drift_processes import Law
from experiments.judging import LEVEL
from simulation import Run

__all__ = ["WARMUP_LIMIT", "Settling", "settle", "table_interval"]

#: Longest warm-up, in steps. Lengths that need more are run all the same, but F0 is not held against them.
WARMUP_LIMIT = 100_000


@dataclass(frozen=True)
class Settling:
    """When the state of a run is typical, and after how many steps it is forgotten.

    Attributes
    ----------
    warmup : int
        Steps to leave out at the start.
    memory : int or None
        Steps after which means of neighbouring stretches are nearly independent; None if unknown.
    verdict, reason : str
        Empty where F0 can be held against a run, else the verdict it gets and why.
    """

    warmup: int
    memory: int | None
    verdict: str = ""
    reason: str = ""


def settle(lengths: Law, *, steps: int) -> Settling:
    """Return the warm-up for these lengths; ``steps`` of warm-up where they need more than the limit.

    Lengths that are all multiples of d keep the slots in phase: what settles is the age at every d-th step,
    that is, the renewal process of lengths / d. Equal lengths are settled from the start.
    """
    divisor = common_divisor(lengths)
    try:
        periods = stationary_after(
            Law(lengths.values / divisor, lengths.probabilities), limit=max(1, WARMUP_LIMIT // divisor)
        )
    except Unsettled:
        reason = (
            f"with lengths up to {lengths.support[1]:,.0f} the ages need more than {WARMUP_LIMIT:,} steps to "
            f"settle, so averages after {steps:,} still depend on the empty start; are the longest output "
            f"lengths of the trace right?"
        )
        return Settling(steps, None, "inconclusive", reason)
    warmup = divisor * periods
    memory = max(warmup, memory_steps(lengths))
    if divisor > 1 and not lengths.is_constant:
        return Settling(warmup, memory, "not applicable", f"lengths are multiples of {divisor}")
    return Settling(warmup, memory)


def table_interval(run: Run, settling: Settling) -> tuple[float, float]:
    """Return the interval of a run's mean imbalance after the warm-up; NaN where the run is too short."""
    measured = run.imbalance[settling.warmup :]
    if settling.memory is None:
        return math.nan, math.nan
    batches = batch_count(len(measured), memory=settling.memory)
    if not batches:
        return math.nan, math.nan
    interval = batch_means(measured, level=LEVEL, batches=batches)
    return interval.lo, interval.hi
