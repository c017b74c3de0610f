"""`RandomIncrements`: independent increments of one law."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import stream
from drift_processes import JointLaw, Law, RandomIncrements
from tests.drift_processes.chain_enumeration import assert_same_law, walk_snapshot
from tests.law_strategies import as_joint_law, as_law, length_tables, pair_tables, size_tables

NUMBER = 100_000
AGES = np.zeros(NUMBER, dtype=np.int64)


def test_a_law_and_a_range_may_be_given_by_place_or_by_name() -> None:
    coin = Law([0, 4], [0.75, 0.25])
    for drift in (RandomIncrements(coin), RandomIncrements(law=coin)):
        assert (drift.increment_range, drift.mean_increment) == ((0, 4), 1)
        assert repr(drift) == "RandomIncrements(Law(2 values in [0, 4], mean 1))"
    for drift in (RandomIncrements(1, 3), RandomIncrements(low=1, high=3), RandomIncrements(1, high=3)):
        assert (drift.increment_range, drift.mean_increment) == ((1, 3), 2)
        assert repr(drift) == "RandomIncrements(low=1, high=3)"
    assert drift.growth_class == "per-request random"


@pytest.mark.parametrize(
    "drift", [RandomIncrements(1, 3), RandomIncrements(Law([0, 0.5, 4], [0.5, 0.25, 0.25]))]
)
def test_drawn_increments_occur_as_often_as_they_should(drift) -> None:
    drawn = drift.increments(age=AGES, rng=stream(5, "drift"))
    assert drawn.shape == (NUMBER,)
    assert set(drawn) == set(drift.law.values)
    for value, p in zip(drift.law.values, drift.law.probabilities, strict=True):
        assert abs((drawn == value).mean() - p) <= 5 * np.sqrt(p * (1 - p) / NUMBER)


def test_between_ends_that_are_not_whole_increments_are_real_numbers_without_a_law_of_loads() -> None:
    drift = RandomIncrements(0.5, 2)
    drawn = drift.increments(age=AGES, rng=stream(5, "drift"))
    assert 0.5 <= drawn.min() < 0.51 < 1.99 < drawn.max() <= 2
    assert abs(drawn.mean() - drift.mean_increment) <= 5 * 1.5 / np.sqrt(12 * NUMBER)
    assert drift.law is None
    assert drift.snapshot(JointLaw([1], [1], [1])) is None
    assert drift.round_laws(Law.constant(1), 3) is None


@given(st.floats(0, 10), st.floats(0, 10))
def test_real_increments_never_leave_the_range(low, width) -> None:
    drift = RandomIncrements(low, low + width)
    drawn = drift.increments(age=np.zeros(100, dtype=np.int64), rng=stream(1, "drift"))
    assert ((drawn >= low) & (drawn <= low + width)).all()


@given(pair_tables(), size_tables(most=4))
def test_snapshot_is_the_enumeration(pairs, increments) -> None:
    law = RandomIncrements(as_law(increments)).snapshot(as_joint_law(pairs))
    assert_same_law(law, walk_snapshot(pairs, increments))


@given(size_tables(), length_tables(most=8), st.integers(0, 2), st.integers(0, 3))
def test_snapshot_of_a_range_of_whole_numbers_is_the_enumeration(sizes, lengths, low, width) -> None:
    pairs = {(s, o): p * q for s, p in sizes.items() for o, q in lengths.items()}
    law = RandomIncrements(low, low + width).snapshot(JointLaw.independent(as_law(sizes), as_law(lengths)))
    uniform = {low + j: Fraction(1, width + 1) for j in range(width + 1)}
    assert_same_law(law, walk_snapshot(pairs, uniform))
