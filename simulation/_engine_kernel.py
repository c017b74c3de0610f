"""The compiled engine: a block of steps in which every event costs O(1) and a step O(G + events).

The readable twin is `simulation.reference`; tests hold the two to each other, bit for bit on integral
workloads. What makes it fast: loads are kept incrementally, growth is common so that one running sum serves
all requests, and requests wait for their end in a calendar (a ring of linked lists, one list per future
step). Imports numba and this room's kernels; the arrays are described in `simulation._state`
and `simulation._ends_state`.
"""

from __future__ import annotations

import math

import numba

from simulation._admission_kernel import (
    bind,
    decide,
    measure,
    note_waiting,
    open_step,
    show,
    take_chosen,
    take_queued,
)
from simulation._ages_kernel import age_leave, age_move, age_start, hazard_departures
from simulation._departures_kernel import foresee, foreseen_departures, open_window
from simulation._state import BELIEFS, BROKEN, HAZARD, NOTHING, READY

__all__ = ["run_block"]


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
def _enter(k, number, growth, floor, requests, calendar, scratch):  # type: ignore[no-untyped-def]
    """Put the entrants into free slots of their workers, whose ``free`` has been counted down already."""
    # arrays as locals: taken from the tuples in the loop, each would be counted as held and dropped again
    loads, rest, active, stack, free_total = (
        floor.loads, floor.rest, floor.active, floor.slot_stack, floor.free_total,
    )  # fmt: skip
    sizes, lengths, start, worker = requests.sizes, requests.lengths, requests.start, requests.worker
    ring, chain, holder, since = calendar.ring, calendar.chain, calendar.request, calendar.growth
    entrants, onto = scratch.entrants, scratch.onto
    for i in range(number):
        r, g = entrants[i], onto[i]
        _add(loads, rest, g, sizes[r])
        active[g] += 1
        start[r] = k
        worker[r] = g
        free_total[0] -= 1
        slot = stack[free_total[0]]
        holder[slot] = r
        since[slot, 0] = growth[0]
        since[slot, 1] = growth[1]
        # a length beyond the ring ends after the last step: it needs no place in the calendar
        if lengths[r] < ring.size:
            due = (k + lengths[r]) % ring.size
            chain[slot] = ring[due]
            ring[due] = slot


@numba.njit(cache=True)
def _foresee_entrants(k, number, growth, rule, floor, requests, calendar, window, ages):  # type: ignore[no-untyped-def]
    """Enter those just admitted into what is known of completions: the last slots taken from the stack."""
    for i in range(number):
        slot = floor.slot_stack[floor.free_total[0] + i]
        r = calendar.request[slot]
        g, base = requests.worker[r], requests.sizes[r] - growth
        if rule.foresight == BELIEFS:
            foresee(k, slot, requests.believed[r], g, base, window)
        else:
            age_start(k, slot, g, base, ages)


@numba.njit(cache=True)
def _forget_completed(k, calendar, ages):  # type: ignore[no-untyped-def]
    """Take the requests whose last step was k - 1 out of the age classes."""
    slot = calendar.ring[k % calendar.ring.size]
    while slot >= 0:
        age_leave(slot, ages)
        slot = calendar.chain[slot]


@numba.njit(cache=True)
def _complete(k, growth, floor, requests, calendar):  # type: ignore[no-untyped-def]
    """Take out the requests whose last step was k - 1."""
    loads, rest, active, free, stack, free_total = (
        floor.loads, floor.rest, floor.active, floor.free, floor.slot_stack, floor.free_total,
    )  # fmt: skip
    sizes, worker = requests.sizes, requests.worker
    ring, chain, holder, since = calendar.ring, calendar.chain, calendar.request, calendar.growth
    due = k % ring.size
    slot = ring[due]
    ring[due] = -1
    while slot >= 0:
        r = holder[slot]
        g = worker[r]
        _add(loads, rest, g, -sizes[r])
        for part in range(2):
            _add(loads, rest, g, since[slot, part] - growth[part])
        active[g] -= 1
        free[g] += 1
        if active[g] == 0 or loads[g] < 0:  # rounding, where workloads are not whole numbers
            loads[g] = rest[g] = 0.0
        stack[free_total[0]] = slot
        free_total[0] += 1
        slot = chain[slot]


@numba.njit(cache=True)
def _grow(increment, floor):  # type: ignore[no-untyped-def]
    loads, rest, active = floor.loads, floor.rest, floor.active
    for g in range(loads.size):
        _add(loads, rest, g, active[g] * increment)


@numba.njit(cache=True)
def _expect(k, growth, rule, window, ages, scratch):  # type: ignore[no-untyped-def]
    """Fill the departures expected in the window; they stay 0 where nothing is known of them."""
    gone, lost, regrown = scratch.gone, scratch.lost, scratch.regrown
    if rule.foresight == BELIEFS:
        foreseen_departures(k, growth, scratch.ahead, window, gone, lost, regrown)
    elif rule.foresight == HAZARD:
        hazard_departures(growth, scratch.ahead, ages, gone, lost, regrown)


@numba.njit(cache=True)
def run_block(  # type: ignore[no-untyped-def]
    k0, k1, more, cursor, clock, growth, increments, rule, pace, floor, requests, queues, calendar, window,
    ages, scratch, steps, rng,
):  # fmt: skip
    """Simulate steps k0..k1-1 and record them, k0 in row 0; return the step reached and the status there.

    The status is `READY` at k1, else what `open_step` found, or `BROKEN` if a kernel broke a rule of a step.
    Updated in place: every array, among them ``cursor``, ``clock``, the present time, and ``growth``, the
    running growth and what rounding took from it.
    """
    for k in range(k0, k1):
        row = k - k0
        status = open_step(more, cursor, clock, rule, floor, requests, queues)
        if status != READY:
            return k, status
        if rule.foresight == BELIEFS:
            open_window(k, window)
        elif rule.foresight == HAZARD:
            age_move(k, ages)
        if rule.immediate:
            bind(k, cursor, clock, rule, floor, requests, queues, scratch, rng)
            admissions = take_queued(floor, requests, queues, scratch)
            steps.gap[row] = math.nan if admissions > 0 else 0.0
        else:
            n = show(k, cursor, rule, floor, requests)
            admissions = min(n, floor.free_total[0])
            if admissions > 0:
                _expect(k, growth[0], rule, window, ages, scratch)
                steps.gap[row] = decide(k, n, admissions, cursor, rule, floor, requests, scratch, rng)
                if not take_chosen(n, admissions, cursor, floor, requests, scratch):
                    return k, BROKEN
        _enter(k, admissions, growth, floor, requests, calendar, scratch)
        if rule.foresight != NOTHING:
            _foresee_entrants(k, admissions, growth[0], rule, floor, requests, calendar, window, ages)
        steps.admitted[row] = admissions
        note_waiting(k, row, cursor, requests, queues, steps)
        measure(row, clock, pace, floor, steps)
        if rule.foresight == HAZARD:
            ages.exposure[:] += ages.total
        _grow(increments[row], floor)
        _add(growth[:1], growth[1:], 0, increments[row])
        if rule.foresight == HAZARD:
            _forget_completed(k + 1, calendar, ages)
        _complete(k + 1, growth, floor, requests, calendar)
    return k1, READY
