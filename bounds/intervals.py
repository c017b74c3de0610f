"""Confidence intervals for a stationary mean, from one run or from independent ones.

May import contracts, drift_processes, numpy, scipy and enclosures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import scipy.special
from numpy.typing import ArrayLike, NDArray

from bounds.enclosure import Enclosure
from contracts import checks
from drift_processes import Law

__all__ = ["Interval", "batch_count", "batch_means", "independent_mean", "memory_steps"]

#: More batches hardly narrow the interval, and fewer steps per batch are more dependent (Schmeiser 1982).
DEFAULT_BATCHES = 20
#: Fewer values than this in a batch tell nothing about a mean of dependent values.
SMALLEST_BATCH = 8
#: Below this number of batches the interval is so wide, and so dependent on normality, that none is better.
FEWEST_BATCHES = 8
#: Largest magnitude of a measurement: fourth powers of it stay within float64.
LARGEST_VALUE = 1e75


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

    def at(self, level: float) -> Interval:
        """Return the interval of another level from the same means."""
        covered = checks.number("level", level, above=0, below=1)
        wider = _quantile(self.batches, covered) / _quantile(self.batches, self.level)
        return replace(self, half_width=self.half_width * wider, level=covered)

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
    series = measured("values", values, axes="(n,)")
    covered = checks.number("level", level, above=0, below=1)
    number = checks.count("batches", batches, at_least=2)
    size = len(series) // number
    if size < SMALLEST_BATCH:
        raise ValueError(
            f"values must have at least {SMALLEST_BATCH * number} entries for batches = {number} "
            f"({SMALLEST_BATCH} in each), got {len(series)}"
        )
    means = series[len(series) - size * number :].reshape(number, size).mean(axis=1)
    return _student(means, covered, size)


def independent_mean(values: ArrayLike, *, level: float = 0.99) -> Interval:
    """Return Student's interval for the mean of independent, identically distributed values.

    For instance the means of independent replications, or one value per round of a homogeneous run. Exact
    for normal values, nearly so for means of many steps.

    Parameters
    ----------
    values : (n,) array_like of float
        At least 2.
    level : float
        In (0, 1).

    Examples
    --------
    >>> round(independent_mean([1.0, 2.0, 3.0], level=0.95).half_width, 3)
    2.484
    """
    series = measured("values", values, axes="(n,)")
    covered = checks.number("level", level, above=0, below=1)
    checks.check(len(series) >= 2, f"values must have at least 2 entries, got {len(series)}")
    return _student(series, covered, 1)


def measured(name: str, values: ArrayLike, *, axes: str) -> NDArray[np.float64]:
    """Return a series of measurements, each so small that squares add up without overflow, or raise."""
    series: NDArray[np.float64] = checks.array(
        name, values, shape=(None,), axes=axes, at_least=-LARGEST_VALUE, at_most=LARGEST_VALUE
    )
    return series


def memory_steps(lengths: Law) -> int:
    """Return the number of steps after which a run has forgotten its state: 4·E o² / E o, rounded up.

    E o² / E o is the mean length of the requests found in the slots (longer ones are found more often). For
    geometric lengths it is about 2/p, twice the steps over which correlations fall by a factor e.
    """
    checks.instance("lengths", lengths, Law, "a Law")
    return math.ceil(4 * (lengths.variance + lengths.mean**2) / lengths.mean)


def batch_count(steps: int, *, memory: int) -> int:
    """Return into how many batches to cut a run so that each is at least ``memory`` steps long.

    At most 20; 0 where not even 8 fit: the run is then too short for an interval.
    """
    available = checks.count("steps", steps)
    longest = max(checks.count("memory", memory), SMALLEST_BATCH)
    number = min(DEFAULT_BATCHES, available // longest)
    return number if number >= FEWEST_BATCHES else 0


def _student(means: NDArray[np.float64], level: float, size: int) -> Interval:
    number = len(means)
    estimate = float(means.mean())
    deviation = float(np.sqrt(((means - estimate) ** 2).sum() / (number - 1)))
    half_width = _quantile(number, level) * deviation / math.sqrt(number)
    return Interval(estimate, half_width, level, number, size)


def _quantile(number: int, level: float) -> float:
    return float(scipy.special.stdtrit(number - 1, 0.5 + 0.5 * level))
