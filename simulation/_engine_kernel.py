"""The compiled engine: a block of steps in which every event costs O(1) and a step O(G + events).

The readable twin is `simulation.reference`; tests hold the two to each other, bit for bit on integral
workloads. What makes it fast: loads are kept incrementally, growth is common so that one running sum serves
all requests, and requests wait for their end in a calendar (a ring of linked lists, one list per future
step). Imports numba and this room's kernels; the arrays are described in `simulation._state`.
"""

from __future__ import annotations

import math

import numba

from simulation._ages_kernel import age_leave, age_move, age_start, hazard_departures
from simulation._departures_kernel import foresee, foreseen_departures, open_window
from simulation._refills_kernel import predict
from simulation._state import BELIEFS, HAZARD
from simulation.policies._kernels import BALANCE, balance, choose

__all__ = ["run_block"]


@numba.njit(cache=True)
def _shown(waiting, free_total, rule):  # type: ignore[no-untyped-def]
    n = min(waiting, free_total + rule.window)
    return n if rule.pool_limit < 0 else min(n, rule.pool_limit)


@numba.njit(cache=True)
def _add(total, rest, at, value):  # type: ignore[no-untyped-def]
    """Add to a sum kept in two parts, by Knuth's exact two-sum: what is taken away again leaves no trace."""
    old = total[at]
    raw = old + value
    back = raw - old
    low = rest[at] + ((old - (raw - back)) + (value - back))
    total[at] = raw + low
    rest[at] = low - (total[at] - raw)


@numba.njit(cache=True)
def _admit(  # type: ignore[no-untyped-def]
    k, head, n, admissions, growth, rule, floor, requests, calendar, window, ages, choice
):  # fmt: skip
    """Put the chosen requests into slots, and close the gaps they leave in the arrival order.

    Returns the new head of that order; -1 if the choice overfills a worker or does not place ``admissions``.
    """
    order, placed = requests.order, 0
    for i in range(n):
        g = choice[i]
        if g < 0:
            continue
        placed += 1
        if g >= floor.free.size or floor.free[g] == 0 or placed > admissions:
            return -1
        r = order[head + i]
        _add(floor.loads, floor.rest, g, requests.sizes[r])
        floor.active[g] += 1
        floor.free[g] -= 1
        requests.start[r] = k
        requests.worker[r] = g
        floor.free_total[0] -= 1
        slot = floor.slot_stack[floor.free_total[0]]
        calendar.request[slot] = r
        calendar.growth[slot, :] = growth
        # a length beyond the ring ends after the last step: it needs no place in the calendar
        if requests.lengths[r] < calendar.ring.size:
            due = (k + requests.lengths[r]) % calendar.ring.size
            calendar.chain[slot] = calendar.ring[due]
            calendar.ring[due] = slot
        if rule.foresight == BELIEFS:
            foresee(k, slot, requests.believed[r], g, requests.sizes[r] - growth[0], window)
        elif rule.foresight == HAZARD:
            age_start(k, slot, g, requests.sizes[r] - growth[0], ages)
    # those left waiting move to the right end of the window, in order; the window then starts after the gap
    write = head + n - 1
    for i in range(n - 1, -1, -1):
        if choice[i] < 0:
            order[write] = order[head + i]
            write -= 1
    return write + 1 if placed == admissions else -1


@numba.njit(cache=True)
def _measure(row, floor, power, steps):  # type: ignore[no-untyped-def]
    loads = floor.loads
    top = 0.0
    total = 0.0
    held = 0
    for g in range(loads.size):
        top = max(top, loads[g])
        total += loads[g]
        held += floor.active[g]
    idle, swing, exponent = power
    watts = idle * loads.size
    if top > 0:
        for g in range(loads.size):
            watts += swing * (loads[g] / top) ** exponent
    steps.max_load[row] = top
    steps.total_load[row] = total
    steps.active[row] = held
    steps.power_w[row] = watts
    if row < steps.loads.shape[0]:
        steps.loads[row, :] = loads


@numba.njit(cache=True)
def _complete(k, growth, rule, floor, requests, calendar, ages):  # type: ignore[no-untyped-def]
    """Take out the requests whose last step was k - 1."""
    due = k % calendar.ring.size
    slot = calendar.ring[due]
    calendar.ring[due] = -1
    while slot >= 0:
        r = calendar.request[slot]
        g = requests.worker[r]
        _add(floor.loads, floor.rest, g, -requests.sizes[r])
        for part in range(2):
            _add(floor.loads, floor.rest, g, calendar.growth[slot, part] - growth[part])
        floor.active[g] -= 1
        floor.free[g] += 1
        if floor.active[g] == 0 or floor.loads[g] < 0:  # rounding, where workloads are not whole numbers
            floor.loads[g] = floor.rest[g] = 0.0
        if rule.foresight == HAZARD:
            age_leave(slot, ages)
        floor.slot_stack[floor.free_total[0]] = slot
        floor.free_total[0] += 1
        slot = calendar.chain[slot]


@numba.njit(cache=True)
def _foresee_loads(k, n, growth, rule, floor, window, ages, scratch):  # type: ignore[no-untyped-def]
    """Fill ``scratch.predicted``."""
    gone, lost, regrown = scratch.gone, scratch.lost, scratch.regrown
    if rule.foresight == BELIEFS:
        foreseen_departures(k, growth, scratch.ahead, window, gone, lost, regrown)
    elif rule.foresight == HAZARD:
        hazard_departures(growth, scratch.ahead, ages, gone, lost, regrown)
    predict(
        floor.loads, floor.active, floor.free, scratch.ahead, scratch.sizes[:n], rule.refill, gone, lost,
        regrown, scratch.added, scratch.rest, scratch.column, scratch.predicted,
    )  # fmt: skip


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
def _decide(  # type: ignore[no-untyped-def]
    k, head, n, admissions, growth, turn, rule, floor, requests, window, ages, scratch, rng
):  # fmt: skip
    """Fill ``scratch.choice[:n]``; return whose turn is next and the proven gap of the decision."""
    for i in range(n):
        scratch.sizes[i] = requests.sizes[requests.order[head + i]]
    scratch.free[:] = floor.free
    if rule.kernel != BALANCE:
        scratch.loads[:] = floor.loads
        scratch.active[:] = floor.active
        turn = choose(
            rule.kernel, turn, scratch.loads, scratch.active, scratch.free, scratch.sizes, n, admissions, rng,
            scratch.found, scratch.choice,
        )  # fmt: skip
        return turn, math.nan
    _foresee_loads(k, n, growth[0], rule, floor, window, ages, scratch)
    overdue = _overdue(k, head, n, admissions, rule, requests, scratch.required)
    gap = balance(
        scratch.predicted, scratch.free, scratch.sizes[:n], scratch.ahead, scratch.weights,
        scratch.required[: n if overdue > 0 else 0], rule.objective, rule.trials, scratch.solver,
        scratch.choice[:n],
    )  # fmt: skip
    return turn, gap


@numba.njit(cache=True)
def run_block(  # type: ignore[no-untyped-def]
    k0, k1, arrived, cursor, growth, increments, rule, power, floor, requests, calendar, window, ages,
    scratch, steps, rng,
):  # fmt: skip
    """Simulate steps k0..k1-1; stops early when nothing waits and nothing runs. Row 0 of the records is k0.

    Returns the step reached, and whether the kernels kept the rules of a step until there. Updated in place:
    every array, among them ``cursor`` = [head of the waiting order, whose turn, first request never shown],
    and ``growth``, the running growth and what rounding took from it.
    """
    capacity = floor.slot_stack.size
    for k in range(k0, k1):
        head = cursor[0]
        if head == arrived and floor.free_total[0] == capacity:
            return k, True
        n = _shown(arrived - head, floor.free_total[0], rule)
        while cursor[2] < head + n:  # beyond what was ever shown the order is the order of arrival
            requests.shown[cursor[2]] = k
            cursor[2] += 1
        if rule.foresight == BELIEFS:
            open_window(k, window)
        elif rule.foresight == HAZARD:
            age_move(k, ages)
        admissions = min(n, floor.free_total[0])
        steps.admitted[k - k0] = admissions
        if admissions > 0:
            cursor[1], steps.gap[k - k0] = _decide(
                k, head, n, admissions, growth, cursor[1], rule, floor, requests, window, ages, scratch, rng
            )
            choice = scratch.choice
            cursor[0] = _admit(
                k, head, n, admissions, growth, rule, floor, requests, calendar, window, ages, choice
            )
            if cursor[0] < 0:
                return k, False
        _measure(k - k0, floor, power, steps)
        if rule.foresight == HAZARD:
            ages.exposure[:] += ages.total
        for g in range(floor.loads.size):
            _add(floor.loads, floor.rest, g, floor.active[g] * increments[k - k0])
        _add(growth[:1], growth[1:], 0, increments[k - k0])
        _complete(k + 1, growth, rule, floor, requests, calendar, ages)
    return k1, True
