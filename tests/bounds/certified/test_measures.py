"""Integers from below: what they leave out is counted exactly, and bounds hold however few bits there are."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounds.certified.loads import given_load
from bounds.certified.measures import Measure, as_integers, maximum_above_one, outward
from bounds.maxima import certified_maximum
from drift_processes import Law
from tests.bounds.exact_sums import mean, mean_of_maximum, sum_table
from tests.law_strategies import as_law, size_tables

BITS = st.sampled_from([3, 5, 8, 13, 61, 128])


def exactly(law: Law) -> dict[int, Fraction]:
    """The law proportional to the table of float64 numbers."""
    weights = [Fraction(p) for p in law.probabilities.tolist()]
    return {int(v): w / sum(weights) for v, w in zip(law.values.tolist(), weights, strict=True)}


@given(table=size_tables(), terms=st.integers(1, 3), bits=BITS)
def test_coefficients_are_below_the_probabilities_and_the_rest_is_missing(table, terms, bits) -> None:
    law = as_law(table)
    load = given_load(law, bits)
    base, stride = int(law.values[0]), load.stride() or 1
    total = load.measure(stride).times(terms, bits)
    sums = sum_table(exactly(law), terms)
    known = {
        terms * base + stride * (total.start + j): Fraction(c, total.scale)
        for j, c in enumerate(total.coefficients())
    }
    assert all(p <= sums.get(value, 0) for value, p in known.items())
    assert sum(known.values()) + total.missing == 1
    ends = terms * base + stride * total.bottom, terms * base + stride * total.top
    assert ends == (min(sums), max(sums))


@given(table=size_tables(most=9), copies=st.integers(2, 4), terms=st.integers(1, 2), bits=BITS)
def test_the_value_is_enclosed_however_few_bits_there_are(table, copies, terms, bits) -> None:
    law = as_law(table)
    value = certified_maximum(given_load(law, bits), copies=copies, terms=terms, rtol=1e-3, what="the law")
    exact = exactly(law)
    assert value.lo <= mean_of_maximum(exact, copies, terms) - terms * mean(exact) <= value.hi


@pytest.mark.parametrize("tail", ["before", "behind"])
@pytest.mark.parametrize("copies", [2, 3, 10])
def test_what_is_missing_may_lie_at_either_end(copies, tail) -> None:
    # half a coin's weight is known at 3, the other half lies at one end of 0..7
    measure = Measure.of([0, 0, 0, 1], 2, top=7)
    end = 0 if tail == "before" else 7
    above = abs(end - 3) * (Fraction(1, 2) - Fraction(1, 2**copies))
    if tail == "behind":
        above = 4 * (1 - Fraction(1, 2**copies) - Fraction(1, 2))
    low, high = maximum_above_one(measure, copies)
    assert low <= above <= high


def test_small_tails_keep_their_relative_precision() -> None:
    # S = 1 with probability q: F - F^G = (1-q) - (1-q)^G at 0, about (G-1)·q
    scale = 2**200
    low, high = maximum_above_one(Measure.of([scale - 1, 1], scale, top=1), 1000)
    q = Fraction(1, scale)
    assert low <= (1 - q) - (1 - q) ** 1000 <= high
    assert high / low - 1 < Fraction(1, 10**13)


def test_a_longest_polynomial_is_kept_to() -> None:
    measure = Measure.of([1] * 64, 64, top=63)
    assert measure.times(64, 61, most=500) is None
    assert measure.times(4, 61, most=500).poly.length() == 4 * 63 + 1


@given(weight=st.floats(0, 1), bits=st.integers(2, 200))
def test_integers_are_floor_and_ceiling(weight, bits) -> None:
    (low,), (high,) = as_integers(np.array([weight]), bits)
    exact = Fraction(weight) * 2**bits
    assert low <= exact <= high
    assert high - low == (0 if exact.denominator == 1 else 1)


def test_outward_contains_and_widens() -> None:
    third = Fraction(1, 3)
    low, high = outward(third, third)
    assert Fraction(low) < third < Fraction(high)
    low, high = outward(third, third, known_to=1e-3)
    assert (low * 3, high * 3) == pytest.approx((np.exp(-1e-3), np.exp(1e-3)), rel=1e-14)
    assert outward(Fraction(0), Fraction(0)) == (0, 0)
