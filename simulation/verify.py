"""`verify`: everything about a `Run` recomputed from who ran where and when.

Independent of the engines on purpose: it knows nothing of any policy, and its loads come from
`simulation.recompute`. May import contracts, numpy and this room's records.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import InvariantBroken, checks
from simulation.recompute import held_by_step, loads_by_worker
from simulation.run import Run

__all__ = ["verify"]

#: Relative room for a product or a power of recomputed numbers.
ROUNDING = 1e-12


def verify(run: Run) -> None:
    """Recompute a run from its per-request records and compare every step.

    Checks conservation (each request runs at most once, on one worker, for exactly its length), capacity,
    that as many requests were admitted as slots and the shown pool allowed and only requests that were shown,
    loads, imbalance, step durations, energy, and that gaps are what gaps can be. Loads of whole numbers must
    be exact; others may differ by rounding. The increments of the drift process are asked for again, so it
    must be a function of its arguments and its ``rng``.

    Raises
    ------
    InvariantBroken
        Naming the first step or request that contradicts the records.
    TypeError
        If ``run`` is not a `Run`.
    """
    checks.instance("run", run, Run, "a Run")
    _check_requests(run)
    _check_counts(run)
    _check_pool(run)
    _check_gaps(run)
    _check_work(run)


def _require(good: NDArray[np.bool_], what: str, label: str, *columns: tuple[str, NDArray[Any]]) -> None:
    """Raise naming the first index where ``good`` fails, with the values of ``columns`` there."""
    bad = np.flatnonzero(~good)
    if bad.size:
        i = int(bad[0])
        values = ", ".join(f"{name} {column[i]:g}" for name, column in columns)
        raise InvariantBroken(f"{label} {i}: {what} ({values})")


def _check_requests(run: Run) -> None:
    ran = run.start >= 0
    placed = (run.worker >= 0) & (run.worker < run.system.workers)
    _require(
        ran == placed, "has a start without a worker or a worker without a start", "request",
        ("start", run.start), ("worker", run.worker),
    )  # fmt: skip
    _require(run.start < run.steps, "starts after the last step", "request", ("start", run.start))
    stay = run.finish - run.start
    left = run.finish >= 0
    _require(
        ~left | (ran & (stay == run.workload.lengths)), "did not stay for exactly its length", "request",
        ("start", run.start), ("finish", run.finish), ("length", run.workload.lengths),
    )  # fmt: skip
    overdue = ran & ~left & (run.start + run.workload.lengths <= run.steps)
    _require(~overdue, "should have left before the end", "request", ("start", run.start))
    waited = np.where(run.shown < 0, 0, np.where(ran, run.start, run.steps) - run.shown)
    _require(run.wait == waited, "has a wrong waiting time", "request", ("wait", run.wait))


def _check_counts(run: Run) -> None:
    active = np.zeros(run.steps)
    for g in range(run.system.workers):
        held = held_by_step(run, g)
        _require(
            held <= run.system.slots, f"worker {g} holds more requests than slots", "step", ("held", held)
        )
        active += held
    _require(active == run.active, "wrong number of active requests", "step", ("recorded", run.active),
             ("recomputed", active))  # fmt: skip
    admitted = np.bincount(run.start[run.start >= 0], minlength=run.steps)
    _require(admitted == run.admitted, "wrong number of admissions", "step", ("recorded", run.admitted),
             ("recomputed", admitted))  # fmt: skip


def _check_pool(run: Run) -> None:
    """Replay the waiting pool: who was shown, who was taken, and that no slot stayed free needlessly."""
    free = run.system.capacity - (run.active - run.admitted)
    limit = run.workload.requests if run.pool_limit is None else run.pool_limit
    left = np.zeros(0, dtype=np.int64)
    unseen = 0
    shown_at = np.full(run.workload.requests, -1, dtype=np.int64)
    for k in range(run.steps):
        shown = min(int(free[k]) + run.window, limit, run.workload.requests - unseen + len(left))
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
    _require(run.shown == shown_at, "entered the pool in another step", "request", ("shown", run.shown))


def _check_clock(run: Run) -> None:
    system = run.system
    duration = (
        system.step_overhead_s
        + system.seconds_per_token * run.max_load
        + system.mean_load_s * run.total_load / system.workers
    )
    same = np.isclose(duration, run.duration_s, rtol=1e-12, atol=0)
    _require(same, "wrong duration", "step", ("recorded", run.duration_s), ("recomputed", duration))


def _check_gaps(run: Run) -> None:
    what = "a gap is >= 0, or NaN where nothing is proven, and 0 where nothing was decided"
    possible = np.where(run.admitted == 0, run.gap == 0, np.isnan(run.gap) | (run.gap >= 0))
    _require(possible, what, "step", ("recorded", run.gap), ("admitted", run.admitted))


def _check_work(run: Run) -> None:
    """Check loads, durations, and each energy against the interval that the room of the loads leaves it."""
    top, total, room = (np.zeros(run.steps) for _ in range(3))
    least = np.full(run.steps, run.system.power.idle_w * run.system.workers)
    most = least.copy()
    for g, (loads, own_room) in enumerate(loads_by_worker(run)):
        recorded = run.loads[:, g]
        some = slice(len(recorded))
        same = np.abs(loads[some] - recorded) <= own_room[some]
        _require(same, f"wrong load of worker {g}", "step", ("recorded", recorded), ("recomputed", loads))
        top, total, room = np.maximum(top, loads), total + loads, room + own_room
        least += _swing_w(run, loads - own_room)
        most += _swing_w(run, loads + own_room)
    for name, mine, theirs in (("largest load", top, run.max_load), ("total load", total, run.total_load)):
        same = np.abs(mine - theirs) <= room
        _require(same, f"wrong {name}", "step", ("recorded", theirs), ("recomputed", mine))
    _check_clock(run)
    least, most = least * run.duration_s * (1 - ROUNDING), most * run.duration_s * (1 + ROUNDING)
    inside = (run.energy_j >= least) & (run.energy_j <= most)
    _require(inside, "wrong energy", "step", ("recorded", run.energy_j), ("least", least), ("most", most))


def _swing_w(run: Run, loads: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by how much one worker's power exceeds idling, (K,) watts."""
    power, top = run.system.power, run.max_load
    used = np.clip(loads, 0.0, top) / np.where(top > 0, top, 1.0)
    return np.asarray((power.busy_w - power.idle_w) * used**power.exponent, dtype=np.float64)
