"""`ConfidenceSequence`: an interval that may be looked at after every observation. May import contracts only.

The three that exist: `bounds.confidence.betting` and `bounds.confidence.bernstein` for what is bounded,
`bounds.confidence.asymptotic` for what is not; `bounds.confidence.ratios` does it for ratios of means.
docs/decisions/0006-confidence-sequences.md says which serves when.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

from contracts import checks

__all__ = ["ConfidenceSequence"]


class ConfidenceSequence(ABC):
    """Intervals after 1, 2, 3, … observations: all contain the true value with probability 1 - ``level``.

    So one may stop whenever one likes, also because of what one saw. Each interval lies inside the one
    before (running intersection).

    Parameters
    ----------
    level : float
        Error level, in (0, 1): the probability that the value is ever left out.

    Attributes
    ----------
    level : float
    count : int
        Observations so far.
    lo, hi : float
        The interval; an end about which nothing is known is infinite.
    contradicted : bool
        The ends have crossed: an event of probability at most ``level``, or observations that are not
        independent draws from one law. The ends stay as they were before.
    exact : (bool, bool)
        Whether the lower, the upper end keeps the level at every number of observations; otherwise only in
        the limit of many.
    unit : str
        What one observation is, for messages: ``"observation"`` or ``"pair"``.
    """

    exact: tuple[bool, bool] = (True, True)
    unit: str = "observation"

    def __init__(self, level: float) -> None:
        self.level = checks.number("level", level, above=0, below=1)
        self.count = 0
        self.lo, self.hi = -math.inf, math.inf
        self.contradicted = False

    @property
    @abstractmethod
    def premise(self) -> str:
        """What the level rests on, in words."""

    @property
    def exact_premise(self) -> str:
        """What the level of the ends that keep it exactly rests on (`exact`): no more than `premise`."""
        return self.premise

    @abstractmethod
    def add(self, *values: float) -> tuple[float, float]:
        """Take one observation in and return the interval after it."""

    def _narrow(self, lo: float, hi: float) -> tuple[float, float]:
        """Intersect the interval with [lo, hi]."""
        lo, hi = max(self.lo, lo), min(self.hi, hi)
        if lo > hi:
            self.contradicted = True
        if not self.contradicted:
            self.lo, self.hi = lo, hi
        return self.lo, self.hi

    def _single(self, values: tuple[float, ...]) -> float:
        if len(values) != 1:
            raise TypeError(f"{self.unit} {self.count} must be one number, got {_counted(values)}")
        return values[0]

    def _pair(self, values: tuple[float, ...]) -> tuple[float, float]:
        if len(values) != 2:
            got = _counted(values)
            raise TypeError(f"{self.unit} {self.count} must be a tuple (numerator, denominator), got {got}")
        return values[0], values[1]

    def _observed(
        self, value: float, *, at_least: float = -math.inf, at_most: float = math.inf, which: str = ""
    ) -> float:
        """Return an observation, or raise if it leaves the range in which it was said to lie."""
        name = f"{which or self.unit} {self.count}"
        seen = checks.number(name, value)
        if not at_least <= seen <= at_most:
            declared = f"[{at_least:g}, {at_most:g}]"
            raise ValueError(f"{name} must lie in the declared range {declared}, got {seen!r}")
        return seen


def _counted(values: tuple[float, ...]) -> str:
    return {1: "one number", 2: "a pair"}.get(len(values), f"{len(values)} numbers")
