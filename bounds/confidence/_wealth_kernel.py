"""What a bettor owns who backed every fraction at once: the loop behind `bounds.confidence.betting`.

Imports numpy and numba only. The readable twin is in tests/bounds/confidence.
"""

from __future__ import annotations

import math

import numba
import numpy as np

__all__ = ["FRACTIONS", "log_wealth", "raise_end"]

#: Fractions of the wealth that are staked, each by an equal share of the first unit. Wealth grows at rate
#: 2(c/c*) - (c/c*)² times the best when c is staked instead of c*: neighbours a factor 2 apart lose at most a
#: ninth. The largest serves observations without variance, the smallest rare large ones.
FRACTIONS = np.array([0.95, 0.75] + [2.0**-j for j in range(1, 11)])

#: Factors multiplied between two logarithms: 0.05**16 and its like are far from the smallest float.
BLOCK = 16

#: An end is found to this share of its distance from a value that no end can pass.
TOLERANCE = 1e-5


@numba.njit(cache=True)
def log_wealth(x, y, size, m, fractions):  # type: ignore[no-untyped-def]
    """Return the log of the mean over c in ``fractions`` of Π_i (1 - c·y_i + c·x_i/m), i < ``size``.

    Where x_i >= 0, y_i in [0, 1] and E x_i <= m·E y_i given the past, each product is a nonnegative
    supermartingale that starts at 1. It falls as m rises.
    """
    bets = fractions.size
    logs = np.zeros(bets)
    product = np.ones(bets)
    for start in range(0, size, BLOCK):
        product[:] = 1.0
        for i in range(start, min(start + BLOCK, size)):
            gain = x[i] / m - y[i]
            for j in range(bets):
                product[j] *= 1.0 + fractions[j] * gain
        for j in range(bets):
            logs[j] += math.log(product[j])
    top = logs.max()
    if top == math.inf:
        return top
    total = 0.0
    for j in range(bets):
        total += math.exp(logs[j] - top)
    return top + math.log(total / bets)


@numba.njit(cache=True)
def raise_end(x, y, size, end, target, fractions):  # type: ignore[no-untyped-def]
    """Return ``end``, or the largest m found above it whose log wealth reaches ``target`` now.

    Every m below has reached it too, since wealth falls in m. The value returned was evaluated, so that it
    errs downward. ``target`` must be > 0.
    """
    # log wealth <= c·(Σx/m - Σy) for the largest c < 1, so nothing reaches the target from here on
    ceiling = x[:size].sum() / (y[:size].sum() + target)
    if ceiling <= end:
        return end
    step = TOLERANCE * (ceiling - end)
    low, high = end, end + step
    while high < ceiling and log_wealth(x, y, size, high, fractions) >= target:
        step *= 4.0
        low, high = high, high + step
    if low == end:
        return end
    high = min(high, ceiling)
    tolerance = TOLERANCE * (ceiling - end)
    while high - low > tolerance:
        middle = 0.5 * (low + high)
        if log_wealth(x, y, size, middle, fractions) >= target:
            low = middle
        else:
            high = middle
    return low
