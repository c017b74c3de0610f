"""The integer program of one step in counts: n_j_g says how many requests of kind j go to worker g.

Requests of equal size are interchangeable, unless further constraints tell them apart; so are workers
with equal load rows, free slots and forbidden requests. The assignment model has an optimum for every
permutation of either; here a kind is one row of counts, and of two interchangeable workers the one with
the lower index is given at least as much. Both models have the same optimal value.

    minimise    as in `formulations.assignment_model`
    subject to  Σ_g n_j_g <= number of requests of kind j, = that number for a required kind
                Σ_j n_j_g <= free_slots[g]
                Σ_j,g n_j_g = admissions        (>= min_admissions where fewer are allowed)
                Σ_j size_j·n_j_g >= Σ_j size_j·n_j_g'     for interchangeable neighbours g < g'

May import contracts, numpy and pulp only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pulp
from numpy.typing import NDArray

from formulations.objectives import add_objective
from formulations.problem import StepProblem
from formulations.rows import add_admission_rows, add_row, allowed

__all__ = ["Kind", "build", "interchangeable", "kinds", "read_worker"]


@dataclass(frozen=True)
class Kind:
    """Requests that nothing in the problem tells apart.

    Attributes
    ----------
    size : float
    required : bool
        Whether they must be admitted.
    workers : tuple of int
        The workers with a free slot that they may go to.
    requests : tuple of int
        Their indices in the pool, oldest first.
    """

    size: float
    required: bool
    workers: tuple[int, ...]
    requests: tuple[int, ...]


def kinds(problem: StepProblem) -> tuple[Kind, ...]:
    """Return the pool grouped into kinds, in order of the oldest request of each."""
    pool = len(problem.sizes)
    required = np.zeros(pool, dtype=bool) if problem.required is None else problem.required
    pairs = allowed(problem)
    groups: dict[tuple[float, bool, tuple[int, ...]], list[int]] = {}
    for i, (size, must) in enumerate(zip(problem.sizes.tolist(), required.tolist(), strict=True)):
        key = (size, must, tuple(np.flatnonzero(pairs[i]).tolist()))
        groups.setdefault(key, []).append(i)
    return tuple(Kind(*key, requests=tuple(members)) for key, members in groups.items())


def interchangeable(problem: StepProblem) -> tuple[tuple[int, ...], ...]:
    """Return the classes of two or more workers that have a free slot and that nothing tells apart."""
    classes: dict[bytes, list[int]] = {}
    for g in range(problem.workers):
        forbidden = b"" if problem.forbidden is None else problem.forbidden[:, g].tobytes()
        key = problem.loads[g].tobytes() + problem.free_slots[g].tobytes() + forbidden
        if problem.free_slots[g] > 0:
            classes.setdefault(key, []).append(g)
    return tuple(tuple(members) for members in classes.values() if len(members) > 1)


def build(problem: StepProblem, objective: str) -> pulp.LpProblem:
    """Return the program of a step with one integer count per kind of request and worker.

    Parameters
    ----------
    problem : StepProblem
    objective : str
        One of `OBJECTIVES`.
    """
    program = pulp.LpProblem("step_by_size", pulp.LpMinimize)
    shares: list[list[tuple[pulp.LpVariable, float]]] = [[] for _ in range(problem.workers)]
    for j, kind in enumerate(kinds(problem)):
        available = len(kind.requests)
        counts = []
        for g in kind.workers:
            most = min(available, int(problem.free_slots[g]))
            counts.append(program.add_variable(f"n_{j}_{g}", lowBound=0, upBound=most, cat=pulp.LpInteger))
            shares[g].append((counts[-1], kind.size))
        row = [(count, 1.0) for count in counts]
        add_row(program, f"kind_{j}", row, "==" if kind.required else "<=", float(available))
    add_admission_rows(program, problem, shares)
    for members in interchangeable(problem):
        for g, after in pairwise(members):
            difference = [*shares[g], *((n, -size) for n, size in shares[after])]
            add_row(program, f"order_{g}_{after}", difference, ">=", 0.0)
    add_objective(program, problem, shares, objective)
    return program


def read_worker(problem: StepProblem, values: Mapping[str, float]) -> NDArray[np.int64]:
    """Return the worker of each request, (N,) int64, -1 if left waiting, from variable values by name.

    Within a kind the oldest requests are admitted, and the oldest of these go to the lowest worker. Required
    requests are kinds of their own, so none waits in favour of another of its size.
    """
    worker = np.full(len(problem.sizes), -1, dtype=np.int64)
    for j, kind in enumerate(kinds(problem)):
        oldest = iter(kind.requests)
        for g in kind.workers:
            for _ in range(round(values[f"n_{j}_{g}"])):
                worker[next(oldest)] = g
    return worker
