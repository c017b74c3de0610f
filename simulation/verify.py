"""`verify`: everything about a `Run` recomputed from who ran where and when.

Independent of the engines on purpose: it knows nothing of any policy, its loads come from
`simulation.recompute`, and time and those who wait from `simulation.verify_waiting`. May import contracts,
numpy and this room's records.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from simulation.recompute import held_by_step, loads_by_worker
from simulation.run import Run
from simulation.settings import BINDINGS
from simulation.verify_waiting import check_clock, check_pool, check_queues, check_waiting, require

__all__ = ["verify"]

#: Relative room for a product or a power of recomputed numbers.
ROUNDING = 1e-12


def verify(run: Run) -> None:
    """Recompute a run from its per-request records and compare every step.

    Checks conservation (each request runs at most once, on one worker, for exactly its length), capacity,
    loads, imbalance, step durations, energy, and that gaps are what gaps can be; that each step begins when
    the one before it ends or, where nothing runs and nobody waits, at the next arrival; that nobody starts
    before he arrives; how many wait, for how long, and how long each waited. Of a pool: that as many requests
    were admitted as slots and those shown allowed, and only requests that were shown. Of workers' own queues:
    that everyone is bound in the step in which he arrives, is served first come, first served, and that no
    slot stays free while its queue holds someone.

    Loads of whole numbers must be exact; others may differ by rounding. The increments of the drift process
    are asked for again, so it must be a function of its arguments and its ``rng``.

    Raises
    ------
    InvariantBroken
        Naming the first step or request that contradicts the records.
    TypeError, ValueError
        If ``run`` is not a `Run`, or has a binding that does not exist.
    """
    checks.instance("run", run, Run, "a Run")
    checks.choice("run.binding", run.binding, BINDINGS)
    _check_requests(run)
    _check_counts(run)
    _check_gaps(run)
    _check_work(run)
    check_clock(run)
    if run.binding == "immediate":
        check_queues(run)
    else:
        check_pool(run)
    check_waiting(run)


def _check_requests(run: Run) -> None:
    for name in ("start", "finish", "worker", "shown"):
        values = getattr(run, name)
        require(values >= -1, f"{name} is -1 where it did not happen, else >= 0", "request", (name, values))
    ran = run.start >= 0
    placed = (run.worker >= 0) & (run.worker < run.system.workers)
    columns = (("start", run.start), ("worker", run.worker))
    if run.binding == "immediate":
        require(~ran | placed, "has a start without a worker", "request", *columns)
        require(
            (run.shown >= 0) == placed, "is bound without a worker or has a worker without being bound",
            "request", ("shown", run.shown), ("worker", run.worker),
        )  # fmt: skip
    else:
        what = "has a start without a worker or a worker without a start"
        require(ran == placed, what, "request", *columns)
    require(run.start < run.steps, "starts after the last step", "request", ("start", run.start))
    stay = run.finish - run.start
    left = run.finish >= 0
    require(
        ~left | (ran & (stay == run.workload.lengths)), "did not stay for exactly its length", "request",
        ("start", run.start), ("finish", run.finish), ("length", run.workload.lengths),
    )  # fmt: skip
    overdue = ran & ~left & (run.start + run.workload.lengths <= run.steps)
    require(~overdue, "should have left before the end", "request", ("start", run.start))
    require(run.finish <= run.steps, "leaves after the end", "request", ("finish", run.finish))


def _check_counts(run: Run) -> None:
    active = np.zeros(run.steps)
    for g in range(run.system.workers):
        held = held_by_step(run, g)
        require(
            held <= run.system.slots, f"worker {g} holds more requests than slots", "step", ("held", held)
        )
        active += held
    require(active == run.active, "wrong number of active requests", "step", ("recorded", run.active),
            ("recomputed", active))  # fmt: skip
    require(active > 0, "nothing runs, and time only passes where something does", "step", ("active", active))
    admitted = np.bincount(run.start[run.start >= 0], minlength=run.steps)
    require(admitted == run.admitted, "wrong number of admissions", "step", ("recorded", run.admitted),
            ("recomputed", admitted))  # fmt: skip


def _check_gaps(run: Run) -> None:
    what = "a gap is >= 0, or NaN where nothing is proven, and 0 where nothing was decided"
    proven = (run.gap >= 0) & (run.binding != "immediate")
    possible = np.where(run.admitted == 0, run.gap == 0, np.isnan(run.gap) | proven)
    require(possible, what, "step", ("recorded", run.gap), ("admitted", run.admitted))


def _check_work(run: Run) -> None:
    """Check loads, durations, and each energy against the interval that the room of the loads leaves it."""
    top, total, room = (np.zeros(run.steps) for _ in range(3))
    least = np.full(run.steps, run.system.power.idle_w * run.system.workers)
    most = least.copy()
    for g, (loads, own_room) in enumerate(loads_by_worker(run)):
        recorded = run.loads[:, g]
        some = slice(len(recorded))
        same = np.abs(loads[some] - recorded) <= own_room[some]
        require(same, f"wrong load of worker {g}", "step", ("recorded", recorded), ("recomputed", loads))
        top, total, room = np.maximum(top, loads), total + loads, room + own_room
        least += _swing_w(run, loads - own_room)
        most += _swing_w(run, loads + own_room)
    for name, mine, theirs in (("largest load", top, run.max_load), ("total load", total, run.total_load)):
        same = np.abs(mine - theirs) <= room
        require(same, f"wrong {name}", "step", ("recorded", theirs), ("recomputed", mine))
    _check_durations(run)
    least, most = least * run.duration_s * (1 - ROUNDING), most * run.duration_s * (1 + ROUNDING)
    inside = (run.energy_j >= least) & (run.energy_j <= most)
    require(inside, "wrong energy", "step", ("recorded", run.energy_j), ("least", least), ("most", most))


def _check_durations(run: Run) -> None:
    system = run.system
    duration = (
        system.step_overhead_s
        + system.seconds_per_token * run.max_load
        + system.mean_load_s * run.total_load / system.workers
    )
    same = np.isclose(duration, run.duration_s, rtol=ROUNDING, atol=0)
    require(same, "wrong duration", "step", ("recorded", run.duration_s), ("recomputed", duration))


def _swing_w(run: Run, loads: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by how much one worker's power exceeds idling, (K,) watts."""
    power, top = run.system.power, run.max_load
    used = np.clip(loads, 0.0, top) / np.where(top > 0, top, 1.0)
    return np.asarray((power.busy_w - power.idle_w) * used**power.exponent, dtype=np.float64)
