"""The law of the age of a request in service, in integers from below (`bounds.certified.measures`).

May import contracts, numpy, drift_processes and the measures of this room.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bounds.certified.measures import as_integers
from contracts import checks
from drift_processes import Law

__all__ = ["LARGEST_LATTICE", "Ages", "age_law", "check_lattice"]

#: Longest table of loads made in integers (some 10 seconds).
LARGEST_LATTICE = 2**23


def check_lattice(top: int) -> None:
    """Raise ``ValueError`` where a table of loads is too long."""
    checks.check(
        top <= LARGEST_LATTICE,
        f"a table of {top} loads is too long for a certified law, at most {LARGEST_LATTICE}",
    )


@dataclass(frozen=True, eq=False)
class Ages:
    """The law of the age of a request in service, from below.

    Attributes
    ----------
    weights : list of int
        weights[a] / scale is at most P(age = a), a = 0, 1, …; of the last one, P(age >= a).
    scale : int
    late, beyond : float
        Bounds on P(age > last) and E (age - last)⁺.
    """

    weights: list[int]
    scale: int
    late: float = 0.0
    beyond: float = 0.0


def age_law(lengths: Law, bits: int) -> Ages:
    """Return the law of the age, P(age = a) = P(o > a) / E o.

    Of a geometric law, whose p is taken as the float64 number it is, that is p·(1-p)^a for ages without end.
    """
    p = lengths.success_probability
    if p is not None:
        last = math.ceil((bits + 10) * math.log(2) / p)
        check_lattice(last)
        late = math.exp(-p * last)  # P(age > last) = (1-p)^(last+1), and E (age - last)⁺ is 1/p times that
        return Ages(_geometric_ages(p, last, bits), 1 << bits, late, late / p)
    ends = lengths.values.astype(np.int64)
    check_lattice(int(ends[-1]))
    floors, above = as_integers(lengths.probabilities, bits)
    scale = sum(end * w for end, w in zip(ends.tolist(), above, strict=True))
    return Ages(_survival(ends, floors), scale)


def _geometric_ages(p: float, last: int, bits: int) -> list[int]:
    ratio = 1 - Fraction(p)
    numerator, power = ratio.numerator, ratio.denominator.bit_length() - 1
    guard = 32  # bits, so that rounding down again and again does not show
    present = int(Fraction(p) * (1 << (bits + guard)))
    weights = []
    for _ in range(last + 1):
        weights.append(present >> guard)
        present = present * numerator >> power
    return weights


def _survival(lasts: NDArray[np.int64], weights: Sequence[int]) -> list[int]:
    """Return Σ of the weights of lengths > a, for a = 0, …, longest - 1."""
    at = [0] * int(lasts[-1])
    for last, weight in zip(lasts.tolist(), weights, strict=True):
        at[last - 1] = weight
    total, survival = 0, []
    for weight in reversed(at):
        total += weight
        survival.append(total)
    return survival[::-1]
