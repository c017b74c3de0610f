"""`ThrottledGrowth`: D(a) = floor(a / rate)."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from drift_processes import JointLaw, ThrottledGrowth, UnitGrowth
from tests.drift_processes.enumeration import assert_law_is, snapshot_by_enumeration
from tests.law_strategies import as_joint_law, as_law, length_tables, pair_tables, size_tables


@given(st.integers(1, 20))
def test_growth_sums_up_to_the_quotient(rate: int) -> None:
    ages = np.arange(100)
    grown = np.cumsum(np.broadcast_to(ThrottledGrowth(rate).increments(age=ages), 100))
    assert grown.tolist() == ((ages + 1) // rate).tolist()


def test_rate_one_is_unit_growth() -> None:
    one = ThrottledGrowth(1)
    assert (one.is_common, one.increment_range, one.growth_class) == (True, (1.0, 1.0), "constant")
    assert one.increments(age=np.zeros(0)) == UnitGrowth().increments() == 1.0


def test_slower_growth_differs_from_request_to_request() -> None:
    drift = ThrottledGrowth(4)
    assert (drift.is_common, drift.increment_range) == (False, (0.0, 1.0))
    assert (drift.growth_class, drift.mean_increment) == ("per-request deterministic", 0.25)
    assert repr(drift) == "ThrottledGrowth(4)"


@given(pair_tables(), st.integers(1, 14))
def test_snapshot_is_the_enumeration(pairs, rate) -> None:
    law = ThrottledGrowth(rate).snapshot(as_joint_law(pairs))
    assert_law_is(law, snapshot_by_enumeration(pairs, lambda age: age // rate))


@given(size_tables(), length_tables(), st.integers(1, 14))
def test_snapshot_of_independent_pairs_is_the_enumeration(sizes, lengths, rate) -> None:
    pairs = {(s, o): p * q for s, p in sizes.items() for o, q in lengths.items()}
    law = ThrottledGrowth(rate).snapshot(JointLaw.independent(as_law(sizes), as_law(lengths)))
    assert_law_is(law, snapshot_by_enumeration(pairs, lambda age: age // rate))
