"""`Enclosure`: two numbers between which a quantity is known to lie. May import contracts only."""

from __future__ import annotations

import math
from dataclasses import dataclass

from contracts import checks

__all__ = ["Enclosure"]


@dataclass(frozen=True)
class Enclosure:
    """A closed interval [lo, hi] that contains a quantity.

    Operations round outward by one unit in the last place, so that the result still contains the exact one;
    an exact zero stays zero.

    Parameters
    ----------
    lo, hi : float
        Finite, lo <= hi.

    Examples
    --------
    >>> value = Enclosure(2.0, 3.0)
    >>> value.mid, value.width, 2.5 in value
    (2.5, 1.0, True)
    >>> 4.9 in value / 0.5
    True
    """

    lo: float
    hi: float

    def __post_init__(self) -> None:
        lo = checks.number("lo", self.lo)
        hi = checks.number("hi", self.hi)
        checks.check(lo <= hi, f"lo must be <= hi, got lo = {lo!r} and hi = {hi!r}")
        object.__setattr__(self, "lo", lo)
        object.__setattr__(self, "hi", hi)

    @classmethod
    def exactly(cls, value: float) -> Enclosure:
        """Return the enclosure of a number that is known without error."""
        return cls(value, value)

    @property
    def mid(self) -> float:
        """The middle of the interval."""
        return self.lo + 0.5 * (self.hi - self.lo)

    @property
    def width(self) -> float:
        """``hi - lo``."""
        return self.hi - self.lo

    @property
    def relative_width(self) -> float:
        """``width / |mid|``; 0 where the width is 0, infinite where only the middle is."""
        if self.width == 0:
            return 0.0
        return self.width / abs(self.mid) if self.mid != 0 else math.inf

    def __contains__(self, value: object) -> bool:
        return self.lo <= checks.number("value", value) <= self.hi

    def __add__(self, offset: float) -> Enclosure:
        """Return the enclosure of x + ``offset``."""
        shift = checks.number("offset", offset)
        return self if shift == 0 else _outward(self.lo + shift, self.hi + shift)

    def __mul__(self, factor: float) -> Enclosure:
        """Return the enclosure of x·``factor``, for a factor of either sign."""
        scale = checks.number("factor", factor)
        ends = sorted((_product(self.lo, scale), _product(self.hi, scale)))
        return Enclosure(ends[0][0], ends[1][1])

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Enclosure:
        """Return the enclosure of x / ``divisor`` for a divisor > 0."""
        by = checks.number("divisor", divisor, above=0)
        lo = self.lo if self.lo == 0 else math.nextafter(self.lo / by, -math.inf)
        hi = self.hi if self.hi == 0 else math.nextafter(self.hi / by, math.inf)
        return Enclosure(lo, hi)


def _outward(lo: float, hi: float) -> Enclosure:
    return Enclosure(math.nextafter(lo, -math.inf), math.nextafter(hi, math.inf))


def _product(end: float, factor: float) -> tuple[float, float]:
    """Return two floats around the exact product, equal where it is an exact zero."""
    if end == 0 or factor == 0:
        return (0.0, 0.0)
    value = end * factor
    return math.nextafter(value, -math.inf), math.nextafter(value, math.inf)
