"""Empirical-Bernstein confidence sequence: a closed form for what `bounds.confidence.betting` solves for.

May import contracts only.
"""

from __future__ import annotations

import math

from bounds.confidence.sequence import ConfidenceSequence
from contracts import checks

__all__ = ["BernsteinSequence"]

#: Bets are cut off here; the weight of a squared deviation, -log(1 - bet) - bet, is infinite at 1.
LARGEST_BET = 0.5


class BernsteinSequence(ConfidenceSequence):
    """Confidence sequence for the mean of observations in [floor, ceiling], in closed form.

    Wider than `BettingSequence`, several times where the observations use little of their range, but each
    interval is one line of arithmetic that can be checked by hand; the tests hold the two together.

    Parameters
    ----------
    floor, ceiling : float
        Range of the observations, ``floor < ceiling``.
    level : float
        Error level of both ends together.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable; `add` if an observation leaves the range.

    References
    ----------
    I. Waudby-Smith, A. Ramdas, "Estimating means of bounded random variables by betting", Journal of the
    Royal Statistical Society B 86 (2024) 1-27, arXiv 2010.09686, theorem 2 (predictable plug-in).

    Examples
    --------
    >>> mean = BernsteinSequence(0, 1, level=0.01)
    >>> for _ in range(100):
    ...     lo, hi = mean.add(0.5)
    >>> round(lo, 2), round(hi, 2)
    (0.39, 0.61)
    """

    def __init__(self, floor: float, ceiling: float, *, level: float = 0.01) -> None:
        super().__init__(level)
        self.floor = checks.number("floor", floor)
        self.ceiling = checks.number("ceiling", ceiling, above=self.floor)
        self.lo, self.hi = self.floor, self.ceiling
        # one imagined observation at 1/2 with variance 1/4 stands in before there are any
        self._sum, self._squares = 0.5, 0.25
        self._bets, self._won, self._cost = 0.0, 0.0, math.log(2 / self.level)

    @property
    def premise(self) -> str:
        """What the level rests on, in words."""
        return f"independent observations in [{self.floor:g}, {self.ceiling:g}]"

    def add(self, *values: float) -> tuple[float, float]:
        """Take one observation in and return the interval after it."""
        value = self._single(values)
        seen = self._observed(value, at_least=self.floor, at_most=self.ceiling)
        x = (seen - self.floor) / (self.ceiling - self.floor)
        # mean, variance and bet know the observations before this one only
        mean, variance = self._sum / (self.count + 1), self._squares / (self.count + 1)
        self.count += 1
        steps = self.count * math.log(1 + self.count)
        bet = min(LARGEST_BET, math.sqrt(2 * math.log(2 / self.level) / (variance * steps)))
        self._bets += bet
        self._won += bet * x
        self._cost += (x - mean) ** 2 * (-math.log1p(-bet) - bet)
        self._sum += x
        self._squares += (x - self._sum / (self.count + 1)) ** 2
        scale = (self.ceiling - self.floor) / self._bets
        middle = self.floor + self._won * scale
        return self._narrow(middle - self._cost * scale, middle + self._cost * scale)
