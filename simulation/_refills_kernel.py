"""Predicted loads with the slots of departures filled again; the twin of `simulation.refills`.

Imports numba only.
"""

from __future__ import annotations

import math

import numba

__all__ = ["BALANCED", "EMPTY", "MEAN", "predict"]

BALANCED, MEAN, EMPTY = range(3)

#: As `simulation.refills.BISECTIONS`.
_BISECTIONS = 16


@numba.njit(cache=True)
def _clip(value, low, high):  # type: ignore[no-untyped-def]
    return min(max(value, low), high)


@numba.njit(cache=True)
def _level(rest, gone, smallest, largest, mean, whole):  # type: ignore[no-untyped-def]
    low, high, budget = math.inf, -math.inf, 0.0
    for g in range(rest.size):
        if gone[g] > 0:
            low = min(low, rest[g] + gone[g] * smallest)
            high = max(high, rest[g] + gone[g] * largest)
            budget += gone[g]
    budget *= mean
    for _ in range(_BISECTIONS):
        level = 0.5 * (low + high)
        need = 0.0
        for g in range(rest.size):
            if gone[g] > 0:
                need += _clip(level - rest[g], gone[g] * smallest, gone[g] * largest)
        if need > budget:
            high = level
        else:
            low = level
    return low // 1.0 if whole else low


@numba.njit(cache=True)
def predict(loads, active, free, ahead, sizes, refill, gone, lost, regrown, added, rest, column, predicted):  # type: ignore[no-untyped-def]
    """Fill predicted[g, h]; ``added``, ``rest`` and ``column`` are (G,) scratch."""
    workers, columns = predicted.shape
    smallest, largest, total, whole = sizes[0], sizes[0], 0.0, True
    for i in range(sizes.size):
        smallest = min(smallest, sizes[i])
        largest = max(largest, sizes[i])
        total += sizes[i]
        whole = whole and sizes[i] == sizes[i] // 1.0
    mean = total / sizes.size
    mean = (mean + 0.5) // 1.0 if whole else mean
    top = 0.0
    for g in range(workers):
        top = max(top, loads[g] + free[g] * smallest)
    for g in range(workers):
        added[g] = _clip(top - loads[g], free[g] * smallest, free[g] * largest)
    for h in range(columns):
        some = False
        for g in range(workers):
            value = loads[g] + active[g] * ahead[h] - lost[g, h]
            if refill == MEAN:
                value += gone[g, h] * mean + regrown[g, h]
            predicted[g, h] = value
            some = some or gone[g, h] > 0
        if refill != BALANCED or not some:
            continue
        for g in range(workers):
            rest[g] = predicted[g, h] + regrown[g, h] + added[g] + free[g] * ahead[h]
            column[g] = gone[g, h]
        level = _level(rest, column, smallest, largest, mean, whole)
        for g in range(workers):
            if column[g] > 0:
                size = _clip(level - rest[g], column[g] * smallest, column[g] * largest)
                predicted[g, h] += regrown[g, h] + size
