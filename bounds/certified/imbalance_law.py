"""Quantiles of the imbalance from the laws of Y. May import contracts, numpy, and the files of this room."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction

from bounds.certified.loads import Load
from bounds.certified.measures import Measure
from bounds.certified.quantiles import (
    Quantiles,
    SumLaw,
    block_quantiles,
    blocked,
    degree_of,
    range_of_m,
    union_quantiles,
)

__all__ = ["quantile_between"]

#: Bits of the integers.
BITS = 61
#: Cells of a load whose sum would need too long a table, and the longest such table.
CELLS, LONGEST = 2**15, 2**21
#: Coefficients to work out: without thought, and at most (some ten seconds).
CHEAP, MOST_WORK = 200_000, 4_000_000


def quantile_between(
    loads: Sequence[Load],
    level: Fraction,
    *,
    copies: int,
    terms: int,
    rtol: float,
    known_to: float,
) -> tuple[Fraction, Fraction]:
    """Return lo <= q <= hi, q the smallest x with P(I <= x) >= ``level``, I of a phase drawn at random.

    Parameters
    ----------
    loads : sequence of Load
        Of each phase; the same object where phases are alike.
    level : Fraction
    copies, terms : int
        G >= 2 and B.
    rtol : float
        Wanted width, relative to q.
    known_to : float
        Logarithm of the factor up to which probabilities of the G·B loads together are known.
    """
    doubt = Fraction(math.expm1(known_to) * (1 + 2.0**-40))
    different = {id(load): _sum_law(load, copies, terms, doubt) for load in loads}
    ends = {key: union_quantiles(law, level, BITS) for key, law in different.items()}
    lo, hi = min(e[0] for e in ends.values()), max(e[1] for e in ends.values())
    wanted = Fraction(rtol) * (lo + hi) / 2
    if hi - lo <= wanted:
        return lo, hi
    ignored = min(level, 1 - level) / 2**20
    parts = {}
    for key, law in different.items():
        parts[key] = block_quantiles(_affordable(law, hi, wanted, ignored), hi, ignored, BITS)
    low, high = _mixed([parts[id(load)] for load in loads], level)
    return max(lo, low), hi if high is None else min(hi, high)


def _sum_law(load: Load, copies: int, terms: int, doubt: Fraction) -> SumLaw:
    stride = load.stride() or 1
    late = doubt + copies * terms * Fraction(load.late)
    span = int(load.places[-1] - load.places[0])
    if load.points_of_sum(terms) <= LONGEST or span // stride <= CELLS:
        exact = load.measure(stride).times(terms, BITS)
        assert exact is not None
        return SumLaw(exact, stride * load.unit, Fraction(0), late, copies)
    tick = -(-span // CELLS)
    sums = [0] * (span // tick + 1)
    for place, weight in zip((load.places - load.places[0]).tolist(), load.weights, strict=True):
        sums[place // tick] += weight
    whole = Measure.of(sums, load.scale, top=len(sums) - 1).times(terms, BITS)
    assert whole is not None
    return SumLaw(whole, tick * load.unit, terms * (tick - 1) * load.unit, late, copies)


def _affordable(law: SumLaw, most: Fraction, wanted: Fraction, ignored: Fraction) -> SumLaw:
    """Return the law in blocks as long as the wanted width allows, or as the work requires."""
    spare = wanted / (2 * (law.copies - 1)) - law.blur
    length = max(1, 1 + math.floor(spare / law.tick))
    if _work(law, most, ignored) <= CHEAP:
        return law
    while True:
        shorter = blocked(law, length)
        if length > law.measure.top or _work(shorter, most, ignored) <= MOST_WORK:
            return shorter
        length *= 2


def _work(law: SumLaw, most: Fraction, ignored: Fraction) -> int:
    degree = degree_of(law, most)
    if degree > MOST_WORK:
        return degree
    first, last, _ = range_of_m(law, degree, ignored, BITS)
    return degree * max(1, last - first + 1)


def _mixed(parts: Sequence[Quantiles], level: Fraction) -> tuple[Fraction, Fraction | None]:
    """Return bounds on the quantile of the mixture with equal weights."""
    wanted = level * len(parts)
    high = None
    for x in sorted({x for part in parts for x in part.below}):
        if sum(_step(part.below, part.reached, x) for part in parts) >= wanted:
            high = x
            break
    low = Fraction(0)
    for x in sorted({x for part in parts for x in part.above}):
        if sum(_next(part.above, part.passed, x) for part in parts) >= wanted:
            break
        low = max(low, x)
    return low, high


def _step(at: list[Fraction], value: list[Fraction], x: Fraction) -> Fraction:
    """Return what is reached for certain at ``x``."""
    i = bisect_right(at, x)
    return value[i - 1] if i else Fraction(0)


def _next(at: list[Fraction], value: list[Fraction], x: Fraction) -> Fraction:
    """Return what P(I < x) is at most."""
    i = bisect_right(at, x) - 1
    if i >= 0 and at[i] == x:
        return value[i]
    return value[i + 1] if i + 1 < len(value) else Fraction(1)
