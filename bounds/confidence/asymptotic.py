"""Confidence sequence for a mean without a bound on the observations: valid in the limit only.

May import contracts and the betting sequence.
"""

from __future__ import annotations

import math

from scipy.special import lambertw

from bounds.confidence.betting import Lowest
from bounds.confidence.sequence import ConfidenceSequence
from contracts import checks

__all__ = ["FIRST_LOOK", "AsymptoticSequence", "critical_value"]

#: Before this many observations an asymptotic sequence says nothing: the level is kept in the limit of a
#: late first look, and skewness dies out as fast as for Student's interval.
FIRST_LOOK = 64

#: The boundary is at its narrowest around this number of observations.
TUNED_FOR = 500


def critical_value(count: int, level: float, *, tuned_for: int = TUNED_FOR) -> float:
    """Return by how many standard errors of the mean the true mean may ever be passed on one side.

    That is √( 2(n·r + 1)/(n·r) · log(½ + √(n·r + 1)/(2·level)) ) after n observations. A Brownian motion with
    half-normal mixture of variance r over its drift has wealth 2·exp(z²/2)·Φ(z)/√(n·r + 1), z² =
    n·r/(n·r + 1) times the squared number of standard errors, and exp(z²/2)·Φ(z) >= exp(z²/2) - ½. The value
    of r makes the boundary narrowest at ``tuned_for``.

    Parameters
    ----------
    count : int
        Observations so far.
    level : float
        Error level of this side.
    tuned_for : int

    References
    ----------
    I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, "Time-uniform central limit theory and
    asymptotic confidence sequences", Annals of Statistics 52 (2024), arXiv 2103.06476, one-sided form. The
    half was 1 there; the last inequality above allows it.

    Examples
    --------
    >>> round(critical_value(500, 0.005), 2), round(critical_value(50, 0.005), 2)
    (3.57, 4.3)
    """
    mixing = float(-lambertw(-((2 * level) ** 2) / math.e, -1).real - 1) / tuned_for
    spread = count * mixing
    return math.sqrt(2 * (spread + 1) / spread * math.log(0.5 + math.sqrt(spread + 1) / (2 * level)))


class AsymptoticSequence(ConfidenceSequence):
    """Confidence sequence for the mean of independent observations with finite variance and unknown bound.

    Its level is nominal: the chance of ever leaving the mean out, from the first look on, tends to ``level``
    as the first look moves to infinity. Skewed observations need a later look, rare large values may not be
    seen at all: use it where no bound is known, and say so. While all observations are equal it says nothing:
    nothing is known about what was not seen.

    Where observations can't lie below ``floor``, the lower end is that of `BettingSequence` instead, and
    keeps its level exactly.

    Parameters
    ----------
    floor : float, optional
        Smallest possible observation.
    level : float
        Error level of both ends together, half of it for each.
    first_look : int
        Observations before the first interval, at least 8.
    tuned_for : int
        Number of observations around which the interval shall be narrowest.

    References
    ----------
    See `critical_value`.

    Examples
    --------
    >>> mean = AsymptoticSequence(level=0.01)
    >>> for i in range(1000):
    ...     lo, hi = mean.add(float(i % 2))
    >>> round(lo, 2), round(hi, 2)
    (0.44, 0.56)
    """

    def __init__(
        self,
        floor: float | None = None,
        *,
        level: float = 0.01,
        first_look: int = FIRST_LOOK,
        tuned_for: int = TUNED_FOR,
    ) -> None:
        super().__init__(level)
        self.floor = None if floor is None else checks.number("floor", floor)
        self.first_look = checks.count("first_look", first_look, at_least=8)
        self.tuned_for = checks.count("tuned_for", tuned_for, at_least=1)
        self.exact = (self.floor is not None, False)
        self._mean, self._squares = 0.0, 0.0
        self._below: Lowest | None = None
        if self.floor is not None:
            self.lo, self._below = self.floor, Lowest(math.log(2 / self.level))

    @property
    def premise(self) -> str:
        """What the level rests on, in words."""
        below = "" if self.floor is None else f", none below {self.floor:g}"
        return (
            f"independent observations of finite variance{below}; "
            f"what is asymptotic holds in the limit of a late first look (at {self.first_look})"
        )

    @property
    def exact_premise(self) -> str:
        """What the level of the lower end rests on, where that is exact."""
        return self.premise if self.floor is None else f"independent observations, none below {self.floor:g}"

    def add(self, *values: float) -> tuple[float, float]:
        """Take one observation in and return the interval after it."""
        value = self._single(values)
        x = self._observed(value, at_least=-math.inf if self.floor is None else self.floor)
        self.count += 1
        before = x - self._mean
        self._mean += before / self.count
        self._squares += before * (x - self._mean)
        lo, hi = -math.inf, math.inf
        if self.count >= self.first_look and self._squares > 0:
            error = math.sqrt(self._squares / (self.count - 1) / self.count)
            radius = error * critical_value(self.count, self.level / 2, tuned_for=self.tuned_for)
            lo, hi = self._mean - radius, self._mean + radius
        if self._below is not None and self.floor is not None:
            lo = self.floor + self._below.add(x - self.floor)
        return self._narrow(lo, hi)
