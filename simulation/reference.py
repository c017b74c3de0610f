"""The readable engine: docs/theory.md §1 word by word, any policy and any drift process.

It keeps one row per active request and recomputes every load from the requests in every step, so it is slow
(O(active) per step) and hard to get wrong; `simulation._engine_kernel` is its compiled twin. May import
contracts, drift_processes, and this room.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from contracts import DriftError
from drift_processes import Workload
from drift_processes.base import OutOfRange, checked_increments, describe_change
from simulation._state import Steps
from simulation.energy import step_power_w
from simulation.foresight import Foresight
from simulation.policies.base import Policy
from simulation.pool import Active, Pool, checked_choice
from simulation.refills import PoolSizes, predicted_loads
from simulation.settings import Settings, drift_stream
from simulation.system import System

__all__ = ["Records", "simulate_readable"]


class Records(NamedTuple):
    """What an engine hands back: one entry per step in ``steps``, one per request in the others."""

    steps: Steps
    start: NDArray[np.int64]
    worker: NDArray[np.int64]
    shown: NDArray[np.int64]


def simulate_readable(
    workload: Workload,
    system: System,
    policy: Policy,
    settings: Settings,
) -> Records:
    """Run the model of docs/theory.md §1."""
    policy_rng = settings.rng("policy", f"policy {policy.name!r}")
    drift_rng = drift_stream(settings.seed, workload.drift)
    common_memory = np.zeros(1)
    expected = _Expected(workload, system, policy, settings)
    pool = Pool(workload, system, settings)
    active = Active()
    rows: list[tuple[Any, ...]] = []
    kept: list[NDArray[np.float64]] = []
    completed, finished = 0, workload.lengths[:0]
    while settings.steps is None or len(rows) < settings.steps:
        step = len(rows)
        # (0) arrive
        pool.let_arrive(idle=not len(active.request))
        if not (pool.someone_waits or len(active.request)):
            break
        expected.renew(step, completed / (max(step, 1) * system.workers))
        # (1) admit
        seen = pool.look(step, active, finished, policy_rng)
        policy.watch(seen)
        free, gap = seen.free_slots, 0.0
        if settings.is_immediate:
            pool.bind(policy, seen)
            admitted = pool.fronts(free)
            gap = math.nan if len(admitted) else 0.0
        else:
            shown = pool.show(step, free)
            admitted = shown[:0]
            if min(len(shown), free.sum()) > 0:
                view = replace(
                    seen, loads=expected.loads(active, free, shown), sizes=workload.sizes[shown],
                    waited=step - pool.shown_at[shown], growth=expected.growth, weights=expected.weights,
                )  # fmt: skip
                choice = checked_choice(policy, view)
                gap, admitted = policy.gap, shown[choice >= 0]
                pool.worker[admitted] = choice[choice >= 0]
        pool.admit(step, admitted)
        active.add(admitted, pool.worker[admitted], workload.sizes[admitted])
        # (2) measure
        loads = active.loads(system.workers)
        power = step_power_w(loads, system.power)
        top, total = loads.max(), loads.sum()
        mean = total / system.workers
        duration = system.step_overhead_s + system.seconds_per_token * top + system.mean_load_s * mean
        rows.append(
            (top, total, len(active.request), power, len(admitted), gap, pool.now_s, duration,
             len(pool.waiting), pool.oldest(step))
        )  # fmt: skip
        pool.now_s += duration
        if step < settings.record_loads:
            kept.append(loads)
        # (3) age, grow, leave
        active.load = active.load + _growth(workload, active, step, drift_rng, common_memory)
        leaving = active.age + 1 >= workload.lengths[active.request]
        expected.watch(active.age, leaving)
        completed += int(leaving.sum())
        finished = workload.lengths[active.request[leaving]]
        active.age = active.age + 1
        active.keep(~leaving)
    return Records(_steps(rows, kept, system.workers), pool.start, pool.worker, pool.shown_at)


def _steps(rows: list[Any], kept: list[NDArray[np.float64]], workers: int) -> Steps:
    block = Steps.make(len(rows), len(kept), workers)
    for column, values in zip(block, zip(*rows, strict=True), strict=False):
        column[:] = values
    block.loads[:] = np.array(kept).reshape(-1, workers)
    return block


class _Expected(Foresight):
    """The loads a policy may see of the steps ahead."""

    def __init__(self, workload: Workload, system: System, policy: Policy, settings: Settings) -> None:
        super().__init__(
            workload.drift, policy, settings.lookahead, workers=system.workers,
            longest_age=settings.longest_age(workload),
        )  # fmt: skip
        rng = settings.rng("lookahead", f"lookahead {self.lookahead.kind!r}")
        self.believed = self.lookahead.believed_lengths(workload.lengths, rng)
        self.workload, self.system = workload, system

    def loads(self, active: Active, free: NDArray[np.int64], shown: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the predicted loads (G, K)."""
        departures = self.departures(
            worker=active.worker, load=active.load, age=active.age, believed=self.believed[active.request]
        )
        return predicted_loads(
            loads=active.loads(self.workers),
            active=self.system.slots - free,
            free=free,
            growth=self.growth,
            departures=departures,
            pool=PoolSizes(self.workload.sizes[shown]),
            refill=self.lookahead.refill,
        )


def _growth(
    workload: Workload,
    active: Active,
    step: int,
    rng: np.random.Generator,
    common_memory: NDArray[np.float64],
) -> float | NDArray[np.float64]:
    drift = workload.drift
    if not drift.is_common:
        sizes = workload.sizes[active.request]
        for column in (active.age, sizes, active.load, active.request, active.worker):
            column.flags.writeable = False
        return checked_increments(
            drift, step=step, age=active.age, size=sizes, load=active.load, rng=rng, request=active.request,
            worker=active.worker, memory=active.memory,
        )  # fmt: skip
    none, nobody = np.zeros(0), np.zeros(0, dtype=np.int64)
    try:
        return checked_increments(
            drift, step=step, age=nobody, size=none, load=none, rng=rng, worker=nobody, memory=common_memory
        )
    except OutOfRange as wrong:
        i = int(np.argmin(active.request))
        message = describe_change(
            drift, step=step, request=int(active.request[i]), age=int(active.age[i]),
            load=float(active.load[i]), change=wrong.change,
        )  # fmt: skip
        raise DriftError(message) from None
