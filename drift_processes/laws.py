"""`Law`: the distribution of one quantity (a size, a length, an increment).

It is a finite table, so that everything the bounds need (moments, tails, convolutions) is a sum and
not an approximation. May import contracts, numpy and the tables behind the constructors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from contracts import checks
from drift_processes import law_tables as tables
from drift_processes.guide_table import GuideTable

__all__ = ["Law"]

#: Draws that `Law.skip` makes at once where it has to make them.
SKIPPED_AT_ONCE = 1_000_000


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
        total = checks.sums_to_one("probabilities", weights)
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
        """Return the uniform law on the whole numbers ``lo``..``hi``, at most 5·10^7, both included."""
        first = checks.count("lo", lo)
        last = checks.count("hi", hi, at_least=first, at_most=checks.EXACT_INTEGER_LIMIT)
        number = last - first + 1
        tables.check_fits(f"the uniform law on {first}..{last}", number)
        return cls(np.arange(first, last + 1), np.full(number, 1.0 / number))

    @classmethod
    def geometric(cls, p: float) -> Law:
        """Return the geometric law on 1, 2, 3, …: each step is the last with probability ``p`` in (0, 1]."""
        success = tables.success_probability(p)
        law = cls(*tables.geometric_table(success))
        object.__setattr__(law, "success_probability", success)
        return law

    @classmethod
    def negative_binomial(cls, r: float, p: float) -> Law:
        """Return the law of 1 + N, N the failures before the r-th success of trials of probability ``p``.

        P(1 + n) = Γ(n+r) / (Γ(r) n!) · p^r (1-p)^n for n >= 0; mean 1 + r(1-p)/p, variance r(1-p)/p².
        ``r`` >= 0.001 need not be whole; r = 1 is the geometric law. The table ends like that of `geometric`,
        and so do samples.
        """
        shape = checks.number("r", r, at_least=1e-3)
        return cls(*tables.negative_binomial_table(shape, tables.success_probability(p)))

    @classmethod
    def lognormal(cls, median: float, sigma: float, at_most: int) -> Law:
        """Return the law of min(max(round(Z), 1), at_most), Z lognormal: log Z ~ N(log median, sigma²).

        What Z puts beyond ``at_most`` lies there, as where a service cuts requests off. The mean is
        1 + Σ_{a=1..at_most-1} Φ((log median - log(a+1/2)) / sigma): near median · exp(sigma²/2) if the median
        is large and ``at_most`` far off.
        """
        middle = checks.number("median", median, above=0)
        spread = checks.number("sigma", sigma, above=0)
        last = checks.count("at_most", at_most, at_least=1, at_most=tables.LARGEST_TABLE)
        return cls(*tables.lognormal_table(middle, spread, last))

    @classmethod
    def zipf(cls, exponent: float, cutoff: int) -> Law:
        """Return the heavy-tailed law P(n) ∝ n^(-exponent) on 1..cutoff, exponent >= 0.

        The mean is H(exponent-1) / H(exponent) with H(e) = Σ_{n=1..cutoff} n^(-e).
        """
        power = checks.number("exponent", exponent, at_least=0)
        last = checks.count("cutoff", cutoff, at_least=1, at_most=tables.LARGEST_TABLE)
        return cls(*tables.zipf_table(power, last))

    @classmethod
    def mixture(cls, laws: Sequence[Law], weights: ArrayLike) -> Law:
        """Return the law that follows ``laws[i]`` with probability ``weights[i]``; its mean is Σ w_i E X_i.

        Parameters
        ----------
        laws : sequence of Law
            At least one.
        weights : (number of laws,) array_like of float
            Each >= 0, with sum 1 up to rounding (1e-9).
        """
        checks.instance("laws", laws, Sequence, "a list of laws")
        checks.check(len(laws) > 0, "laws must not be empty")
        for i, law in enumerate(laws):
            checks.instance(f"laws[{i}]", law, Law, "a Law")
        share = checks.array("weights", weights, shape=(len(laws),), at_least=0)
        checks.sums_to_one("weights", share)
        points, place = np.unique(np.concatenate([law.values for law in laws]), return_inverse=True)
        parts = [weight * law.probabilities for weight, law in zip(share, laws, strict=True)]
        return cls(points, np.bincount(place.ravel(), weights=np.concatenate(parts)))

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
        return cls(*tables.quantile_table(levels, values))

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
        drawn: NDArray[np.float64] = self._guide.draw(number, rng, self.values)[0]
        return drawn

    def skip(self, number: int, rng: np.random.Generator) -> None:
        """Move ``rng`` to where it stands after `sample` of ``number`` draws, without keeping them."""
        if self.success_probability is None and isinstance(rng.bit_generator, np.random.PCG64):
            rng.bit_generator.advance(number)  # one 64-bit number a draw
            return
        for start in range(0, number, SKIPPED_AT_ONCE):
            self.sample(min(SKIPPED_AT_ONCE, number - start), rng)

    @cached_property
    def _guide(self) -> GuideTable:
        return GuideTable(self.probabilities)

    def survival(self) -> NDArray[np.float64]:
        """Return P(X > a) for a = 0, 1, …, max - 1 of a law on whole numbers, (max,) float64."""
        checks.check(self.is_integral, "survival needs a law on whole numbers")
        tables.check_fits("survival", self.values[-1], ": the largest value is too large")
        mass = np.zeros(int(self.values[-1]) + 1)
        mass[self.values.astype(np.int64)] = self.probabilities
        return np.cumsum(mass[::-1])[::-1][1:]

    def __repr__(self) -> str:
        if self.success_probability is not None:
            return f"Law.geometric({self.success_probability:g})"
        low, high = self.support
        return f"Law({len(self.values)} values in [{low:g}, {high:g}], mean {self.mean:g})"


def _freeze(law: Law, values: NDArray[np.float64], probabilities: NDArray[np.float64]) -> None:
    for name, array in (("values", values), ("probabilities", probabilities)):
        array.flags.writeable = False
        object.__setattr__(law, name, array)
