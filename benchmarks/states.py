"""Decisions as they really come: the states of a running simulation in steady state.

Random states would not do: a policy shapes the loads it later has to balance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.settings import workload
from formulations import StepProblem
from simulation import Lookahead, Policy, System, View, simulate
from simulation.policies import Bfio

__all__ = ["Setting", "steady_states"]


@dataclass(frozen=True)
class Setting:
    """Which states: the workload, G, B and H."""

    lengths: str
    workers: int
    horizon: int
    slots: int = 72

    def __str__(self) -> str:
        return f"{self.lengths} G={self.workers} H={self.horizon}"


class _Recording(Policy):
    """Decides as `Bfio` does and keeps the problems it saw."""

    name = "recording"

    def __init__(self, horizon: int, first: int) -> None:
        self.inner = Bfio(horizon=horizon, discount=1.0)
        self.horizon = horizon
        self.first = first
        self.problems: list[StepProblem] = []

    def weights(self, turnover: float) -> NDArray[np.float64]:
        return self.inner.weights(turnover)

    def assign(self, view: View) -> NDArray[np.int64]:
        if view.step >= self.first:
            self.problems.append(view.problem())
        return self.inner.assign(view)


def steady_states(setting: Setting, count: int, seed: int = 1) -> list[StepProblem]:
    """Return the problems of ``count`` consecutive steps after the warm-up, each with something to decide."""
    system = System(setting.workers, setting.slots)
    lengths = workload(setting.lengths, 20_000, seed).lengths
    warmup = max(150, int(3 * lengths.mean()))
    # Lorden's inequality, as in `experiments.scenario`, with room for a policy that prefers short requests
    starts = 1.3 * (warmup + count) / lengths.mean() + 2 + lengths.var() / lengths.mean() ** 2
    number = int(system.capacity * starts) + 8 * setting.workers
    policy = _Recording(setting.horizon, warmup)
    simulate(
        workload(setting.lengths, number, seed),
        system,
        policy,
        steps=warmup + count,
        lookahead=Lookahead("oracle", refill="none"),
    )
    return [problem for problem in policy.problems if problem.admissions > 0][:count]
