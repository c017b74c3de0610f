"""What an assignment of a step comes to: its loads over the window and its objectives.

May import contracts, numpy and `formulations.problem` only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from contracts import checks
from formulations.problem import OBJECTIVES, StepProblem

__all__ = ["imbalance", "objective_value", "predicted_loads"]


def predicted_loads(problem: StepProblem, worker: ArrayLike) -> NDArray[np.float64]:
    """Return the loads of every worker over the window under an assignment.

    Parameters
    ----------
    problem : StepProblem
    worker : (N,) array_like of int
        Worker of each waiting request, -1 for those left waiting.

    Returns
    -------
    (G, H+1) float64
        L_g(k+h) = loads[g, h] + Σ over requests given to g of (size + growth[h]).

    Raises
    ------
    TypeError, ValueError
        If ``problem`` is not a `StepProblem`; if ``worker`` has the wrong length or names a worker that does
        not exist.
    """
    checks.instance("problem", problem, StepProblem, "a StepProblem")
    pool, workers = len(problem.sizes), problem.workers
    chosen = checks.array(
        "worker",
        worker,
        shape=(pool,),
        integral=True,
        at_least=-1,
        at_most=workers - 1,
        axes=f"(N,) = ({pool},)",
    )
    placed = chosen >= 0
    given = np.bincount(chosen[placed], weights=problem.sizes[placed], minlength=workers)
    number = np.bincount(chosen[placed], minlength=workers)
    result: NDArray[np.float64] = problem.loads + given[:, None] + number[:, None] * problem.growth[None, :]
    return result


def objective_value(problem: StepProblem, worker: ArrayLike, objective: str) -> float:
    """Return the value of one of `OBJECTIVES` for an assignment: Σ_h W_h·[…], in units of load.

    Slots and further constraints are not checked here; `formulations.verify` does that.

    Parameters
    ----------
    problem : StepProblem
    worker : (N,) array_like of int
        Worker of each waiting request, -1 for those left waiting.
    objective : str
        One of `OBJECTIVES`.

    Raises
    ------
    TypeError, ValueError
        If the objective is unknown, or as `predicted_loads` does.

    Examples
    --------
    Loads (6, 0) and (4, 4); 2 goes to the first worker and 5 to the second: (8, 3) and (9, 10).

    >>> problem = StepProblem([[6, 0], [4, 4]], [1, 1], [2, 5], growth=[0, 1], weights=[2, 1])
    >>> objective_value(problem, [0, 1], "makespan")  # 2·9 + 1·10
    28.0
    """
    checks.choice("objective", objective, OBJECTIVES)
    loads, weights = predicted_loads(problem, worker), problem.weights
    top = loads.max(axis=0)
    if objective == "makespan":
        return float((weights * top).sum())
    if objective == "spread":
        return float((weights * (top - loads.min(axis=0))).sum())
    # Summed as idle loads, so that rounding can't make it negative.
    return float((weights * (top - loads)).sum())


def imbalance(problem: StepProblem, worker: ArrayLike) -> float:
    """Return Σ_h W_h·[G·max_g L_g(k+h) - Σ_g L_g(k+h)], the objective of BF-IO, in units of load.

    Parameters
    ----------
    problem : StepProblem
    worker : (N,) array_like of int
        Worker of each waiting request, -1 for those left waiting.

    Examples
    --------
    >>> problem = StepProblem(loads=[[7.0], [4.0]], free_slots=[1, 1], sizes=[1.0, 4.0, 9.0])
    >>> imbalance(problem, [0, 1, -1])
    0.0
    >>> imbalance(problem, [1, 0, -1])
    6.0
    """
    return objective_value(problem, worker, "imbalance")
