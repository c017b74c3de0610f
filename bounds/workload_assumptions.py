"""Assumptions on the requests of a run: their sizes, lengths and growth.

Each takes the run and returns a `Finding`. May import simulation, numpy, and the laws of this room.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bounds.fcfs import slot_load_laws
from bounds.finding import Finding
from simulation.run import Run

__all__ = []


def iid_sizes(run: Run) -> Finding:
    """Whether sizes and lengths are independent draws from one known law, by construction."""
    law = run.workload.law
    if law is None:
        source = run.workload.source
        return Finding("iid_sizes", False, f"requests ({source}) were not drawn from a law")
    return Finding("iid_sizes", True, f"requests are independent draws from {law!r}")


def _lengths(run: Run) -> NDArray[np.int64]:
    """Return the possible lengths, or those that occur where no law is known."""
    law = run.workload.law
    return run.workload.lengths if law is None else law.length_law.values.astype(np.int64)


def aperiodic_lengths(run: Run) -> Finding:
    """Whether the possible lengths have no common divisor but 1."""
    period = int(np.gcd.reduce(_lengths(run)))
    words = "no common divisor but 1" if period == 1 else f"the common divisor {period}"
    return Finding("aperiodic_lengths", period == 1, f"the lengths have {words}")


def homogeneous_lengths(run: Run) -> Finding:
    """Whether all requests stay equally long."""
    low, high = int(run.workload.lengths.min()), int(run.workload.lengths.max())
    words = f"every length is {low}" if low == high else f"lengths range from {low} to {high}"
    return Finding("homogeneous_lengths", low == high, words)


def aperiodic_or_equal_lengths(run: Run) -> Finding:
    """Whether F0 has a law for the lengths: aperiodic, or one length only."""
    possible = _lengths(run)
    if possible.min() == possible.max():
        return Finding("aperiodic_or_equal_lengths", True, f"every length is {possible[0]}")
    found = aperiodic_lengths(run)
    return Finding("aperiodic_or_equal_lengths", found.holds, found.reason)


def geometric_lengths(run: Run) -> Finding:
    """Whether lengths follow a geometric law: each active request ends a step with one probability."""
    law = run.workload.law
    success = None if law is None else law.length_law.success_probability
    if success is None:
        return Finding("geometric_lengths", False, "the lengths were not drawn from Law.geometric")
    return Finding("geometric_lengths", True, f"lengths are geometric with p = {success:g}")


def independent_sizes_and_lengths(run: Run) -> Finding:
    """Whether the size and the length of a request are independent, by construction."""
    name = "independent_sizes_and_lengths"
    law = run.workload.law
    if law is None:
        return Finding(name, False, "the requests have no known law")
    if law.factors or law.size_law.is_constant or law.length_law.is_constant:
        return Finding(name, True, "sizes and lengths were drawn independently")
    return Finding(name, False, "sizes and lengths were drawn as pairs from a joint law")


def _drift(run: Run) -> tuple[str, float, float]:
    low, high = run.workload.drift.increment_range
    return type(run.workload.drift).__name__, float(low), float(high)


def non_decreasing_drift(run: Run) -> Finding:
    """Whether no load ever shrinks: the engine holds drift to its declared range, which starts at >= 0."""
    name, low, high = _drift(run)
    reason = f"{name} grows by {low:g} to {high:g} per step"
    return Finding("non_decreasing_drift", low >= 0, reason)


def common_drift(run: Run) -> Finding:
    """Whether every active request grows by the same amount in the same step."""
    name, low, high = _drift(run)
    if run.workload.drift.is_common or low == high:
        return Finding("common_drift", True, f"{name} grows all active requests alike")
    reason = f"{name} grows requests by different amounts, {low:g} to {high:g} per step"
    return Finding("common_drift", False, reason)


def common_drift_in_rounds(run: Run) -> Finding:
    """Whether requests admitted together grow alike while they stay: common drift, or growth by age alone."""
    name = "common_drift_in_rounds"
    if run.workload.drift.grows_by_age:
        reason = f"{_drift(run)[0]} grows all requests of one age alike"
        return Finding(name, True, reason)
    found = common_drift(run)
    return Finding(name, found.holds, found.reason)


def fixed_increments(run: Run) -> Finding:
    """Whether every request grows by one fixed amount in every step."""
    name, low, high = _drift(run)
    words = f"by {low:g} in every step" if low == high else f"by {low:g} to {high:g} per step"
    return Finding("fixed_increments", low == high, f"{name} grows requests {words}")


def known_load_law(run: Run) -> Finding:
    """Whether the stationary law of one slot's load is known exactly (F0)."""
    law, drift = run.workload.law, run.workload.drift
    if law is None:
        return Finding("known_load_law", False, "the requests have no known law")
    if drift.sees_workers:
        name = type(drift).__name__
        reason = f"{name} grows requests by where they run, so that slots depend on each other"
        return Finding("known_load_law", False, reason)
    try:
        loads = slot_load_laws(law, None, drift)
    except ValueError as error:
        return Finding("known_load_law", False, str(error))
    if len(loads) == 1:
        words = f"one slot holds a load of mean {loads[0].mean:g}, {loads[0]!r}"
    else:
        mean = sum(load.mean for load in loads) / len(loads)
        words = f"one slot holds a load of mean {mean:g} over {len(loads)} phases, each of known law"
    return Finding("known_load_law", True, words)
