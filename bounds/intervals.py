"""Confidence intervals for a stationary mean from one run. May import contracts, numpy, scipy, enclosures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy.special
from numpy.typing import ArrayLike

from bounds.enclosure import Enclosure
from contracts import checks

__all__ = ["Interval", "batch_means"]

#: More batches hardly narrow the interval, and fewer steps per batch are more dependent (Schmeiser 1982).
DEFAULT_BATCHES = 20
#: Fewer values than this in a batch tell nothing about a mean of dependent values.
SMALLEST_BATCH = 8


@dataclass(frozen=True)
class Interval:
    """A confidence interval: it contains the true mean with probability ``level``, under its assumptions.

    Attributes
    ----------
    estimate, half_width : float
        The interval is ``estimate`` ± ``half_width``.
    level : float
        Nominal coverage.
    batches, batch_size : int
        How many batch means it rests on, and of how many values each.
    """

    estimate: float
    half_width: float
    level: float
    batches: int
    batch_size: int

    @property
    def lo(self) -> float:
        """Lower end."""
        return self.estimate - self.half_width

    @property
    def hi(self) -> float:
        """Upper end."""
        return self.estimate + self.half_width

    @property
    def enclosure(self) -> Enclosure:
        """The two ends as an `Enclosure`. Unlike a computed one it holds with probability ``level`` only."""
        return Enclosure(self.lo, self.hi)

    def __contains__(self, value: object) -> bool:
        return self.lo <= checks.number("value", value) <= self.hi


def batch_means(values: ArrayLike, *, level: float = 0.99, batches: int = DEFAULT_BATCHES) -> Interval:
    """Return a confidence interval for the long-run mean of a stationary series, by batch means.

    The series is cut into consecutive batches of equal length (the first values, nearest to the warm-up, are
    left out where the number does not divide). Their means are treated as independent and normal with one
    variance, and Student's t gives the interval.

    Assumptions: the series is stationary (the warm-up has been cut off, `bounds.stationary_after`), and a
    batch is long compared with the time over which values depend on each other, so that means of
    neighbouring batches are nearly uncorrelated. Where it is not, the interval is too narrow; ten times
    the steps after which a correlation has died out is a common rule.

    Parameters
    ----------
    values : (n,) array_like of float
        One value per step, in order, for instance ``run.imbalance[warmup:]``.
    level : float
        In (0, 1).
    batches : int
        At least 2; 10 to 30 are advised.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable, or there are fewer than 8 values per batch.

    References
    ----------
    B. Schmeiser, "Batch size effects in the analysis of simulation output", Operations Research 30 (1982)
    556-568. A. M. Law, Simulation Modeling and Analysis, 5th ed. 2015, section 9.5.3.

    Examples
    --------
    >>> interval = batch_means([1.0, 3.0] * 40, batches=5)
    >>> interval.estimate, interval.half_width
    (2.0, 0.0)
    """
    series = checks.array("values", values, shape=(None,), axes="(n,)")
    covered = checks.number("level", level, above=0, below=1)
    number = checks.count("batches", batches, at_least=2)
    size = len(series) // number
    if size < SMALLEST_BATCH:
        raise ValueError(
            f"values must have at least {SMALLEST_BATCH * number} entries for batches = {number} "
            f"({SMALLEST_BATCH} in each), got {len(series)}"
        )
    means = series[len(series) - size * number :].reshape(number, size).mean(axis=1)
    estimate = float(means.mean())
    deviation = float(np.sqrt(((means - estimate) ** 2).sum() / (number - 1)))
    quantile = float(scipy.special.stdtrit(number - 1, 0.5 + 0.5 * covered))
    return Interval(estimate, quantile * deviation / math.sqrt(number), covered, number, size)
