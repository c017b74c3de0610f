"""The rules compared on the same states; each maps a `StepProblem` to a worker per request."""

from __future__ import annotations

import importlib
import os
import sys
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formulations import StepProblem, solve_exact
from formulations._fast_kernel import fast_step, make_workspace
from formulations.fast import default_trials
from simulation.policies._kernels import deal_in_turn

__all__ = ["authors", "exact", "fast", "fcfs"]

Rule = Callable[[], NDArray[np.int64]]


def fast(problem: StepProblem) -> Rule:
    """Return a call of the compiled solver on in-memory arrays."""
    workspace = make_workspace(problem.workers, problem.horizon, len(problem.sizes))
    arrays = [np.array(a) for a in (problem.loads, problem.free_slots, problem.sizes, problem.growth)]
    weights, nobody = np.array(problem.weights), np.zeros(0, dtype=np.bool_)
    worker = np.full(len(problem.sizes), -1)
    trials = default_trials(problem.workers)

    def run() -> NDArray[np.int64]:
        fast_step(*arrays, weights, nobody, 0, trials, workspace, worker)
        return worker

    return run


def fcfs(problem: StepProblem) -> Rule:
    """Return a call of first come, first served (compiled)."""
    worker = np.full(len(problem.sizes), -1)

    def run() -> NDArray[np.int64]:
        deal_in_turn(problem.free_slots.copy(), problem.admissions, 0, worker)
        return worker

    return run


def exact(problem: StepProblem, *, limit_s: float = 10.0) -> Rule:
    """Return a call of HiGHS through PuLP, with a time limit."""
    return lambda: solve_exact(problem, time_limit_s=limit_s).worker


class _State:
    """What the authors' policies read and write of their simulator, for one state of ours at H = 0."""

    def __init__(self, problem: StepProblem, slots: int) -> None:
        waiting = len(problem.sizes)
        active = slots - problem.free_slots
        total = waiting + int(active.sum())
        self.n_worker, self.batch_size = problem.workers, slots
        self.s_arr = np.zeros(total, dtype=np.int32)
        self.s_arr[:waiting] = problem.sizes
        self.gen_arr = np.zeros(total, dtype=np.int32)
        self.o_est_arr = np.full(total, 100, dtype=np.int32)
        self.sum_lengths = problem.loads[:, 0].astype(np.int64)
        ends = waiting + np.cumsum(active)
        self.gpu_active = [
            np.arange(end - n, end, dtype=np.int32) for end, n in zip(ends, active, strict=True)
        ]
        self.wait_q = deque(range(waiting))
        self.clock, self.t_length = 1.0, 1e-7
        self.worker = np.full(waiting, -1)

    def _gpu_capacity_left(self) -> NDArray[np.int32]:
        return self.batch_size - np.array([len(ids) for ids in self.gpu_active], dtype=np.int32)

    def _assign_to_gpu(self, request: int, worker: int) -> None:
        self.gpu_active[worker] = np.append(self.gpu_active[worker], request)
        self.sum_lengths[worker] += self.s_arr[request]
        self.worker[request] = worker


def authors(problem: StepProblem, *, slots: int) -> Rule | None:
    """Return a call of the paper authors' H = 0 policy, None without a checkout of their simulator.

    The environment variable EVENSTEP_AUTHORS names the folder that holds their ``simlib``.
    """
    folder = os.environ.get("EVENSTEP_AUTHORS")
    if not folder or problem.horizon > 0:
        return None
    if folder not in sys.path:
        sys.path.insert(0, folder)
    module: Any = importlib.import_module("simlib.strategies.strategy_balance_future_h0")

    def run() -> NDArray[np.int64]:
        state = _State(problem, slots)
        module.policy_balance_future_h0(state)
        return state.worker

    return run
