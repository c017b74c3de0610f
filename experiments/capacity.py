"""What a system can serve at the most, and what share of it requests ask for.

May import contracts, drift_processes and simulation.
"""

from __future__ import annotations

import math

from contracts import checks
from drift_processes import DriftProcess, JointLaw, Workload
from simulation import System

__all__ = ["capacity_per_s", "offered_load"]


def capacity_per_s(law: JointLaw, drift: DriftProcess, system: System) -> float:
    """Return the requests per second that the system completes when it is full and perfectly balanced.

    G·B / (E o · Δt) with Δt = C + (κ + κ')·B·E Y: every step then has all loads at B times E Y, the mean load
    of a slot. No policy completes more in the long run; one that leaves workers waiting for each other
    completes less.

    Raises
    ------
    ValueError
        If the law of a slot's load is not known for this drift, or such a step takes no time.
    """
    laws = drift.snapshots(law)
    name = type(drift).__name__
    if not laws:
        raise ValueError(f"a load needs a drift whose mean load of a slot is known; that of {name} is not")
    mean = math.fsum(each.mean for each in laws) / len(laws)
    step_s = system.balanced_step_s(mean)
    checks.check(step_s > 0, "a load needs steps that take time: raise overhead_s or seconds_per_token")
    return system.capacity / (law.mean_length * step_s)


def offered_load(work: Workload, system: System) -> float:
    """Return the share of `capacity_per_s` that a workload's own arrivals ask for.

    That is its requests by the time from the first arrival to the last, divided by the capacity for its pairs
    of size and length; ``inf`` where all arrive at once.

    Parameters
    ----------
    work : Workload
        With arrival times.
    system : System

    Raises
    ------
    ValueError
        As `capacity_per_s` does.
    """
    assert work.arrival_s is not None  # callers ask only where there are times
    law = JointLaw.empirical(work.sizes, work.lengths)
    most = capacity_per_s(law, work.drift, system)
    span_s = float(work.arrival_s[-1] - work.arrival_s[0])
    return work.requests / span_s / most if span_s > 0 else math.inf
