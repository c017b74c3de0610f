"""F1 with certain constants, its limits by sympy, and the mean of BF-IO that B2-ratio rests on."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from bounds import CLAIMS, fcfs_growth, fcfs_lower_bound, mean_excess
from bounds.balls import enclose
from bounds.claims.b2_ratio import EXCESS
from bounds.claims.f1_fcfs_lower import _shape
from bounds.growth import ASYMPTOTE, exceedance_limit, large_batch_form
from drift_processes import Law
from tests.law_strategies import as_law, size_tables

DICE = Law.uniform(1, 100)


@given(table=size_tables())
def test_the_moments_behind_f1_are_on_the_safe_side(table) -> None:
    law = as_law(table)
    deviation, skew = _shape(law)
    weights = [Fraction(float(w)) for w in law.probabilities]
    values = [Fraction(float(v)) for v in law.values]
    total = sum(weights)
    mean = sum(w * v for w, v in zip(weights, values, strict=True)) / total
    variance = sum(w * (v - mean) ** 2 for w, v in zip(weights, values, strict=True)) / total
    third = sum(w * abs(v - mean) ** 3 for w, v in zip(weights, values, strict=True)) / total
    if variance == 0:
        assert deviation == 0
        return
    assert Fraction(deviation) ** 2 <= variance
    # (ρ/σ³)² is rational
    assert Fraction(skew) ** 2 >= third**2 / variance**3
    assert deviation == pytest.approx(math.sqrt(variance), rel=1e-11)
    assert skew == pytest.approx(float(third) / float(variance) ** 1.5, rel=1e-9)


def test_f1_is_below_its_formula_at_the_best_level_but_hardly() -> None:
    third = float((abs(DICE.values - 50.5) ** 3).mean())
    numbers = {"G": 64, "B": 72, "sigma": float(DICE.values.std()), "rho": third}
    best = max(CLAIMS["F1"].evaluate(**numbers, t=t) for t in np.linspace(1.1, 1.45, 41))
    assert fcfs_lower_bound(DICE, workers=64, slots=72) == pytest.approx(best, rel=1e-4)
    # the neighbour asks for 2.4 times the exact value, which is 36,690
    assert CLAIMS["F1"].false_neighbour().evaluate(**numbers, t=1.3) > 2 * 36_690


def test_f1_for_a_large_batch_by_sympy() -> None:
    form = large_batch_form()
    for workers, level in ((4, 1.0), (64, 1.7)):
        below = 1 - 0.5 * math.erfc(level / math.sqrt(2))
        by_hand = level * (1 - below**workers) - 2.0**-workers
        assert enclose(form, {"G": workers, "t": level}).mid == pytest.approx(by_hand, rel=1e-12)


def test_the_number_of_sums_beyond_a_level_by_sympy() -> None:
    # √2 is where it turns: G·(1 - Φ(θ·√(2·log G))) → ∞ for θ < 1, → 0 for θ >= 1
    assert [exceedance_limit(sympy.Rational(n, 100)) for n in (1, 99)] == [sympy.oo] * 2
    assert [exceedance_limit(sympy.Rational(n, 100)) for n in (100, 101)] == [0, 0]
    with pytest.raises(ValueError, match=r"^theta must be a positive number, got -1$"):
        exceedance_limit(-1)


def test_bound_and_asymptote_close_in_on_the_exact_value() -> None:
    rows = fcfs_growth(DICE, workers=[16, 256, 4096], slots=[72, 5000])
    assert [(row.workers, row.slots) for row in rows] == [(g, b) for g in (16, 256, 4096) for b in (72, 5000)]
    assert all(row.bound_share < 1 < row.asymptote_share for row in rows)
    large = [row for row in rows if row.slots == 5000]
    # B first: for a fixed batch the error of the normal law wins as G grows
    assert [round(row.bound_share, 2) for row in large] == [0.57, 0.69, 0.64]
    # the exact value is E max of normals: √(2·log G) over 1.766, 2.829 and 3.64
    assert [round(row.asymptote_share, 2) for row in large] == [1.33, 1.18, 1.12]
    assert rows[0].asymptote == pytest.approx(enclose(ASYMPTOTE, {"G": 16, "B": 72, "sigma": 28.866070}).mid)


# B2-ratio

NUMBERS = {"workers": 4, "p": 0.5, "a": 25, "b": 75, "size_range": 99, "s_max": 100}


@given(age=st.integers(0, 400), slots=st.integers(300, 3000))
def test_no_age_makes_the_excess_much_smaller(age, slots) -> None:
    numbers = {
        "G": 4, "B": slots, "p": 0.5, "a": 25, "b": 75, "Delta": 99, "s_max": 100, "delta": 1, "A": age,
    }  # fmt: skip
    assert mean_excess(slots=slots, **NUMBERS).hi <= 1.1 * enclose(EXCESS, numbers).hi


def test_the_excess_by_hand() -> None:
    # p = 1: every request leaves, nothing is random; A = 1 makes the second part vanish
    found = mean_excess(workers=2, slots=10, p=1, a=0, b=1, size_range=1, s_max=1, growth=0)
    margin = 5.0
    by_hand = 2 * 8 * 2 * (margin / 3) / margin * math.exp(-(margin**2) / (2 * margin / 3))
    assert found.mid == pytest.approx(by_hand, rel=1e-12)


def test_the_excess_falls_with_the_batch() -> None:
    values = [mean_excess(slots=slots, **NUMBERS).hi for slots in (400, 802, 1600, 3200)]
    assert values[1] < 1
    assert all(later < 0.3 * earlier for earlier, later in pairwise(values))


def test_a_batch_without_margin_has_no_excess() -> None:
    with pytest.raises(
        ValueError, match=r"^slots must be large enough for a margin tau > 0 \(see claim B2\), got 5$"
    ):
        mean_excess(slots=5, **NUMBERS)


def test_the_ratio_is_f0_over_the_bound_on_the_mean() -> None:
    numbers = {"G": 4, "B": 802, "M": 100.0, "mu": 0.1, "p": 0.5, "a": 25, "b": 75, "Delta": 99}
    numbers |= {"s_max": 100, "delta": 1, "A": 40}
    rest = enclose(EXCESS, numbers)
    assert CLAIMS["B2-ratio"].evaluate(**numbers) == pytest.approx(4 * (100 - 80.2) / (297 + rest.mid))
    assert CLAIMS["B2-ratio"].false_neighbour().evaluate(**numbers) == pytest.approx(4 * (100 - 80.2) / 297)
