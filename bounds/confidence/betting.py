"""Confidence sequences for the mean of bounded observations, by betting. May import contracts and numpy."""

from __future__ import annotations

import math

import numpy as np

from bounds.confidence._wealth_kernel import FRACTIONS, raise_end
from bounds.confidence.sequence import ConfidenceSequence
from contracts import checks

__all__ = ["BettingSequence", "Lowest", "is_infinite"]


def is_infinite(value: object) -> bool:
    """Whether an end is left open; asked of whatever a user gives, which need not compare with numbers."""
    return isinstance(value, float) and math.isinf(value)


class Lowest:
    """The rising lower end of E x / E y for x >= 0 and 0 <= y <= ``most``, by betting.

    A bettor who thinks that E x > m·E y stakes a fraction c of his wealth W on it: W ← W·(1 + (c/m)·(x - m·y)
    / most). Were m right, W would be a nonnegative supermartingale, and would ever reach e^target with
    probability at most e^-target (Ville). He keeps several fractions at once; all m at which he got rich are
    too small. As each factor falls in m, these m form an interval.

    Parameters
    ----------
    target : float
        Log of the wealth that refutes an m, > 0.
    most : float
        The largest value of y, > 0.
    """

    def __init__(self, target: float, *, most: float = 1.0) -> None:
        self.target, self.most = target, most
        self.end = 0.0
        self.count = 0
        self._x, self._y = np.empty(64), np.empty(64)

    def add(self, x: float, y: float = 1.0) -> float:
        """Take a pair in and return the lower end after it."""
        if self.count == self._x.size:
            self._x, self._y = (np.concatenate([old, np.empty_like(old)]) for old in (self._x, self._y))
        self._x[self.count], self._y[self.count] = x / self.most, y / self.most
        self.count += 1
        self.end = float(raise_end(self._x, self._y, self.count, self.end, self.target, FRACTIONS))
        return self.end


class BettingSequence(ConfidenceSequence):
    """Confidence sequence for the mean of observations in [floor, ceiling].

    Valid for all laws on the range and every number of observations; it needs only that, given the past, each
    observation has the same mean. Adapts to the variance. One side may be open: nothing below ``floor`` gives
    a lower end whatever the tail above, so that an upper bound on a mean of nonnegative observations can be
    refuted without knowing more about them.

    Parameters
    ----------
    floor, ceiling : float
        Range of the observations, at least one finite.
    excess : float
        Where observations X may pass the ceiling: a number >= E (X - ceiling)⁺, known beforehand. They are
        cut to the ceiling for the upper end, and ``excess`` is added: E X <= E min(X, ceiling) + excess.
    level : float
        Error level of both ends together.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable. `add` raises if an observation leaves its range: then it wasn't bounded by
        construction, and no interval holds.

    References
    ----------
    I. Waudby-Smith, A. Ramdas, "Estimating means of bounded random variables by betting", Journal of the
    Royal Statistical Society B 86 (2024) 1-27, arXiv 2010.09686: capital processes hedged between the two
    sides, and bets on a grid of fractions at once, in place of one bet tuned to the variance seen so far.

    Examples
    --------
    >>> mean = BettingSequence(0, 1, level=0.01)
    >>> for _ in range(100):
    ...     lo, hi = mean.add(0.5)
    >>> round(lo, 2), round(hi, 2)
    (0.46, 0.54)
    """

    def __init__(
        self, floor: float = -math.inf, ceiling: float = math.inf, *, excess: float = 0.0, level: float = 0.01
    ) -> None:
        super().__init__(level)
        self.floor = floor if is_infinite(floor) and floor < 0 else checks.number("floor", floor)
        self.ceiling = ceiling if is_infinite(ceiling) and ceiling > 0 else checks.number("ceiling", ceiling)
        self.excess = checks.number("excess", excess, at_least=0)
        sides = math.isfinite(self.floor) + math.isfinite(self.ceiling)
        checks.check(sides > 0, "floor or ceiling must be finite: nothing holds without either")
        checks.check(
            self.floor <= self.ceiling, f"ceiling must be >= floor = {self.floor:g}, got {self.ceiling:g}"
        )
        checks.check(
            self.excess == 0 or math.isfinite(self.ceiling), "excess must be 0 where ceiling is infinite"
        )
        self.lo, self.hi = self.floor, self.ceiling + self.excess
        self._below, self._above = (Lowest(math.log(sides / self.level)) for _ in range(2))

    @property
    def premise(self) -> str:
        """What the level rests on, in words."""
        if self.ceiling == math.inf:
            return f"independent observations, none below {self.floor:g}"
        if self.floor == -math.inf:
            return f"independent observations, {self._upper}"
        if self.excess:
            return f"independent observations, none below {self.floor:g} and {self._upper}"
        return f"independent observations in [{self.floor:g}, {self.ceiling:g}]"

    @property
    def _upper(self) -> str:
        if self.excess:
            return f"above {self.ceiling:g} by at most {self.excess:g} in the mean"
        return f"none above {self.ceiling:g}"

    def add(self, *values: float) -> tuple[float, float]:
        """Take one observation in and return the interval after it."""
        value = self._single(values)
        top = math.inf if self.excess else self.ceiling
        x = self._observed(value, at_least=self.floor, at_most=top)
        self.count += 1
        lo, hi = -math.inf, math.inf
        if math.isfinite(self.floor):
            lo = self.floor + self._below.add(x - self.floor)
        if math.isfinite(self.ceiling):
            hi = self.ceiling - self._above.add(self.ceiling - min(x, self.ceiling)) + self.excess
        return self._narrow(lo, hi)
