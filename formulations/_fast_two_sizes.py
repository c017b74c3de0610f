"""The compiled twin of `formulations.two_sizes`: the optimum of a step with two sizes, by counting.

May import numpy, numba and the compiled parts of formulations only.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from formulations._fast_moves import IMBALANCE, SPREAD

__all__ = ["has_two", "solve_two"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@njit(cache=True)
def has_two(sizes: Floats) -> bool:
    """Whether there are two different sizes at most."""
    low, high = sizes[0], sizes[0]
    for size in sizes:
        if size != low and size != high:
            if low != high:
                return False
            high = size
    return True


@njit(cache=True)
def _fewest(
    base: Floats, free: Ints, step: float, reached: Floats, top: float, least: int, most: int
) -> Ints:
    """Return how many large requests each worker needs to reach the minimum of the least spread."""
    workers = len(free)
    minima = np.sort(np.concatenate((base, reached)))
    best, chosen, needed = np.inf, np.zeros(workers, dtype=np.int64), np.zeros(workers, dtype=np.int64)
    for lowest in minima:
        total, highest, usable = 0, -np.inf, True
        for g in range(workers):
            needed[g] = 0
            if lowest > base[g]:
                usable = usable and step > 0
                needed[g] = np.int64(np.ceil((lowest - base[g]) / step)) if step > 0 else 0
            usable = usable and needed[g] <= free[g]
            total += needed[g]
            highest = max(highest, base[g] + step * needed[g])
        if not usable or total > most:
            break  # a higher minimum takes more
        if total < least:
            highest = max(highest, top)
        if highest - lowest < best:
            best = highest - lowest
            chosen[:] = needed
    return chosen


@njit(cache=True)
def solve_two(loads: Floats, free: Ints, sizes: Floats, weight: float, objective: int, worker: Ints) -> float:
    """Solve a step that `formulations.solve_two_sizes` takes; write ``worker``, return the objective."""
    workers, low, high, total = len(free), sizes.min(), sizes.max(), free.sum()
    large_ones = 0
    for size in sizes:
        large_ones += size > low
    least, most, step = max(0, total - (len(sizes) - large_ones)), min(total, large_ones), high - low
    base = loads + low * free
    top = base.max()
    owner, nth, reached = np.zeros(total, dtype=np.int64), np.zeros(total, dtype=np.int64), np.zeros(total)
    unit = 0
    for g in range(workers):
        for j in range(1, free[g] + 1):
            owner[unit], nth[unit], reached[unit] = g, j, base[g] + step * j
            unit += 1
    order = np.argsort(reached, kind="mergesort")
    large, number = np.zeros(workers, dtype=np.int64), least
    if objective == SPREAD:
        large[:] = _fewest(
            base, free, step, reached, max(top, reached[order[least - 1]]) if least > 0 else top, least, most
        )
    elif objective == IMBALANCE:
        best = np.inf
        for count in range(least, most + 1):
            level = max(top, reached[order[count - 1]]) if count > 0 else top
            if workers * level - step * count < best:
                best, number = workers * level - step * count, count
    fewest = large.copy()
    left = number - fewest.sum()
    for unit in order:
        if left > 0 and nth[unit] > fewest[owner[unit]]:
            large[owner[unit]] += 1
            left -= 1
    _hand_out(sizes, low, free, large, worker)
    lowest, highest, whole = np.inf, -np.inf, 0.0
    for g in range(workers):
        load = base[g] + step * large[g]
        lowest, highest, whole = min(lowest, load), max(highest, load), whole + load
    if objective == IMBALANCE:
        return weight * (workers * highest - whole)
    return weight * (highest - lowest if objective == SPREAD else highest)


@njit(cache=True)
def _hand_out(sizes: Floats, low: float, free: Ints, large: Ints, worker: Ints) -> None:
    """Give the first requests of either kind to the workers in turn, ``large`` of the large ones to each."""
    at = np.zeros(2, dtype=np.int64)
    given = np.zeros(2, dtype=np.int64)
    for i in range(len(sizes)):
        kind = 1 if sizes[i] > low else 0
        while at[kind] < len(free):
            g = at[kind]
            if given[kind] < (large[g] if kind == 1 else free[g] - large[g]):
                break
            at[kind] += 1
            given[kind] = 0
        worker[i] = at[kind] if at[kind] < len(free) else -1
        given[kind] += 1
