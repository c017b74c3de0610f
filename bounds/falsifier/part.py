"""`Part`: an inequality of a claim on one instance, and how close it comes to failing. Imports nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

__all__ = ["Number", "Part", "worst_of"]

#: Exact where a claim is about whole numbers, float64 where it isn't.
Number = Fraction | float


class Part(NamedTuple):
    """``smaller <= larger``, or ``smaller < larger`` where ``strict``.

    Attributes
    ----------
    words : str
        The inequality as the theory writes it.
    smaller, larger : Fraction or float
        What is measured and what bounds it, whichever way round the claim has them.
    strict : bool
    proven : bool
        Whether ``smaller`` is what the claim speaks of; else it is at least that, and small enough not to
        matter (`bounds.falsifier.adapter.Adapter.parts`).
    """

    words: str
    smaller: Number
    larger: Number
    strict: bool = False
    proven: bool = True

    @property
    def ratio(self) -> Number:
        """Smaller / larger, the worse the closer to 1; infinite where something positive is bounded by 0."""
        if self.smaller <= 0:
            return Fraction(0)
        return self.smaller / self.larger if self.larger > 0 else math.inf

    def fails(self, scale: float, rounding: float = 0.0) -> bool:
        """Return whether the inequality fails with ``scale`` times the larger side.

        Parameters
        ----------
        scale : float
            Below 1 it asks for more than the claim says.
        rounding : float
            Room for what float64 rounds, relative to the larger side; 0 for exact numbers.
        """
        allowed: Number = scale * float(self.larger)
        if isinstance(self.larger, Fraction):
            allowed = Fraction(scale) * self.larger
        if rounding:
            allowed += rounding * abs(float(allowed))
        return self.smaller > allowed or (self.strict and self.smaller >= allowed)


def worst_of(parts: Iterable[Part]) -> Part | None:
    """Return the part with the largest ratio, a strict one first of equals; None if there is none."""
    return max(parts, key=lambda part: (part.ratio, part.strict), default=None)
