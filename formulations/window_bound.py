"""The lower bound for a window of several steps, by linear-programming duality, and the levels it suggests.

*Dual.* Take weights y[g, h] >= 0 with Σ_g y[g, h] = G in every column. As max_g L_g >= Σ_g (y[g, h]/G)·L_g,

    Σ_h G·max_g L_g - Σ_gh L_g  >=  Σ_gh (y[g, h] - 1)·base[g, h] + Σ_g w_g·S_g,   w_g = Σ_h y[g, h] - C,

and Σ_g w_g·S_g is smallest when workers with negative w_g hold the largest requests (the most negative the
very largest) and those with positive w_g the smallest: the rearrangement inequality. `dual_bound` evaluates
the right-hand side, so *any* weights prove a bound; the rest of this module only finds good ones.

*Good weights.* Price a slot's worth of load at p. For fixed p the best weights solve a transport problem:
each worker has C units, each column takes G units; a unit of worker g in column h earns base[g, h], a unit
that stays at home pays p·free[g] (the worker is left hungry: w_g < 0, it would take free[g] requests of size
p), and what a column lacks is supplied by its heaviest worker at low[h], the level that its smallest requests
force. It is solved by successive shortest paths over the C columns; the columns' potentials are the levels
M_h that the step should aim for. The price is right when as many requests are larger than p as there are
hungry slots, which a few bisections settle.

All units are whole numbers, so that with integral data the bound is computed exactly. May import numpy,
numba and `formulations.lower_bounds` only.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from formulations.lower_bounds import argsort, count_at_most

__all__ = ["dual_bound", "transport", "window_bound"]

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
    """Solve the transport problem of this module's head for one price, by successive shortest paths."""
    workers, columns = base.shape
    for g in range(workers):
        for h in range(columns):
            units[g, h] = 0.0
    for h in range(columns):
        spare[h] = workers
        level[h] = low[h]
    for g in range(workers):
        home[g] = columns
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


@njit(cache=True)
def dual_bound(
    base: Floats,
    free: Ints,
    units: Floats,
    smallest: Floats,
    pool: int,
    keys: Floats,
    order: Ints,
    scratch: Ints,
) -> float:
    """Return the right-hand side of the dual for weights ``units`` (G, H+1) whose columns sum to G."""
    workers, columns = base.shape
    bound = 0.0
    for g in range(workers):
        keys[g] = -columns
        for h in range(columns):
            bound += (units[g, h] - 1.0) * base[g, h]
            keys[g] += units[g, h]
    argsort(keys, workers, order, scratch)
    rest = pool
    for k in range(workers):
        g = order[k]
        if keys[g] >= 0.0:
            break
        bound += keys[g] * (smallest[rest] - smallest[rest - free[g]])
        rest -= free[g]
    rest = 0
    for k in range(workers - 1, -1, -1):
        g = order[k]
        if keys[g] <= 0.0:
            break
        bound += keys[g] * (smallest[rest + free[g]] - smallest[rest])
        rest += free[g]
    return bound


@njit(cache=True)
def window_bound(
    base: Floats,
    free: Ints,
    sizes: Floats,
    smallest: Floats,
    prices: int,
    window: Floats,
    units: Floats,
    home: Floats,
    detour: Floats,
    via: Ints,
    keys: Floats,
    order: Ints,
    scratch: Ints,
) -> float:
    """Return a lower bound on the imbalance over the window; write the levels to aim for into ``window[3]``.

    ``prices`` prices are tried, by bisection over the sizes in the pool; the bound is the best of them.
    ``window[0]`` receives the levels forced by the smallest requests.
    """
    workers, columns = base.shape
    pool = len(sizes)
    low, spare, level, aim, onward = window[0], window[1], window[2], window[3], via[columns]
    slots = 0
    for g in range(workers):
        slots += free[g]
        for h in range(columns):
            if g == 0 or base[g, h] + smallest[free[g]] > low[h]:
                low[h] = base[g, h] + smallest[free[g]]
                aim[h] = low[h]
    best = -np.inf
    under, over = 0, pool - 1
    pick = max(pool - slots // 2 - 1, 0)
    for _ in range(prices):
        transport(base, free, low, sizes[pick], units, home, spare, level, detour, via, onward)
        hungry = 0.0
        for g in range(workers):
            hungry += home[g] * free[g]
        for h in range(columns):
            for g in range(workers):
                if spare[h] > 0.0 and base[g, h] + smallest[free[g]] == low[h]:
                    units[g, h] += spare[h]
                    spare[h] = 0.0
        bound = dual_bound(base, free, units, smallest, pool, keys, order, scratch)
        if bound > best:
            best = bound
            for h in range(columns):
                aim[h] = level[h]
        larger = pool - count_at_most(sizes, pool, sizes[pick])
        if columns * larger > hungry:
            under = pick + 1
        else:
            over = pick - 1
        if under > over or (hungry == 0.0 and larger > 0):
            break  # with nobody hungry a higher price changes nothing
        wanted = pool - 1 - int(hungry / columns)
        pick = wanted if under <= wanted <= over else (under + over) // 2
    return best
