"""The compiled engine: a block of steps in which every event costs O(1) and a step O(G + events).

The readable twin is `simulation.reference`; tests hold the two to each other, bit for bit on integral
workloads. What makes it fast: loads are kept incrementally, growth is common so that one running sum serves
all requests, and requests wait for their end in a calendar (a ring of linked lists, one list per future
step). Imports numba and this room's kernels; the arrays are described in `simulation._state`.
"""

from __future__ import annotations

import math

import numba

from simulation._lookahead_kernel import foresee, open_window, predict
from simulation.policies._kernels import BALANCE, balance, choose

__all__ = ["run_block"]


@numba.njit(cache=True)
def _shown(waiting, free_total, rule):  # type: ignore[no-untyped-def]
    n = min(waiting, free_total + rule.window)
    return n if rule.pool_limit < 0 else min(n, rule.pool_limit)


@numba.njit(cache=True)
def _admit(k, head, n, growth, floor, requests, calendar, window, choice):  # type: ignore[no-untyped-def]
    """Put the chosen requests into slots, and close the gaps they leave in the arrival order."""
    order = requests.order
    foreseen = requests.believed.size > 0
    for i in range(n):
        g = choice[i]
        if g < 0:
            continue
        r = order[head + i]
        floor.loads[g] += requests.sizes[r]
        floor.active[g] += 1
        floor.free[g] -= 1
        requests.start[r] = k
        requests.worker[r] = g
        floor.free_total[0] -= 1
        slot = floor.slot_stack[floor.free_total[0]]
        calendar.request[slot] = r
        calendar.growth[slot] = growth
        # a length beyond the ring ends after the last step: it needs no place in the calendar
        if requests.lengths[r] < calendar.ring.size:
            due = (k + requests.lengths[r]) % calendar.ring.size
            calendar.chain[slot] = calendar.ring[due]
            calendar.ring[due] = slot
        if foreseen:
            foresee(k, slot, requests.believed[r], g, requests.sizes[r] - growth, window)
    # those left waiting move to the right end of the window, in order; the window then starts after the gap
    write = head + n - 1
    for i in range(n - 1, -1, -1):
        if choice[i] < 0:
            order[write] = order[head + i]
            write -= 1
    return write + 1


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
def _complete(k, growth, floor, requests, calendar):  # type: ignore[no-untyped-def]
    """Take out the requests whose last step was k - 1."""
    due = k % calendar.ring.size
    slot = calendar.ring[due]
    calendar.ring[due] = -1
    while slot >= 0:
        r = calendar.request[slot]
        g = requests.worker[r]
        floor.loads[g] -= requests.sizes[r] + (growth - calendar.growth[slot])
        floor.active[g] -= 1
        floor.free[g] += 1
        if floor.active[g] == 0:
            floor.loads[g] = 0.0  # no rounding left behind where workloads are not whole numbers
        floor.slot_stack[floor.free_total[0]] = slot
        floor.free_total[0] += 1
        slot = calendar.chain[slot]


@numba.njit(cache=True)
def _decide(k, head, n, admissions, growth, turn, rule, floor, requests, window, scratch, rng):  # type: ignore[no-untyped-def]
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
    refill = -1.0
    if rule.refill:
        total = 0.0
        for i in range(n):
            total += scratch.sizes[i]
        refill = (total / n + 0.5) // 1.0
    predict(k, floor.loads, floor.active, growth, scratch.ahead, refill, window, scratch.predicted)
    overdue = 0
    if rule.max_wait >= 0:
        for i in range(n):
            late = k - requests.shown[requests.order[head + i]] >= rule.max_wait
            scratch.required[i] = late and overdue < admissions
            overdue += scratch.required[i]
    gap = balance(
        scratch.predicted, scratch.free, scratch.sizes[:n], scratch.ahead,
        scratch.required[: n if overdue > 0 else 0], rule.objective, rule.trials, scratch.solver,
        scratch.choice[:n],
    )  # fmt: skip
    return turn, gap


@numba.njit(cache=True)
def run_block(  # type: ignore[no-untyped-def]
    k0, k1, arrived, cursor, growth, increments, rule, power, floor, requests, calendar, window, scratch,
    steps, rng,
):  # fmt: skip
    """Simulate steps k0..k1-1; stops early when nothing waits and nothing runs. Row 0 of the records is k0.

    Returns the step reached and the running growth. Updated in place: every array, among them ``cursor`` =
    [head of the waiting order, whose turn, first request never shown].
    """
    capacity = floor.slot_stack.size
    foreseen = requests.believed.size > 0
    for k in range(k0, k1):
        head = cursor[0]
        if head == arrived and floor.free_total[0] == capacity:
            return k, growth
        n = _shown(arrived - head, floor.free_total[0], rule)
        while cursor[2] < head + n:  # beyond what was ever shown the order is the order of arrival
            requests.shown[cursor[2]] = k
            cursor[2] += 1
        if foreseen:
            open_window(k, window)
        admissions = min(n, floor.free_total[0])
        steps.admitted[k - k0] = admissions
        if admissions > 0:
            cursor[1], steps.gap[k - k0] = _decide(
                k, head, n, admissions, growth, cursor[1], rule, floor, requests, window, scratch, rng
            )
            cursor[0] = _admit(k, head, n, growth, floor, requests, calendar, window, scratch.choice)
        _measure(k - k0, floor, power, steps)
        for g in range(floor.loads.size):
            floor.loads[g] += floor.active[g] * increments[k - k0]
        growth += increments[k - k0]
        _complete(k + 1, growth, floor, requests, calendar)
    return k1, growth
