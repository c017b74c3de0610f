"""`Measure`: a law on a lattice, bounded from below by integers, so that sums need no rounding analysis.

P(X = start + j) >= coefficient j / scale, for integers throughout, and what the coefficients leave out
(`Measure.missing`, an exact fraction) lies somewhere between ``bottom`` and ``top``. Products of polynomials
are exact; they are cut back to a number of bits by dropping what is below one unit, which only moves
probability to the missing part. So no step needs an error bound: what was lost is what is missing in the end.

May import python-flint and numpy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any

import numpy as np
from flint import fmpz_poly
from numpy.typing import NDArray

__all__ = ["ROUNDING", "Measure", "as_integers", "maximum_above_one", "outward"]

#: Half a unit in the last place of 1.0.
ROUNDING = 2.0**-53


@dataclass(frozen=True, eq=False)
class Measure:
    """A law on whole numbers of which a part is known.

    Attributes
    ----------
    poly : fmpz_poly
        Coefficient j, >= 0, over ``scale`` is at most P(X = start + j).
    scale : int
    start : int
    bottom, top : int
        X lies between them, the missing part too.
    """

    poly: Any
    scale: int
    start: int
    bottom: int
    top: int

    @classmethod
    def of(cls, weights: Iterable[int], scale: int, *, top: int) -> Measure:
        """Return the measure with these coefficients at 0, 1, …, of a law on 0..``top``."""
        return _stripped(fmpz_poly(list(weights)), scale, 0, 0, top)

    @property
    def missing(self) -> Fraction:
        """The probability that the coefficients leave out, exactly."""
        return Fraction(self.scale - int(self.poly(1)), self.scale)

    def coefficients(self) -> list[int]:
        """Return the integers from ``start`` on."""
        return [int(c) for c in self.poly.coeffs()]

    def plus(self, other: Measure, bits: int) -> Measure:
        """Return the law of the sum of two independent numbers, its scale cut back to ``bits`` bits."""
        poly, scale = self.poly * other.poly, self.scale * other.scale
        excess = max(0, scale.bit_length() - bits)
        if excess:
            # rounding the scale up and the coefficients down keeps every quotient a lower bound
            poly, scale = poly // (1 << excess), -(-scale >> excess)
        ends = self.bottom + other.bottom, self.top + other.top
        return _stripped(poly, scale, self.start + other.start, *ends)

    def times(self, terms: int, bits: int, most: int | None = None) -> Measure | None:
        """Return the law of the sum of ``terms`` >= 1 independent copies.

        Parameters
        ----------
        terms, bits : int
        most : int, optional
            Longest polynomial; ``None`` is returned where it would be exceeded.
        """
        result, square = None, self
        while True:
            if terms & 1:
                result = square if result is None else result.plus(square, bits)
            terms >>= 1
            longest = max(square.poly.length(), result.poly.length() if result else 0)
            if most is not None and (2 if terms else 1) * longest > most:
                return None
            if not terms:
                return result
            square = square.plus(square, bits)


def _stripped(poly: Any, scale: int, start: int, bottom: int, top: int) -> Measure:
    zeros = 0
    while zeros < poly.length() and poly[zeros] == 0:
        zeros += 1
    return Measure(poly.right_shift(zeros) if zeros else poly, scale, start + zeros, bottom, top)


def as_integers(weights: NDArray[np.float64], bits: int) -> tuple[list[int], list[int]]:
    """Return floor and ceiling of ``weights``·2^bits, exactly; weights in [0, 1]."""
    if bits <= 61:
        scaled = np.ldexp(weights, bits)
        return np.floor(scaled).astype(np.int64).tolist(), np.ceil(scaled).astype(np.int64).tolist()
    mantissa, exponent = np.frexp(weights)
    whole = np.ldexp(mantissa, 53).astype(np.int64).tolist()
    shift = (exponent.astype(np.int64) + (bits - 53)).tolist()
    pairs = list(zip(whole, shift, strict=True))
    floors = [w << s if s >= 0 else w >> -s for w, s in pairs]
    return floors, [w << s if s >= 0 else -(-w >> -s) for w, s in pairs]


def maximum_above_one(sum_law: Measure, copies: int) -> tuple[Fraction, Fraction]:
    """Return bounds on E max(S_1, …, S_G) - E S_1, S_g independent of the law ``sum_law``, in lattice steps.

    That is Σ_x f(F(x)), f(F) = F - F^G, F the distribution function. With F* what is known of F and m what is
    missing, F* <= F <= F* + m. As 1 - G <= f' <= 1, every term is within (G - 1)·m below and m above f(F*);
    before the known part 0 <= f(F) <= F <= m, behind it 0 <= f(F) <= (G - 1)·(1 - F) <= (G - 1)·m.

    f(F*) = F*·D with D = 1 - F*^(G-1), from 1 - F* by the rule 1 - F^(a+b) = D_a + (1 - D_a)·D_b of the D_n
    = 1 - F^n. A relative error e common to both D's is none above e in the result, since that is increasing
    in both and R((1 + e)·D) <= (1 + e)·R(D), R((1 - e)·D) >= (1 - e)·R(D); its own three roundings come on
    top. So float64 with the rounding rules of IEEE 754 is enough, and no library function takes part.
    """
    missing = sum_law.missing
    scale = sum_law.scale
    known = list(accumulate(sum_law.coefficients()))
    below = np.array([c / scale for c in known])
    above = np.array([(scale - c) / scale for c in known])  # quotients of integers are rounded correctly
    reached, roundings = _power_complement(above, copies - 1)
    total = Fraction(math.fsum(below * reached))
    error = Fraction(roundings + 8) * Fraction(2) ** -53
    span = len(known)
    before = sum_law.start - sum_law.bottom
    behind = sum_law.top - sum_law.start - span + 1
    low = total * (1 - error) - (copies - 1) * missing * span
    high = total * (1 + error) + missing * (before + span + (copies - 1) * behind)
    return max(low, Fraction(0)), high


def _power_complement(tail: NDArray[np.float64], power: int) -> tuple[NDArray[np.float64], int]:
    """Return 1 - (1 - tail)^power, power >= 1, and how many roundings its relative error is made of."""
    result, square, roundings = None, tail, 1
    while power:
        if power & 1:
            result = square if result is None else _joined(result, square)
            roundings += 3
        power >>= 1
        if power:
            square = _joined(square, square)
            roundings += 3
    assert result is not None
    return result, roundings


def _joined(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    joined: NDArray[np.float64] = np.minimum(a + (1.0 - a) * b, 1.0)
    return joined


def outward(lo: Fraction, hi: Fraction, *, known_to: float = 0.0) -> tuple[float, float]:
    """Return floats around [lo, hi], lo >= 0, widened by the factor exp(known_to) on either side."""
    low, high = float(lo), float(hi)
    if known_to:
        factor = math.exp(known_to) * (1 + 4 * ROUNDING)
        low, high = low / factor * (1 - 4 * ROUNDING), high * factor * (1 + 4 * ROUNDING)
    return max(0.0, math.nextafter(low, -math.inf)), math.nextafter(high, math.inf) if high else 0.0
