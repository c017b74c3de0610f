"""The compiled solver of one step, `fast_step`; its readable twin is `formulations._fast_readable`.

Plain arrays in, the assignment, its value and a proven lower bound out; callable from other compiled code.
May import numpy, numba and the compiled parts of formulations only.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from formulations._fast_levels import column_bound, search_levels, set_levels
from formulations._fast_moves import IMBALANCE, MAKESPAN, SPREAD, attempt, deal, hand_out, measure
from formulations._fast_pool import LARGEST, OLDEST, REQUIRED, SMALLEST, group_pool
from formulations._fast_two_sizes import has_two, solve_two
from formulations._fast_workspace import Workspace, make_workspace
from formulations.lower_bounds import rounding_slack
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
def solve_rich(
    ws: Workspace,
    loads: Floats,
    free: Ints,
    growth: Floats,
    weights: Floats,
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
    value = np.inf
    window = objective == IMBALANCE and len(growth) > 1
    if window:
        ranked = ws.ranked[:pool]
        proven = window_bound(
            ws.base, free, weights, ranked, ws.smallest, PRICES, ws.window, ws.units, ws.home, ws.detour,
            ws.via, ws.key, ws.rank, ws.scratch,
        )  # fmt: skip
        bound = max(bound, proven)
    starts = 4 if objective != IMBALANCE or places >= MANY * len(free) else 1
    for k in range(2 * starts):
        if value <= bound or (k % 2 == 1 and not window):
            continue
        for h in range(len(growth) if window else 0):
            ws.level[h] = ws.window[3 * (k % 2), h]
        found = attempt(ws, loads, free, growth, weights, required, pool, count, places, k // 2, objective)
        if found < value:
            value = found
            hand_out(pool, count, ws.order, ws.groups, ws.slots, ws.workers, worker)
    if objective == IMBALANCE and not window and value > bound:
        value, proven = search_levels(
            ws,
            loads,
            free,
            growth,
            weights,
            required,
            pool,
            count,
            places,
            REQUIRED,
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
    weights: Floats,
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
        Predicted loads of the continuing requests, in units of load.
    free : (G,) int64
        Free slots.
    sizes : (N,) float64
        In arrival order, in units of load.
    growth : (H+1,) float64
        Cumulative growth of a new request, in units of load.
    weights : (H+1,) float64
        W_h > 0; ones where every step of the window counts alike.
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
    slack, blur = rounding_slack(loads, sizes, growth, weights)
    if places == 0:
        for i in range(pool):
            worker[i] = -1
        value = measure(loads, weights, ws.workers, ws.top, objective)
        return value, max(0.0, value - blur)
    if rich and len(growth) == 1 and blur == 0.0 and not required.any() and has_two(sizes):
        value = solve_two(loads[:, 0], free, sizes, weights[0], objective, worker)
        return value, value
    count = group_pool(sizes, required, ws.ranked, ws.smallest, ws.order, ws.scratch, ws.groups)
    set_levels(ws, loads, free, growth, pool, rich, slack == 0.0)
    bound = column_bound(ws, free, growth, weights, pool, places, rich, objective)
    if rich:
        value, bound = solve_rich(
            ws,
            loads,
            free,
            growth,
            weights,
            required,
            pool,
            count,
            places,
            objective,
            slack,
            bound,
            trials,
            worker,
        )
    else:
        value = attempt(ws, loads, free, growth, weights, required, pool, count, places, LARGEST, objective)
        hand_out(pool, count, ws.order, ws.groups, ws.slots, ws.workers, worker)
    missed = 0
    for i in range(places, len(required)):
        missed += required[i]
    for rule in range(2):
        if missed == 0 and value > bound:
            deal(
                loads, free, sizes, growth, places, rule == 0, ws.workers, ws.base, ws.rank, ws.key, ws.trial
            )
            found = measure(ws.base, weights, ws.workers, ws.top, objective)
            if found < value:
                value = found
                for i in range(pool):
                    worker[i] = ws.trial[i]
    return value, max(0.0, min(bound, value) - blur)
