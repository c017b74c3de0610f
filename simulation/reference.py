"""The readable engine: docs/theory.md §1 word by word, any policy and any drift process.

It keeps one row per active request and recomputes every load from the requests in every step, so it is slow
(O(active) per step) and hard to get wrong; `simulation._engine_kernel` is its compiled twin. May import
contracts, drift_processes, and this room.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from contracts import DriftError
from drift_processes import Workload
from drift_processes.base import OutOfRange, checked_increments, describe_change
from simulation._state import Steps
from simulation.energy import step_power_w
from simulation.foresight import Foresight
from simulation.policies.base import Policy, View
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


@dataclass
class _Active:
    """The active requests, one entry per request and column."""

    request: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    worker: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    age: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    load: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    memory: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def add(self, request: NDArray[np.int64], worker: NDArray[np.int64], size: NDArray[np.float64]) -> None:
        self.request = np.concatenate([self.request, request])
        self.worker = np.concatenate([self.worker, worker])
        self.age = np.concatenate([self.age, np.zeros(len(request), dtype=np.int64)])
        self.load = np.concatenate([self.load, size])
        self.memory = np.concatenate([self.memory, np.zeros(len(request))])

    def keep(self, stays: NDArray[np.bool_]) -> None:
        for name in ("request", "worker", "age", "load", "memory"):
            setattr(self, name, getattr(self, name)[stays])

    def loads(self, workers: int) -> NDArray[np.float64]:
        sums = np.bincount(self.worker, weights=self.load, minlength=workers)
        return np.asarray(sums, dtype=np.float64)


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
    pool = _Pool(workload, system, settings)
    active = _Active()
    rows: list[tuple[Any, ...]] = []
    kept: list[NDArray[np.float64]] = []
    completed = 0
    while settings.steps is None or len(rows) < settings.steps:
        step = len(rows)
        # (0) arrive
        pool.let_arrive(idle=not len(active.request))
        if not (pool.someone_waits or len(active.request)):
            break
        expected.renew(step, completed / (max(step, 1) * system.workers))
        # (1) admit
        free = system.slots - np.bincount(active.worker, minlength=system.workers)
        gap = 0.0
        if settings.is_immediate:
            pool.bind(step, policy, active, policy_rng)
            admitted = pool.fronts(free)
            gap = math.nan if len(admitted) else 0.0
        else:
            shown = pool.show(step, free)
            admitted = shown[:0]
            if min(len(shown), free.sum()) > 0:
                view = View(
                    step=step, loads=expected.loads(active, free, shown), active=system.slots - free,
                    free_slots=free, sizes=workload.sizes[shown], waited=step - pool.shown_at[shown],
                    growth=expected.growth, weights=expected.weights, rng=policy_rng,
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
        active.age = active.age + 1
        active.keep(~leaving)
    return Records(_steps(rows, kept, system.workers), pool.start, pool.worker, pool.shown_at)


def _steps(rows: list[Any], kept: list[NDArray[np.float64]], workers: int) -> Steps:
    block = Steps.make(len(rows), len(kept), workers)
    for column, values in zip(block, zip(*rows, strict=True), strict=False):
        column[:] = values
    block.loads[:] = np.array(kept).reshape(-1, workers)
    return block


class _Pool:
    """Who has arrived, who waits and where, and what became of each request."""

    def __init__(self, workload: Workload, system: System, settings: Settings) -> None:
        self.workload, self.system, self.settings = workload, system, settings
        self.now_s = 0.0
        self.arrived = workload.requests if workload.arrival_s is None else 0
        self.waiting = np.arange(self.arrived)  # in the order of arrival
        self.start, self.worker, self.shown_at = (
            np.full(workload.requests, -1, dtype=np.int64) for _ in range(3)
        )

    @property
    def someone_waits(self) -> bool:
        """Whether somebody is here that is not admitted."""
        return len(self.waiting) > 0

    def let_arrive(self, *, idle: bool) -> None:
        """Let in everyone who arrived by now; where nothing runs or waits, now is the next arrival."""
        times = self.workload.arrival_s
        if times is None:
            return
        if idle and not self.someone_waits and self.arrived < len(times):
            self.now_s = max(self.now_s, float(times[self.arrived]))
        arrived = int(np.searchsorted(times, self.now_s, side="right"))
        self.waiting = np.concatenate([self.waiting, np.arange(self.arrived, arrived)])
        self.arrived = arrived

    def show(self, step: int, free: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the requests that a policy sees: as many as slots are free, and the window beyond."""
        most, limit = int(free.sum()) + self.settings.window, self.settings.pool_limit
        shown = self.waiting[: most if limit is None else min(most, limit)]
        self.shown_at[shown[self.shown_at[shown] < 0]] = step
        return shown

    def bind(self, step: int, policy: Policy, active: _Active, rng: np.random.Generator) -> None:
        """Send those who came since the last step to a worker's own queue."""
        new = self.waiting[self.worker[self.waiting] < 0]
        if not len(new):
            return
        workers, queued = self.system.workers, self.waiting[self.worker[self.waiting] >= 0]
        sizes = self.workload.sizes
        held = np.bincount(active.worker, minlength=workers)
        queued_load = np.bincount(self.worker[queued], weights=sizes[queued], minlength=workers)
        view = View(
            step=step, loads=active.loads(workers)[:, None], active=held,
            free_slots=np.full(workers, len(new) + 1), sizes=sizes[new],
            waited=np.zeros(len(new), dtype=np.int64), growth=np.zeros(1), weights=np.ones(1), rng=rng,
            queued=np.bincount(self.worker[queued], minlength=workers),
            queued_load=np.asarray(queued_load, dtype=np.float64),
        )  # fmt: skip
        self.worker[new] = checked_choice(policy, view)
        self.shown_at[new] = step

    def fronts(self, free: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the first of each worker's queue, as many as it has free slots, in the order of arrival."""
        mine = (self.waiting[self.worker[self.waiting] == g][: free[g]] for g in range(len(free)))
        return np.sort(np.concatenate(list(mine)))

    def admit(self, step: int, requests: NDArray[np.int64]) -> None:
        """Let requests start on their workers."""
        self.start[requests] = step
        self.waiting = self.waiting[~np.isin(self.waiting, requests)]

    def oldest(self, step: int) -> int:
        """Return for how many steps the first of those who wait has been in sight."""
        if not self.someone_waits:
            return 0
        since = int(self.shown_at[self.waiting[0]])
        return step - since if since >= 0 else 0


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

    def loads(
        self, active: _Active, free: NDArray[np.int64], shown: NDArray[np.int64]
    ) -> NDArray[np.float64]:
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
    active: _Active,
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


def checked_choice(policy: Policy, view: View) -> NDArray[np.int64]:
    """Return ``policy.assign(view)`` after holding it to the rules of a step.

    Raises
    ------
    ValueError
        If the choice has the wrong shape, names a worker that does not exist, overfills one, or does not
        place exactly ``view.admissions`` requests.
    """
    choice = np.asarray(policy.assign(view))
    where = f"policy {policy.name!r} at step {view.step}"
    if choice.shape != view.sizes.shape or choice.dtype.kind not in "iu":
        raise ValueError(
            f"{where} must return whole numbers of shape {view.sizes.shape}, "
            f"got {choice.dtype} {choice.shape}"
        )
    workers = len(view.free_slots)
    wrong = np.flatnonzero((choice < -1) | (choice >= workers))
    if wrong.size:
        i = int(wrong[0])
        raise ValueError(f"{where} sent request {i} to worker {choice[i]}; workers are 0..{workers - 1}")
    given = np.bincount(choice[choice >= 0], minlength=workers)
    full = np.flatnonzero(given > view.free_slots)
    if full.size:
        g = int(full[0])
        raise ValueError(
            f"{where} put {given[g]} requests on worker {g}, which has {view.free_slots[g]} free slots"
        )
    if given.sum() != view.admissions:
        raise ValueError(f"{where} placed {given.sum()} requests, must place {view.admissions}")
    return choice.astype(np.int64)
