"""`verify`: everything about a `Run` recomputed from who ran where and when.

Independent of the engines on purpose: it uses interval sums over requests, not events, and knows nothing of
any policy. May import contracts, numpy, drift_processes and `simulation.run`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import InvariantBroken, stream
from simulation.run import Run

__all__ = ["verify"]

#: Relative room for sums of workloads that are not whole numbers, which depend on the order of summation.
ROUNDING = 1e-9


def verify(run: Run) -> None:
    """Recompute a run from its per-request records and compare every step.

    Checks conservation (each request runs at most once, on one worker, for exactly its length), capacity,
    that as many requests were admitted as slots and the shown pool allowed and only requests that were shown,
    loads, imbalance, step durations and energy. Under a drift that differs between requests the loads are
    bounded by its ``increment_range`` instead of recomputed.

    Raises
    ------
    InvariantBroken
        Naming the first step or request that contradicts the records.
    """
    _check_requests(run)
    _check_counts(run)
    _check_pool(run)
    if not run.workload.drift.is_common:
        _check_load_range(run)
        _check_clock(run)
        return
    growth = _cumulative_growth(run)
    _check_loads(run, growth)
    _check_clock(run)
    _check_energy(run, growth)


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


def _steps_of(
    run: Run, g: int | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the requests (on worker g), and the first and one past the last step of each."""
    ids = np.flatnonzero(run.start >= 0 if g is None else run.worker == g)
    first = run.start[ids]
    return ids, first, np.minimum(first + run.workload.lengths[ids], run.steps)


def _interval_sum(
    steps: int, first: NDArray[np.int64], last: NDArray[np.int64], weight: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return Σ over requests of weight·1[first <= k < last] for every step k."""
    opens = np.bincount(first, weights=weight, minlength=steps + 1)
    closes = np.bincount(last, weights=weight, minlength=steps + 1)
    return np.asarray(np.cumsum(opens - closes)[:steps], dtype=np.float64)


def _check_counts(run: Run) -> None:
    active = np.zeros(run.steps)
    for g in range(run.system.workers):
        _ids, first, last = _steps_of(run, g)
        held = _interval_sum(run.steps, first, last)
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


def _cumulative_growth(run: Run) -> NDArray[np.float64]:
    """Growth of a request active since step 0, at steps 0..K-1."""
    drift = run.workload.drift
    rng = stream(run.seed or 0, "drift")
    none, ages = np.zeros(0), np.zeros(0, dtype=np.int64)
    steps = [
        float(np.asarray(drift.increments(step=k, age=ages, size=none, load=none, rng=rng)))
        for k in range(run.steps - 1)
    ]
    return np.concatenate([[0.0], np.cumsum(steps)])


def _worker_loads(run: Run, g: int, growth: NDArray[np.float64]) -> NDArray[np.float64]:
    ids, first, last = _steps_of(run, g)
    held = _interval_sum(run.steps, first, last)
    base = _interval_sum(run.steps, first, last, run.workload.sizes[ids] - growth[first])
    return base + held * growth


def _check_loads(run: Run, growth: NDArray[np.float64]) -> None:
    workers = range(run.system.workers)
    top, total = np.zeros(run.steps), np.zeros(run.steps)
    for g in workers:
        loads = _worker_loads(run, g, growth)
        recorded = run.loads[:, g]
        same = _close(loads[: len(recorded)], recorded, growth)
        _require(same, f"wrong load of worker {g}", "step", ("recorded", recorded), ("recomputed", loads))
        top, total = np.maximum(top, loads), total + loads
    for name, mine, theirs in (("largest load", top, run.max_load), ("total load", total, run.total_load)):
        same = _close(mine, theirs, growth)
        _require(same, f"wrong {name}", "step", ("recorded", theirs), ("recomputed", mine))


def _check_energy(run: Run, growth: NDArray[np.float64]) -> None:
    power = run.system.power
    watts = np.full(run.steps, power.idle_w * run.system.workers)
    used = np.where(run.max_load > 0, run.max_load, 1.0)
    for g in range(run.system.workers):
        share = np.maximum(_worker_loads(run, g, growth), 0.0) / used
        watts += (power.busy_w - power.idle_w) * share**power.exponent
    energy = watts * run.duration_s
    same = np.isclose(energy, run.energy_j, rtol=1e-6)
    _require(same, "wrong energy", "step", ("recorded", run.energy_j), ("recomputed", energy))


def _close(mine: NDArray[np.float64], theirs: NDArray[np.float64], growth: NDArray[np.float64]) -> Any:
    # whole numbers are exact; otherwise the difference of two large running sums leaves rounding
    return np.abs(mine - theirs) <= ROUNDING * (np.abs(theirs) + growth[-1])


def _check_load_range(run: Run) -> None:
    low_step, high_step = run.workload.drift.increment_range
    steps = np.arange(run.steps, dtype=np.float64)
    low_top, high_top = np.zeros(run.steps), np.zeros(run.steps)
    for g in range(run.system.workers):
        low_top = np.maximum(low_top, _worker_loads(run, g, low_step * steps))
        high_top = np.maximum(high_top, _worker_loads(run, g, high_step * steps))
    room = ROUNDING * (high_top + 1)
    inside = (run.max_load >= low_top - room) & (run.max_load <= high_top + room)
    _require(inside, "largest load outside what the drift's increment_range allows", "step",
             ("recorded", run.max_load), ("lowest", low_top), ("highest", high_top))  # fmt: skip
