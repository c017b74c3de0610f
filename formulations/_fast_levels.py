"""Compiled parts of `_fast_kernel`: the levels to fill for, what they prove, and the search over them.

May import numpy, numba and the compiled parts of formulations only.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from formulations._fast_moves import IMBALANCE, MAKESPAN, attempt, hand_out
from formulations._fast_workspace import SPANS, Workspace
from formulations.lower_bounds import forced_level, placeable_total, water_level

__all__ = ["column_bound", "level_bound", "search_levels", "set_levels"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@njit(cache=True)
def level_bound(
    ws: Workspace,
    loads: Floats,
    free: Ints,
    pool: int,
    total: float,
    lowest: float,
    highest: float,
    slack: float,
) -> float:
    """Return a lower bound on G·max L - Σ L (H = 0) over assignments with lowest <= max L <= highest."""
    stretch = highest - lowest + 4.0 * slack
    ranked = ws.ranked[:pool]
    return (
        len(free) * lowest
        - total
        - placeable_total(
            loads[:, 0], free, lowest, stretch, ranked, ws.smallest, ws.key, ws.rank, ws.scratch
        )
    )


@njit(cache=True)
def search_levels(
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
    slack: float,
    value: float,
    trials: int,
    worker: Ints,
) -> tuple[float, float]:
    """Branch and bound over the maximum load (H = 0): return the best value found and a lower bound.

    Intervals of levels carry a bound; the one with the least is halved and its middle tried as the level to
    fill for, until the least bound meets the value or ``trials`` are spent.
    """
    total, weight = 0.0, weights[0]
    for g in range(len(free)):
        total += loads[g, 0]
    low, high, bound = ws.span[0], ws.span[1], ws.span[2]
    low[0] = ws.level[0] - slack
    most = ws.smallest[pool] - ws.smallest[pool - places]
    high[0] = (value / weight + total + most) / len(free) + slack
    high[0] = max(low[0], np.floor(high[0]) if slack == 0.0 else high[0])
    bound[0] = weight * level_bound(ws, loads, free, pool, total, low[0], high[0], slack)
    spans = 1
    while True:
        least = 0
        for k in range(1, spans):
            if bound[k] < bound[least]:
                least = k
        if bound[least] >= value or low[least] >= high[least] or spans > min(trials, SPANS - 1):
            return value, bound[least]
        middle = (low[least] + high[least]) / 2.0
        beyond = middle
        if slack == 0.0:
            middle = np.floor(middle)
            beyond = middle + 1.0
        ws.level[0] = middle
        found = attempt(ws, loads, free, growth, weights, required, pool, count, places, start, objective)
        if found < value:
            value = found
            hand_out(pool, count, ws.order, ws.groups, ws.slots, ws.workers, worker)
        low[spans], high[spans] = beyond, high[least]
        high[least] = middle
        bound[spans] = bound[least]
        for half in range(2):
            k = least if half == 0 else spans
            proven = weight * level_bound(ws, loads, free, pool, total, low[k], high[k], slack)
            bound[k] = max(bound[k], proven)
        spans += 1


@njit(cache=True)
def set_levels(
    ws: Workspace, loads: Floats, free: Ints, growth: Floats, pool: int, rich: bool, exact: bool
) -> None:
    """Write the base loads, and into ``ws.level`` what the maximum must reach in each column on its own."""
    for h in range(len(growth)):
        for g in range(len(free)):
            ws.base[g, h] = loads[g, h] + (free[g] * growth[h] if rich else 0.0)
        column = ws.base[:, h]
        if rich:
            level = forced_level(column, free, ws.ranked, ws.smallest, ws.key, ws.rank, ws.scratch)
        else:
            largest, total = ws.ranked[pool - 1] + growth[h], ws.smallest[pool] + pool * growth[h]
            level = water_level(column, free, largest, total, ws.key, ws.rank, ws.scratch)
        ws.level[h] = np.ceil(level) if exact else level


@njit(cache=True)
def column_bound(
    ws: Workspace,
    free: Ints,
    growth: Floats,
    weights: Floats,
    pool: int,
    places: int,
    rich: bool,
    objective: int,
) -> float:
    """Return the lower bound that the levels of `set_levels` prove for an objective, column by column.

    Each column counts W_h times. Makespan: the level. Imbalance: at least G·level less the largest possible
    total. Spread: the level less what the lightest worker can reach at most, and, as the other G - 1 workers
    lie between minimum and maximum, at least the imbalance over G - 1.
    """
    workers = len(free)
    bound = 0.0
    for h in range(len(growth)):
        total = ws.smallest[pool] - ws.smallest[pool - places] + (0.0 if rich else pool * growth[h])
        reach = np.inf
        for g in range(workers):
            own = min(free[g], pool)
            most = ws.base[g, h] + ws.smallest[pool] - ws.smallest[pool - own]
            reach = min(reach, most + (0.0 if rich else own * growth[h]))
            total += ws.base[g, h]
        idle = max(0.0, workers * ws.level[h] - total)
        if objective == MAKESPAN:
            bound += weights[h] * ws.level[h]
        elif objective == IMBALANCE:
            bound += weights[h] * idle
        elif workers > 1:
            bound += weights[h] * max(ws.level[h] - reach, idle / (workers - 1))
    return bound
