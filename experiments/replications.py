"""Independent replications of FCFS: what the exact law F0 is held against.

Consecutive steps of one run depend on each other for as long as requests stay, so that an interval from one
short run is too narrow. Runs from different seeds are independent whatever their lengths, and FCFS is
cheap to simulate. May import everything below this room.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bounds.assumptions import overloaded, unmet
from bounds.claims import CLAIMS
from bounds.finding import Finding
from bounds.intervals import independent_mean
from contracts import stream
from drift_processes import JointLaw
from experiments.judging import Measured, estimated
from experiments.scenario import Scenario
from experiments.settling import Settling
from simulation import Run, simulate, verify

__all__ = ["Replicas", "replicate_fcfs"]

#: Replications, and the fewest that Student's t makes a usable interval of.
MOST, FEWEST = 32, 8

#: Slots times memories that a replication averages over, and the most memories for that.
AVERAGED, MOST_MEMORIES = 512, 8

#: Steps times workers that all replications may take: half a minute.
LARGEST_WORK = 100_000_000


@dataclass(frozen=True)
class Replicas:
    """Means of independent FCFS runs.

    Attributes
    ----------
    measured : Measured or None
        None where even the fewest replications would take too long.
    number, steps : int
        Replications, and steps measured in each after the warm-up.
    failed : list of Finding
        Assumptions of F0 that don't hold on them.
    slot_load : Measured or None
        Mean load of a slot; None where nothing is measured, or fewer steps than a growth takes to repeat.
    """

    measured: Measured | None
    number: int
    steps: int
    failed: list[Finding]
    slot_load: Measured | None = None

    @property
    def reason(self) -> str:
        """Why there is nothing measured."""
        return f"too long a memory: needs {FEWEST} runs of {self.steps:,} steps after their warm-up"


def replicate_fcfs(
    scenario: Scenario, law: JointLaw, settling: Settling, *, phases: int = 1, check_runs: bool = False
) -> Replicas:
    """Run FCFS often enough, each time long enough, for an interval that keeps its level.

    Each replication is as long as the state is remembered, longer where few slots average out little, so
    that its mean is close to normal; all of them together measure at least as many steps as the scenario
    asks for. Of the load only whole periods are measured, if growth repeats itself after ``phases`` steps.
    """
    number, steps = _plan(scenario, settling)
    if number < FEWEST:
        return Replicas(None, 0, steps, [])
    imbalance, load = np.zeros(number), np.zeros(number)
    whole = steps // phases * phases
    failed: list[Finding] = []
    for i, run in enumerate(_runs(scenario, law, settling)):
        # the other assumptions are about the law and the policy, the same for every replication
        failed += unmet(CLAIMS["F0"], run) if i == 0 else [f for f in [overloaded(run)] if not f.holds]
        if check_runs:
            verify(run)
        imbalance[i] = run.imbalance[settling.warmup :].mean()
        if whole:
            load[i] = run.total_load[settling.warmup : settling.warmup + whole].mean()
    slot_load = estimated(independent_mean(load / scenario.system.capacity)) if whole else None
    return Replicas(estimated(independent_mean(imbalance)), number, steps, failed, slot_load)


def _plan(scenario: Scenario, settling: Settling) -> tuple[int, int]:
    """Return how many replications there are, and the steps measured in each."""
    assert settling.memory is not None  # unsettled lengths are not replicated
    memories = min(MOST_MEMORIES, math.ceil(AVERAGED / (scenario.workers * scenario.slots)))
    steps = max(memories * settling.memory, -(-scenario.steps // MOST))
    return min(MOST, LARGEST_WORK // ((settling.warmup + steps) * scenario.workers)), steps


def _runs(scenario: Scenario, law: JointLaw, settling: Settling) -> Iterator[Run]:
    """Simulate the replications, one at a time."""
    number, steps = _plan(scenario, settling)
    total = settling.warmup + steps
    for seed in stream(scenario.seed, "replications").integers(2**31, size=number):
        work = scenario.workload(law, source="replication", total_steps=total, seed=int(seed))
        yield simulate(work, scenario.system, "fcfs", steps=total, seed=int(seed))
