"""`NoGrowth`: the snapshot law is the size, weighted by how long it stays."""

from fractions import Fraction

import numpy as np
from hypothesis import given

from drift_processes import JointLaw, Law, NoGrowth
from tests.drift_processes.enumeration import assert_law_is, snapshot_by_enumeration
from tests.law_strategies import as_joint_law, as_law, length_tables, pair_tables, size_tables


def test_independent_length_leaves_the_size_law_as_it_is() -> None:
    sizes = Law.uniform(1, 100)
    assert NoGrowth().snapshot(JointLaw.independent(sizes, Law.geometric(0.02))) is sizes


def test_a_size_that_stays_three_times_as_long_is_seen_three_times_as_often() -> None:
    law = NoGrowth().snapshot(JointLaw([10, 20, 10], [1, 3, 1], [0.25, 0.5, 0.25]))
    assert law.values.tolist() == [10, 20]
    np.testing.assert_allclose(law.probabilities, [0.25, 0.75], rtol=1e-14)


@given(pair_tables())
def test_snapshot_of_dependent_pairs_is_the_enumeration(pairs: dict[tuple[int, int], Fraction]) -> None:
    assert_law_is(NoGrowth().snapshot(as_joint_law(pairs)), snapshot_by_enumeration(pairs, lambda age: 0))


@given(size_tables(), length_tables())
def test_independent_and_spelled_out_pairs_have_the_same_snapshot(
    sizes: dict[int, Fraction], lengths: dict[int, Fraction]
) -> None:
    assert_law_is(NoGrowth().snapshot(JointLaw.independent(as_law(sizes), as_law(lengths))), sizes)
    pairs = {(s, o): p * q for s, p in sizes.items() for o, q in lengths.items()}
    assert_law_is(NoGrowth().snapshot(as_joint_law(pairs)), sizes)
