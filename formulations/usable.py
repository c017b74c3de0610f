"""Which waiting requests an assignment can use that is at least as good as a known one.

One request far larger than all others decides the scale on which a solver works, and with it how finely it
sees the rest, even where every sensible assignment leaves that request waiting. `usable` finds such requests
by a proof, so that the step can be solved again without them. May import numpy and `formulations.problem`
only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formulations.problem import StepProblem

__all__ = ["usable"]

#: Share of the weighted loads that a bound must be above the value by: far more than its rounding.
_MARGIN = 1e-9


def usable(problem: StepProblem, objective: str, value: float) -> NDArray[np.bool_]:
    """Return which requests may be admitted by an assignment whose objective is at most ``value``.

    Suppose the largest request admitted is the k-th of the pool in ascending order. Its worker starts at the
    lowest load of a worker with a free slot or above, so that max L >= λ = that load + sizes[k] + growth, and
    λ >= every load already there. Worker g reaches at most r_g: its load and the free[g] largest of the k
    first requests. It is therefore idle by λ - r_g at least, which bounds all three objectives. If the bound
    exceeds ``value`` for this k and every larger one, no such assignment admits any of these requests.

    Parameters
    ----------
    problem : StepProblem
    objective : str
        One of `OBJECTIVES`.
    value : float
        What some feasible assignment comes to, in units of load.

    Returns
    -------
    (N,) bool
        True where a request can't be ruled out.
    """
    possible = np.ones(len(problem.sizes), dtype=np.bool_)
    open_workers = problem.free_slots > 0
    if not open_workers.any():
        return ~possible
    lowest, tops = problem.loads[open_workers].min(axis=0), problem.loads.max(axis=0)
    order = np.argsort(problem.sizes, kind="stable")
    smallest = np.concatenate([[0.0], np.cumsum(problem.sizes[order])])
    for k in range(len(order), 0, -1):
        level = np.maximum(tops, lowest + problem.sizes[order[k - 1]] + problem.growth)
        own = np.minimum(problem.free_slots, k)
        reach = problem.loads + (smallest[k] - smallest[k - own])[:, None] + own[:, None] * problem.growth
        idle = np.maximum(level - reach, 0.0)
        least = {"imbalance": idle.sum(axis=0), "spread": idle.max(axis=0), "makespan": level}[objective]
        margin = _MARGIN * problem.workers * float(problem.weights @ (level + smallest[k] + tops))
        if float(problem.weights @ least) <= value + margin:
            break
        possible[order[k - 1]] = False
    return possible
