"""Grids that numbers lie on: the unit of whole numbers and decimals, powers of two. May import numpy only."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["adds_exactly", "binary_grid", "common_unit", "power_of_two_above"]


def power_of_two_above(value: float) -> float:
    """Return the smallest power of two >= ``value``, 1 for 0."""
    if value == 0:
        return 1.0
    mantissa, exponent = math.frexp(value)
    return math.ldexp(1.0, exponent - 1 if mantissa == 0.5 else exponent)


def common_unit(*arrays: ArrayLike) -> float:
    """Return the largest number of which every element is a whole multiple; 1 where all are 0.

    Every float is a whole multiple of some power of two, so there always is one. For whole numbers it is
    their greatest common divisor; for decimals like 0.1 it is so small that it is of no use.
    """
    values = np.unique(np.concatenate([np.abs(np.asarray(a, dtype=np.float64)).ravel() for a in arrays]))
    ratios = [value.as_integer_ratio() for value in values.tolist() if value > 0]
    if not ratios:
        return 1.0
    finest = max(denominator for _, denominator in ratios)
    divisor = math.gcd(*(numerator * (finest // denominator) for numerator, denominator in ratios))
    return float(divisor / finest)


def adds_exactly(most: float, *arrays: ArrayLike) -> bool:
    """Return whether float64 holds every sum of these elements up to ``most`` without rounding."""
    return most < 2.0**53 * binary_grid(*arrays)


def binary_grid(*arrays: ArrayLike) -> float:
    """Return the largest power of two of which every element is a whole multiple; 1 where all are 0."""
    numerator, denominator = common_unit(*arrays).as_integer_ratio()
    return (numerator & -numerator) / denominator
