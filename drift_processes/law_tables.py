"""The tables behind the constructors of `Law`: arrays of values and probabilities from parameters.

May import contracts and numpy, and scipy where a function needs it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from contracts import checks

__all__ = [
    "LARGEST_TABLE",
    "check_fits",
    "geometric_table",
    "lognormal_table",
    "negative_binomial_table",
    "quantile_table",
    "zipf_table",
]

#: Probability that a table of an unbounded law may leave out.
NEGLIGIBLE_TAIL = 2.0**-60
#: Longest table of a law, in entries (8 bytes each).
LARGEST_TABLE = 50_000_000

Table = tuple[NDArray[np.float64], NDArray[np.float64]]


def check_fits(what: str, entries: float, hint: str = "") -> None:
    """Raise ``ValueError`` where a table of that many entries would be too long."""
    checks.check(
        entries <= LARGEST_TABLE,
        f"{what} needs a table of {entries:.12g} entries, more than {LARGEST_TABLE}{hint}",
    )


def success_probability(p: float) -> float:
    """Return p in (0, 1] of a law whose table has of the order of 1/p entries, or raise."""
    success = checks.number("p", p, above=0, at_most=1)
    checks.check(success >= 1e-6, f"p must be >= 1e-6 for the law to fit into a table, got {success:g}")
    return success


def geometric_table(p: float) -> Table:
    """Return P(n) = p (1-p)^(n-1), n >= 1, up to a negligible tail."""
    # the tail beyond n is (1-p)^n
    longest = 1 if p == 1 else math.ceil(math.log(NEGLIGIBLE_TAIL) / math.log1p(-p))
    steps = np.arange(1, longest + 1)
    weights = p * np.exp((steps - 1) * math.log1p(-p)) if p < 1 else np.ones(1)
    return steps.astype(np.float64), weights / weights.sum()


def negative_binomial_table(r: float, p: float) -> Table:
    """Return the law of 1 + the failures before the r-th success, up to a negligible tail."""
    if p == 1:
        return np.ones(1), np.ones(1)
    decay = math.log1p(-p)
    # Chernoff with e^s = (1-p)^(-1/2): at least n failures have probability <= (1+√q)^r q^(n/2), q = 1 - p
    most = 2 * (r * math.log1p(math.exp(decay / 2)) - math.log(NEGLIGIBLE_TAIL)) / -decay
    check_fits(f"the negative binomial law of r = {r:g}, p = {p:g}", most + 1)
    failures = np.arange(1, math.ceil(most) + 1)
    # P(n) / P(n-1) = (1-p) (n+r-1) / n, in logarithms since P(0) = p^r may be too small for float64
    log_weights = np.cumsum(np.log1p((r - 1) / failures) + decay)
    weights = np.exp(np.concatenate([[0.0], log_weights]) - max(0.0, float(log_weights.max())))
    weights /= weights.sum()
    tail = np.cumsum(weights[::-1])[::-1]
    weights = weights[tail > NEGLIGIBLE_TAIL]
    return np.arange(1.0, len(weights) + 1), weights / weights.sum()


def lognormal_table(median: float, sigma: float, at_most: int) -> Table:
    """Return the law of a lognormal number rounded to a whole one and moved into 1..at_most."""
    from scipy.special import ndtr  # here, because it takes long to import

    with np.errstate(over="ignore"):  # a tiny sigma leaves one value, whatever the quotients are
        borders = (np.log(np.arange(1, at_most) + 0.5) - math.log(median)) / sigma
    above = np.minimum.accumulate(np.concatenate([[1.0], ndtr(-borders), [0.0]]))
    return np.arange(1.0, at_most + 1), -np.diff(above)


def zipf_table(exponent: float, cutoff: int) -> Table:
    """Return P(n) ∝ n^(-exponent) on 1..cutoff."""
    values = np.arange(1.0, cutoff + 1)
    weights = values**-exponent
    return values, weights / weights.sum()


def quantile_table(levels: NDArray[np.float64], values: NDArray[np.float64]) -> Table:
    """Return the law whose distribution function is linear between the quantiles ``values`` of ``levels``.

    Each whole number v takes the probability of (v-1/2, v+1/2].
    """
    bottom = math.floor(values[0])
    width = math.ceil(values[-1]) + 1 - bottom
    checks.check(width <= LARGEST_TABLE, f"quantiles span {width} whole numbers, too many for a table")
    points = np.arange(bottom, bottom + width)
    weights = np.zeros(width)
    for low, high, mass in zip(values, values[1:], np.diff(levels), strict=False):
        # only the whole numbers from floor(low) to ceil(high) take a share of this piece
        piece = slice(math.floor(low) - bottom, math.ceil(high) - bottom + 1)
        weights[piece] += mass * np.diff(_share_below(points[piece] + 0.5, low, high), prepend=0.0)
    return points.astype(np.float64), weights / weights.sum()


def _share_below(cuts: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    if high == low:
        return (cuts >= low).astype(np.float64)
    # the quotient overflows where the piece is far shorter than its distance to a cut; the clip mends that
    with np.errstate(over="ignore"):
        return np.clip((cuts - low) / (high - low), 0.0, 1.0)
