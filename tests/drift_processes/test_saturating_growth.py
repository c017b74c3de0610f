"""`SaturatingGrowth`: D(a) = floor(cap·(1 - 2^(-a/half_life)) + 1/2)."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_processes import JointLaw, SaturatingGrowth
from tests.drift_processes.enumeration import assert_law_is, snapshot_by_enumeration
from tests.law_strategies import as_joint_law, as_law, length_tables, pair_tables, size_tables

DRIFTS = st.builds(SaturatingGrowth, st.floats(0, 1e4), st.floats(0.01, 1000))


@pytest.mark.parametrize(("cap", "half_life"), [(50, 20), (7.5, 3), (1000, 0.5), (3, 400)])
def test_growth_is_the_formula_in_decimal_arithmetic(cap: float, half_life: float) -> None:
    grown = SaturatingGrowth(cap, half_life).growth(np.arange(100))
    with localcontext() as context:
        context.prec = 40
        exact = [
            Decimal(cap) * (1 - Decimal(2) ** (-Decimal(age) / Decimal(half_life))) + Decimal("0.5")
            for age in range(100)
        ]
    assert grown.tolist() == [int(value) for value in exact]


@given(DRIFTS)
def test_increments_are_whole_numbers_in_the_range_and_sum_up_to_the_growth(drift) -> None:
    ages = np.arange(3000)
    increments = drift.increments(age=ages)
    low, high = drift.increment_range
    assert low <= increments.min() <= increments.max() <= high
    assert (increments == np.floor(increments)).all()
    assert np.cumsum(increments).tolist() == drift.growth(ages + 1).tolist()
    assert drift.growth(np.arange(1)).tolist() == [0]


def test_the_largest_increment_is_attained_where_the_first_step_is_whole() -> None:
    drift = SaturatingGrowth(cap=8, half_life=1)
    assert drift.increments(age=np.arange(6)).tolist() == [4, 2, 1, 1, 0, 0]
    assert drift.increment_range == (0, 4)
    assert SaturatingGrowth(cap=0, half_life=1).increment_range == (0, 0)


@given(pair_tables(), DRIFTS)
def test_snapshot_is_the_enumeration(pairs, drift) -> None:
    grown = drift.growth(np.arange(12))
    law = drift.snapshot(as_joint_law(pairs))
    assert_law_is(law, snapshot_by_enumeration(pairs, lambda age: int(grown[age])))


@given(size_tables(), length_tables())
def test_snapshot_of_independent_pairs_is_the_enumeration(sizes, lengths) -> None:
    # cap 8, half-life 1: by hand
    pairs = {(s, o): p * q for s, p in sizes.items() for o, q in lengths.items()}
    law = SaturatingGrowth(8, 1).snapshot(JointLaw.independent(as_law(sizes), as_law(lengths)))
    assert_law_is(law, snapshot_by_enumeration(pairs, lambda age: [0, 4, 6, 7, 8][min(age, 4)]))


def test_what_it_declares() -> None:
    drift = SaturatingGrowth(cap=50, half_life=20)
    assert drift.growth_class == "per-request deterministic"
    assert repr(drift) == "SaturatingGrowth(cap=50, half_life=20)"
