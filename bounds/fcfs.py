"""F0 evaluated: the exact long-run imbalance under first come, first served (docs/theory.md §2).

May import contracts, drift_processes and the laws of sums in this room.
"""

from __future__ import annotations

import numpy as np

from bounds.enclosure import Enclosure
from bounds.maxima import expected_maximum, maximum_above_mean
from bounds.renewal import stationary_after
from bounds.sums import sum_law
from contracts import checks
from drift_processes import DriftProcess, JointLaw, Law

__all__ = ["expected_maximum", "fcfs_imbalance", "slot_load_law", "stationary_after", "sum_law"]


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

    E I = G·(E max_g S_g - B·E Y), S_g independent B-fold sums of the load Y of one slot. No arrival process
    appears. The value is enclosed in outward-rounded bounds; where loads lie on a lattice of manageable
    length they differ by rounding alone.

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
    load = slot_load_law(sizes, lengths, drift)
    return maximum_above_mean(load, copies=count, terms=terms, rtol=tolerance) * count


def slot_load_law(sizes: Law | JointLaw, lengths: Law | None, drift: DriftProcess) -> Law:
    """Return the law of Y, the load of one slot, that F0 speaks of.

    With constant lengths from an empty start all requests of a round have the same age. Under common drift
    they have grown alike, which cancels in the imbalance, and Y = size. Otherwise Y is the stationary load
    of one slot, ``drift.snapshot``.

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
        if drift.is_common or drift.increment_range[0] == drift.increment_range[1]:
            return joint.size_law
        raise ValueError(
            f"drift {name} is not common, so F0 has no stationary law for lengths that are all "
            f"{steps.mean:g}: the rounds are synchronous and loads spread with the age"
        )
    period = int(np.gcd.reduce(steps.values.astype(np.int64)))
    if period > 1:
        raise ValueError(f"lengths must be aperiodic for F0, got only multiples of {period}")
    load = drift.snapshot(joint)
    if load is None:
        raise ValueError(f"drift {name} has no exact snapshot law (its snapshot is None)")
    return load


def _joint(sizes: Law | JointLaw, lengths: Law | None) -> JointLaw:
    checks.instance("sizes", sizes, (Law, JointLaw), "a Law or a JointLaw")
    if isinstance(sizes, JointLaw):
        checks.check(lengths is None, "lengths must be None where sizes is a JointLaw: it has the lengths")
        return sizes
    if lengths is None:
        raise ValueError("lengths must be given where sizes is a Law; a JointLaw would hold both")
    return JointLaw.independent(sizes, lengths)
