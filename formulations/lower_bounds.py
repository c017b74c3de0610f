"""Why no assignment can do better: the proofs behind `solve_fast`'s ``lower_bound``.

Every function here proves something about *every* feasible assignment of a step. They are written as plain
loops so that the compiled kernel runs the very lines that can be read, and tested, here. Common notation: G
workers, C = H+1 columns, ``base[g, h]`` the load of worker g at h before any size is added (for a pool that
fills all slots this includes the growth of its free[g] new requests), S_g the sum of the sizes given to g,
``sizes`` the pool in ascending order, ``smallest[k]`` the sum of its k smallest, T = Σ_g S_g. The dual of the
whole window is in `formulations.window_bound`. May import numpy and numba only.

Rounding: with integral data below 2**53 every sum here is exact. Otherwise callers pass or subtract what
`rounding_slack` returns, which exceeds the rounding error of any sum formed here.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["argsort", "count_at_most", "forced_level", "placeable_total", "rounding_slack", "water_level"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Insertion sort handles runs of this length before merging starts.
_RUN = 8

#: Far more than all products together lose to underflow, 2**-1075 each, and far less than any load in use.
_UNDERFLOW = 2.0**-1000


@njit(cache=True)
def argsort(keys: Floats, count: int, order: Ints, scratch: Ints) -> None:
    """Write the stable ascending order of ``keys[:count]`` into ``order``, allocating nothing."""
    for left in range(0, count, _RUN):
        for i in range(left, min(left + _RUN, count)):
            j = i
            while j > left and keys[order[j - 1]] > keys[i]:
                order[j] = order[j - 1]
                j -= 1
            order[j] = i
    run = _RUN
    while run < count:
        for left in range(0, count, 2 * run):
            middle, end = min(left + run, count), min(left + 2 * run, count)
            a, b = left, middle
            for k in range(left, end):
                if b >= end or (a < middle and keys[order[a]] <= keys[order[b]]):
                    scratch[k] = order[a]
                    a += 1
                else:
                    scratch[k] = order[b]
                    b += 1
        for k in range(count):
            order[k] = scratch[k]
        run *= 2


@njit(cache=True)
def rounding_slack(loads: Floats, sizes: Floats, growth: Floats, weights: Floats) -> tuple[float, float]:
    """Return how far a load and how far an objective or bound computed here may be from its true value.

    Both are in units of load, and 0 where nothing is rounded. A dual multiplier y[g, h] is at most G·W_h, so
    with C = Σ_h W_h all numbers formed stay below 4·G·(H+1)·C·Q, Q = largest load + Σ sizes + N·growth: if
    that is below 2**53 and the data and the weights are whole, every sum is exact; whole data alone make the
    loads exact.

    Otherwise, with u = 2**-53, a sum of n terms with partial sums below q is off by at most n·u·q to first
    order (Higham, Accuracy and Stability of Numerical Algorithms, §4.2). For a load that is (N + G + 16)·u·Q
    with room to spare, and the slack eight times that. The longest sum is the dual of the window. In units of
    u·G·C·Q its parts are off by: base loads 4, column sums of y 2G + 4, their products with base loads and
    the sum of these G·(H+1) + 4, the 2G terms of the sizes 4G, prefix sums of the sizes 4N + 2, and w_g
    3(H+1) + 2. The 64·(N + G + 16) returned exceed all this up to H+1 = 32; for longer windows the further
    64·G for every 32 columns do. Products near the smallest number of float64 are off by a fixed amount
    instead, for which `_UNDERFLOW` is added.
    """
    workers, columns = loads.shape
    whole = True
    top = 0.0
    for g in range(workers):
        for h in range(columns):
            top = max(top, loads[g, h])
            whole = whole and loads[g, h] == np.floor(loads[g, h])
    for size in sizes:
        top += size
        whole = whole and size == np.floor(size)
    total = 0.0
    whole_weights = True
    for h in range(columns):
        whole = whole and growth[h] == np.floor(growth[h])
        total += weights[h]
        whole_weights = whole_weights and weights[h] == np.floor(weights[h])
    top += len(sizes) * growth[columns - 1]
    slack = (len(sizes) + workers * (1 + columns // 32) + 16) * 2.0**-50 * top + _UNDERFLOW
    blur = 8.0 * workers * total * slack + _UNDERFLOW
    if whole and 4.0 * workers * columns * columns * top < 2.0**53:
        slack = 0.0
        if whole_weights and 4.0 * workers * columns * total * top < 2.0**53:
            blur = 0.0
    return slack, blur


@njit(cache=True)
def forced_level(
    column: Floats, free: Ints, sizes: Floats, smallest: Floats, keys: Floats, order: Ints, scratch: Ints
) -> float:
    """Return a lower bound on max_g L_g in one column when every slot must be filled (N >= Σ free).

    A worker without free slots stays at its base. Order the others by e_g = base_g + (sum of the
    free[g] - 1 smallest sizes), descending. The first k of them hold n = Σ free distinct requests, so one of
    them holds a request of rank n or higher in ascending order; that worker's other requests weigh at least
    its free[g] - 1 smallest, hence max L >= min_{first k} e + sizes[n - 1] = e_(k) + sizes[n - 1].
    """
    workers = len(free)
    level = 0.0
    open_workers = 0
    for g in range(workers):
        if free[g] == 0:
            level = max(level, column[g])
            keys[g] = np.inf
        else:
            keys[g] = -(column[g] + smallest[free[g] - 1])
            open_workers += 1
    argsort(keys, workers, order, scratch)
    placed = 0
    for k in range(open_workers):
        placed += free[order[k]]
        level = max(level, sizes[placed - 1] - keys[order[k]])
    return level


@njit(cache=True)
def water_level(
    column: Floats, free: Ints, largest: float, total: float, keys: Floats, order: Ints, scratch: Ints
) -> float:
    """Return a lower bound on max_g L_g in one column when ``total`` (growth included) must be placed.

    Used when the pool is too small to fill all slots, so that everything in it is placed. No worker falls
    below its base; the largest request lands on a worker with a free slot; and the workers with free slots
    take up ``total`` below the level, Σ_g (M - base_g)^+ >= total, so M is at least the level to which water
    would rise: the largest of (Σ of the k lowest bases + total)/k over the k for which it exceeds the k-th.
    """
    level = 0.0
    workers = len(free)
    open_workers = 0
    lowest = np.inf
    for g in range(workers):
        level = max(level, column[g])
        keys[g] = column[g] if free[g] > 0 else np.inf
        open_workers += free[g] > 0
        lowest = min(lowest, keys[g])
    if open_workers == 0 or total == 0.0:
        return level
    level = max(level, lowest + largest)
    argsort(keys, workers, order, scratch)
    below, filled = keys[order[0]], 1
    while filled < open_workers and (below + total) / filled > keys[order[filled]]:
        below += keys[order[filled]]
        filled += 1
    return float(max(level, (below + total) / filled))


@njit(cache=True)
def count_at_most(sizes: Floats, count: int, limit: float) -> int:
    """Return how many of the first ``count`` ascending sizes are <= ``limit``."""
    a, b = 0, count
    while a < b:
        middle = (a + b) >> 1
        if sizes[middle] <= limit:
            a = middle + 1
        else:
            b = middle
    return a


@njit(cache=True)
def placeable_total(
    column: Floats,
    free: Ints,
    level: float,
    stretch: float,
    sizes: Floats,
    smallest: Floats,
    keys: Floats,
    order: Ints,
    scratch: Ints,
) -> float:
    """Return what bounds T if every slot is filled and level <= max_g L_g <= level + stretch (H = 0).

    The bound b satisfies T <= b + G·t if max_g L_g = level + t, 0 <= t <= stretch, so that the imbalance is
    at least G·level - b - Σ base on the whole interval. It is -inf if there is no such assignment.

    Let m_g = level - base_g. For a set A of workers, T <= Σ_A (m_g + t) + (what the requests outside A add up
    to). A request on worker g weighs at most u_g = m_g + stretch - (sum of the free[g] - 1 smallest). With
    the workers sorted by m_g per free slot, A runs over the prefixes and the u_g are raised to their prefix
    maxima; the requests outside A then obey nested limits, and giving the slots of the highest limit the
    largest requests still allowed is optimal (the greedy algorithm of a transversal matroid). If the allowed
    requests run out, Hall's condition is violated: there is no such assignment.
    """
    workers = len(free)
    for g in range(workers):
        keys[g] = (level - column[g]) / free[g] if free[g] > 0 else np.inf
    argsort(keys, workers, order, scratch)
    limit = -np.inf
    held = 0.0
    count = 0
    while count < workers and free[order[count]] > 0:
        g = order[count]
        limit = max(limit, level - column[g] + stretch - smallest[free[g] - 1])
        keys[count] = limit
        held += level - column[g]
        count += 1
    best = held
    outside = 0.0
    allowed = len(sizes)
    for k in range(count - 1, -1, -1):
        g = order[k]
        held -= level - column[g]
        if allowed > 0 and sizes[allowed - 1] > keys[k]:
            allowed = count_at_most(sizes, allowed, keys[k])
        if allowed < free[g]:
            return -np.inf
        outside += smallest[allowed] - smallest[allowed - free[g]]
        allowed -= free[g]
        best = min(best, held + outside)
    return best
