"""What a step may minimise, as rows and variables of a linear program: shared by both models of a step.

Given each worker's share of the program's variables, `add_objective` adds for every worker g and step h
of the window

    L_g_h = loads[g, h] + Σ (size + growth[h]) · variable       the load it describes
    L_g_h <= M_h                                                 the maximum, pressed down by the objective
    m_h <= L_g_h                                                 the minimum ("spread" only), pushed up by it

and the objective in these variables alone, step h with weight W_h. Loads are variables of their own so that
the objective needs no constant: PuLP leaves an objective's constant out of the .lp and .mps files it writes.
May import contracts, numpy and pulp only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import pulp

from contracts import checks
from formulations.problem import OBJECTIVES, StepProblem
from formulations.rows import Share, add_row

__all__ = ["add_objective", "floor"]


def add_objective(
    program: pulp.LpProblem, problem: StepProblem, shares: Sequence[Share], objective: str
) -> None:
    """Add the loads, their maxima and minima, and one of `OBJECTIVES` to a program.

    Parameters
    ----------
    program : pulp.LpProblem
        It is extended in place.
    problem : StepProblem
    shares : (G,) sequence
        For each worker, the pairs of variable and size it may be given.
    objective : str
        One of `OBJECTIVES`.
    """
    checks.choice("objective", objective, OBJECTIVES)
    goal: list[tuple[pulp.LpVariable, float]] = []
    for h, (grown, weight) in enumerate(zip(problem.growth.tolist(), problem.weights.tolist(), strict=True)):
        column = problem.loads[:, h].tolist()
        top = program.add_variable(f"M_{h}", lowBound=max(column))
        loads = [program.add_variable(f"L_{g}_{h}", lowBound=known) for g, known in enumerate(column)]
        for g, (load, known, share) in enumerate(zip(loads, column, shares, strict=True)):
            given = [(variable, -(size + grown)) for variable, size in share]
            add_row(program, f"load_{g}_{h}", [(load, 1.0), *given], "==", known)
            add_row(program, f"max_{g}_{h}", [(load, 1.0), (top, -1.0)], "<=", 0.0)
        if objective == "imbalance":
            goal += [(top, problem.workers * weight), *((load, -weight) for load in loads)]
        elif objective == "makespan":
            goal.append((top, weight))
        else:
            low = program.add_variable(f"m_{h}", lowBound=min(column))
            for g, load in enumerate(loads):
                add_row(program, f"min_{g}_{h}", [(low, 1.0), (load, -1.0)], "<=", 0.0)
            goal += [(top, weight), (low, -weight)]
    program.setObjective(pulp.LpAffineExpression(goal))


def floor(problem: StepProblem, objective: str) -> float:
    """Return a lower bound of an objective that needs no search, in units of load.

    Imbalance and spread are differences from a maximum, so >= 0; as loads only rise, the makespan is at
    least the weighted sum over the window of the largest load already there.
    """
    if objective != "makespan":
        return 0.0
    tops, weights = problem.loads.max(axis=0).tolist(), problem.weights.tolist()
    exact = sum(Fraction(weight) * Fraction(top) for weight, top in zip(weights, tops, strict=True))
    rounded = float(exact)
    return rounded if rounded <= exact else math.nextafter(rounded, -math.inf)
