"""The compiled solver of one step, `fast_step`; `formulations.fast` is its readable twin and public face.

Plain arrays in, the assignment, its value and a proven lower bound out; callable from other compiled code.
May import numpy, numba and the compiled parts of formulations only.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from formulations._fast_moves import IMBALANCE, MAKESPAN, SPREAD, attempt, deal, hand_out, measure
from formulations._fast_pool import (
    LARGEST,
    OLDEST,
    REQUIRED,
    SMALLEST,
    SPANS,
    Workspace,
    group_pool,
    make_workspace,
)
from formulations.lower_bounds import forced_level, placeable_total, rounding_slack, water_level
from formulations.window_bound import window_bound

__all__ = [
    "IMBALANCE",
    "LARGEST",
    "MAKESPAN",
    "MANY",
    "OLDEST",
    "PRICES",
    "REQUIRED",
    "SMALLEST",
    "SPREAD",
    "Workspace",
    "fast_step",
    "make_workspace",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Prices tried for the dual of a window.
PRICES = 4

#: Free slots per worker from which on a filling that starts from the oldest requests is tried as well.
MANY = 3


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
    """Return a lower bound on the imbalance (H = 0) over assignments with lowest <= max L <= highest."""
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
    total = 0.0
    for g in range(len(free)):
        total += loads[g, 0]
    low, high, bound = ws.span[0], ws.span[1], ws.span[2]
    low[0] = ws.level[0] - slack
    most = ws.smallest[pool] - ws.smallest[pool - places]
    high[0] = (value + total + most) / len(free) + slack
    high[0] = max(low[0], np.floor(high[0]) if slack == 0.0 else high[0])
    bound[0] = level_bound(ws, loads, free, pool, total, low[0], high[0], slack)
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
        found = attempt(ws, loads, free, growth, required, pool, count, places, start, objective)
        if found < value:
            value = found
            hand_out(pool, count, ws.order, ws.groups, ws.slots, ws.workers, worker)
        low[spans], high[spans] = beyond, high[least]
        high[least] = middle
        bound[spans] = bound[least]
        for half in range(2):
            k = least if half == 0 else spans
            proven = level_bound(ws, loads, free, pool, total, low[k], high[k], slack)
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
    ws: Workspace, free: Ints, growth: Floats, pool: int, places: int, rich: bool, objective: int
) -> float:
    """Return the lower bound that the levels of `set_levels` prove for an objective, column by column.

    Makespan: the level. Imbalance: at least G·level less the largest possible total. Spread: the level less
    what the lightest worker can reach at most, and, as the other G - 1 workers lie between minimum and
    maximum, at least the imbalance over G - 1.
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
            bound += ws.level[h]
        elif objective == IMBALANCE:
            bound += idle
        elif workers > 1:
            bound += max(ws.level[h] - reach, idle / (workers - 1))
    return bound


@njit(cache=True)
def solve_rich(
    ws: Workspace,
    loads: Floats,
    free: Ints,
    growth: Floats,
    required: Bools,
    pool: int,
    count: int,
    places: int,
    objective: int,
    slack: float,
    bound: float,
    trials: int,
    worker: Ints,
) -> tuple[float, float]:
    """Choose levels and starts for a pool that fills every slot; return the best value and the bound."""
    value, start = np.inf, REQUIRED
    window = objective == IMBALANCE and len(growth) > 1
    if window:
        ranked = ws.ranked[:pool]
        proven = window_bound(
            ws.base, free, ranked, ws.smallest, PRICES, ws.window, ws.units, ws.home, ws.detour, ws.via,
            ws.key, ws.rank, ws.scratch,
        )  # fmt: skip
        bound = max(bound, proven)
    starts = 4 if objective != IMBALANCE or places >= MANY * len(free) else 1
    for k in range(2 * starts):
        if value <= bound or (k % 2 == 1 and not window):
            continue
        for h in range(len(growth) if window else 0):
            ws.level[h] = ws.window[3 * (k % 2), h]
        start = k // 2
        found = attempt(ws, loads, free, growth, required, pool, count, places, start, objective)
        if found < value:
            value = found
            hand_out(pool, count, ws.order, ws.groups, ws.slots, ws.workers, worker)
    if objective == IMBALANCE and not window and value > bound:
        start = REQUIRED
        value, proven = search_levels(
            ws,
            loads,
            free,
            growth,
            required,
            pool,
            count,
            places,
            start,
            objective,
            slack,
            value,
            trials,
            worker,
        )
        bound = max(bound, proven)
    return value, bound


@njit(cache=True)
def fast_step(
    loads: Floats,
    free: Ints,
    sizes: Floats,
    growth: Floats,
    required: Bools,
    objective: int,
    trials: int,
    ws: Workspace,
    worker: Ints,
) -> tuple[float, float]:
    """Solve one step: write ``worker``, return (value, proven lower bound).

    Parameters
    ----------
    loads : (G, H+1) float64, C-contiguous
    free : (G,) int64
    sizes : (N,) float64
        In arrival order.
    growth : (H+1,) float64
    required : (N,) or (0,) bool
        Empty where nothing is required; at most min(N, Σ free) may be true.
    objective : int
        `IMBALANCE`, `SPREAD` or `MAKESPAN`.
    trials : int
        How many levels the search of H = 0 may try (0..64).
    ws : Workspace
        From `make_workspace` for exactly this G and H and at least this N.
    worker : (N,) int64
        Written: the worker of each request, -1 where it waits.
    """
    pool, slots = len(sizes), 0
    for g in range(len(free)):
        slots += free[g]
        ws.workers[g].given = 0.0
    places, rich = min(pool, slots), pool >= slots
    slack = rounding_slack(loads, sizes, growth)
    blur = 8.0 * len(free) * len(growth) * slack
    if places == 0:
        for i in range(pool):
            worker[i] = -1
        value = measure(loads, ws.workers, ws.top, objective)
        return value, max(0.0, value - blur)
    count = group_pool(sizes, required, ws.ranked, ws.smallest, ws.order, ws.scratch, ws.groups)
    set_levels(ws, loads, free, growth, pool, rich, slack == 0.0)
    bound = column_bound(ws, free, growth, pool, places, rich, objective)
    if rich:
        value, bound = solve_rich(
            ws, loads, free, growth, required, pool, count, places, objective, slack, bound, trials, worker
        )
    else:
        start = REQUIRED if rich else LARGEST
        value = attempt(ws, loads, free, growth, required, pool, count, places, start, objective)
        hand_out(pool, count, ws.order, ws.groups, ws.slots, ws.workers, worker)
    missed = 0
    for i in range(places, len(required)):
        missed += required[i]
    for rule in range(2):
        if missed == 0 and value > bound:
            deal(
                loads, free, sizes, growth, places, rule == 0, ws.workers, ws.base, ws.rank, ws.key, ws.trial
            )
            found = measure(ws.base, ws.workers, ws.top, objective)
            if found < value:
                value = found
                for i in range(pool):
                    worker[i] = ws.trial[i]
    return value, max(0.0, min(bound, value) - blur)
