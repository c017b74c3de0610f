"""Compiled parts of `_fast_kernel`: improving by swaps, measuring, and the rules to be no worse than.

May import numpy, numba, `formulations._fast_pool` and `formulations._fast_workspace` only.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from formulations._fast_pool import choose_start, fill, largest_at_most, sift_down, take, tightest
from formulations._fast_workspace import Workspace

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Records = NDArray[np.void]

#: Codes of the objectives, in the order of `formulations.problem.OBJECTIVES`.
IMBALANCE, SPREAD, MAKESPAN = 0, 1, 2


@njit(cache=True)
def best_swap(
    groups: Records, slots: Records, head: int, low: int, high: int, margin: float
) -> tuple[int, int, float]:
    """Return (slot, group, change) of the swap for a waiting request that adds most, but at most margin.

    The request given up is one of the worker whose first slot is ``head``. Slot -1 if there is no swap.
    """
    slot, group, change = -1, -1, -np.inf
    s = head
    while s >= 0:
        j = slots[s].group
        value = groups[j].value
        movable = groups[j + 1].first - groups[j].first - groups[j].left > groups[j].must
        if movable and not (margin > 0.0 and groups[high].value <= value):
            i = largest_at_most(groups, low, high, value + margin)
            if i >= 0 and groups[i].value - value > change:
                slot, group, change = s, i, groups[i].value - value
        s = slots[s].next
    return slot, group, change


@njit(cache=True)
def lightest_swap(groups: Records, slots: Records, head: int, low: int) -> tuple[int, int, float]:
    """Return the swap that takes most off a worker: its largest movable request for the smallest waiting."""
    slot, change = -1, 0.0
    s = head
    while s >= 0:
        j = slots[s].group
        movable = groups[j + 1].first - groups[j].first - groups[j].left > groups[j].must
        if movable and groups[low].value - groups[j].value < change:
            slot, change = s, groups[low].value - groups[j].value
        s = slots[s].next
    return slot, low, change


@njit(cache=True)
def settle(groups: Records, slots: Records, workers: Records, g: int, low: int, high: int) -> tuple[int, int]:
    """Swap worker g's requests for waiting ones until it is below its level and no swap takes it closer."""
    light = False
    while workers[g].margin != 0.0 and not (light and workers[g].margin < 0.0):
        light = workers[g].margin > 0.0
        while low < high and groups[low].left == 0:
            low += 1
        while low < high and groups[high].left == 0:
            high -= 1
        slot, group, change = best_swap(groups, slots, workers[g].head, low, high, workers[g].margin)
        if slot < 0 and not light:
            slot, group, change = lightest_swap(groups, slots, workers[g].head, low)
        if slot < 0 or change == 0.0 or (change < 0.0) == light:
            break
        old = slots[slot].group
        take(groups, group, 1)
        take(groups, old, -1)
        slots[slot].group = group
        workers[g].given += change
        workers[g].margin -= change
        low, high = min(low, old), max(high, old)
    return low, high


@njit(cache=True)
def measure(base: Floats, weights: Floats, workers: Records, top: Floats, objective: int) -> float:
    """Write the maxima of the loads base + given into ``top`` and return the objective."""
    count, columns = base.shape
    value = 0.0
    for h in range(columns):
        total, bottom, most = 0.0, np.inf, -np.inf
        for g in range(count):
            load = base[g, h] + workers[g].given
            total += load
            most = max(most, load)
            bottom = min(bottom, load)
        top[h] = most
        if objective == IMBALANCE:
            value += weights[h] * (count * most - total)
        elif objective == SPREAD:
            value += weights[h] * (most - bottom)
        else:
            value += weights[h] * most
    return value


@njit(cache=True)
def attempt(
    ws: Workspace,
    loads: Floats,
    free: Ints,
    growth: Floats,
    weights: Floats,
    required: Bools,
    pool: int,
    count: int,
    places: int,
    start: int,
    objective: int,
) -> float:
    """Fill the slots for the levels in ``ws.level``, improve by swaps, and return the objective."""
    groups, slots, workers, base, top = ws.groups, ws.slots, ws.workers, ws.base, ws.top
    slots_free = 0
    for g in range(len(free)):
        slots_free += free[g]
    rich = places == slots_free
    choose_start(start, required, pool, count, places, ws.order, ws.scratch, groups)
    fill(loads, free, growth, ws.level, rich, count, groups, slots, workers, base, ws.rank, ws.key)
    if rich and places < pool:
        low, high = 0, count - 1
        for g in range(len(free)):
            if workers[g].margin < 0.0 and free[g] > 0:
                low, high = settle(groups, slots, workers, g, low, high)
        measure(base, weights, workers, top, objective)
        for g in range(len(free)):
            workers[g].margin = tightest(base, top, g) - workers[g].given
            if workers[g].margin > 0.0 and free[g] > 0:
                low, high = settle(groups, slots, workers, g, low, high)
    return measure(base, weights, workers, top, objective)


@njit(cache=True)
def hand_out(
    pool: int, count: int, order: Ints, groups: Records, slots: Records, workers: Records, worker: Ints
) -> None:
    """Turn groups into requests: required ones first, then the oldest of each size."""
    for i in range(pool):
        worker[i] = -1
    for j in range(count):
        groups[j].wanted = groups[j].first
    for g in range(len(workers)):
        s = workers[g].head
        while s >= 0:
            j = slots[s].group
            worker[order[groups[j].wanted]] = g
            groups[j].wanted += 1
            s = slots[s].next


@njit(cache=True)
def deal(
    loads: Floats,
    free: Ints,
    sizes: Floats,
    growth: Floats,
    places: int,
    in_turn: bool,
    workers: Records,
    base: Floats,
    heap: Ints,
    key: Floats,
    trial: Ints,
) -> None:
    """Place the oldest requests as FCFS (in turn) or least-load does, into ``trial`` and the loads."""
    size = 0
    for g in range(len(free)):
        workers[g].room = free[g]
        workers[g].given = 0.0
        key[g] = -loads[g, 0]
        for h in range(len(growth)):
            base[g, h] = loads[g, h]
        if free[g] > 0:
            heap[size] = g
            size += 1
    for i in range(size // 2 - 1, -1, -1):
        sift_down(heap, key, 0 if in_turn else size, i)
    turn = 0
    for i in range(len(sizes)):
        if i >= places:
            trial[i] = -1
            continue
        while in_turn and workers[turn].room == 0:
            turn = (turn + 1) % len(free)
        g = turn if in_turn else heap[0]
        turn = (turn + 1) % len(free)
        trial[i] = g
        workers[g].room -= 1
        workers[g].given += sizes[i]
        key[g] -= sizes[i]
        for h in range(len(growth)):
            base[g, h] += growth[h]
        if not in_turn:
            if workers[g].room == 0:
                size -= 1
                heap[0] = heap[size]
            if size > 0:
                sift_down(heap, key, size, 0)
