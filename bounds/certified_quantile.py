"""Quantiles of the imbalance under first come, first served, certified (docs/theory.md §2, F0).

May import contracts, drift_processes, `bounds.certified` and what evaluates F0 in this room.
"""

from __future__ import annotations

import math
from fractions import Fraction

from bounds.certified.imbalance_law import BITS, quantile_between
from bounds.certified.slots import certified_loads
from bounds.enclosure import Enclosure
from bounds.fcfs import slot_load_laws
from bounds.maxima import ALLOWANCE, MOST_LOADS
from contracts import checks
from drift_processes import DriftProcess, JointLaw, Law
from drift_processes.workload_parts import joint_law

__all__ = ["fcfs_imbalance_quantile"]

#: Most workers: time and memory grow with the range of I, some 10 s for 10^5 workers of one slot.
MOST_WORKERS = 10**6


def fcfs_imbalance_quantile(
    level: float,
    sizes: Law | JointLaw,
    lengths: Law | None,
    drift: DriftProcess,
    *,
    workers: int,
    slots: int,
    rtol: float = 1e-2,
) -> Enclosure:
    """Return the quantile of the imbalance I of a step in the long run under FCFS: min x, P(I <= x) >= level.

    The step is drawn from the long run, so that where Y has several laws (`slot_load_laws`) I is of a phase
    drawn at random. The law of I is no function of the largest load alone; it is bounded from both sides by
    an identity in G-th powers (`bounds.certified.quantiles`), exactly for small laws.

    Parameters
    ----------
    level : float
        Between 0 and 1, neither included.
    sizes, lengths, drift, workers, slots
        As `fcfs_imbalance`.
    rtol : float
        Wanted relative width. Not reached (G and B large), the enclosure is wider.

    Returns
    -------
    Enclosure
        In units of load. It contains the quantile in the sense of `fcfs_imbalance`. Where P(I <= x) is at
        ``level`` itself for some x, no computed number can decide, and it holds both neighbours.

    Raises
    ------
    TypeError, ValueError
        As `fcfs_imbalance`.

    Examples
    --------
    Two dice, |difference| <= 3 with probability 30/36 and <= 2 with 24/36:

    >>> from drift_processes import NoGrowth
    >>> value = fcfs_imbalance_quantile(
    ...     0.8, Law.uniform(1, 6), Law.constant(1), NoGrowth(), workers=2, slots=1
    ... )
    >>> value.lo, value.hi
    (3.0, 3.0)
    """
    part = checks.number("level", level, above=0, below=1)
    count = checks.count("workers", workers, at_least=1, at_most=MOST_WORKERS)
    terms = checks.count("slots", slots, at_least=1)
    checks.check(
        count * terms <= MOST_LOADS,
        f"workers * slots must be <= {MOST_LOADS}, got {checks.shown(count * terms)}",
    )
    tolerance = checks.number("rtol", rtol, above=0)
    joint = joint_law(sizes, lengths)
    laws = slot_load_laws(joint, None, drift)
    if count == 1:
        return Enclosure.exactly(0.0)
    loads = certified_loads(joint, drift, laws, BITS)
    lo, hi = quantile_between(
        loads,
        Fraction(part),
        copies=count,
        terms=terms,
        rtol=tolerance,
        known_to=max(load.inputs for load in loads) * ALLOWANCE * count * terms,
    )
    return Enclosure(_below(lo), _above(hi))


def _below(value: Fraction) -> float:
    near = float(value)
    return near if Fraction(near) <= value else math.nextafter(near, -math.inf)


def _above(value: Fraction) -> float:
    near = float(value)
    return near if Fraction(near) >= value else math.nextafter(near, math.inf)
