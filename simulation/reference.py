"""The readable engine: docs/theory.md §1 word by word, any policy and any drift process.

It keeps one row per active request and recomputes every load from the requests in every step, so it is slow
(O(active) per step) and hard to get wrong; `simulation._engine_kernel` is its compiled twin. May import
contracts, drift_processes, and this room.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from drift_processes import Workload
from drift_processes.base import checked_increments
from simulation._state import Steps
from simulation.departures import (
    RENEWALS,
    AgeRecord,
    age_bounds,
    believed_departures,
    expected_departures,
    leave_table,
)
from simulation.energy import step_power_w
from simulation.lookahead import expected_growth
from simulation.policies.base import Policy, View, checked_weights
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

    def add(self, request: NDArray[np.int64], worker: NDArray[np.int64], size: NDArray[np.float64]) -> None:
        self.request = np.concatenate([self.request, request])
        self.worker = np.concatenate([self.worker, worker])
        self.age = np.concatenate([self.age, np.zeros(len(request), dtype=np.int64)])
        self.load = np.concatenate([self.load, size])

    def keep(self, stays: NDArray[np.bool_]) -> None:
        for name in ("request", "worker", "age", "load"):
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
    steps, limit = settings.steps, settings.pool_limit
    policy_rng = settings.rng("policy", f"policy {policy.name!r}")
    drift_rng = drift_stream(settings.seed, workload.drift)
    start, worker_of, shown_at = (np.full(workload.requests, -1, dtype=np.int64) for _ in range(3))
    foresight = _Foresight(workload, system, policy, settings)
    waiting = np.arange(workload.requests)
    active = _Active()
    rows: list[tuple[float, float, int, float, int, float]] = []
    kept: list[NDArray[np.float64]] = []
    while (steps is None or len(rows) < steps) and (len(waiting) or len(active.request)):
        step = len(rows)
        foresight.renew(step)
        # (1) admit
        free = system.slots - np.bincount(active.worker, minlength=system.workers)
        most = int(free.sum()) + settings.window
        shown = waiting[: most if limit is None else min(most, limit)]
        shown_at[shown[shown_at[shown] < 0]] = step
        gap, admitted = 0.0, 0
        if min(len(shown), free.sum()) > 0:
            ahead = foresight.predict(active, free, shown)
            view = View(
                step, ahead, system.slots - free, free, workload.sizes[shown], step - shown_at[shown],
                foresight.growth, foresight.weights, policy_rng,
            )  # fmt: skip
            worker = checked_choice(policy, view)
            gap, admitted = policy.gap, view.admissions
            chosen = worker >= 0
            active.add(shown[chosen], worker[chosen], workload.sizes[shown[chosen]])
            start[shown[chosen]] = step
            worker_of[shown[chosen]] = worker[chosen]
            waiting = np.concatenate([shown[~chosen], waiting[len(shown) :]])
        # (2) measure
        loads = active.loads(system.workers)
        power = step_power_w(loads, system.power)
        rows.append((loads.max(), loads.sum(), len(active.request), power, admitted, gap))
        if step < settings.record_loads:
            kept.append(loads)
        # (3) age, grow, leave
        active.load = active.load + _growth(workload, active, step, drift_rng)
        leaving = active.age + 1 >= workload.lengths[active.request]
        foresight.watch(active, leaving)
        active.age += 1
        active.keep(~leaving)
    return Records(_steps(rows, kept, system.workers), start, worker_of, shown_at)


def _steps(rows: list[Any], kept: list[NDArray[np.float64]], workers: int) -> Steps:
    block = Steps.make(len(rows), len(kept), workers)
    for column, values in zip(block, zip(*rows, strict=True), strict=False):
        column[:] = values
    block.loads[:] = np.array(kept).reshape(-1, workers)
    return block


class _Foresight:
    """What the policy may know: believed lengths, or a record of ages, and the columns it asks for."""

    def __init__(self, workload: Workload, system: System, policy: Policy, settings: Settings) -> None:
        self.workload, self.system, self.policy = workload, system, policy
        self.lookahead = settings.lookahead
        rng = settings.rng("lookahead", f"lookahead {self.lookahead.kind!r}")
        self.believed = self.lookahead.believed_lengths(workload.lengths, rng)
        self.bounds = age_bounds(settings.longest_age(workload))
        self.record = AgeRecord(*(np.zeros(len(self.bounds), dtype=np.int64) for _ in range(2)))

    def renew(self, step: int) -> None:
        """Ask the policy for its weights and estimate the hazard, at steps 0, 1, 2, 4, 8, and so on."""
        if step in RENEWALS:
            turnover = int(self.record.completed.sum()) / (max(step, 1) * self.system.workers)
            self.weights = checked_weights(self.policy, turnover)
            self.growth = expected_growth(self.workload.drift, len(self.weights))
            if self.lookahead.kind == "hazard":
                self.leave = leave_table(
                    self.bounds, len(self.weights), lengths=self.lookahead.lengths, record=self.record
                )

    def predict(
        self, active: _Active, free: NDArray[np.int64], shown: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the loads (G, K) that the policy may see."""
        workers = self.system.workers
        held: dict[str, Any] = {
            "worker": active.worker, "load": active.load, "age": active.age, "growth": self.growth,
            "workers": workers,
        }  # fmt: skip
        if self.lookahead.kind == "hazard":
            departures = expected_departures(**held, bounds=self.bounds, leave=self.leave)
        else:
            departures = believed_departures(**held, believed=self.believed[active.request])
        return predicted_loads(
            loads=active.loads(workers),
            active=self.system.slots - free,
            free=free,
            growth=self.growth,
            departures=departures,
            pool=PoolSizes(self.workload.sizes[shown]),
            refill=self.lookahead.refill,
        )

    def watch(self, active: _Active, leaving: NDArray[np.bool_]) -> None:
        """Record a step spent at each age, and who completed at it (ages before they are raised)."""
        kind = np.searchsorted(self.bounds, active.age, side="right") - 1
        self.record.exposure[:] += np.bincount(kind, minlength=len(self.bounds))
        self.record.completed[:] += np.bincount(kind[leaving], minlength=len(self.bounds))


def _growth(
    workload: Workload, active: _Active, step: int, rng: np.random.Generator
) -> float | NDArray[np.float64]:
    drift = workload.drift
    empty = np.zeros(0)
    common = drift.is_common
    return checked_increments(
        drift,
        step=step,
        age=empty.astype(np.int64) if common else active.age,
        size=empty if common else workload.sizes[active.request],
        load=empty if common else active.load,
        rng=rng,
    )


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
