"""`UnitGrowth`: the snapshot law of claim F0 against direct enumeration and closed forms."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

from drift_processes import JointLaw, Law, UnitGrowth
from tests.drift_processes.enumeration import assert_law_is, snapshot_by_enumeration
from tests.law_strategies import as_joint_law, as_law, length_tables, pair_tables, size_tables


def snapshot(law: JointLaw) -> Law:
    return UnitGrowth().snapshot(law)


def test_constant_length_spreads_the_load_evenly_over_the_ages() -> None:
    law = snapshot(JointLaw.independent(Law.constant(10), Law.constant(3)))
    assert law.values.tolist() == [10, 11, 12]
    np.testing.assert_allclose(law.probabilities, [1 / 3] * 3, rtol=1e-14)


def test_longer_requests_are_seen_more_often() -> None:
    # (0, 1) and (100, 3) with probability 1/2 each: E o = 2, each load has (1/2)/2
    law = snapshot(JointLaw([0, 100], [1, 3], [0.5, 0.5]))
    assert law.values.tolist() == [0, 100, 101, 102]
    np.testing.assert_allclose(law.probabilities, [0.25] * 4, rtol=1e-14)


@pytest.mark.parametrize("p", [1.0, 0.5, 0.1, 0.02])
def test_geometric_length_adds_the_moments_of_a_geometric_age(p: float) -> None:
    sizes = Law.uniform(1, 100)
    law = snapshot(JointLaw.independent(sizes, Law.geometric(p)))
    assert law.mean == pytest.approx(sizes.mean + (1 - p) / p, rel=1e-10)
    assert law.variance == pytest.approx(sizes.variance + (1 - p) / p**2, rel=1e-9)


def test_loads_that_no_request_has_get_no_probability_from_rounding() -> None:
    # sizes far apart: the convolution is done by FFT, whose noise fills the gap
    law = snapshot(JointLaw.independent(Law([0, 100_000], [0.5, 0.5]), Law.constant(1000)))
    assert law.values.tolist() == [*range(1000), *range(100_000, 101_000)]
    np.testing.assert_allclose(law.probabilities, 1 / 2000, rtol=1e-9)


def test_a_pair_that_is_almost_never_seen_stays_in_the_support() -> None:
    law = snapshot(JointLaw([0, 50], [10, 10], [1 - 2.0**-52, 2.0**-52]))
    assert law.support == (0, 59)
    law = snapshot(JointLaw([0, 50], [10, 10], [1.0, 1e-25]))
    assert law.support == (0, 59)


def test_many_pairs_end_exactly_at_the_largest_load() -> None:
    rng = np.random.default_rng(0)
    sizes, lengths = rng.integers(1, 5000, 100_000), rng.integers(1, 100, 100_000)
    lengths[0] = 3000  # makes the table reach far beyond every load
    sizes[0] = 1
    law = snapshot(JointLaw.empirical(sizes, lengths))
    assert law.support == (sizes.min(), (sizes + lengths - 1).max())
    ages = lengths * (sizes + (lengths - 1) / 2)
    assert law.mean == pytest.approx(ages.sum() / lengths.sum(), rel=1e-9)


@given(pair_tables())
def test_snapshot_of_dependent_pairs_is_the_enumeration(pairs: dict[tuple[int, int], Fraction]) -> None:
    assert_law_is(snapshot(as_joint_law(pairs)), snapshot_by_enumeration(pairs, lambda age: age))


@given(size_tables(), length_tables())
def test_snapshot_of_an_independent_pair_is_the_enumeration_either_way(
    sizes: dict[int, Fraction], lengths: dict[int, Fraction]
) -> None:
    pairs = {(s, o): p * q for s, p in sizes.items() for o, q in lengths.items()}
    exact = snapshot_by_enumeration(pairs, lambda age: age)
    assert_law_is(snapshot(JointLaw.independent(as_law(sizes), as_law(lengths))), exact)
    assert_law_is(snapshot(as_joint_law(pairs)), exact)
