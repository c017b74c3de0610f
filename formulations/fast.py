"""`solve_fast`: a certified near-optimal step in microseconds.

The work is done by the compiled `formulations._fast_kernel.fast_step`; `formulations._fast_readable` says the
same in plain Python, and tests hold the two to identical assignments. Why the lower bound is one:
`formulations.lower_bounds` (one step) and `formulations.window_bound` (a window of several).

The method: *levels* say what load each column should reach at most (forced by the workers without choice, or
the optimal levels of the linear relaxation); workers are *filled* towards them, the neediest first; *swaps*
with waiting requests take each worker as close to its level as they can; and for H = 0 a branch and bound
over the level decides when to stop. May import contracts, numpy and formulations only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from formulations import _fast_kernel as kernel
from formulations.problem import OBJECTIVES, Assignment, StepProblem
from formulations.values import imbalance, objective_value

__all__ = ["default_trials", "solve_fast"]

#: (workers, levels that the search of H = 0 may try up to that many workers), and beyond them. Chosen on the
#: states of benchmarks/decisions.py, where a level costs about 5 µs at G = 16, 15 at 32 and 150 at 256: up to
#: 64 workers more levels cost speed and gained no balance; at 256 they close gaps that one leaves open.
_TRIALS = ((16, 8), (64, 1), (1024, 3))
_TRIALS_BEYOND = 1


def solve_fast(problem: StepProblem, *, objective: str = "imbalance") -> Assignment:
    """Return a good assignment with a proven lower bound, in microseconds.

    Never worse than first come first served (oldest requests, workers in turn) and least load (oldest
    requests, each to the worker with the least load at k) from the same state, where these admit all that is
    ``required``. Deterministic. Of requests of
    equal size the required and then the oldest are admitted.

    Parameters
    ----------
    problem : StepProblem
        With ``required`` requests if need be; ``forbidden`` and ``min_admissions`` need `solve_exact`.
    objective : str
        One of `OBJECTIVES`.

    Returns
    -------
    Assignment
        ``lower_bound <= optimum <= value``; ``status`` is ``"optimal"`` exactly if the two are equal. With
        whole numbers, weights among them, (and sums below 2**53) the bound is computed exactly, otherwise it
        is lowered by more than rounding can amount to. Whole numbers of two sizes, for H = 0 and slots that
        are all filled, are solved to optimality (`solve_two_sizes`).

    Raises
    ------
    ValueError
        If the objective is unknown, or the problem has ``forbidden`` or ``min_admissions``, or more requests
        are required than can be admitted.

    Examples
    --------
    >>> problem = StepProblem(loads=[[7.0], [4.0]], free_slots=[1, 1], sizes=[1.0, 4.0, 9.0])
    >>> solve_fast(problem)
    Assignment(admitted=2 of 3, objective='imbalance', value=0, lower_bound=0, status='optimal')
    """
    required = _checked(problem, objective)
    workspace = kernel.make_workspace(problem.workers, problem.horizon, len(problem.sizes))
    worker = np.full(len(problem.sizes), -1, dtype=np.int64)
    _, bound = kernel.fast_step(
        # Copies, because numba compiles anew for read-only arrays.
        problem.loads.copy(),
        np.minimum(problem.free_slots, len(problem.sizes) + 1),  # so that their sum does not overflow
        problem.sizes.copy(),
        problem.growth.copy(),
        problem.weights.copy(),
        required,
        OBJECTIVES.index(objective),
        default_trials(problem.workers),
        workspace,
        worker,
    )
    value = objective_value(problem, worker, objective)
    bound = min(bound, value)
    return Assignment(
        worker=worker,
        imbalance=imbalance(problem, worker),
        value=value,
        lower_bound=bound,
        status="optimal" if bound == value else "feasible",
        objective=objective,
    )


def default_trials(workers: int) -> int:
    """Return how many levels `solve_fast` lets the search of H = 0 try for this many workers."""
    return next((trials for most, trials in _TRIALS if workers <= most), _TRIALS_BEYOND)


def _checked(problem: StepProblem, objective: str) -> NDArray[np.bool_]:
    checks.instance("problem", problem, StepProblem, "a StepProblem")
    checks.choice("objective", objective, OBJECTIVES)
    if problem.forbidden is not None:
        i, g = np.argwhere(problem.forbidden)[0].tolist()
        raise ValueError(
            f"solve_fast does not support forbidden pairs (first: request {i}, worker {g}); use solve_exact"
        )
    places, least = problem.admissions, problem.min_admissions
    checks.check(
        least == places,
        f"solve_fast admits exactly {places} requests, got min_admissions {least}; use solve_exact",
    )
    required = np.zeros(0, dtype=np.bool_) if problem.required is None else problem.required.copy()
    held = int(required.sum())
    checks.check(
        held <= places,
        f"required must hold at most {places} requests (the admissions of the step), got {held}",
    )
    return required
