"""Recompute everything an `Assignment` claims, in plain loops and exact fractions.

It reads the fields of the two values and uses nothing else of this room, so that it can't share a mistake
with what it checks. May import contracts only, and the two types for their names.
"""

from __future__ import annotations

import math
from fractions import Fraction

from contracts import InvariantBroken, checks
from formulations.problem import Assignment, StepProblem

__all__ = ["verify"]

_STATUSES = ("optimal", "feasible", "time_limit")
_EXACT_FLOATS = 2**53


def verify(problem: StepProblem, assignment: Assignment) -> None:
    """Raise unless an assignment satisfies the problem and its figures are what it comes to.

    Checked are: the workers named, slots, number of admissions, required and forbidden requests; imbalance
    and value, recomputed; bound <= value; a status that fits. Where loads, sizes, growth and weights are
    whole numbers the figures must be exact, and ``"optimal"`` means that value and bound are equal. Otherwise
    there is room for rounding in the figures, 1e-12 of the weighted loads, and value and bound may be 1e-6 of
    the value apart besides. That the bound holds can't be seen from one assignment: independent solvers test
    that.

    Parameters
    ----------
    problem : StepProblem
    assignment : Assignment

    Raises
    ------
    TypeError
        If they are not a `StepProblem` and an `Assignment`.
    contracts.InvariantBroken
        Naming the first thing that is wrong.
    """
    checks.instance("problem", problem, StepProblem, "a StepProblem")
    checks.instance("assignment", assignment, Assignment, "an Assignment")
    worker = _checked_workers(problem, assignment)
    _check_constraints(problem, worker)
    loads = _loads(problem, worker)
    if assignment.objective not in ("imbalance", "spread", "makespan"):
        raise InvariantBroken(f"objective {assignment.objective!r} is none of imbalance, spread, makespan")
    _check_figures(problem, assignment, loads)


def _checked_workers(problem: StepProblem, assignment: Assignment) -> list[int]:
    pool, workers = len(problem.sizes), len(problem.loads)
    if len(assignment.worker) != pool:
        raise InvariantBroken(f"worker has {len(assignment.worker)} entries for {pool} waiting requests")
    for i, g in enumerate(assignment.worker.tolist()):
        if g not in range(-1, workers):
            raise InvariantBroken(f"worker[{i}] is {g}, neither -1 nor a worker 0..{workers - 1}")
    return [int(g) for g in assignment.worker.tolist()]


def _check_constraints(problem: StepProblem, worker: list[int]) -> None:
    for g, free in enumerate(problem.free_slots.tolist()):
        given = worker.count(g)
        if given > free:
            raise InvariantBroken(f"worker {g} is given {given} requests but has {free} free slots")
    admitted = len(worker) - worker.count(-1)
    if admitted < problem.min_admissions:
        raise InvariantBroken(f"{admitted} requests are admitted, at least {problem.min_admissions} must be")
    for i, g in enumerate(worker):
        if g == -1 and problem.required is not None and problem.required[i]:
            raise InvariantBroken(f"request {i} is required but left waiting")
        if g >= 0 and problem.forbidden is not None and problem.forbidden[i, g]:
            raise InvariantBroken(f"request {i} is forbidden on worker {g} but given to it")


def _loads(problem: StepProblem, worker: list[int]) -> list[list[Fraction]]:
    """Return the loads of all workers, one list for each step of the window."""
    sizes = [Fraction(size) for size in problem.sizes.tolist()]
    steps = []
    for h, growth in enumerate(problem.growth.tolist()):
        loads = [Fraction(load) for load in problem.loads[:, h].tolist()]
        for size, g in zip(sizes, worker, strict=True):
            if g >= 0:
                loads[g] += size + Fraction(growth)
        steps.append(loads)
    return steps


def _check_figures(problem: StepProblem, assignment: Assignment, steps: list[list[Fraction]]) -> None:
    weights = [Fraction(weight) for weight in problem.weights.tolist()]
    columns = list(zip(weights, steps, strict=True))
    imbalance = sum((w * (len(loads) * max(loads) - sum(loads)) for w, loads in columns), Fraction(0))
    value = imbalance
    if assignment.objective == "spread":
        value = sum((w * (max(loads) - min(loads)) for w, loads in columns), Fraction(0))
    elif assignment.objective == "makespan":
        value = sum((w * max(loads) for w, loads in columns), Fraction(0))
    stated = {name: float(getattr(assignment, name)) for name in ("imbalance", "value", "lower_bound")}
    for name, figure in stated.items():
        if not math.isfinite(figure):
            raise InvariantBroken(f"{name} must be finite, got {figure}")
    room = _rounding(problem)
    for name, true in (("imbalance", imbalance), ("value", value)):
        if abs(Fraction(stated[name]) - true) > room:
            raise InvariantBroken(f"{name} is stated as {stated[name]!r} but comes to {float(true)!r}")
    gap = Fraction(stated["value"]) - Fraction(stated["lower_bound"])
    if gap < 0:
        raise InvariantBroken(f"lower_bound {stated['lower_bound']!r} is above value {stated['value']!r}")
    if assignment.status not in _STATUSES:
        raise InvariantBroken(f"status {assignment.status!r} is none of {', '.join(_STATUSES)}")
    if assignment.status == "optimal" and gap > (room + value / 10**6 if room else 0):
        raise InvariantBroken(f"status is 'optimal' but value and lower_bound are {float(gap)!r} apart")
    if assignment.status == "feasible" and gap == 0:
        raise InvariantBroken("status is 'feasible' but value and lower_bound meet: that is 'optimal'")


def _rounding(problem: StepProblem) -> Fraction:
    """Return how far the figures may be off: nothing for whole numbers whose sums float64 holds."""
    arrays = (problem.loads, problem.sizes, problem.growth)
    numbers = [Fraction(x) for array in arrays for x in array.ravel().tolist()]
    per_worker = sum(numbers) + len(problem.sizes) * Fraction(problem.growth.tolist()[-1])
    weights = [Fraction(weight) for weight in problem.weights.tolist()]
    terms = len(problem.loads) * sum(weights)
    whole = all(x.denominator == 1 for x in numbers + weights)
    if whole and terms * per_worker < _EXACT_FLOATS:
        return Fraction(0)
    return terms * per_worker / 10**12
