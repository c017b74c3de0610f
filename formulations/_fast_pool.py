"""Compiled parts of `_fast_kernel`: the sorted pool, and filling slots from it.

The readable twin is `formulations._readable_filling`; tests hold the two to identical assignments. May import
numpy, numba, `formulations.lower_bounds` and `formulations._fast_workspace` only.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from formulations._fast_workspace import BLOCK
from formulations.lower_bounds import argsort

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Records = NDArray[np.void]

#: Which requests a filling starts from: those required only, or with them the oldest / smallest / largest.
REQUIRED, OLDEST, SMALLEST, LARGEST = 0, 1, 2, 3


@njit(cache=True)
def group_pool(
    sizes: Floats,
    required: Bools,
    ranked: Floats,
    smallest: Floats,
    order: Ints,
    scratch: Ints,
    groups: Records,
) -> int:
    """Sort the pool into groups, in each required requests first, then older ones; return how many."""
    pool = len(sizes)
    argsort(sizes, pool, order, scratch)
    count = 0
    smallest[0] = 0.0
    for k in range(pool):
        ranked[k] = sizes[order[k]]
        smallest[k + 1] = smallest[k] + ranked[k]
        if k == 0 or ranked[k] != ranked[k - 1]:
            groups[count].value = ranked[k]
            groups[count].first = k
            groups[count].must = 0
            count += 1
    groups[count].first = pool
    for j in range(count if len(required) > 0 else 0):
        start, end = groups[j].first, groups[j + 1].first
        yes = start
        for k in range(start, end):
            scratch[k] = order[k]
        for wanted in (True, False):
            for k in range(start, end):
                if required[scratch[k]] == wanted:
                    order[yes] = scratch[k]
                    yes += 1
                    groups[j].must += wanted
    return count


@njit(cache=True)
def choose_start(
    start: int,
    required: Bools,
    pool: int,
    count: int,
    places: int,
    order: Ints,
    scratch: Ints,
    groups: Records,
) -> None:
    """Reset the pool and mark in ``wanted`` the requests that the filling places first."""
    for j in range(count):
        groups[j].left = groups[j + 1].first - groups[j].first
        if j % BLOCK == 0:
            groups[j].block = groups[min(j + BLOCK, count)].first - groups[j].first
        groups[j].wanted = groups[j].must
        places -= groups[j].must
    if start == OLDEST:
        for j in range(count):
            for k in range(groups[j].first, groups[j + 1].first):
                scratch[order[k]] = j
        for i in range(pool):
            if places > 0 and not (len(required) > 0 and required[i]):
                groups[scratch[i]].wanted += 1
                places -= 1
    elif start != REQUIRED:
        for k in range(count):
            j = k if start == SMALLEST else count - 1 - k
            more = min(places, groups[j].left - groups[j].must)
            groups[j].wanted += more
            places -= more


@njit(cache=True)
def take(groups: Records, j: int, number: int) -> None:
    """Take ``number`` requests out of group j (put them back, if negative)."""
    groups[j].left -= number
    groups[j - j % BLOCK].block -= number


@njit(cache=True)
def largest_at_most(groups: Records, low: int, high: int, size: float) -> int:
    """Return the group of the largest waiting size <= ``size``, -1 if none; all waiting are in low..high."""
    if groups[low].value > size:
        return -1
    a, b = low, high
    while a < b:
        middle = (a + b + 1) >> 1
        if groups[middle].value <= size:
            a = middle
        else:
            b = middle - 1
    while a >= low and groups[a].left == 0:
        a -= a % BLOCK + 1 if groups[a - a % BLOCK].block == 0 else 1
    return a if a >= low else -1


@njit(cache=True)
def sift_down(heap: Ints, key: Floats, size: int, i: int) -> None:
    """Restore the heap below position i: the largest key on top, the lower worker first among equals."""
    g = heap[i]
    while 2 * i + 1 < size:
        child = 2 * i + 1
        if child + 1 < size:
            a, b = heap[child], heap[child + 1]
            if key[b] > key[a] or (key[b] == key[a] and b < a):
                child += 1
        a = heap[child]
        if key[a] < key[g] or (key[a] == key[g] and a > g):
            break
        heap[i] = a
        i = child
    heap[i] = g


@njit(cache=True)
def tightest(base: Floats, level: Floats, g: int) -> float:
    """Return the least distance of worker g's base loads from the level over the columns."""
    margin = np.inf
    for h in range(len(level)):
        margin = min(margin, level[h] - base[g, h])
    return margin


@njit(cache=True)
def fill(
    loads: Floats,
    free: Ints,
    growth: Floats,
    level: Floats,
    rich: bool,
    count: int,
    groups: Records,
    slots: Records,
    workers: Records,
    base: Floats,
    heap: Ints,
    key: Floats,
) -> None:
    """Fill slots: the worker with the largest margin (per free slot, if the pool is rich) takes a request.

    First the ``wanted`` ones, largest first; then, in a rich pool, the largest that fits and leaves room for
    the smallest in the worker's other slots, or the smallest of all where none fits.
    """
    size = 0
    for g in range(len(free)):
        workers[g].head = -1
        workers[g].given = 0.0
        workers[g].room = free[g]
        for h in range(len(growth)):
            base[g, h] = loads[g, h] + (free[g] * growth[h] if rich else 0.0)
        workers[g].margin = tightest(base, level, g)
        if free[g] > 0:
            key[g] = workers[g].margin / free[g] if rich else workers[g].margin
            heap[size] = g
            size += 1
    for i in range(size // 2 - 1, -1, -1):
        sift_down(heap, key, size, i)
    low, high, next_wanted, slot = 0, count - 1, count - 1, 0
    while size > 0:
        worker = workers[heap[0]]
        while next_wanted >= 0 and groups[next_wanted].wanted == 0:
            next_wanted -= 1
        if next_wanted >= 0:
            j = next_wanted
            groups[j].wanted -= 1
        elif rich:
            while groups[high].left == 0:
                high -= 1
            while groups[low].left == 0:
                low += 1
            fits = worker.margin - (worker.room - 1) * groups[low].value
            j = max(low, largest_at_most(groups, low, high, fits))
        else:
            break
        take(groups, j, 1)
        slots[slot].group = j
        slots[slot].next = worker.head
        worker.head = slot
        slot += 1
        worker.given += groups[j].value
        worker.margin -= groups[j].value
        worker.room -= 1
        if not rich:
            for h in range(len(growth)):
                base[heap[0], h] += growth[h]
            worker.margin = tightest(base, level, heap[0]) - worker.given
        if worker.room > 0:
            key[heap[0]] = worker.margin / worker.room if rich else worker.margin
        else:
            size -= 1
            heap[0] = heap[size]
        if size > 0:
            sift_down(heap, key, size, 0)
