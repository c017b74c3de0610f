"""The snapshot law of claim F0 by direct enumeration in exact fractions: the oracle of the snapshot tests."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from drift_processes import Law

__all__ = ["assert_law_is", "snapshot_by_enumeration"]


def snapshot_by_enumeration(
    pairs: dict[tuple[int, int], Fraction], growth: Callable[[int], int]
) -> dict[int, Fraction]:
    """P(Y = y) = Σ_a P(s + growth(a) = y, o > a) / E o."""
    mean_length = sum(p * length for (_, length), p in pairs.items())
    law: dict[int, Fraction] = {}
    for (size, length), p in pairs.items():
        for age in range(length):
            load = size + growth(age)
            law[load] = law.get(load, Fraction(0)) + p / mean_length
    return law


def assert_law_is(law: Law, exact: dict[int, Fraction], tolerance: float = 1e-12) -> None:
    """The law has exactly the values of ``exact``, with its probabilities to within rounding."""
    assert law.values.tolist() == sorted(exact)
    for value, probability in zip(law.values, law.probabilities, strict=True):
        assert abs(probability - float(exact[int(value)])) <= tolerance
