"""Confidence sequence for the ratio of two means of bounded observations, by betting.

May import contracts and the sequence for one mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from bounds.confidence.betting import Lowest, is_infinite
from bounds.confidence.sequence import ConfidenceSequence
from contracts import checks

__all__ = ["Part", "RatioSequence"]


@dataclass(frozen=True)
class Part:
    """What is known about numerator or denominator beyond that it is never negative.

    Parameters
    ----------
    ceiling : float
        Its largest value; infinite where none is known.
    excess : float
        Where values X may pass the ceiling: a number >= E (X - ceiling)⁺ (`BettingSequence`).
    """

    ceiling: float = math.inf
    excess: float = 0.0

    def __post_init__(self) -> None:
        if not is_infinite(self.ceiling):
            checks.number("ceiling", self.ceiling, above=0)
        checks.number("excess", self.excess, at_least=0)
        checks.check(
            self.excess == 0 or math.isfinite(self.ceiling), "excess must be 0 where ceiling is infinite"
        )

    @property
    def most(self) -> float:
        """The largest value of `raised`."""
        return self.ceiling + self.excess

    @property
    def words(self) -> str:
        """What is known, in words."""
        if self.ceiling == math.inf:
            return "without a ceiling"
        over = f" and above it by at most {self.excess:g} in the mean" if self.excess else ""
        return f"up to {self.ceiling:g}{over}"

    def raised(self, value: float) -> float:
        """Return a variable in [0, `most`] whose mean is at least that of ``value``."""
        return min(value, self.ceiling) + self.excess


def _part(name: str, value: Part | None) -> Part:
    part = Part() if value is None else value
    checks.instance(name, part, Part, "a Part")
    return part


class RatioSequence(ConfidenceSequence):
    """Confidence sequence for E X / E Y from pairs (X, Y), both >= 0 and E Y > 0.

    The pairs are independent of each other; X and Y of one pair may depend on each other (two policies on
    the same requests) or not. Not two intervals divided by each other: for each ratio r one bets on
    E (X - r·Y) > 0, so that what X and Y have in common cancels. Valid at every number of pairs. The
    lower end needs a ceiling of Y, the upper one a ceiling of X; without one the end stays where it is.

    Parameters
    ----------
    numerator, denominator : Part
    level : float
        Error level of both ends together.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable; `add` if a value leaves its range.

    References
    ----------
    The betting of `BettingSequence`, applied to X - r·Y.

    Examples
    --------
    >>> ratio = RatioSequence(Part(3), Part(1), level=0.01)
    >>> for _ in range(500):
    ...     lo, hi = ratio.add(3.0, 1.0)
    >>> round(lo, 2), round(hi, 2)
    (2.95, 3.05)
    """

    unit = "pair"

    def __init__(
        self, numerator: Part | None = None, denominator: Part | None = None, *, level: float = 0.01
    ) -> None:
        super().__init__(level)
        self.parts = _part("numerator", numerator), _part("denominator", denominator)
        sides = sum(math.isfinite(part.ceiling) for part in self.parts)
        checks.check(sides > 0, "numerator or denominator must have a ceiling: nothing holds without either")
        self.lo = 0.0
        target = math.log(sides / self.level)
        self._ratio, self._inverse = (
            Lowest(target, most=part.most) if math.isfinite(part.ceiling) else None
            for part in reversed(self.parts)
        )

    @property
    def premise(self) -> str:
        """What the level rests on, in words."""
        numerator, denominator = (part.words for part in self.parts)
        return f"independent pairs, numerator {numerator}, denominator {denominator}, none negative"

    def add(self, *values: float) -> tuple[float, float]:
        """Take one pair in and return the interval after it."""
        x, y = self._pair(values)

        tops = [math.inf if part.excess else part.ceiling for part in self.parts]
        x = self._observed(x, at_least=0, at_most=tops[0], which="numerator")
        y = self._observed(y, at_least=0, at_most=tops[1], which="denominator")
        self.count += 1
        above, below = self.parts
        lo, hi = 0.0, math.inf
        if self._ratio is not None:
            lo = self._ratio.add(x, below.raised(y))
        if self._inverse is not None:
            inverse = self._inverse.add(y, above.raised(x))
            hi = 1 / inverse if inverse > 0 else math.inf
        return self._narrow(lo, hi)
