"""The whole horizon known in advance: the least total imbalance that any work-conserving policy could reach.

Requests of known sizes and lengths all wait at step 0; G workers with B slots are empty. Each request is
given a worker and a start step; one that starts at step k is active at steps k..k+length-1 with load
size + D_t - D_k at step t, where D is the cumulative common growth.

*Admission rule.* At every step exactly min(waiting, free) requests are admitted, as the step-wise program
of the theory has it (docs/theory.md §1). Whatever an online pooled policy does, knowing less, in its
first K steps is a feasible point here, so the optimum is a true lower yardstick for it. Without the rule
the yardstick would be 0: never start anything. Since all requests wait from the beginning, admitting
min(waiting, free) is the same as: after the admission of each step either nobody waits or every slot is
taken. With a binary e_t = "nobody waits after step t":

    Σ started by t  >=  n·e_t            active at t  >=  G·B·(1 - e_t)

Requests of equal size and length are interchangeable and so are the workers: the program counts kinds,
and numbers the workers in decreasing order of their load at step 0. It has kinds x G x K counts and is for
small instances: ten requests on two workers over six steps take seconds, twelve over eight may take minutes.
May import contracts, numpy, pulp and this room.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pulp
from numpy.typing import NDArray

from formulations.rows import add_row

__all__ = ["Horizon", "build", "read_schedule"]

_Terms = list[tuple[pulp.LpVariable, float]]


@dataclass(frozen=True, eq=False)
class Horizon:
    """What is known in advance: arrays as `formulations.solve_clairvoyant` describes and has checked them."""

    sizes: NDArray[np.float64]
    lengths: NDArray[np.int64]
    growth: NDArray[np.float64]
    workers: int
    slots: int

    @property
    def steps(self) -> int:
        """K, the length of the horizon."""
        return len(self.growth)

    def kinds(self) -> dict[tuple[float, int], list[int]]:
        """Return the requests grouped by size and length; a length is cut at the horizon."""
        groups: dict[tuple[float, int], list[int]] = {}
        for i, (size, length) in enumerate(zip(self.sizes.tolist(), self.lengths.tolist(), strict=True)):
            groups.setdefault((size, min(length, self.steps)), []).append(i)
        return groups


def build(horizon: Horizon) -> pulp.LpProblem:
    """Return the clairvoyant program."""
    program = pulp.LpProblem("clairvoyant", pulp.LpMinimize)
    workers, steps, drift = range(horizon.workers), range(horizon.steps), horizon.growth.tolist()
    started: list[_Terms] = [[] for _ in steps]
    active: list[list[_Terms]] = [[[] for _ in steps] for _ in workers]
    given: list[list[_Terms]] = [[[] for _ in steps] for _ in workers]
    for j, ((size, length), members) in enumerate(horizon.kinds().items()):
        row = []
        for g, k in itertools.product(workers, steps):
            most = min(len(members), horizon.slots)
            count = program.add_variable(f"a_{j}_{g}_{k}", lowBound=0, upBound=most, cat=pulp.LpInteger)
            row.append((count, 1.0))
            started[k].append((count, 1.0))
            for t in range(k, min(k + length, horizon.steps)):
                active[g][t].append((count, 1.0))
                given[g][t].append((count, size + drift[t] - drift[k]))
        add_row(program, f"kind_{j}", row, "<=", float(len(members)))
    _add_admission_rule(program, horizon, started, active)
    _add_imbalance(program, horizon, given)
    return program


def _add_admission_rule(
    program: pulp.LpProblem, horizon: Horizon, started: list[_Terms], active: list[list[_Terms]]
) -> None:
    pool, places = float(len(horizon.sizes)), float(horizon.workers * horizon.slots)
    before: pulp.LpVariable | None = None
    for t in range(horizon.steps):
        nobody = program.add_variable(f"e_{t}", cat=pulp.LpBinary)
        so_far = [term for k in range(t + 1) for term in started[k]]
        everywhere = [term for g in range(horizon.workers) for term in active[g][t]]
        add_row(program, f"nobody_waits_{t}", [*so_far, (nobody, -pool)], ">=", 0.0)
        add_row(program, f"all_full_{t}", [*everywhere, (nobody, places)], ">=", places)
        if before is not None:
            add_row(program, f"stays_empty_{t}", [(nobody, 1.0), (before, -1.0)], ">=", 0.0)
        before = nobody
        for g in range(horizon.workers):
            add_row(program, f"slots_{g}_{t}", active[g][t], "<=", float(horizon.slots))


def _add_imbalance(program: pulp.LpProblem, horizon: Horizon, given: list[list[_Terms]]) -> None:
    goal: _Terms = []
    for t in range(horizon.steps):
        top = program.add_variable(f"M_{t}", lowBound=0)
        loads = [program.add_variable(f"L_{g}_{t}", lowBound=0) for g in range(horizon.workers)]
        for g, load in enumerate(loads):
            add_row(program, f"load_{g}_{t}", [(load, 1.0), *((n, -w) for n, w in given[g][t])], "==", 0.0)
            add_row(program, f"max_{g}_{t}", [(load, 1.0), (top, -1.0)], "<=", 0.0)
        if t == 0:
            for g, (load, after) in enumerate(itertools.pairwise(loads)):
                add_row(program, f"order_{g}_{g + 1}", [(load, 1.0), (after, -1.0)], ">=", 0.0)
        goal += [(top, float(horizon.workers)), *((load, -1.0) for load in loads)]
    program.setObjective(pulp.LpAffineExpression(goal))


def read_schedule(
    horizon: Horizon, values: Mapping[str, float]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return worker and start step of each request; within a kind the oldest start first."""
    worker = np.full(len(horizon.sizes), -1, dtype=np.int64)
    start = worker.copy()
    for j, members in enumerate(horizon.kinds().values()):
        oldest = iter(members)
        for k, g in itertools.product(range(horizon.steps), range(horizon.workers)):
            for _ in range(round(values[f"a_{j}_{g}_{k}"])):
                i = next(oldest)
                worker[i], start[i] = g, k
    return worker, start
