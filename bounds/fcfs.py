"""F0 evaluated: the exact long-run imbalance under first come, first served (docs/theory.md §2).

May import contracts, drift_processes and the laws of sums in this room.
"""

from __future__ import annotations

import math

import numpy as np

from bounds.enclosure import Enclosure
from bounds.maxima import expected_maximum, maximum_above_mean
from bounds.renewal import stationary_after
from bounds.sums import sum_law
from contracts import checks
from drift_processes import DriftProcess, JointLaw, Law
from drift_processes.snapshots import KnowsRounds

__all__ = [
    "expected_maximum",
    "fcfs_imbalance",
    "slot_load_law",
    "slot_load_laws",
    "stationary_after",
    "sum_law",
]


def fcfs_imbalance(
    sizes: Law | JointLaw,
    lengths: Law | None,
    drift: DriftProcess,
    *,
    workers: int,
    slots: int,
    rtol: float = 1e-3,
) -> Enclosure:
    """Return the long-run average imbalance of every overloaded system under FCFS (claim F0).

    E I = G·(E max_g S_g - B·E Y), S_g independent B-fold sums of the load Y of one slot, or the mean of that
    over the phases where Y has several laws (`slot_load_laws`). No arrival process appears. The value is
    enclosed in outward-rounded bounds; where loads lie on a lattice of manageable length they differ by
    rounding alone.

    Parameters
    ----------
    sizes : Law or JointLaw
        Law of the sizes; a `JointLaw` gives sizes and lengths together.
    lengths : Law or None
        Law of the lengths in steps; ``None`` exactly if ``sizes`` is a `JointLaw`.
    drift : DriftProcess
    workers, slots : int
        G >= 1 and B >= 1.
    rtol : float
        Wanted relative width where no exact lattice is short enough. Not reached, the enclosure is wider.

    Returns
    -------
    Enclosure
        In units of load.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable, the drift has no exact law of Y, or the lengths are periodic.

    Notes
    -----
    The law handed in is taken as it is. The table of a geometric law leaves out a tail below 2^-60, which
    changes the result by less than its rounding; a snapshot law is itself computed in floating point.

    Time and memory go with the length of the table of loads (largest size plus largest length): the law of
    the sum takes B times as many points, milliseconds for loads of thousands, seconds and about 1 GB beyond
    ten million points. A coarser lattice is used beyond 2^24, and a table above 5·10^7 loads is refused.

    Examples
    --------
    Two workers of one slot, sizes 0 or 1, lengths constant: one unit idles with probability 1/2.

    >>> from drift_processes import UnitGrowth
    >>> value = fcfs_imbalance(Law.uniform(0, 1), Law.constant(5), UnitGrowth(), workers=2, slots=1)
    >>> abs(value.mid - 0.5) < 1e-12, value.width < 1e-12
    (True, True)
    """
    count = checks.count("workers", workers, at_least=1)
    terms = checks.count("slots", slots, at_least=1)
    tolerance = checks.number("rtol", rtol, above=0)
    loads = slot_load_laws(sizes, lengths, drift)
    different = {id(load): load for load in loads}
    above = {
        key: maximum_above_mean(load, copies=count, terms=terms, rtol=tolerance)
        for key, load in different.items()
    }
    return _mean([above[id(load)] for load in loads]) * count


def slot_load_law(sizes: Law | JointLaw, lengths: Law | None, drift: DriftProcess) -> Law:
    """Return the law of Y, the load of one slot, where it is the same in all phases.

    Raises
    ------
    TypeError, ValueError
        As `fcfs_imbalance`, and where there are several laws (`slot_load_laws`).
    """
    loads = slot_load_laws(sizes, lengths, drift)
    name = type(drift).__name__
    checks.check(
        len(loads) == 1, f"drift {name} has {len(loads)} phases, each with a load law: see slot_load_laws"
    )
    return loads[0]


def slot_load_laws(sizes: Law | JointLaw, lengths: Law | None, drift: DriftProcess) -> tuple[Law, ...]:
    """Return the law of Y, the load of one slot, in each phase of the long run; F0 is the mean over them.

    Y is the stationary load of one slot, ``drift.snapshots``: one law, or one for each phase of a common
    growth that repeats itself, since then all slots grow alike at a step, and independently given the step.

    With constant lengths from an empty start all requests of a round have the same age. Where they have grown
    alike, that cancels in the imbalance, and Y = size. Otherwise the ages of a round are its phases, and Y is
    the load at that age (`drift_processes.snapshots.KnowsRounds`).

    Raises
    ------
    TypeError, ValueError
        As `fcfs_imbalance`.
    """
    joint = _joint(sizes, lengths)
    checks.instance("drift", drift, DriftProcess, "a DriftProcess")
    steps = joint.length_law
    name = type(drift).__name__
    if steps.is_constant:
        alike = drift.is_common or drift.grows_by_age
        if alike or drift.increment_range[0] == drift.increment_range[1]:
            return (joint.size_law,)
        rounds = drift.round_laws(joint.size_law, int(steps.mean)) if isinstance(drift, KnowsRounds) else None
        if rounds is not None:
            return rounds
        raise ValueError(
            f"drift {name} is not common, so F0 has no stationary law for lengths that are all "
            f"{steps.mean:g}: the rounds are synchronous and loads spread with the age"
        )
    period = int(np.gcd.reduce(steps.values.astype(np.int64)))
    if period > 1:
        raise ValueError(f"lengths must be aperiodic for F0, got only multiples of {period}")
    loads = drift.snapshots(joint)
    if not loads:
        raise ValueError(f"drift {name} has no exact snapshot law (its snapshot is None)")
    return tuple(loads)


def _mean(values: list[Enclosure]) -> Enclosure:
    """Return the enclosure of the mean of enclosed numbers."""
    if len(values) == 1:
        return values[0]
    lo, hi = math.fsum(value.lo for value in values), math.fsum(value.hi for value in values)
    return Enclosure(math.nextafter(lo, 0.0), math.nextafter(hi, math.inf) if hi else 0.0) / len(values)


def _joint(sizes: Law | JointLaw, lengths: Law | None) -> JointLaw:
    checks.instance("sizes", sizes, (Law, JointLaw), "a Law or a JointLaw")
    if isinstance(sizes, JointLaw):
        checks.check(lengths is None, "lengths must be None where sizes is a JointLaw: it has the lengths")
        return sizes
    if lengths is None:
        raise ValueError("lengths must be given where sizes is a Law; a JointLaw would hold both")
    return JointLaw.independent(sizes, lengths)
