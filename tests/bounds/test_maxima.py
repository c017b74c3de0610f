"""E max of sums against enumeration, closed forms, and itself on coarser lattices."""

import math

import mpmath
import numpy as np
import pytest
from flint import arb, arb_poly, ctx
from hypothesis import given
from hypothesis import strategies as st

from bounds.maxima import expected_maximum, maximum_above_mean
from drift_processes import Law
from tests.bounds.exact_sums import mean_of_maximum
from tests.law_strategies import as_law, size_tables

SMALL = size_tables(most=9)


@given(table=SMALL, copies=st.integers(1, 3), terms=st.integers(1, 2))
def test_expected_maximum_contains_the_enumerated_one(table, copies, terms) -> None:
    value = expected_maximum(as_law(table), copies=copies, terms=terms)
    exact = mean_of_maximum(table, copies, terms)
    assert value.lo <= exact <= value.hi
    assert value.width < 1e-10


@pytest.mark.parametrize("copies", [2, 64, 4096])
def test_the_largest_of_uniform_numbers(copies) -> None:
    # E max of G uniforms on 1..n is n - Σ_{j<n} (j/n)^G
    value = expected_maximum(Law.uniform(1, 100), copies=copies)
    exact = 100 - math.fsum((j / 100) ** copies for j in range(1, 100))
    assert value.lo <= exact <= value.hi
    assert value.relative_width < 1e-9


@pytest.mark.parametrize(("copies", "terms"), [(2, 10_000), (64, 500), (4096, 3000)])
def test_the_largest_of_binomial_sums_in_sixty_digits(copies, terms) -> None:
    value = maximum_above_mean(Law([0, 1], [0.75, 0.25]), copies=copies, terms=terms)
    with mpmath.workdps(60):
        weight = mpmath.mpf(3) / 4
        density, below, exact = weight**terms, mpmath.mpf(0), mpmath.mpf(0)
        for x in range(terms):
            below += density
            exact += 1 - below**copies
            density *= mpmath.mpf(terms - x) / (x + 1) / 3
        exact -= mpmath.mpf(terms) / 4
        assert value.lo <= exact <= value.hi
    assert value.relative_width < 1e-5


def in_balls(law: Law, copies: int, terms: int) -> arb:
    """Σ_x F(x) - F(x)^G in ball arithmetic of 400 bits, all of it."""
    dense = [arb(0)] * (int(law.span) + 1)
    total = sum((arb(p) for p in law.probabilities.tolist()), arb(0))
    for value, p in zip(law.values - law.values[0], law.probabilities.tolist(), strict=True):
        dense[int(value)] = arb(p) / total
    below, result = arb(0), arb(0)
    for p in (arb_poly(dense) ** terms).coeffs():
        below += p
        result += below - below**copies
    return result


@given(table=size_tables(), copies=st.integers(2, 400), terms=st.integers(1, 40))
def test_ball_arithmetic_finds_the_same(table, copies, terms) -> None:
    law = as_law(table)
    value = maximum_above_mean(law, copies=copies, terms=terms)
    with ctx.workprec(400):
        ball = in_balls(law, copies, terms)
        assert arb(value.lo) <= ball + arb("1e-100")
        assert ball - arb("1e-100") <= arb(value.hi)
    assert value.width <= 1e-12 * value.hi * max(1, copies * terms / 500)


@given(table=size_tables(), copies=st.integers(2, 50), terms=st.integers(1, 30))
def test_more_copies_and_more_terms_raise_the_maximum_above_the_mean(table, copies, terms) -> None:
    law = as_law(table)
    here = maximum_above_mean(law, copies=copies, terms=terms)
    assert maximum_above_mean(law, copies=copies + 1, terms=terms).hi >= here.lo
    assert maximum_above_mean(law, copies=copies, terms=terms + 1).hi >= here.lo


@given(table=size_tables(), copies=st.integers(2, 50), terms=st.integers(1, 30), shift=st.integers(1, 10**6))
def test_a_shift_does_not_change_the_maximum_above_the_mean(table, copies, terms, shift) -> None:
    law = as_law(table)
    moved = Law(law.values + shift, law.probabilities)
    one = maximum_above_mean(law, copies=copies, terms=terms)
    other = maximum_above_mean(moved, copies=copies, terms=terms)
    assert (one.lo, one.hi) == pytest.approx((other.lo, other.hi), abs=1e-7)


@given(table=size_tables(), copies=st.integers(2, 20), terms=st.integers(1, 20))
def test_a_mean_preserving_spread_raises_the_maximum(table, copies, terms) -> None:
    law = as_law(table)
    below = maximum_above_mean(law, copies=copies, terms=terms)
    above = maximum_above_mean(_spread(law), copies=copies, terms=terms)
    assert above.lo > below.hi


def _spread(law: Law) -> Law:
    """Each value moved up or down by 1 with equal chance, after a shift that keeps all values >= 0."""
    points, weights = np.concatenate([law.values, law.values + 2]), np.tile(law.probabilities / 2, 2)
    values, place = np.unique(points, return_inverse=True)
    return Law(values, np.bincount(place, weights=weights))


@pytest.mark.parametrize(("copies", "terms"), [(2, 1), (16, 72), (256, 3), (64, 300)])
@pytest.mark.parametrize("rtol", [1e-2, 1e-5])
def test_coarse_lattices_enclose_the_exact_value(copies, terms, rtol) -> None:
    # in tenths the values are on no binary lattice, so that the coarse path runs; E max scales with the law
    weights = np.random.default_rng(7).pareto(1.5, 400) + 0.01
    law = Law(np.arange(400) ** 2 % 1009 + 1, weights / weights.sum())
    exact = maximum_above_mean(law, copies=copies, terms=terms, rtol=1e-9)
    tenths = maximum_above_mean(
        Law(law.values / 10, law.probabilities), copies=copies, terms=terms, rtol=rtol
    )
    assert tenths.lo * 10 <= exact.lo
    assert exact.hi <= tenths.hi * 10
    assert tenths.relative_width <= rtol


def test_two_atoms_off_any_lattice() -> None:
    # max of 2 draws from {0, 1/3}: above the mean by (1/3)·p(1 - p) = 1/12 at p = 1/2
    value = maximum_above_mean(Law([0, 1 / 3], [0.5, 0.5]), copies=2)
    assert value.lo <= 1 / 12 <= value.hi
    assert value.relative_width <= 1e-3


def test_sizes_beyond_a_million_are_enclosed_as_narrowly_as_asked() -> None:
    law = Law.from_quantiles({0: 100, 0.5: 8000, 0.9: 40_000, 0.99: 150_000, 1: 1_500_000})
    value = maximum_above_mean(law, copies=16, terms=72)
    assert value.relative_width <= 1e-3
    finer = maximum_above_mean(law, copies=16, terms=72, rtol=1e-4)
    assert value.lo <= finer.lo <= finer.hi <= value.hi


def test_one_copy_or_no_variance_leave_nothing_above_the_mean() -> None:
    assert maximum_above_mean(Law.uniform(1, 9), copies=1, terms=5).hi == 0
    assert maximum_above_mean(Law.constant(4), copies=9, terms=5).hi == 0
    assert expected_maximum(Law.constant(0), copies=9, terms=5).hi == 0


def test_a_very_long_sum_is_close_to_its_normal_limit() -> None:
    # E max of two standard normals is 1/√π; the skewness correction is of order 1/√B
    value = maximum_above_mean(Law.uniform(0, 10), copies=2, terms=1_000_000)
    assert value.mid / math.sqrt(10 * 1_000_000) == pytest.approx(1 / math.sqrt(math.pi), rel=1e-6)
