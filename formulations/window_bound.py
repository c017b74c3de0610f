"""The lower bound for a window of several steps, by linear-programming duality, and the levels it suggests.

*Dual.* Take multipliers y[g, h] >= 0 with Σ_g y[g, h] = G·W_h in every column; W_h > 0 are the weights of the
steps, C = Σ_h W_h. As L_g(h) = base[g, h] + S_g and G·W_h·max_g L_g(h) >= Σ_g y[g, h]·L_g(h),

    Σ_h W_h·[G·max_g L_g - Σ_g L_g]  >=  Σ_gh (y[g, h] - W_h)·base[g, h] + Σ_g w_g·S_g

with w_g = Σ_h y[g, h] - C, and Σ_g w_g·S_g is smallest when workers with negative w_g hold the largest
requests (the most negative the very largest) and those with positive w_g the smallest: the rearrangement
inequality. `dual_bound` evaluates the right-hand side, so *any* multipliers prove a bound; the rest of this
module only finds good ones.

*Good multipliers.* Price a slot's worth of load at p. For fixed p the best ones solve a transport problem:
each worker has C units, column h takes G·W_h units; a unit of worker g in column h earns base[g, h], a unit
that stays at home pays p·free[g] (the worker is left hungry: w_g < 0, it would take free[g] requests of size
p, each of which absorbs C units of hunger), and what a column lacks is supplied by its heaviest worker at
low[h], the level that its smallest requests force. `formulations._transport` solves it by successive shortest
paths over the columns; the columns' potentials are the levels M_h that the step should aim for. The price is
right when C times the number of requests larger than p is the hunger, in units times slots, which a few
bisections settle.

With whole weights all units are whole numbers, so that with integral data the bound is computed exactly; all
weights times an integer multiply every unit and the bound by it. May import numpy, numba,
`formulations.lower_bounds` and `formulations._transport` only.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from formulations._transport import transport
from formulations.lower_bounds import argsort, count_at_most

__all__ = ["dual_bound", "top_up", "window_bound"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@njit(cache=True)
def dual_bound(
    base: Floats,
    free: Ints,
    weights: Floats,
    units: Floats,
    smallest: Floats,
    pool: int,
    keys: Floats,
    order: Ints,
    scratch: Ints,
) -> float:
    """Return the right-hand side of the dual for multipliers ``units``, (G, H+1) with sums G·W_h."""
    workers, columns = base.shape
    total = 0.0
    for h in range(columns):
        total += weights[h]
    bound = 0.0
    for g in range(workers):
        keys[g] = -total
        for h in range(columns):
            bound += (units[g, h] - weights[h]) * base[g, h]
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
def top_up(base: Floats, free: Ints, weights: Floats, low: Floats, smallest: Floats, units: Floats) -> None:
    """Make column h sum to G·W_h: its heaviest worker, who reaches ``low``, supplies what it lacks.

    Where weights are not whole a column may hold a trifle too much: that is taken out again, so that no
    multiplier is negative and the sums are right but for the rounding that `rounding_slack` counts.
    """
    workers, columns = base.shape
    for h in range(columns):
        lack, heaviest = workers * weights[h], -1
        for g in range(workers):
            lack -= units[g, h]
            if heaviest < 0 and base[g, h] + smallest[free[g]] == low[h]:
                heaviest = g
        if lack >= 0.0:
            units[heaviest, h] += lack
            continue
        for g in range(workers):
            less = min(units[g, h], -lack)
            units[g, h] -= less
            lack += less


@njit(cache=True)
def window_bound(
    base: Floats,
    free: Ints,
    weights: Floats,
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
    total = 0.0
    for h in range(columns):
        total += weights[h]
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
        transport(base, free, weights, low, sizes[pick], units, home, spare, level, detour, via, onward)
        hungry = 0.0
        for g in range(workers):
            hungry += home[g] * free[g]
        top_up(base, free, weights, low, smallest, units)
        bound = dual_bound(base, free, weights, units, smallest, pool, keys, order, scratch)
        if bound > best:
            best = bound
            for h in range(columns):
                aim[h] = level[h]
        larger = pool - count_at_most(sizes, pool, sizes[pick])
        if total * larger > hungry:
            under = pick + 1
        else:
            over = pick - 1
        if under > over or (hungry == 0.0 and larger > 0):
            break  # with nobody hungry a higher price changes nothing
        wanted = pool - 1 - int(hungry / total)
        pick = wanted if under <= wanted <= over else (under + over) // 2
    return best
