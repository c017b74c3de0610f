"""Decisions of BF-IO(0) solved to proven optimality: fast where that proves it, else exact; or all of them.

May import contracts, numpy and formulations.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from bounds.falsifier.part import Number
from contracts import TimeLimit
from formulations import Assignment, StepProblem, solve_exact, solve_fast

__all__ = ["FEW", "Undecided", "all_optima", "loads_after", "optimum"]

#: Seconds that a decision may take.
PATIENCE_S = 5.0

#: Assignments that may be enumerated.
FEW = 1024


class Undecided(RuntimeError):
    """An optimum could not be proven in time: the instance says nothing."""


def optimum(problem: StepProblem, *, enough: Number = -1) -> Assignment:
    """Return an assignment with the least imbalance, or one whose imbalance is at most ``enough``.

    Raises
    ------
    Undecided
        If there is a gap between what was found and what is proven.
    """
    fast = solve_fast(problem)
    if fast.gap == 0 or fast.value <= enough:
        return fast
    try:
        best = solve_exact(problem, time_limit_s=PATIENCE_S)
    except TimeLimit:
        raise Undecided(f"no optimum within {PATIENCE_S:g} s: {problem!r}") from None
    if best.status != "optimal":
        raise Undecided(f"no optimum proven within {PATIENCE_S:g} s: {problem!r}")
    return best


def all_optima(problem: StepProblem) -> list[list[int]]:
    """Return every assignment of least imbalance where there are few to try, else one.

    A claim about optima must hold for each of them, whichever a solver returns.
    """
    if (problem.workers + 1) ** len(problem.sizes) > FEW:
        return [optimum(problem).worker.tolist()]
    best: list[list[int]] = []
    least: Fraction | None = None
    for worker in _assignments(problem):
        loads = loads_after(problem, worker)
        value = problem.workers * max(loads) - sum(loads)
        if least is None or value < least:
            best, least = [], value
        if value == least:
            best.append(list(worker))
    return best


def loads_after(problem: StepProblem, worker: tuple[int, ...] | list[int]) -> list[Fraction]:
    """Return L_g of an assignment, exactly."""
    loads = [Fraction(load) for load in problem.loads[:, 0].tolist()]
    for size, g in zip(problem.sizes.tolist(), worker, strict=True):
        if g >= 0:
            loads[g] += Fraction(size)
    return loads


def _assignments(problem: StepProblem) -> Iterator[tuple[int, ...]]:
    free = problem.free_slots.tolist()
    for worker in product(range(-1, problem.workers), repeat=len(problem.sizes)):
        fits = all(worker.count(g) <= slots for g, slots in enumerate(free))
        if fits and len(worker) - worker.count(-1) == problem.admissions:
            yield worker
