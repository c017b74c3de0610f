"""`CommonGrowth`: given growth for all requests, and the snapshot law of each phase."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_processes import CommonGrowth, JointLaw, Law, NoGrowth, UnitGrowth
from tests.drift_processes.enumeration import assert_law_is, snapshot_by_enumeration
from tests.law_strategies import as_joint_law, as_law, length_tables, pair_tables, size_tables

STEPS = st.lists(st.integers(0, 5), min_size=1, max_size=6)


def test_a_repeated_sequence_starts_again_and_a_given_one_ends() -> None:
    again, once = CommonGrowth([2, 0, 1]), CommonGrowth([2, 0, 1], repeat=False)
    assert [again.increments(step=k) for k in range(7)] == [2, 0, 1, 2, 0, 1, 2]
    assert [once.increments(step=k) for k in range(7)] == [2, 0, 1, 0, 0, 0, 0]


def test_range_mean_and_class_are_those_of_the_sequence() -> None:
    drift = CommonGrowth([2, 5])
    assert drift.is_common
    assert (drift.increment_range, drift.mean_increment, drift.growth_class) == ((2, 5), 3.5, "common")
    assert CommonGrowth([2, 5], repeat=False).increment_range == (0, 5)
    assert CommonGrowth([3, 3]).growth_class == "constant"
    assert CommonGrowth([3, 3], repeat=False).growth_class == "common"
    assert repr(drift) == "CommonGrowth([2., 5.])"
    assert repr(CommonGrowth([1], repeat=False)) == "CommonGrowth([1.], repeat=False)"


@given(pair_tables(), STEPS)
def test_the_law_of_a_phase_holds_what_the_last_steps_brought(pairs, steps) -> None:
    laws = CommonGrowth(steps).snapshots(as_joint_law(pairs))
    for phase, law in enumerate(laws):

        def growth(age: int, phase: int = phase) -> int:
            return sum(steps[(phase - 1 - j) % len(steps)] for j in range(age))

        assert_law_is(law, snapshot_by_enumeration(pairs, growth))
    assert len(steps) % len(laws) == 0


@given(size_tables(), length_tables(), STEPS)
def test_independent_pairs_spelled_out_have_the_same_laws(sizes, lengths, steps) -> None:
    pairs = {(s, o): p * q for s, p in sizes.items() for o, q in lengths.items()}
    drift = CommonGrowth(steps)
    laws = drift.snapshots(JointLaw.independent(as_law(sizes), as_law(lengths)))
    for law, other in zip(laws, drift.snapshots(as_joint_law(pairs)), strict=True):
        assert law.values.tolist() == other.values.tolist()
        np.testing.assert_allclose(law.probabilities, other.probabilities, atol=1e-13)


def test_two_phases_by_hand() -> None:
    # lengths 1 or 2 with equal chance: age 1 with probability 1/3; growth 6 reaches it at odd steps only
    law = JointLaw.independent(Law.constant(10), Law([1, 2], [0.5, 0.5]))
    even, odd = CommonGrowth([6, 0]).snapshots(law)
    assert even.values.tolist() == [10]
    assert odd.values.tolist() == [10, 16]
    np.testing.assert_allclose(odd.probabilities, [2 / 3, 1 / 3], rtol=1e-14)
    assert CommonGrowth([6, 0]).snapshot(law) is None


def test_constant_growth_written_as_a_sequence_is_unit_growth() -> None:
    law = JointLaw.independent(Law.uniform(1, 9), Law.geometric(0.3))
    ours, unit = CommonGrowth([1, 1, 1]).snapshot(law), UnitGrowth().snapshot(law)
    assert ours.values.tolist() == unit.values.tolist()
    np.testing.assert_allclose(ours.probabilities, unit.probabilities, atol=1e-15)


def test_growth_that_ends_leaves_the_sizes_in_the_long_run() -> None:
    law = JointLaw([1, 9], [1, 3], [0.5, 0.5])
    only = CommonGrowth([4, 4], repeat=False).snapshot(law)
    np.testing.assert_array_equal(only.probabilities, NoGrowth().snapshot(law).probabilities)


@pytest.mark.parametrize(("period", "known"), [(256, 256), (257, None)])
def test_laws_are_made_for_at_most_256_phases(period: int, known: int | None) -> None:
    law = JointLaw.independent(Law.constant(1), Law.constant(2))
    laws = CommonGrowth(np.arange(period)).snapshots(law)
    assert (None if laws is None else len(laws)) == known
    assert len(CommonGrowth(np.tile([0, 1], 500)).snapshots(law)) == 2  # the shortest period counts


def test_growth_on_no_lattice_has_no_law() -> None:
    law = JointLaw.independent(Law.constant(1), Law.constant(3))
    assert CommonGrowth([0.1, 0.7]).snapshots(law) is None


def test_halves_have_one() -> None:
    law = JointLaw.independent(Law.constant(1), Law([2, 3], [0.5, 0.5]))
    exact = snapshot_by_enumeration({(2, 2): Fraction(1, 2), (2, 3): Fraction(1, 2)}, lambda age: age)
    halved = CommonGrowth([0.5]).snapshot(law)
    assert halved.values.tolist() == [value / 2 for value in sorted(exact)]
