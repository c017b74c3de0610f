"""F0 evaluated: the long-run imbalance under first come, first served, certified (docs/theory.md §2).

May import contracts, drift_processes and, of this room, the laws of sums and `bounds.certified`.
"""

from __future__ import annotations

import math

from bounds.certified.slots import certified_loads
from bounds.enclosure import Enclosure
from bounds.maxima import (
    certified_maximum,
    expected_maximum,
    precision,
)
from bounds.renewal import common_divisor, stationary_after
from bounds.sums import sum_law
from contracts import checks
from drift_processes import DriftProcess, JointLaw, Law
from drift_processes.snapshots import KnowsRounds
from drift_processes.workload_parts import joint_law

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

    E I = G·(E max_g S_g - B·E Y), S_g independent B-fold sums of the load Y of one slot, or the mean of
    that over the phases where Y has several laws (`slot_load_laws`). No arrival process appears. The value
    is in the enclosure with certainty, in the sense of the notes; where loads lie on a lattice of
    manageable length that is as narrow as float64 input allows.

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
        If an argument is unusable, the drift has no exact law of Y, the lengths are periodic, or a table of
        loads would be too long.

    Notes
    -----
    *Certified*: everything from the laws of sizes and lengths on. The law of Y and of its sums are worked
    out in integers that bound every probability from below, what they leave out is counted exactly, and
    float64 is used at the end only, under the rounding rules of IEEE 754 (`bounds.certified.measures`).
    Lattices too long for that are replaced by one law below and one above (`bounds.lattice`).

    *Taken as given*: tables of float64 probabilities stand for the law proportional to them, and for all
    that differ from it by 2^-52 of each probability (so the value for probabilities 1/3 is enclosed as
    well); a geometric law for the whole of it, without an end, p being the float64 number itself; chances
    that a drift process holds (increments, acceptance, transitions) and what its growth is at each age, for
    what it computes. A drift process of the user's own is believed the snapshot law that it returns.

    Time and memory go with the length of the table of loads (largest size plus largest length): hundredths
    of a second for loads of thousands, some ten seconds and 1.5 GB for four million. More than 2^23 are
    refused.

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
    joint = joint_law(sizes, lengths)
    laws = slot_load_laws(joint, None, drift)
    bits = precision(sum({id(law): len(law.values) for law in laws}.values()))
    loads = certified_loads(joint, drift, laws, bits)
    different = {id(load): load for load in loads}
    above = {
        key: certified_maximum(
            load, copies=count, terms=terms, rtol=tolerance, what=repr(drift), share=len(different)
        )
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
    joint = joint_law(sizes, lengths)
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
    period = common_divisor(steps)
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
