"""The readable twin of `formulations._fast_kernel`: the same algorithm in plain Python, for small instances.

Tests hold the kernel to the identical assignment. May import numpy and formulations only.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from formulations import _fast_kernel as kernel
from formulations import lower_bounds
from formulations._readable_filling import Filling
from formulations.problem import StepProblem
from formulations.two_sizes import is_of_two_sizes, solve_two_sizes
from formulations.values import objective_value
from formulations.window_bound import window_bound

__all__ = ["deal", "solve_readable"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class _Bounds:
    """Calls the proofs of `formulations.lower_bounds` and `window_bound` with arrays of their own."""

    def __init__(self, problem: StepProblem) -> None:
        size = max(len(problem.sizes), problem.workers) + 1
        columns = problem.horizon + 1
        self.problem, self.free = problem, problem.free_slots.copy()
        self.ranked = np.sort(problem.sizes)
        self.smallest = np.concatenate([[0.0], np.cumsum(self.ranked)])
        self.work = (
            np.zeros(problem.workers),
            np.zeros(size, dtype=np.int64),
            np.zeros(size, dtype=np.int64),
        )
        self.window = np.zeros((4, columns))
        arrays = (problem.loads, problem.sizes, problem.growth, problem.weights)
        self.slack, _ = lower_bounds.rounding_slack(*(array.copy() for array in arrays))

    def levels(self, base: Floats, rich: bool) -> Floats:
        """Return what the maximum must reach in each column on its own."""
        problem, levels = self.problem, []
        for h, d in enumerate(problem.growth):
            column = base[:, h]
            if rich:
                level = lower_bounds.forced_level(column, self.free, self.ranked, self.smallest, *self.work)
            else:
                total = self.smallest[-1] + len(self.ranked) * d
                level = lower_bounds.water_level(column, self.free, self.ranked[-1] + d, total, *self.work)
            levels.append(np.ceil(level) if self.slack == 0 else level)
        return np.array(levels)

    def by_columns(self, base: Floats, levels: Floats, rich: bool, objective: str) -> float:
        """Return what the levels prove, column by column (see `_fast_kernel.column_bound`)."""
        problem, pool, bound = self.problem, len(self.ranked), 0.0
        for h, (d, weight) in enumerate(zip(problem.growth.tolist(), problem.weights.tolist(), strict=True)):
            own = np.minimum(problem.free_slots, pool)
            reach = base[:, h] + self.smallest[-1] - self.smallest[pool - own] + (0.0 if rich else own * d)
            most = self.smallest[-1] - self.smallest[pool - problem.admissions]
            total = float(base[:, h].sum()) + most + (0.0 if rich else pool * d)
            idle = max(0.0, problem.workers * float(levels[h]) - total)
            if objective == "makespan":
                bound += weight * float(levels[h])
            elif objective == "imbalance":
                bound += weight * idle
            elif problem.workers > 1:
                bound += weight * max(float(levels[h] - reach.min()), idle / (problem.workers - 1))
        return bound

    def over_window(self, base: Floats) -> float:
        """Return the dual bound; ``self.window`` then holds the levels forced (0) and to aim for (3)."""
        workers, columns = base.shape
        units, home, detour = np.zeros(base.shape), np.zeros(workers), np.zeros((columns, columns + 1))
        via = np.zeros((columns + 1, columns + 1), dtype=np.int64)
        keys, order, scratch = self.work
        bound: float = window_bound(
            base, self.free, self.problem.weights.copy(), self.ranked, self.smallest, kernel.PRICES,
            self.window, units, home, detour, via, keys, order, scratch,
        )  # fmt: skip
        return bound

    def between(self, lowest: float, highest: float) -> float:
        """Return a lower bound on the imbalance (H = 0) where lowest <= max L <= highest."""
        problem = self.problem
        stretch = highest - lowest + 4 * self.slack
        column = problem.loads.copy()[:, 0]
        placeable = lower_bounds.placeable_total(
            column, self.free, lowest, stretch, self.ranked, self.smallest, *self.work
        )
        idle = problem.workers * lowest - sum(column.tolist()) - placeable
        return float(problem.weights[0] * idle)


def deal(problem: StepProblem, in_turn: bool) -> Ints:
    """Return what FCFS (workers in turn) or least-load chooses for the oldest requests."""
    worker = np.full(len(problem.sizes), -1, dtype=np.int64)
    room, load = problem.free_slots.tolist(), problem.loads[:, 0].tolist()
    turn = 0
    for i in range(problem.admissions):
        ready = [g for g in range(problem.workers) if room[g]]
        g = min(ready, key=lambda g: ((g - turn) % problem.workers if in_turn else load[g], g))
        worker[i], turn = g, (g + 1) % problem.workers
        room[g] -= 1
        load[g] += problem.sizes[i]
    return worker


def solve_readable(problem: StepProblem, objective: str, required: NDArray[np.bool_], trials: int) -> Ints:
    """Return the assignment that `fast_step` finds."""
    if problem.admissions == 0:
        return np.full(len(problem.sizes), -1, dtype=np.int64)
    if is_of_two_sizes(problem) and not required.any():
        return solve_two_sizes(problem, objective=objective).worker
    search = _Search(problem, objective, required)
    bound = search.run(trials)
    if not required[problem.admissions :].any():
        for in_turn in (True, False):
            if search.value > bound:
                search.keep(deal(problem, in_turn))
    return search.worker


class _Search:
    """The attempts, in the kernel's order, and the best assignment so far."""

    def __init__(self, problem: StepProblem, objective: str, required: NDArray[np.bool_]) -> None:
        self.problem, self.objective = problem, objective
        self.filling, self.bounds = Filling(problem, required), _Bounds(problem)
        self.value = math.inf
        self.worker = np.zeros(0, dtype=np.int64)

    def keep(self, worker: Ints) -> None:
        """Remember an assignment if it is better than all before."""
        value = objective_value(self.problem, worker, self.objective)
        if value < self.value:
            self.value, self.worker = value, worker

    def run(self, trials: int) -> float:
        """Try levels and starts; return the lower bound used to stop."""
        problem, filling = self.problem, self.filling
        base = problem.loads + (problem.free_slots[:, None] * problem.growth if filling.rich else 0.0)
        levels = self.bounds.levels(base, filling.rich)
        bound = self.bounds.by_columns(base, levels, filling.rich, self.objective)
        if not filling.rich:
            self.keep(filling.attempt(levels, kernel.LARGEST))
            return bound
        targets = [levels]
        if self.objective == "imbalance" and problem.horizon > 0:
            bound = max(bound, self.bounds.over_window(base))
            targets = [self.bounds.window[0], self.bounds.window[3]]
        many = self.objective != "imbalance" or problem.admissions >= kernel.MANY * problem.workers
        for start in range(4 if many else 1):
            for target in targets:
                if self.value > bound:
                    self.keep(filling.attempt(target, start))
        if self.objective == "imbalance" and problem.horizon == 0 and self.value > bound:
            bound = max(bound, self.search_levels(levels[0], trials))
        return bound

    def search_levels(self, level: float, trials: int) -> float:
        """Branch and bound over the maximum load (H = 0)."""
        problem, slack = self.problem, self.bounds.slack
        low = level - slack
        most = self.bounds.smallest[-1] - self.bounds.smallest[len(problem.sizes) - problem.admissions]
        high = (
            self.value / problem.weights[0] + sum(problem.loads[:, 0].tolist()) + most
        ) / problem.workers + slack
        high = max(low, math.floor(high) if slack == 0 else high)
        spans = [(self.bounds.between(low, high), low, high)]
        while True:
            least = min(range(len(spans)), key=lambda k: spans[k][0])
            bound, low, high = spans[least]
            if bound >= self.value or low >= high or len(spans) > trials:
                return bound
            middle = (low + high) / 2
            middle, beyond = (math.floor(middle), math.floor(middle) + 1) if slack == 0 else (middle, middle)
            self.keep(self.filling.attempt(np.array([float(middle)]), kernel.REQUIRED))
            spans[least] = (max(bound, self.bounds.between(low, middle)), low, middle)
            spans.append((max(bound, self.bounds.between(beyond, high)), beyond, high))
