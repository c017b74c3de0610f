"""Who waits, who runs, and what a policy may choose: the readable engine's rows.

`simulation._admission_kernel` is the compiled twin. May import contracts, numpy, drift_processes and this
room.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from drift_processes import Workload
from simulation.lookahead import expected_growth
from simulation.policies.base import Policy, Running, View
from simulation.settings import Settings
from simulation.system import System

__all__ = ["Active", "Pool", "checked_choice"]


@dataclass
class Active:
    """The active requests, one entry per request and column."""

    request: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    worker: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    age: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    load: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    memory: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def add(self, request: NDArray[np.int64], worker: NDArray[np.int64], size: NDArray[np.float64]) -> None:
        """Let requests start."""
        self.request = np.concatenate([self.request, request])
        self.worker = np.concatenate([self.worker, worker])
        self.age = np.concatenate([self.age, np.zeros(len(request), dtype=np.int64)])
        self.load = np.concatenate([self.load, size])
        self.memory = np.concatenate([self.memory, np.zeros(len(request))])

    def keep(self, stays: NDArray[np.bool_]) -> None:
        """Let those leave that don't stay."""
        for name in ("request", "worker", "age", "load", "memory"):
            setattr(self, name, getattr(self, name)[stays])

    def loads(self, workers: int) -> NDArray[np.float64]:
        """Return L_g, (G,)."""
        sums = np.bincount(self.worker, weights=self.load, minlength=workers)
        return np.asarray(sums, dtype=np.float64)


class Pool:
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

    def look(self, step: int, active: Active, finished: NDArray[np.int64], rng: np.random.Generator) -> View:
        """Return what is known at the beginning of the step, without any request."""
        workers, sizes = self.system.workers, self.workload.sizes
        queued = self.waiting[:0]
        if self.settings.is_immediate:
            queued = self.waiting[self.worker[self.waiting] >= 0]
        queued_load = np.bincount(self.worker[queued], weights=sizes[queued], minlength=workers)
        held = np.bincount(active.worker, minlength=workers)
        return View(
            step=step, loads=active.loads(workers)[:, None], active=held,
            free_slots=self.system.slots - held, sizes=sizes[:0], waited=queued[:0],
            growth=np.zeros(1), weights=np.ones(1), rng=rng,
            queued=np.bincount(self.worker[queued], minlength=workers),
            queued_load=np.asarray(queued_load, dtype=np.float64),
            time_s=self.now_s, step_growth=float(expected_growth(self.workload.drift, 2)[1]),
            running=Running(active.worker, active.age, active.load), finished=finished,
        )  # fmt: skip

    def bind(self, policy: Policy, seen: View) -> None:
        """Send those who came since the last step to a worker's own queue."""
        new = self.waiting[self.worker[self.waiting] < 0]
        if not len(new):
            return
        view = replace(
            seen,
            free_slots=np.full(self.system.workers, len(new) + 1),
            sizes=self.workload.sizes[new],
            waited=np.zeros(len(new), dtype=np.int64),
        )
        self.worker[new] = checked_choice(policy, view)
        self.shown_at[new] = seen.step

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
