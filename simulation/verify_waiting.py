"""The clock of a run, and all who wait in it, recomputed from who ran when: a part of `simulation.verify`.

May import contracts, numpy and `simulation.recompute`, `simulation.run`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import InvariantBroken
from simulation.recompute import held_by_step
from simulation.run import Run

__all__ = ["check_clock", "check_pool", "check_queues", "check_waiting", "require"]


def require(good: NDArray[np.bool_], what: str, label: str, *columns: tuple[str, NDArray[Any]]) -> None:
    """Raise naming the first index where ``good`` fails, with the values of ``columns`` there."""
    bad = np.flatnonzero(~good)
    if bad.size:
        i = int(bad[0])
        values = ", ".join(f"{name} {column[i]:.12g}" for name, column in columns)
        raise InvariantBroken(f"{label} {i}: {what} ({values})")


def _arrived(run: Run) -> NDArray[np.int64]:
    """Return how many requests are there in each step: they arrived by the time it began, (K,)."""
    times = run.workload.arrival_s
    if times is None:
        return np.full(run.steps, run.workload.requests, dtype=np.int64)
    return np.searchsorted(times, run.time_s, side="right").astype(np.int64)


def check_clock(run: Run) -> None:
    """Check when steps begin, and that nobody starts before he arrives."""
    begins = np.concatenate([[0.0], (run.time_s + run.duration_s)[:-1]])
    times = run.workload.arrival_s
    if times is not None:
        before = np.concatenate([[0], _arrived(run)[:-1]])  # who was there in the step before
        idle = (run.active == run.admitted) & (before == np.cumsum(run.admitted) - run.admitted)
        coming = idle & (before < run.workload.requests)
        begins[coming] = np.maximum(begins[coming], times[before[coming]])
    require(run.time_s == begins, "begins at a wrong time", "step", ("recorded", run.time_s),
            ("recomputed", begins))  # fmt: skip
    if times is not None:
        ran = run.start >= 0
        began = np.where(ran, run.time_s[run.start], np.inf)
        require(began >= times, "starts before it arrives", "request", ("step begins", began),
                ("arrives", times))  # fmt: skip


def check_pool(run: Run) -> None:
    """Replay the waiting pool: who was shown, who was taken, and that no slot stayed free needlessly."""
    free = run.system.capacity - (run.active - run.admitted)
    limit = run.workload.requests if run.pool_limit is None else run.pool_limit
    arrived = _arrived(run)
    left = np.zeros(0, dtype=np.int64)
    unseen = 0
    shown_at = np.full(run.workload.requests, -1, dtype=np.int64)
    for k in range(run.steps):
        shown = min(int(free[k]) + run.window, limit, int(arrived[k]) - unseen + len(left))
        new = max(0, shown - len(left))
        left = np.concatenate([left, np.arange(unseen, unseen + new)])
        shown_at[unseen : unseen + new] = k
        unseen += new
        taken = run.start[left] == k
        if run.admitted[k] != min(free[k], shown) or taken[:shown].sum() != run.admitted[k]:
            raise InvariantBroken(
                f"step {k}: {taken[:shown].sum()} of {shown} shown requests were admitted into "
                f"{free[k]} free slots, {run.admitted[k]} recorded"
            )
        left = left[~taken]
    require(run.shown == shown_at, "entered the pool in another step", "request", ("recorded", run.shown),
            ("recomputed", shown_at))  # fmt: skip


def check_queues(run: Run) -> None:
    """Check that everyone is bound on arrival, and each worker's queue served first come, first served."""
    number, steps = run.workload.requests, run.steps
    bound = np.searchsorted(_arrived(run), np.arange(number), side="right")
    bound = np.where(bound < steps, bound, -1)
    require(run.shown == bound, "was bound in another step than it arrived", "request",
            ("recorded", run.shown), ("arrived", bound))  # fmt: skip
    for g in range(run.system.workers):
        mine = np.flatnonzero(run.worker == g)
        begun = np.where(run.start[mine] < 0, steps, run.start[mine])
        passed = np.ones(number, dtype=np.bool_)
        passed[mine[1:]] = np.diff(begun) >= 0
        require(passed, f"overtook another in the queue of worker {g}", "request", ("start", run.start))
        came = np.cumsum(np.bincount(run.shown[mine], minlength=steps))
        went = np.cumsum(np.bincount(begun, minlength=steps)[:steps])
        queued, held = came - went, held_by_step(run, g)
        what = f"worker {g} has a free slot while its queue holds someone"
        full = (queued == 0) | (held == run.system.slots)
        require(full, what, "step", ("held", held), ("queued", queued))


def check_waiting(run: Run) -> None:
    """Check how many wait in each step, since when the first of them, and how long each waited."""
    step, ran = np.arange(run.steps), run.start >= 0
    arrived = _arrived(run)
    waiting = arrived - np.cumsum(run.admitted)
    require(run.waiting == waiting, "wrong number of waiting requests", "step", ("recorded", run.waiting),
            ("recomputed", waiting))  # fmt: skip
    # all before the first who has not started by step k have, so it is where the running maximum passes k
    latest = np.maximum.accumulate(np.where(ran, run.start, run.steps))
    first = np.searchsorted(latest, step, side="right")
    since = np.append(run.shown, -1)[first]
    in_sight = (since >= 0) & (since <= step)
    oldest = np.where(in_sight, step - since, 0)
    require(run.oldest_wait == oldest, "the oldest waiting request waits for another time", "step",
            ("recorded", run.oldest_wait), ("recomputed", oldest))  # fmt: skip
    waited = np.where(run.shown < 0, 0, np.where(ran, run.start, run.steps) - run.shown)
    require(run.wait == waited, "has a wrong waiting time", "request", ("wait", run.wait),
            ("recomputed", waited))  # fmt: skip
    _check_seconds(run)


def _check_seconds(run: Run) -> None:
    """Check the seconds from arrival to admission and to the first token, and those of each further token."""
    times, ran = run.workload.arrival_s, run.start >= 0
    clocked = ran & (times is not None)
    arrived = np.zeros(run.workload.requests) if times is None else times
    for name, recorded, end in (
        ("wait_s", run.wait_s, run.time_s), ("ttft_s", run.ttft_s, run.time_s + run.duration_s)
    ):  # fmt: skip
        seconds = np.where(clocked, end[run.start] - arrived, np.nan)
        same = np.where(clocked, recorded == seconds, np.isnan(recorded))
        require(same, f"wrong {name}", "request", ("recorded", recorded), ("recomputed", seconds))
    further = (run.finish >= 0) & (run.workload.lengths > 1)
    running_s = np.concatenate([[0.0], np.cumsum(run.duration_s)])  # nothing else passes while something runs
    with np.errstate(invalid="ignore"):
        each = (running_s[run.finish] - running_s[run.start + 1]) / (run.finish - run.start - 1.0)
    same = np.where(further, np.isclose(run.tpot_s, each, rtol=1e-6, atol=1e-12), np.isnan(run.tpot_s))
    require(same, "wrong tpot_s", "request", ("recorded", run.tpot_s), ("recomputed", each))
