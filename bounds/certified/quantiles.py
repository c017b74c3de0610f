"""The law of the imbalance I = G·max_g S_g - Σ_g S_g itself, bounded from both sides.

*Identity.* For a whole number x let m = floor((x + ΣS) / G), the one m with x - G < G·m - ΣS <= x. Then I
<= x if and only if max_g S_g <= m. So with C_m(z) = Σ_{s <= m} P(S = s)·z^(m-s), whose G-th power has the
coefficients P(max <= m, G·m - ΣS = i),

    P(I <= x) = Σ_m Σ_{x-G < i <= x} [z^i] C_m(z)^G:

the law of the imbalance from G-th powers, and a sum of terms >= 0, so that integers from below do here as
well.

*Blocks.* I of values S' with |S - S'| spread over less than w, all on the same side, differs from I by at
most (G - 1)·w: replacing S by multiples of a longer step costs that much, and no more.

May import contracts, python-flint, and the measures of this room.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any

from flint import fmpz_poly

from bounds.certified.measures import Measure

__all__ = ["Quantiles", "SumLaw", "block_quantiles", "blocked", "degree_of", "range_of_m", "union_quantiles"]

#: Splits of a probability between the largest sum and the total, tried in turn.
SPLITS = tuple(Fraction(1, 2**n) for n in range(1, 12))


@dataclass(frozen=True, eq=False)
class SumLaw:
    """The law of S, and what is not known of it.

    Attributes
    ----------
    measure : Measure
        On a lattice of step ``tick``.
    tick : Fraction
        In units of load.
    blur : Fraction
        The true S is above the multiple of ``tick`` that stands for it, by less than this (units of load).
    doubt : Fraction
        Bound on the probability that any of the G sums is not what ``measure`` speaks of.
    copies : int
    """

    measure: Measure
    tick: Fraction
    blur: Fraction
    doubt: Fraction
    copies: int


@dataclass(frozen=True, eq=False)
class Quantiles:
    """Two step functions around the distribution function of I, in units of load.

    P(I <= below[i]) >= reached[i], and P(I < above[i]) <= passed[i].
    """

    below: list[Fraction]
    reached: list[Fraction]
    above: list[Fraction]
    passed: list[Fraction]


def union_quantiles(law: SumLaw, level: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """Return lo <= the quantile <= hi from the largest sum and the total taken alone.

    P(I > G·u - v) <= P(max > u) + P(ΣS < v), and P(I < G·u - v) <= P(max < u) + P(ΣS > v).
    """
    total = law.measure.times(law.copies, bits)
    assert total is not None
    one, every = _Tails(law.measure), _Tails(total)
    slack = (law.copies - 1) * law.blur
    step, copies = law.tick, law.copies
    hi, lo = None, Fraction(0)
    for share in SPLITS:
        for part in (share, 1 - share):
            spare = 1 - level - law.doubt
            if spare > 0:
                # P(max > u) <= G·P(S > u)
                u, v = one.least_above(part * spare / copies), every.most_below((1 - part) * spare)
                hi = copies * u - v if hi is None else min(hi, copies * u - v)
            spare = level - law.doubt
            if spare > 0:
                u, v = one.most_power_below(part * spare, copies), every.least_above((1 - part) * spare)
                lo = max(lo, Fraction(copies * u - v))
    most = copies * law.measure.top - copies * law.measure.bottom
    high = Fraction(most if hi is None else min(hi, most))
    return max(Fraction(0), lo * step - slack), high * step + slack


class _Tails:
    """Quantiles of a `Measure`, on the safe side."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.known = list(accumulate(measure.coefficients()))
        self.lost = measure.scale - (self.known[-1] if self.known else 0)

    def least_above(self, chance: Fraction) -> int:
        """Return a u with P(S > u) <= ``chance``."""
        wanted = self.measure.scale * (1 - chance)
        at = _first(self.known, wanted)
        return self.measure.top if at is None else self.measure.start + at

    def most_below(self, chance: Fraction) -> int:
        """Return a v with P(S < v) <= ``chance``."""
        spare = self.measure.scale * chance - self.lost  # what is known before v may be as much
        at = _first(self.known, spare)
        return self.measure.bottom if spare < 0 or at is None else self.measure.start + at

    def most_power_below(self, chance: Fraction, copies: int) -> int:
        """Return a u with P(S < u)^copies <= ``chance``."""
        root = Fraction(max(0.0, float(chance) ** (1 / copies) * (1 - 2.0**-40)))
        return self.most_below(root) if root**copies <= chance else self.measure.bottom


def _first(known: list[int], wanted: Fraction) -> int | None:
    """Return the first index at which the ascending ``known`` is at least ``wanted``."""
    low, high = 0, len(known)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if known[middle] >= wanted else (middle + 1, high)
    return low if low < len(known) else None


def blocked(law: SumLaw, length: int) -> SumLaw:
    """Return the law of S in blocks of ``length`` lattice steps, each standing for its lower end."""
    if length == 1:
        return law
    old = law.measure
    first = old.bottom
    sums = [0] * ((old.top - first) // length + 1)
    for j, c in enumerate(old.coefficients()):
        sums[(old.start - first + j) // length] += c
    measure = Measure.of(sums, old.scale, top=len(sums) - 1)
    return SumLaw(measure, law.tick * length, law.blur + law.tick * (length - 1), law.doubt, law.copies)


def degree_of(law: SumLaw, most: Fraction) -> int:
    """Return up to which multiple of the tick I has to be followed, to have it up to ``most`` for certain."""
    return math.ceil((most + (law.copies - 1) * law.blur) / law.tick)


def block_quantiles(law: SumLaw, most: Fraction, ignored: Fraction, bits: int) -> Quantiles:
    """Return bounds on the distribution function of I up to ``most``, in units of load.

    Parameters
    ----------
    law : SumLaw
    most : Fraction
    ignored : Fraction
        Probability that may be left out at either end of m.
    bits : int
        Of the integers.
    """
    slack = (law.copies - 1) * law.blur
    degree = degree_of(law, most)
    first, last, left_out = range_of_m(law, degree, ignored, bits)
    powers, lost = _sum_of_powers(law, first, last, degree, bits)
    running = list(accumulate([0, *powers]))
    scale = 1 << bits
    doubt = law.doubt + left_out + lost
    reached, passed = [], []
    for x in range(degree + 1):
        below = Fraction(running[x + 1] - running[max(0, x + 1 - law.copies)], scale)
        reached.append(max(Fraction(0), below - law.doubt))
        passed.append(min(Fraction(1), below + doubt))
    # P(I < x + 1) = P(I <= x) for the numbers that stand for the sums
    return Quantiles(
        [x * law.tick + slack for x in range(degree + 1)],
        reached,
        [x * law.tick - slack for x in range(degree + 2)],
        [Fraction(0), *passed],
    )


def range_of_m(law: SumLaw, degree: int, ignored: Fraction, bits: int) -> tuple[int, int, Fraction]:
    """Return the first and last m that matter, and a bound on the probability of the others.

    I <= x with m < first needs max < first, and with m > last it needs ΣS >= G·(last + 1) - x.
    """
    total = law.measure.times(law.copies, bits)
    assert total is not None
    first = _Tails(law.measure).most_power_below(ignored, law.copies)
    highest = _Tails(total).least_above(ignored)
    return first, (highest + degree) // law.copies, 2 * ignored


def _sum_of_powers(law: SumLaw, first: int, last: int, degree: int, bits: int) -> tuple[list[int], Fraction]:
    """Return Σ_m C_m^G up to z^degree over 2^bits, from below, and a bound on what P(I <= x) lacks by that.

    What a measure of S misses is missing in any of G sums. Each product that is cut back loses less than a
    unit in each of its coefficients, and its factors are at most 1.
    """
    measure = law.measure
    coefficients = [(c << bits) // measure.scale for c in measure.coefficients()]
    total = fmpz_poly([])
    for m in range(first, last + 1):
        known = coefficients[: max(0, m - measure.start + 1)]
        shift = max(0, m - measure.start - len(coefficients) + 1)
        below = fmpz_poly([0] * shift + known[::-1])
        total += _power(below.truncate(degree + 1), law.copies, degree, bits)
    cuts = 2 * law.copies * (degree + 1) * max(0, last - first + 1)
    gone = measure.missing + Fraction(len(coefficients), 1 << bits)
    dense: list[int] = [int(c) for c in total.coeffs()]
    dense += [0] * (degree + 1 - len(dense))
    return dense, law.copies * gone + Fraction(cuts, 1 << bits)


def _power(base: Any, exponent: int, degree: int, bits: int) -> Any:
    result, square = None, base
    while True:
        if exponent & 1:
            result = square if result is None else _product(result, square, degree, bits)
        exponent >>= 1
        if not exponent:
            return result
        square = _product(square, square, degree, bits)


def _product(a: Any, b: Any, degree: int, bits: int) -> Any:
    return (a * b).truncate(degree + 1) // (1 << bits)
