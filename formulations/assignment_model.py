"""The integer program of one step as the theory writes it: binary x_i_g says whether i goes to worker g.

    minimise    Σ_h W_h·[ G·M_h - Σ_g L_g_h ]   (or spread, or makespan: see `formulations.objectives`)
    subject to  Σ_g x_i_g <= 1 for every request, = 1 for a required one
                Σ_i x_i_g <= free_slots[g]
                Σ_i,g x_i_g = admissions        (>= min_admissions where fewer are allowed)

x_i_g exists only where worker g has a free slot and the pair is not forbidden. Source: BF-IO,
docs/theory.md §1. May import contracts, numpy and pulp only.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pulp
from numpy.typing import NDArray

from formulations.objectives import add_objective
from formulations.problem import StepProblem
from formulations.rows import add_admission_rows, add_row, allowed

__all__ = ["build", "read_worker"]


def _pairs(problem: StepProblem) -> list[tuple[int, int]]:
    """Return the (request, worker) pairs that may be matched, in order."""
    return [(int(i), int(g)) for i, g in np.argwhere(allowed(problem))]


def build(problem: StepProblem, objective: str) -> pulp.LpProblem:
    """Return the program of a step with one binary per request and worker.

    Parameters
    ----------
    problem : StepProblem
    objective : str
        One of `OBJECTIVES`.
    """
    program = pulp.LpProblem("step_assignment", pulp.LpMinimize)
    sizes = problem.sizes.tolist()
    of_request: list[list[pulp.LpVariable]] = [[] for _ in sizes]
    of_worker: list[list[tuple[pulp.LpVariable, float]]] = [[] for _ in range(problem.workers)]
    for i, g in _pairs(problem):
        x = program.add_variable(f"x_{i}_{g}", cat=pulp.LpBinary)
        of_request[i].append(x)
        of_worker[g].append((x, sizes[i]))
    for i, row in enumerate(of_request):
        must = problem.required is not None and bool(problem.required[i])
        add_row(program, f"once_{i}", [(x, 1.0) for x in row], "==" if must else "<=", 1.0)
    add_admission_rows(program, problem, of_worker)
    add_objective(program, problem, of_worker, objective)
    return program


def read_worker(problem: StepProblem, values: Mapping[str, float]) -> NDArray[np.int64]:
    """Return the worker of each request, (N,) int64, -1 if left waiting, from variable values by name."""
    worker = np.full(len(problem.sizes), -1, dtype=np.int64)
    for i, g in _pairs(problem):
        if values[f"x_{i}_{g}"] > 0.5:
            worker[i] = g
    return worker
