"""The step solved to proven optimality: `build_model` to look at, `solve_exact` to solve.

May import contracts, numpy, pulp and this room.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pulp
from numpy.typing import NDArray

from contracts import Infeasible, TimeLimit, checks
from formulations import assignment_model, by_size_model, highs
from formulations.numerics import rescale
from formulations.objectives import floor
from formulations.problem import OBJECTIVES, Assignment, StepProblem
from formulations.usable import usable
from formulations.values import objective_value

__all__ = ["MODELS", "build_model", "solve_exact"]

_MODELS = {"assignment": assignment_model, "by_size": by_size_model}

#: The integer programs of a step: a binary per request and worker, or a count per size and worker.
MODELS = tuple(_MODELS)


def build_model(
    problem: StepProblem, *, objective: str = "imbalance", model: str = "assignment"
) -> pulp.LpProblem:
    """Return the integer program of a step in PuLP's terms and the problem's own units.

    It is meant to be read, printed and written (``writeLP``, ``writeMPS``; PuLP writes 12 significant
    digits). To solve it, prefer `solve_exact`, which scales it first and says what is proven.

    Parameters
    ----------
    problem : StepProblem
    objective : str
        ``"imbalance"``, ``"spread"`` or ``"makespan"``, each summed over the window with weights.
    model : str
        ``"assignment"``: a binary x_i_g per request i and worker g. ``"by_size"``: a count n_j_g per kind
        j of interchangeable requests and worker g, without the symmetry of the former.

    Raises
    ------
    TypeError, ValueError
        If ``problem`` is not a `StepProblem`, or ``objective`` or ``model`` is unknown.

    Examples
    --------
    Workers with loads 7 and 4 and one free slot each, two requests waiting:

    >>> problem = StepProblem(loads=[7, 4], free_slots=[1, 1], sizes=[1, 4])
    >>> program = build_model(problem)
    >>> print(program.objective)
    -L_0_0 - L_1_0 + 2.0*M_0
    >>> for row in program.constraints():
    ...     print(row.asCplexLpConstraint(row.name), end="")
    once_0: x_0_0 + x_0_1 <= 1
    once_1: x_1_0 + x_1_1 <= 1
    slots_0: x_0_0 + x_1_0 <= 1
    slots_1: x_0_1 + x_1_1 <= 1
    admissions: x_0_0 + x_0_1 + x_1_0 + x_1_1 = 2
    load_0_0: L_0_0 - x_0_0 - 4 x_1_0 = 7
    max_0_0: L_0_0 - M_0 <= 0
    load_1_0: L_1_0 - x_0_1 - 4 x_1_1 = 4
    max_1_0: L_1_0 - M_0 <= 0
    """
    checks.instance("problem", problem, StepProblem, "a StepProblem")
    checks.choice("objective", objective, OBJECTIVES)
    return _MODELS[checks.choice("model", model, MODELS)].build(problem, objective)


def solve_exact(
    problem: StepProblem,
    *,
    objective: str = "imbalance",
    time_limit_s: float | None = None,
    gap_limit: float | None = None,
    model: str = "assignment",
    verbose: bool = False,
) -> Assignment:
    """Return an optimal assignment of a step, or the best found within a limit, with its proven bound.

    Parameters
    ----------
    problem : StepProblem
    objective : str
        ``"imbalance"``, ``"spread"`` or ``"makespan"``, each summed over the window with weights.
    time_limit_s : float, optional
        Seconds of search, > 0; building the program comes on top. Default: none.
    gap_limit : float, optional
        Stop once ``value - lower_bound`` is at most this, in units of load. Default: 0.
    model : str
        ``"assignment"`` or ``"by_size"``, see `build_model`; the optimal value is the same.
    verbose : bool
        Let HiGHS write its log to standard output (of the scaled program).

    Returns
    -------
    Assignment
        Its value is recomputed from ``worker``, not the solver's. Status ``"optimal"``: value and bound meet,
        exactly where loads, sizes, growth and weights are whole numbers with sizes times weights up to 6e7
        and sums below 2**53; for other data up to 1e-6 of the value (and what float64 rounds in it), which
        then is the gap. ``"time_limit"``: stopped with an assignment in hand. ``"feasible"``: stopped by
        ``gap_limit``, or HiGHS' tolerances leave a larger gap: they are about 1e-8 of the largest size that a
        good assignment can use, for each worker, slot and step, which may be much where decimals balance well
        or sizes span many decades.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or range.
    contracts.Infeasible
        If ``required``, ``forbidden`` and ``min_admissions`` can't all be met.
    contracts.TimeLimit
        If the time limit came before any assignment was found; it carries the bound proven by then.
    contracts.SolverError
        If HiGHS ended in any other state.

    Examples
    --------
    Loads 7 and 4 with one free slot each. Of the six ways to place two of the requests 1, 4 and 9, request 0
    on worker 0 and request 1 on worker 1 levels the loads at 8:

    >>> problem = StepProblem(loads=[7, 4], free_slots=[1, 1], sizes=[1, 4, 9])
    >>> best = solve_exact(problem)
    >>> best.worker.tolist(), best.value, best.lower_bound, best.status
    ([0, 1, -1], 0.0, 0.0, 'optimal')
    """
    checks.instance("problem", problem, StepProblem, "a StepProblem")
    checks.choice("objective", objective, OBJECTIVES)
    checks.choice("model", model, MODELS)
    if time_limit_s is not None:
        checks.number("time_limit_s", time_limit_s, above=0)
    if gap_limit is not None:
        checks.number("gap_limit", gap_limit, at_least=0)
    started = time.monotonic()
    best = _search(problem, objective, time_limit_s, gap_limit, model, verbose)
    kept = np.arange(len(problem.sizes))
    while best.status == "feasible" and (gap_limit is None or best.gap > gap_limit):
        left = None if time_limit_s is None else time_limit_s - (time.monotonic() - started)
        fewer = np.flatnonzero(usable(problem, objective, best.value))
        if _top(problem, fewer) >= _top(problem, kept) / 2 or (left is not None and left <= 0):
            break
        kept = fewer
        try:
            again = _search(_only(problem, kept), objective, left, gap_limit, model, verbose)
        except TimeLimit:
            break
        best = _better(problem, best, again, kept)
    return best


def _search(
    problem: StepProblem,
    objective: str,
    time_limit_s: float | None,
    gap_limit: float | None,
    model: str,
    verbose: bool,
) -> Assignment:
    """Solve a step, scaled, by one run of HiGHS; arguments as `solve_exact` has checked them."""
    small, scale = rescale(problem, objective)
    program = build_model(small, objective=objective, model=model)
    gap = None if gap_limit is None else gap_limit / scale.factor
    solve = highs.solve_twice if scale.is_fine else highs.solve
    try:
        solution = solve(program, time_limit_s=time_limit_s, gap_limit=gap, verbose=verbose)
    except Infeasible:
        raise Infeasible(_no_assignment(problem)) from None
    except TimeLimit as limit:
        proven = max(floor(problem, objective), scale.lower_bound(limit.lower_bound))
        raise TimeLimit(
            f"no assignment was found within {time_limit_s:g} s; every {objective} is >= {proven:g}",
            lower_bound=proven,
        ) from None
    worker = _MODELS[model].read_worker(small, solution.values)
    worker.flags.writeable = False
    value = objective_value(problem, worker, objective)
    lower_bound, status = scale.judge(value, solution.status, solution.bound, least=floor(problem, objective))
    return Assignment(
        worker=worker,
        imbalance=objective_value(problem, worker, "imbalance"),
        value=value,
        lower_bound=lower_bound,
        status=status,
        objective=objective,
    )


def _top(problem: StepProblem, requests: NDArray[np.int64]) -> float:
    """Return the largest of some sizes with its growth: what `rescale` measures everything by."""
    return float(problem.sizes[requests].max(initial=0.0) + problem.growth[-1])


def _only(problem: StepProblem, kept: NDArray[np.int64]) -> StepProblem:
    """Return the step with these requests alone; those left out must be ones that may wait."""
    return StepProblem(
        problem.loads,
        problem.free_slots,
        problem.sizes[kept],
        problem.growth,
        required=None if problem.required is None else problem.required[kept],
        forbidden=None if problem.forbidden is None else problem.forbidden[kept],
        min_admissions=problem.min_admissions,
        weights=problem.weights,
    )


def _better(
    problem: StepProblem, known: Assignment, again: Assignment, kept: NDArray[np.int64]
) -> Assignment:
    """Return the better of an assignment and that of the step with the ``kept`` requests alone.

    Whatever uses another request is worse than ``known``, so that the second bound holds for the whole step.
    """
    lower_bound = max(known.lower_bound, min(again.lower_bound, known.value))
    if again.value > known.value:
        return replace(known, lower_bound=lower_bound)
    worker = np.full(len(problem.sizes), -1, dtype=np.int64)
    worker[kept] = again.worker
    worker.flags.writeable = False
    lower_bound = min(lower_bound, again.value)
    status = "optimal" if lower_bound == again.value else again.status
    return replace(again, worker=worker, lower_bound=lower_bound, status=status)


def _no_assignment(problem: StepProblem) -> str:
    free = int(problem.free_slots.sum())
    required = 0 if problem.required is None else int(problem.required.sum())
    forbidden = 0 if problem.forbidden is None else int(problem.forbidden.sum())
    return (
        f"no assignment admits at least {problem.min_admissions} of {len(problem.sizes)} waiting requests "
        f"into {free} free slots with {required} required requests and {forbidden} forbidden pairs"
    )
