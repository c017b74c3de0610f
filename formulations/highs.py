"""The only file that runs a solver: a PuLP program goes in, what HiGHS proved comes out.

PuLP's own solver classes are left aside, because their status can't be relied on: a time limit reached with
an incumbent reads "Optimal", one without reads as objective 0.0, a misspelt option is accepted in silence,
and the bound is not passed on. Here the program is handed over as arrays and HiGHS itself is asked. May
import contracts, numpy, pulp and highspy only.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

import highspy
import numpy as np
import pulp

# The public class `highspy.Highs` prints a banner in its constructor, before any option can be set. Its base
# class, the bare binding, does everything needed here and stays silent.
from highspy._core import _Highs, cb

from contracts import Infeasible, SolverError, TimeLimit, checks

__all__ = ["TOLERANCE", "Solution", "solve", "solve_twice"]

#: Absolute feasibility and integrality tolerance handed to HiGHS (its defaults are 1e-6 and 1e-7).
TOLERANCE = 1e-9

# No gap is left, one thread and one seed: the same program takes the same path each time.
_FIXED_OPTIONS: tuple[tuple[str, Any], ...] = (
    ("threads", 1),
    ("random_seed", 0),
    ("mip_rel_gap", 0.0),
    ("mip_feasibility_tolerance", TOLERANCE),
    ("primal_feasibility_tolerance", TOLERANCE),
    ("dual_feasibility_tolerance", TOLERANCE),
)


@dataclass(frozen=True, eq=False)
class Solution:
    """The best point HiGHS found and what it proved about it.

    Attributes
    ----------
    status : str
        ``"optimal"``: no better point exists, as far as HiGHS' tolerances reach. ``"gap_limit"`` or
        ``"time_limit"``: the search was stopped there.
    values : mapping of str to float
        Value of each variable by name; those of integer variables are whole numbers.
    objective : float
        HiGHS' own figure for the objective at that point, constant included.
    bound : float
        HiGHS' dual bound: no feasible point is below it (above it, where the program maximises).
    """

    status: str
    values: Mapping[str, float]
    objective: float
    bound: float


def solve(
    program: pulp.LpProblem,
    *,
    time_limit_s: float | None = None,
    gap_limit: float | None = None,
    verbose: bool = False,
    presolve: bool = True,
) -> Solution:
    """Solve a linear or mixed-integer program with HiGHS, in this process and on one thread.

    Parameters
    ----------
    program : pulp.LpProblem
        Continuous and integer variables with distinct names; it is not changed.
    time_limit_s : float, optional
        Stop the search after so many seconds of wall clock.
    gap_limit : float, optional
        Stop once objective and bound are at most this far apart, in units of the objective. Default: no gap.
    verbose : bool
        Let HiGHS write its log to standard output.
    presolve : bool
        Let HiGHS simplify the program first.

    Raises
    ------
    Infeasible
        If no point satisfies the constraints.
    TimeLimit
        If the time limit came before any feasible point was found; it carries the bound proved by then.
    SolverError
        If HiGHS ends in any other state (unbounded, numerical trouble); the message quotes it.
    """
    checks.instance("verbose", verbose, bool, "True or False")
    checks.instance("presolve", presolve, bool, "True or False")
    solver = _Highs()
    wanted = dict(_FIXED_OPTIONS)
    wanted["output_flag"] = verbose
    wanted["presolve"] = "choose" if presolve else "off"
    wanted["mip_abs_gap"] = 0.0 if gap_limit is None else checks.number("gap_limit", gap_limit, at_least=0)
    if time_limit_s is not None:
        wanted["time_limit"] = checks.number("time_limit_s", time_limit_s, above=0)
    for option, value in wanted.items():
        _require(solver.setOptionValue(option, value), f"HiGHS refused the option {option} = {value!r}")
    variables = program.variables()
    _require(solver.passModel(_arrays(program, variables)), f"HiGHS refused the program {program.name!r}")
    _run(solver)
    return _outcome(solver, program, variables, 0.0 if gap_limit is None else gap_limit)


def solve_twice(
    program: pulp.LpProblem,
    *,
    time_limit_s: float | None = None,
    gap_limit: float | None = None,
    verbose: bool = False,
) -> Solution:
    """Solve a program with presolve and without; return the better point with the weaker of both bounds.

    For programs whose numbers lie close to HiGHS' tolerances (`formulations.numerics.FINE`). Arguments and
    errors are those of `solve`. What is left of the time limit is the second run's; without a result of its
    own it changes nothing.
    """
    ask = partial(solve, program, gap_limit=gap_limit, verbose=verbose)
    began = time.monotonic()
    try:
        first = ask(time_limit_s=time_limit_s)
    except Infeasible:
        return ask(time_limit_s=time_limit_s, presolve=False)
    left = None if time_limit_s is None else time_limit_s - (time.monotonic() - began)
    if first.status != "optimal" or (left is not None and left <= 0):
        return first
    try:
        second = ask(time_limit_s=left, presolve=False)
    except (Infeasible, TimeLimit):
        return first
    best = min(first, second, key=lambda solution: solution.objective)
    return replace(best, bound=min(first.bound, second.bound))


def _require(status: highspy.HighsStatus, complaint: str) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverError(complaint)


def _run(solver: _Highs) -> None:
    """Run HiGHS in a thread of its own, which Ctrl-C then ends.

    In the caller's thread the signal would only be seen once the search is over. HiGHS also keeps a
    scheduler for each calling thread and refuses any thread count but the one that scheduler was started
    with, so a fresh thread keeps this search and other uses of HiGHS in the process out of each other's
    way.
    """
    stop = threading.Event()

    def interrupt(*event: Any) -> None:
        event[3].user_interrupt = stop.is_set()

    solver.setCallback(interrupt, None)
    solver.startCallback(cb.HighsCallbackType.kCallbackMipInterrupt)
    search = threading.Thread(target=solver.run, name="highs", daemon=True)
    search.start()
    try:
        search.join()
    except BaseException:
        stop.set()
        search.join()
        raise


def _arrays(program: pulp.LpProblem, variables: list[pulp.LpVariable]) -> highspy.HighsLp:
    """Return the program as HiGHS' own structure, its matrix row-wise."""
    if program.sos1 or program.sos2:
        raise ValueError(f"program must have no special ordered sets, got some in {program.name!r}")
    column = {variable.name: j for j, variable in enumerate(variables)}
    if len(column) != len(variables):
        raise ValueError(f"program must name its variables apart, got a repeated name in {program.name!r}")
    objective = program.objective if program.objective is not None else pulp.LpAffineExpression()
    rows = program.constraints()
    cost = np.zeros(len(variables))
    for variable, coefficient in objective.items():
        cost[column[variable.name]] = coefficient
    lengths = [len(row) for row in rows]

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(variables), len(rows)
    lp.sense_ = highspy.ObjSense.kMaximize if program.sense == pulp.LpMaximize else highspy.ObjSense.kMinimize
    lp.offset_, lp.col_cost_ = float(objective.constant), cost
    lp.col_lower_ = _limits([v.lowBound for v in variables], -highspy.kHighsInf)
    lp.col_upper_ = _limits([v.upBound for v in variables], highspy.kHighsInf)
    lp.row_lower_ = _limits([row.getLb() for row in rows], -highspy.kHighsInf)
    lp.row_upper_ = _limits([row.getUb() for row in rows], highspy.kHighsInf)
    lp.integrality_ = [
        highspy.HighsVarType.kInteger if v.cat == pulp.LpInteger else highspy.HighsVarType.kContinuous
        for v in variables
    ]
    matrix = lp.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.num_col_, matrix.num_row_ = len(variables), len(rows)
    matrix.start_ = np.concatenate([[0], np.cumsum(lengths, dtype=np.int32)]).astype(np.int32)
    matrix.index_ = np.array([column[v.name] for row in rows for v in row], dtype=np.int32)
    matrix.value_ = np.array([a for row in rows for a in row.values()], dtype=np.float64)
    return lp


def _limits(values: list[float | None], absent: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([absent if value is None else value for value in values], dtype=np.float64)


def _outcome(
    solver: _Highs, program: pulp.LpProblem, variables: list[pulp.LpVariable], gap_limit: float
) -> Solution:
    state, info = solver.getModelStatus(), solver.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    limited = state == highspy.HighsModelStatus.kTimeLimit
    if any(v.cat == pulp.LpInteger for v in variables):
        bound = float(info.mip_dual_bound)
    elif limited:
        bound = -np.inf * program.sense
    else:
        bound = float(info.objective_function_value)
    if state == highspy.HighsModelStatus.kInfeasible:
        raise Infeasible(f"no point satisfies the constraints of the program {program.name!r}")
    if limited and not found:
        raise TimeLimit("the time limit came before any feasible point was found", lower_bound=bound)
    if not found or not (limited or state == highspy.HighsModelStatus.kOptimal):
        word = solver.modelStatusToString(state)
        raise SolverError(f"HiGHS gave no solution of the program {program.name!r}, its status is: {word}")
    objective = float(info.objective_function_value)
    status = "time_limit" if limited else "optimal"
    if not limited and gap_limit > 0 and abs(objective - bound) > TOLERANCE * max(1.0, abs(objective)):
        status = "gap_limit"
    point = np.asarray(solver.getSolution().col_value)
    whole = np.array([v.cat == pulp.LpInteger for v in variables], dtype=bool)
    point[whole] = np.rint(point[whole])
    values = {v.name: x for v, x in zip(variables, (point + 0.0).tolist(), strict=True)}
    return Solution(status, MappingProxyType(values), objective, bound)
