"""The transport problem behind the dual of a window: workers' units into columns, at one price of a slot.

Each worker has C = Σ_h W_h units, column h takes G·W_h. A unit of worker g in column h earns base[g, h]; one
that stays at home pays price·free[g]; and what a column lacks is supplied by its heaviest worker at low[h].
Why, and what the columns' potentials are good for: `formulations.window_bound`. May import numpy and numba
only.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["transport"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@njit(cache=True)
def _detours(h: int, base: Floats, free: Ints, price: float, units: Floats, cost: Floats, via: Ints) -> None:
    """For a full column h: the cheapest worker to move from it to each column (last entry: to send home)."""
    workers, columns = base.shape
    for t in range(columns + 1):
        cost[h, t] = np.inf
    for g in range(workers):
        if units[g, h] > 0.0:
            if price * free[g] + base[g, h] < cost[h, columns]:
                cost[h, columns] = price * free[g] + base[g, h]
                via[h, columns] = g
            for t in range(columns):
                if t != h and base[g, h] - base[g, t] < cost[h, t]:
                    cost[h, t] = base[g, h] - base[g, t]
                    via[h, t] = g


@njit(cache=True)
def _potentials(low: Floats, spare: Floats, cost: Floats, level: Floats, onward: Ints) -> None:
    """Write what a unit of room in each column is worth: low[h] where there is spare room, else a detour."""
    columns = len(low)
    for h in range(columns):
        level[h] = low[h] if spare[h] > 0.0 else np.inf
    for _ in range(columns + 1):
        changed = False
        for h in range(columns):
            if spare[h] > 0.0:
                continue
            for t in range(columns + 1):
                through = cost[h, t] + (level[t] if t < columns else 0.0)
                if through < level[h]:
                    level[h] = through
                    onward[h] = t
                    changed = True
        if not changed:
            break


@njit(cache=True)
def _push(
    g: int, h: int, units: Floats, home: Floats, spare: Floats, via: Ints, onward: Ints
) -> tuple[float, int]:
    """Move as many units of worker g as the path from column h carries; return how many, and its end."""
    columns = len(spare)
    amount = home[g]
    node = h
    hops = 0
    while node < columns and spare[node] == 0.0:
        if hops > columns:
            return 0.0, h
        amount = min(amount, units[via[node, onward[node]], node])
        node = onward[node]
        hops += 1
    if node < columns:
        amount = min(amount, spare[node])
        spare[node] -= amount
    end = node
    units[g, h] += amount
    home[g] -= amount
    node = h
    while node != end:
        mover = via[node, onward[node]]
        units[mover, node] -= amount
        node = onward[node]
        if node < columns:
            units[mover, node] += amount
        else:
            home[mover] += amount
    return amount, end


@njit(cache=True)
def transport(
    base: Floats,
    free: Ints,
    weights: Floats,
    low: Floats,
    price: float,
    units: Floats,
    home: Floats,
    spare: Floats,
    level: Floats,
    cost: Floats,
    via: Ints,
    onward: Ints,
) -> None:
    """Solve the transport problem of this module's head for one price, by successive shortest paths.

    Parameters
    ----------
    base : (G, H+1) float64
        Loads before sizes, in units of load.
    free : (G,) int64
        Free slots.
    weights : (H+1,) float64
        W_h.
    low : (H+1,) float64
        What the heaviest worker supplies units of each column at, in units of load.
    price : float
        p, in units of load per slot.
    units, home, spare, level : (G, H+1), (G,), (H+1,), (H+1,) float64
        Written: units of each worker in each column, units at home, room left in each column, and what a unit
        of room is worth: the level to aim for.
    cost, via, onward : (H+1, H+2), at least (H+1, H+2), (H+1,)
        Scratch.
    """
    workers, columns = base.shape
    total = 0.0
    for h in range(columns):
        total += weights[h]
    for g in range(workers):
        for h in range(columns):
            units[g, h] = 0.0
    for h in range(columns):
        spare[h] = workers * weights[h]
        level[h] = low[h]
    for g in range(workers):
        home[g] = total
        # Rounding can make a worker displace itself for nothing; any weights are valid, so stop at a limit.
        for _ in range(4 * columns):
            if free[g] == 0 or home[g] == 0.0:
                break
            h = columns - 1
            for t in range(columns):
                if level[t] - base[g, t] < level[h] - base[g, h]:
                    h = t
            if price * free[g] <= level[h] - base[g, h]:
                break
            full = spare[h] == 0.0
            amount, end = _push(g, h, units, home, spare, via, onward)
            if amount <= 0.0:
                break
            node = h
            while node < columns and spare[node] == 0.0:
                _detours(node, base, free, price, units, cost, via)
                full = True
                if node == end:
                    break
                node = onward[node]
            if full:
                _potentials(low, spare, cost, level, onward)
