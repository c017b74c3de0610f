"""Assumptions on the numbers of a run: whether its batch is large enough, whether steps have an overhead.

Each takes the run and returns a `Finding`. May import simulation, and from this room the condition
of B2 and the findings.
"""

from __future__ import annotations

from bounds.finding import Finding
from bounds.large_batch import LargeBatch
from bounds.workload_assumptions import common_drift
from simulation.run import Run

__all__ = []

#: Largest p·B and p·s_max of B4.
SERVING_REFILLS, SERVING_SIZE = 6, 2


def no_overhead(run: Run) -> Finding:
    """Whether the duration of a step is proportional to its largest load."""
    system = run.system
    holds = system.step_overhead_s == 0 and system.mean_load_s == 0
    words = f"a step takes {system.step_overhead_s:g} s whatever its load"
    if system.mean_load_s != 0:
        words += f", and {system.mean_load_s:g} s per unit of the mean load"
    return Finding("no_overhead", holds, words)


def serving_size(run: Run) -> Finding:
    """Whether p·B <= 6 and p·s_max <= 2, as in the experiments that B4 was read off."""
    law = run.workload.law
    p = None if law is None else law.length_law.success_probability
    if law is None or p is None:
        return Finding("serving_size", False, "the lengths were not drawn from Law.geometric")
    refills, largest = p * run.system.slots, p * law.size_law.support[1]
    reason = f"p·B = {refills:g}, at most {SERVING_REFILLS}; p·s_max = {largest:g}, at most {SERVING_SIZE}"
    return Finding("serving_size", refills <= SERVING_REFILLS and largest <= SERVING_SIZE, reason)


def large_batch(run: Run, *, a: float, b: float, eta: float) -> Finding:
    """Whether the batch meets the condition of B2, or of B2-heterogeneous where drift is not common.

    The horizon is that of the run, sizes and growth have the ranges of their laws.
    """
    return _batch("large_batch", run, a, b, eta, spread=False)


def large_batch_spread(run: Run, *, a: float, b: float, eta: float) -> Finding:
    """Whether the batch meets the condition of B2-spread."""
    return _batch("large_batch_spread", run, a, b, eta, spread=True)


def _batch(name: str, run: Run, a: float, b: float, eta: float, *, spread: bool) -> Finding:
    law, slots = run.workload.law, run.system.slots
    p = None if law is None else law.length_law.success_probability
    if law is None or p is None:
        return Finding(name, False, "the lengths were not drawn from Law.geometric")
    told = f"B = {slots}, with p = {p:g}, a = {a:g}, b = {b:g}, eta = {eta:g} and {run.steps} steps"
    low, high = run.workload.drift.increment_range
    smallest, largest = law.size_law.support
    try:
        regime = LargeBatch(
            workers=run.system.workers,
            p=p,
            a=a,
            b=b,
            eta=eta,
            steps=max(run.steps - 1, 1),
            s_min=smallest,
            s_max=largest,
            growth=float(high),
            growth_gap=0.0 if common_drift(run).holds else float(high) - float(low),
            spread=spread,
        )
        least = slots if regime.holds(slots) else regime.required()
    except ValueError as error:
        return Finding(name, False, f"{told}: {error}")
    if least == slots:
        return Finding(name, True, f"{told}, meets the condition")
    return Finding(
        name, False, f"{told}, does not meet the condition; the smallest batch that does is {least}"
    )
