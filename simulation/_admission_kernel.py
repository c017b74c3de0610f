"""How a step begins, who waits and who is admitted: what both compiled engines share.

Imports numba and this room's kernels; the arrays are described in `simulation._state`.
"""

from __future__ import annotations

import math

import numba

from simulation._refills_kernel import predict
from simulation._state import ARRIVED, HEAD, HUNGRY, OVER, READY, TURN, UNSEEN
from simulation.policies._kernels import BALANCE, BRH, balance, choose, least_overflow
from simulation.policies._report_kernel import by_report, report_all

__all__ = ["bind", "decide", "measure", "note_waiting", "open_step", "show", "take_chosen", "take_queued"]


@numba.njit(cache=True)
def open_step(more, cursor, clock, rule, floor, requests, queues):  # type: ignore[no-untyped-def]
    """Let everyone arrive who has arrived by now; where nothing runs or waits, now is the next arrival.

    Returns `READY`, `OVER` where nothing is left to do, or `HUNGRY` where ``more`` requests can be handed in
    and are needed to know who is here.
    """
    known = requests.sizes.size
    idle = floor.free_total[0] == floor.slot_stack.size and cursor[HEAD] == cursor[ARRIVED]
    for g in range(queues.number.size):
        idle = idle and queues.number[g] == 0
    if requests.arrival_s.size > 0:
        arrived = cursor[ARRIVED]
        if idle and arrived < known:
            clock[0] = max(clock[0], requests.arrival_s[arrived])
        while arrived < known and requests.arrival_s[arrived] <= clock[0]:
            arrived += 1
        cursor[ARRIVED] = arrived
        if more and arrived == known:
            return HUNGRY
    else:
        cursor[ARRIVED] = known
        if more and known - cursor[HEAD] < floor.free_total[0] + rule.window:
            return HUNGRY
    return OVER if idle and cursor[HEAD] == cursor[ARRIVED] else READY


@numba.njit(cache=True)
def show(k, cursor, rule, floor, requests):  # type: ignore[no-untyped-def]
    """Return how many waiting requests the policy sees, and note when each came into sight."""
    n = min(cursor[ARRIVED] - cursor[HEAD], floor.free_total[0] + rule.window)
    if rule.pool_limit >= 0:
        n = min(n, rule.pool_limit)
    while cursor[UNSEEN] < cursor[HEAD] + n:  # beyond what was ever shown the order is the order of arrival
        requests.shown[cursor[UNSEEN]] = k
        cursor[UNSEEN] += 1
    return n


@numba.njit(cache=True)
def bind(k, cursor, clock, rule, floor, requests, queues, scratch, rng):  # type: ignore[no-untyped-def]
    """Send everyone who arrived to a worker's queue, as many at a time as the work arrays hold."""
    report_all(clock[0], cursor[HEAD] < cursor[ARRIVED], rule, floor, queues)
    while cursor[HEAD] < cursor[ARRIVED]:
        head = cursor[HEAD]
        n = min(cursor[ARRIVED] - head, scratch.choice.size)
        for i in range(n):
            scratch.sizes[i] = requests.sizes[head + i]
        for g in range(floor.loads.size):
            scratch.loads[g] = floor.loads[g] + queues.load[g]
            scratch.active[g] = floor.active[g] + queues.number[g]
            scratch.free[g] = n + 1  # a queue has room for everyone
        if rule.kernel > BRH:
            cursor[TURN] = by_report(
                rule.kernel, cursor[TURN], scratch.sizes, n, queues.report, scratch.choice
            )
        else:
            cursor[TURN] = choose(
                rule.kernel, cursor[TURN], scratch.loads, scratch.active, scratch.free, scratch.sizes, n, n,
                rng, scratch.found, scratch.choice,
            )  # fmt: skip
        for i in range(n):
            r, g = head + i, scratch.choice[i]
            requests.worker[r] = g
            requests.shown[r] = k
            if queues.number[g] == 0:
                queues.first[g] = r
            else:
                requests.behind[queues.last[g]] = r
            queues.last[g] = r
            queues.number[g] += 1
            queues.load[g] += requests.sizes[r]
        cursor[HEAD] += n


@numba.njit(cache=True)
def take_queued(floor, requests, queues, scratch):  # type: ignore[no-untyped-def]
    """Take from each worker's queue what it has slots for; return how many, in ``scratch.entrants``."""
    number = 0
    for g in range(queues.number.size):
        while floor.free[g] > 0 and queues.number[g] > 0:
            r = queues.first[g]
            queues.first[g] = requests.behind[r]
            queues.number[g] -= 1
            queues.load[g] = queues.load[g] - requests.sizes[r] if queues.number[g] > 0 else 0.0
            floor.free[g] -= 1
            scratch.entrants[number] = r
            number += 1
    scratch.entrants[:number].sort()  # they enter in the order of arrival, as from a pool
    for i in range(number):
        scratch.onto[i] = requests.worker[scratch.entrants[i]]
    return number


@numba.njit(cache=True)
def take_chosen(n, admissions, cursor, floor, requests, scratch):  # type: ignore[no-untyped-def]
    """Take those chosen among the ``n`` shown, in ``scratch.entrants``; those left keep their order.

    False if the choice overfills a worker or does not place ``admissions``.
    """
    head, order, free, choice = cursor[HEAD], requests.order, floor.free, scratch.choice
    placed = 0
    for i in range(n):
        g = choice[i]
        if g < 0:
            continue
        if g >= free.size or free[g] == 0 or placed == admissions:
            return False
        free[g] -= 1
        scratch.entrants[placed] = order[head + i]
        scratch.onto[placed] = g
        placed += 1
    # those left waiting move to the right end of what was shown; the order then starts after the gap
    write = head + n - 1
    for i in range(n - 1, -1, -1):
        if choice[i] < 0:
            order[write] = order[head + i]
            write -= 1
    cursor[HEAD] = write + 1
    return placed == admissions


@numba.njit(cache=True)
def _overdue(k, head, n, admissions, rule, requests, required):  # type: ignore[no-untyped-def]
    """Mark the requests that waited too long, the oldest where there are too many; return how many."""
    overdue = 0
    if rule.max_wait >= 0:
        for i in range(n):
            late = k - requests.shown[requests.order[head + i]] >= rule.max_wait
            required[i] = late and overdue < admissions
            overdue += required[i]
    return overdue


@numba.njit(cache=True)
def decide(k, n, admissions, cursor, rule, floor, requests, scratch, rng):  # type: ignore[no-untyped-def]
    """Fill ``scratch.choice[:n]`` and return the proven gap; the departures expected are in ``scratch``."""
    head = cursor[HEAD]
    for i in range(n):
        scratch.sizes[i] = requests.sizes[requests.order[head + i]]
    scratch.free[:] = floor.free
    if rule.kernel < BALANCE:
        scratch.loads[:] = floor.loads
        scratch.active[:] = floor.active
        cursor[TURN] = choose(
            rule.kernel, cursor[TURN], scratch.loads, scratch.active, scratch.free, scratch.sizes, n,
            admissions, rng, scratch.found, scratch.choice,
        )  # fmt: skip
        return math.nan
    predict(
        floor.loads, floor.active, floor.free, scratch.ahead, scratch.sizes[:n], rule.refill, scratch.gone,
        scratch.lost, scratch.regrown, scratch.added, scratch.rest, scratch.column, scratch.predicted,
    )  # fmt: skip
    if rule.kernel == BRH:
        least_overflow(
            scratch.predicted, scratch.free, scratch.sizes, scratch.ahead, scratch.weights, n, admissions,
            scratch.choice,
        )  # fmt: skip
        return math.nan
    overdue = _overdue(k, head, n, admissions, rule, requests, scratch.required)
    return balance(
        scratch.predicted, scratch.free, scratch.sizes[:n], scratch.ahead, scratch.weights,
        scratch.required[: n if overdue > 0 else 0], rule.objective, rule.trials, scratch.solver,
        scratch.choice[:n],
    )  # fmt: skip


@numba.njit(cache=True)
def note_waiting(k, row, cursor, requests, queues, steps):  # type: ignore[no-untyped-def]
    """Record how many wait after the admissions, and for how long the oldest of them has been in sight."""
    steps.waiting[row] = cursor[ARRIVED] - cursor[HEAD]
    since = k
    if cursor[HEAD] < cursor[ARRIVED] and requests.shown[requests.order[cursor[HEAD]]] >= 0:
        since = requests.shown[requests.order[cursor[HEAD]]]
    for g in range(queues.number.size):
        if queues.number[g] > 0:
            steps.waiting[row] += queues.number[g]
            since = min(since, requests.shown[queues.first[g]])
    steps.oldest[row] = k - since


@numba.njit(cache=True)
def measure(row, clock, pace, floor, steps):  # type: ignore[no-untyped-def]
    """Record loads, power and duration, and let the step pass on the clock."""
    loads = floor.loads
    top = 0.0
    total = 0.0
    held = 0
    for g in range(loads.size):
        top = max(top, loads[g])
        total += loads[g]
        held += floor.active[g]
    swing, exponent = pace.swing_w, pace.exponent
    watts = pace.idle_w * loads.size
    if top > 0:
        for g in range(loads.size):
            watts += swing * (loads[g] / top) ** exponent
    steps.max_load[row] = top
    steps.total_load[row] = total
    steps.active[row] = held
    steps.power_w[row] = watts
    if row < steps.loads.shape[0]:
        steps.loads[row, :] = loads
    steps.time_s[row] = clock[0]
    duration = pace.overhead_s + pace.seconds_per_token * top + pace.mean_load_s * (total / loads.size)
    steps.duration_s[row] = duration
    clock[0] += duration
