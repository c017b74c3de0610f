"""Active requests by worker and age class, kept incrementally: O(log age) moves per request.

The readable twin is `simulation.departures.expected_departures`. Each slot is in at most one list, of those
that enter their next class in the same step, and leaves it when its request does. Imports numba only; the
arrays are described in `simulation._ends_state.Ages`.
"""

from __future__ import annotations

import numba

__all__ = ["age_leave", "age_move", "age_start", "hazard_departures"]


@numba.njit(cache=True)
def _schedule(k, slot, kind, ages):  # type: ignore[no-untyped-def]
    ages.due[slot] = -1
    if kind + 1 < ages.bounds.size:
        due = (k + ages.bounds[kind + 1] - ages.bounds[kind]) % ages.ring.size
        first = ages.ring[due]
        ages.due[slot] = due
        ages.next[slot] = first
        ages.last[slot] = -1
        if first >= 0:
            ages.last[first] = slot
        ages.ring[due] = slot


@numba.njit(cache=True)
def _count(slot, sign, ages):  # type: ignore[no-untyped-def]
    g, kind = ages.worker[slot], ages.kind[slot]
    ages.held[g, kind] += sign
    ages.weight[g, kind] += sign * ages.base[slot]
    ages.total[kind] += sign


@numba.njit(cache=True)
def age_start(k, slot, g, base, ages):  # type: ignore[no-untyped-def]
    """Enter a request admitted at step k."""
    ages.worker[slot] = g
    ages.base[slot] = base
    ages.kind[slot] = 0
    _count(slot, 1, ages)
    _schedule(k, slot, 0, ages)


@numba.njit(cache=True)
def age_move(k, ages):  # type: ignore[no-untyped-def]
    """Move the requests whose age reaches the next class at step k."""
    due = k % ages.ring.size
    slot = ages.ring[due]
    ages.ring[due] = -1
    while slot >= 0:
        after = ages.next[slot]
        _count(slot, -1, ages)
        ages.kind[slot] += 1
        _count(slot, 1, ages)
        _schedule(k, slot, ages.kind[slot], ages)
        slot = after


@numba.njit(cache=True)
def age_leave(slot, ages):  # type: ignore[no-untyped-def]
    """Take out a request that completed, and record the completion in its class."""
    ages.completed[ages.kind[slot]] += 1
    _count(slot, -1, ages)
    due = ages.due[slot]
    if due < 0:
        return
    before, after = ages.last[slot], ages.next[slot]
    if before >= 0:
        ages.next[before] = after
    else:
        ages.ring[due] = after
    if after >= 0:
        ages.last[after] = before


@numba.njit(cache=True)
def hazard_departures(growth_now, ahead, ages, gone, lost, regrown):  # type: ignore[no-untyped-def]
    """Fill the three (G, K) arrays of `simulation.departures.Departures`."""
    leave, since = ages.leave, ages.since
    for g in range(gone.shape[0]):
        for h in range(gone.shape[1]):
            gone[g, h] = lost[g, h] = regrown[g, h] = 0.0
        for kind in range(ages.bounds.size):
            held = ages.held[g, kind]
            if held == 0:
                continue
            load = ages.weight[g, kind] + held * growth_now
            for h in range(1, gone.shape[1]):
                gone[g, h] += leave[kind, h] * held
                lost[g, h] += leave[kind, h] * (load + held * ahead[h])
                regrown[g, h] += since[kind, h] * held
