"""An enclosure contains what it should, whatever is done to it."""

import math
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bounds.enclosure import Enclosure

NUMBERS = st.floats(-1e9, 1e9)


@given(ends=st.tuples(NUMBERS, NUMBERS).map(sorted), factor=NUMBERS)
def test_product_contains_the_exact_products_of_both_ends(ends, factor) -> None:
    scaled = Enclosure(*ends) * factor
    for end in ends:
        assert Fraction(scaled.lo) <= Fraction(end) * Fraction(factor) <= Fraction(scaled.hi)


@given(ends=st.tuples(NUMBERS, NUMBERS).map(sorted), divisor=st.floats(1e-6, 1e9))
def test_quotient_contains_the_exact_quotients_of_both_ends(ends, divisor) -> None:
    divided = Enclosure(*ends) / divisor
    for end in ends:
        assert Fraction(divided.lo) <= Fraction(end) / Fraction(divisor) <= Fraction(divided.hi)


@given(ends=st.tuples(NUMBERS, NUMBERS).map(sorted), offset=NUMBERS)
def test_sum_contains_the_exact_sums_of_both_ends(ends, offset) -> None:
    shifted = Enclosure(*ends) + offset
    for end in ends:
        assert Fraction(shifted.lo) <= Fraction(end) + Fraction(offset) <= Fraction(shifted.hi)


def test_outward_rounding_costs_one_unit_in_the_last_place() -> None:
    third = Enclosure.exactly(1.0) / 3
    assert third.width <= 2 * math.ulp(1 / 3)
    assert third.lo < third.hi


def test_an_exact_zero_stays_exact() -> None:
    zero = Enclosure.exactly(0.0)
    assert zero * 3.0 == zero == zero / 7 == zero + 0.0
    assert Enclosure(1.0, 2.0) * 0 == zero


def test_middle_width_and_membership() -> None:
    value = Enclosure(1.0, 3.0)
    assert (value.mid, value.width, value.relative_width) == (2.0, 2.0, 1.0)
    assert 1 in value
    assert 3.0 in value
    assert 3.0000001 not in value


def test_relative_width_of_zero_and_around_zero() -> None:
    assert Enclosure.exactly(0.0).relative_width == 0.0
    assert Enclosure(-1.0, 1.0).relative_width == math.inf


def test_a_negative_factor_swaps_the_ends() -> None:
    assert -2.5 in Enclosure(1.0, 2.5) * -1
    assert (Enclosure(1.0, 2.0) * -2).lo <= -4.0
