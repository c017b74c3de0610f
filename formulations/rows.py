"""What both models of a step share: which pairs are allowed, and the rows on slots and admissions.

May import contracts, numpy and pulp only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pulp
from numpy.typing import NDArray

from formulations.problem import StepProblem

__all__ = ["Share", "add_admission_rows", "add_row", "allowed"]

#: What one worker may be given: pairs of a variable (how many) and the size of one such request.
Share = Sequence[tuple[pulp.LpVariable, float]]

_SENSES = {"<=": pulp.LpConstraintLE, "==": pulp.LpConstraintEQ, ">=": pulp.LpConstraintGE}


def allowed(problem: StepProblem) -> NDArray[np.bool_]:
    """Return (N, G) bool: whether worker g has a free slot and request i is not forbidden there."""
    pairs = np.repeat((problem.free_slots > 0)[None, :], len(problem.sizes), axis=0)
    return pairs if problem.forbidden is None else pairs & ~problem.forbidden


def add_row(
    program: pulp.LpProblem,
    name: str,
    terms: Iterable[tuple[pulp.LpVariable, float]],
    sense: str,
    right: float,
) -> None:
    """Add the row ``Σ coefficient · variable  sense  right``; a row without variables only if it is false.

    A false row without variables stays, as it makes the program infeasible; a true one would only clutter it.
    """
    expression = pulp.LpAffineExpression(list(terms))
    holds_empty = {"<=": right >= 0, "==": right == 0, ">=": right <= 0}[sense]
    if len(expression) or not holds_empty:
        program += pulp.LpConstraint(expression, sense=_SENSES[sense], name=name, rhs=right)


def add_admission_rows(program: pulp.LpProblem, problem: StepProblem, shares: Sequence[Share]) -> None:
    """Add the rows that hold each worker to its free slots and the step to its number of admissions.

    Parameters
    ----------
    program : pulp.LpProblem
        It is extended in place.
    problem : StepProblem
    shares : (G,) sequence
        For each worker, the pairs of variable and size it may be given.
    """
    for g, share in enumerate(shares):
        add_row(
            program, f"slots_{g}", [(count, 1.0) for count, _ in share], "<=", float(problem.free_slots[g])
        )
    sense = "==" if problem.min_admissions == problem.admissions else ">="
    everyone = [(count, 1.0) for share in shares for count, _ in share]
    add_row(program, "admissions", everyone, sense, float(problem.min_admissions))
