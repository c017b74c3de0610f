"""`Law`: the distribution of one quantity (a size, a length, an increment).

It is a finite table, so that everything the bounds need (moments, tails, convolutions) is a sum and
not an approximation. May import contracts and numpy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from contracts import checks

__all__ = ["Law"]

#: Probability that a table of an unbounded law may leave out.
NEGLIGIBLE_TAIL = 2.0**-60
#: Longest table of a law, in entries (8 bytes each).
LARGEST_TABLE = 50_000_000


@dataclass(frozen=True, eq=False, init=False)
class Law:
    """A distribution on finitely many non-negative numbers.

    Parameters
    ----------
    values : (m,) array_like of float
        Distinct, >= 0; kept in ascending order.
    probabilities : (m,) array_like of float
        Each >= 0, with sum 1 up to rounding (1e-9); normalised. Values of probability 0 are dropped.

    Attributes
    ----------
    success_probability : float or None
        p if this is the geometric law P(n) = p(1-p)^(n-1), n >= 1, else None. Its table stops where the tail
        falls below 2^-60; samples are drawn from the whole law.

    Examples
    --------
    >>> law = Law([1, 2, 5], [0.5, 0.25, 0.25])
    >>> law.mean, law.variance, law.support
    (2.25, 2.6875, (1.0, 5.0))
    """

    values: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    success_probability: float | None = None

    def __init__(self, values: ArrayLike, probabilities: ArrayLike) -> None:
        points = checks.array("values", values, shape=(None,), at_least=0)
        checks.check(len(points) > 0, "values must not be empty")
        weights = checks.array("probabilities", probabilities, shape=(len(points),), at_least=0)
        total = float(weights.sum())
        checks.check(abs(total - 1) <= 1e-9, f"probabilities must sum to 1, got {total:.12g}")
        order = np.argsort(points, kind="stable")
        points, weights = points[order], weights[order] / total
        twice = np.flatnonzero(np.diff(points) == 0)
        if twice.size:
            raise ValueError(f"values must be distinct, got {points[twice[0]]:.12g} twice")
        _freeze(self, points[weights > 0], weights[weights > 0])

    @classmethod
    def constant(cls, value: float) -> Law:
        """Return the law of a quantity that always equals ``value`` (>= 0)."""
        return cls([checks.number("value", value, at_least=0)], [1.0])

    @classmethod
    def uniform(cls, lo: int, hi: int) -> Law:
        """Return the uniform law on the whole numbers ``lo``..``hi``, both included."""
        first = checks.count("lo", lo)
        last = checks.count("hi", hi, at_least=first)
        number = last - first + 1
        return cls(np.arange(first, last + 1), np.full(number, 1.0 / number))

    @classmethod
    def geometric(cls, p: float) -> Law:
        """Return the geometric law on 1, 2, 3, …: each step is the last with probability ``p`` in (0, 1]."""
        success = checks.number("p", p, above=0, at_most=1)
        checks.check(success >= 1e-6, f"p must be >= 1e-6 for the law to fit into a table, got {success:g}")
        # the tail beyond n is (1-p)^n
        longest = 1 if success == 1 else math.ceil(math.log(NEGLIGIBLE_TAIL) / math.log1p(-success))
        steps = np.arange(1, longest + 1)
        weights = success * np.exp((steps - 1) * math.log1p(-success)) if success < 1 else np.ones(1)
        law = cls(steps, weights / weights.sum())
        object.__setattr__(law, "success_probability", success)
        return law

    @classmethod
    def empirical(cls, samples: ArrayLike) -> Law:
        """Return the law that puts equal weight on each of ``samples`` (n,), n >= 1, each >= 0."""
        data = checks.array("samples", samples, shape=(None,), at_least=0)
        checks.check(len(data) > 0, "samples must not be empty")
        points, counts = np.unique(data, return_counts=True)
        return cls(points, counts / len(data))

    @classmethod
    def from_quantiles(cls, quantiles: Mapping[float, float]) -> Law:
        """Return a law on whole numbers with the given quantiles, linear between them.

        Parameters
        ----------
        quantiles : mapping of float to float
            Level in [0, 1] to value, non-decreasing; levels 0 and 1 (smallest and largest value) must be
            there. Two equal neighbouring values make an atom.

        Notes
        -----
        The distribution function is linear between neighbouring quantiles and each whole number v takes
        the probability of (v-1/2, v+1/2]; sums of probabilities are exact, values are off by at most 1/2.
        """
        checks.instance("quantiles", quantiles, Mapping, "a mapping of levels to values")
        levels = checks.array("quantile levels", list(quantiles), shape=(None,), at_least=0, at_most=1)
        values = checks.array("quantiles", list(quantiles.values()), shape=(None,), at_least=0)
        order = np.argsort(levels, kind="stable")
        levels, values = levels[order], values[order]
        ends = len(levels) >= 2 and levels[0] == 0 and levels[-1] == 1
        checks.check(ends, "quantiles must include the levels 0 and 1 (smallest and largest value)")
        checks.sorted_ascending("quantiles", values)
        bottom = math.floor(values[0])
        width = math.ceil(values[-1]) + 1 - bottom
        checks.check(width <= LARGEST_TABLE, f"quantiles span {width} whole numbers, too many for a table")
        points = np.arange(bottom, bottom + width)
        weights = np.zeros(width)
        for low, high, mass in zip(values, values[1:], np.diff(levels), strict=False):
            # only the whole numbers from floor(low) to ceil(high) take a share of this piece
            piece = slice(math.floor(low) - bottom, math.ceil(high) - bottom + 1)
            weights[piece] += mass * np.diff(_share_below(points[piece] + 0.5, low, high), prepend=0.0)
        return cls(points, weights / weights.sum())

    @property
    def mean(self) -> float:
        """E X."""
        return float(self.values @ self.probabilities)

    @property
    def variance(self) -> float:
        """E (X - E X)²."""
        return float((self.values - self.mean) ** 2 @ self.probabilities)

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value of positive probability (of the table, for an unbounded law)."""
        return float(self.values[0]), float(self.values[-1])

    @property
    def span(self) -> float:
        """Δ = largest minus smallest value."""
        return float(self.values[-1] - self.values[0])

    @property
    def is_constant(self) -> bool:
        """Whether only one value is possible."""
        return len(self.values) == 1

    @property
    def is_integral(self) -> bool:
        """Whether every value is a whole number."""
        return bool((self.values == np.floor(self.values)).all())

    def sample(self, number: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return ``number`` independent draws, (number,) float64."""
        if self.success_probability is not None:
            return rng.geometric(self.success_probability, number).astype(np.float64)
        cumulative = np.cumsum(self.probabilities)
        picks = np.searchsorted(cumulative / cumulative[-1], rng.random(number), side="right")
        drawn: NDArray[np.float64] = self.values[picks]
        return drawn

    def survival(self) -> NDArray[np.float64]:
        """Return P(X > a) for a = 0, 1, …, max - 1 of a law on whole numbers, (max,) float64."""
        checks.check(self.is_integral, "survival needs a law on whole numbers")
        longest = self.values[-1]
        checks.check(
            longest <= LARGEST_TABLE,
            f"survival needs a table of {longest:.12g} entries, more than {LARGEST_TABLE}: "
            f"the largest value is too large",
        )
        mass = np.zeros(int(self.values[-1]) + 1)
        mass[self.values.astype(np.int64)] = self.probabilities
        return np.cumsum(mass[::-1])[::-1][1:]

    def __repr__(self) -> str:
        if self.success_probability is not None:
            return f"Law.geometric({self.success_probability:g})"
        low, high = self.support
        return f"Law({len(self.values)} values in [{low:g}, {high:g}], mean {self.mean:g})"


def _share_below(cuts: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    if high == low:
        return (cuts >= low).astype(np.float64)
    # the quotient overflows where the piece is far shorter than its distance to a cut; the clip mends that
    with np.errstate(over="ignore"):
        return np.clip((cuts - low) / (high - low), 0.0, 1.0)


def _freeze(law: Law, values: NDArray[np.float64], probabilities: NDArray[np.float64]) -> None:
    for name, array in (("values", values), ("probabilities", probabilities)):
        array.flags.writeable = False
        object.__setattr__(law, name, array)
