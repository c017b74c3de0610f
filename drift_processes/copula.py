"""The Gaussian copula on two finite tables. May import contracts, numpy and (where needed) scipy."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from contracts import checks

__all__ = ["check_correlated", "gaussian_copula_table"]

#: Most pairs of a table; each takes some 100 bytes on the way.
MOST_PAIRS = 4_000_000
#: Nearer to ±1 the pairs would all but determine each other.
STRONGEST = 0.999
#: Share of independence that every pair keeps. It is below the rounding of the differences that make up a
#: pair's probability, and lets no row or column that rounding emptied stay empty.
FLOOR = 2.0**-56
#: The marginals of the table agree with those wanted up to this relative error.
TOLERANCE = 1e-13
MOST_ROUNDS = 200
#: Stands for 0 where it would be divided by.
TINY = 1e-250


def check_correlated(sizes: int, lengths: int, rho: float) -> float:
    """Return ``rho`` if it is in range and the table of ``sizes`` · ``lengths`` pairs not too large."""
    pairs = sizes * lengths
    checks.check(
        pairs <= MOST_PAIRS,
        f"{sizes} sizes and {lengths} lengths make {pairs} correlated pairs, more than {MOST_PAIRS}: "
        f"use coarser laws",
    )
    return checks.number("rho", rho, at_least=-STRONGEST, at_most=STRONGEST)


def gaussian_copula_table(
    first: NDArray[np.float64], second: NDArray[np.float64], rho: float
) -> NDArray[np.float64]:
    """Return the joint probabilities of two tables whose normal scores have correlation ``rho``.

    Parameters
    ----------
    first : (m,) float64
        Probabilities of the first marginal, in the order of its values; each > 0, with sum 1.
    second : (n,) float64
        Those of the second.
    rho : float
        -0.999 to 0.999.

    Returns
    -------
    (m, n) float64
        With row sums ``first`` and column sums ``second``, up to rounding.
    """
    below = np.zeros((len(first) + 1, len(second) + 1))
    rows, columns = np.cumsum(first)[:-1], np.cumsum(second)[:-1]
    below[1:-1, 1:-1] = _distribution(rows[:, None], columns[None, :], rho)
    below[1:-1, -1], below[-1, 1:-1], below[-1, -1] = rows, columns, 1.0
    table: NDArray[np.float64] = np.diff(np.diff(below, axis=0), axis=1)
    np.maximum(table, FLOOR * first[:, None] * second[None, :], out=table)
    # what rounding took from the marginals, scaling rows and columns in turn gives back
    for _ in range(MOST_ROUNDS):
        table *= second / table.sum(axis=0)
        short = first / table.sum(axis=1)
        table *= short[:, None]
        if np.abs(short - 1).max() <= TOLERANCE:
            break
    return table


def _distribution(u: NDArray[np.float64], v: NDArray[np.float64], rho: float) -> NDArray[np.float64]:
    # P(U <= h, V <= k) by Owen's T function (Owen, Annals of Mathematical Statistics 27, 1956, eq. 2.1), with
    # Φ(h) = u and Φ(k) = v
    from scipy.special import ndtri, owens_t  # here, because they take long to import

    h, k = (np.where(np.abs(score) < TINY, TINY, score) for score in (_finite(ndtri(u)), _finite(ndtri(v))))
    root = math.sqrt((1 - rho) * (1 + rho))
    both = owens_t(h, (k - rho * h) / (h * root)) + owens_t(k, (h - rho * k) / (k * root))
    apart = np.where((h > 0) == (k > 0), 0.0, 0.5)
    joint: NDArray[np.float64] = (u + v) / 2 - both - apart
    return joint


def _finite(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    # a cumulative probability that rounds to 1 has the score +inf
    return np.clip(scores, -40.0, 40.0)
