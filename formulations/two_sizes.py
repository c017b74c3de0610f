"""`solve_two_sizes`: the optimum of a step whose requests have two sizes, by counting. No solver.

All slots get filled, so an assignment is the number of large requests of each worker, and each of them adds
the same. May import contracts, numpy and this room's problem and values.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from formulations.lower_bounds import rounding_slack
from formulations.problem import OBJECTIVES, Assignment, StepProblem
from formulations.values import objective_value

__all__ = ["is_of_two_sizes", "solve_two_sizes"]


def solve_two_sizes(problem: StepProblem, *, objective: str = "imbalance") -> Assignment:
    """Return an optimal assignment of a step that has requests of at most two sizes.

    Worker g, with f_g free slots, reaches base_g + j·d with j large requests, 0 <= j <= f_g, where d is the
    difference of the sizes. C large requests in all have the least maximum where they take the C smallest of
    these values (the units of a separable convex allocation). That settles makespan and imbalance, whose sum
    depends on C alone. For the spread each value is tried as the minimum: every worker takes as few large
    requests as reach it, and if that is too few in all, the smallest of the values left. O(F log F), for the
    spread O(F·G), F the number of free slots.

    Parameters
    ----------
    problem : StepProblem
        Whole numbers with sums below 2**53, at most two different sizes, no window (H = 0), no further
        constraint, and at least as many waiting requests as free slots.
    objective : str
        ``"imbalance"``, ``"spread"`` or ``"makespan"``.

    Raises
    ------
    TypeError, ValueError
        If the problem is not of that kind, or the objective is unknown.

    References
    ----------
    T. Ibaraki, N. Katoh, "Resource Allocation Problems", MIT Press 1988, for the greedy choice of units.

    Examples
    --------
    Loads 0 and 6, two free slots each; the first worker takes the two large requests:

    >>> best = solve_two_sizes(StepProblem([0, 6], [2, 2], [1, 4, 1, 4, 1, 4]))
    >>> best.worker.tolist(), best.value, best.status
    ([1, 0, 1, 0, -1, -1], 0.0, 'optimal')
    """
    checks.instance("problem", problem, StepProblem, "a StepProblem")
    low, high = _sizes(problem)
    checks.choice("objective", objective, OBJECTIVES)
    is_large = problem.sizes > low
    free, total = problem.free_slots, int(problem.free_slots.sum())
    least = max(0, total - int((~is_large).sum()))
    most = min(total, int(is_large.sum()))
    base = problem.loads[:, 0] + low * free
    # a unit is one large request more: the worker that takes it, and what it then reaches
    owner = np.repeat(np.arange(problem.workers), free)
    nth = np.arange(1, total + 1) - np.repeat(np.cumsum(free) - free, free)
    reached = base[owner] + (high - low) * nth
    order = np.argsort(reached, kind="stable")
    tops = np.maximum(base.max(), np.concatenate([[0.0], reached[order]]))
    if objective == "spread":
        fewest = _fewest(base, free, high - low, reached, tops[least], (least, most))
        chosen = np.concatenate([order[(nth <= fewest[owner])[order]], order[(nth > fewest[owner])[order]]])
        number = max(least, int(fewest.sum()))
    else:
        counts = np.arange(least, most + 1)
        values = problem.workers * tops[counts] - (high - low) * counts
        chosen, number = order, least if objective == "makespan" else least + int(values.argmin())
    large = np.bincount(owner[chosen[:number]], minlength=problem.workers)
    return _assignment(problem, objective, is_large, large)


def is_of_two_sizes(problem: StepProblem) -> bool:
    """Return whether `solve_two_sizes` takes this problem."""
    try:
        _sizes(problem)
    except ValueError:
        return False
    return True


def _sizes(problem: StepProblem) -> tuple[float, float]:
    """Return the two sizes, or say why the problem is not of the kind."""
    checks.check(problem.horizon == 0, f"problem must have no window (H = 0), got H = {problem.horizon}")
    arrays = (problem.loads, problem.sizes, problem.growth, problem.weights)
    _, rounding = rounding_slack(*(array.copy() for array in arrays))
    checks.check(
        rounding == 0, "problem must have whole numbers as loads, sizes and weights, and sums below 2**53"
    )
    checks.check(problem.is_plain, "problem must have no required or forbidden requests, and fill its slots")
    free, waiting = int(problem.free_slots.sum()), len(problem.sizes)
    checks.check(waiting >= free, f"problem must have a request for each of {free} free slots, got {waiting}")
    if waiting == 0:
        return 0.0, 0.0
    low, high = float(problem.sizes.min()), float(problem.sizes.max())
    between = (problem.sizes > low) & (problem.sizes < high)
    other = problem.sizes[int(between.argmax())]
    checks.check(not between.any(), f"problem must have two sizes at most, got {low:g}, {other:g}, {high:g}")
    return low, high


def _fewest(
    base: NDArray[np.float64],
    free: NDArray[np.int64],
    step: float,
    reached: NDArray[np.float64],
    top: float,
    allowed: tuple[int, int],
) -> NDArray[np.int64]:
    """Return how many large requests each worker needs to reach the minimum of the least spread.

    ``top`` is the least maximum with as many large requests as there must be, ``allowed`` the range of that.
    """
    minima = np.unique(np.concatenate([base, reached]))
    short = np.maximum(minima[:, None] - base, 0.0)
    needed = np.ceil(short / step) if step > 0 else np.where(short > 0, np.inf, 0.0)
    usable = (needed <= free).all(axis=1) & (needed.sum(axis=1) <= allowed[1])
    maxima = (base + step * np.where(usable[:, None], needed, 0.0)).max(axis=1)
    maxima = np.where(needed.sum(axis=1) < allowed[0], np.maximum(maxima, top), maxima)
    best = int(np.where(usable, maxima - minima, np.inf).argmin())
    fewest: NDArray[np.int64] = needed[best].astype(np.int64)
    return fewest


def _assignment(
    problem: StepProblem, objective: str, is_large: NDArray[np.bool_], large: NDArray[np.int64]
) -> Assignment:
    """Give the first requests of either kind to the workers, ``large`` of the large ones to each."""
    worker = np.full(len(problem.sizes), -1, dtype=np.int64)
    for kind, number in ((is_large, large), (~is_large, problem.free_slots - large)):
        given = np.repeat(np.arange(problem.workers), number)
        worker[np.flatnonzero(kind)[: len(given)]] = given
    worker.flags.writeable = False
    value = objective_value(problem, worker, objective)
    return Assignment(
        worker=worker,
        imbalance=objective_value(problem, worker, "imbalance"),
        value=value,
        lower_bound=value,
        status="optimal",
        objective=objective,
    )
