"""Snapshot laws of growth by chance and of growth by age, against enumeration; and their convolutions."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_processes import JointLaw, Law
from drift_processes.snapshots import Grid, convolve, profile_law
from drift_processes.walks import Walk
from tests.drift_processes.chain_enumeration import (
    Chain,
    assert_same_law,
    chain_loads,
    chain_snapshot,
    chains,
    walk_snapshot,
)
from tests.drift_processes.enumeration import assert_law_is, snapshot_by_enumeration
from tests.law_strategies import as_joint_law, as_law, length_tables, pair_tables, size_tables

HALVES = st.integers(0, 8).map(lambda n: Fraction(n, 2))


def walk_of(chain: Chain) -> Walk:
    growth, initial, transition = chain
    steps = np.array(transition, dtype=float)[:, :, None] * np.eye(len(growth))[:, None, :]
    return Walk(np.array(growth, dtype=float), steps, np.array(initial, dtype=float))


def all_pairs(sizes: dict, lengths: dict) -> dict:
    return {(s, o): p * q for s, p in sizes.items() for o, q in lengths.items()}


@given(pair_tables(), chains())
def test_a_walk_with_regimes_and_dependent_pairs_is_the_enumeration(pairs, chain) -> None:
    assert_same_law(walk_of(chain).snapshot(as_joint_law(pairs)), chain_snapshot(pairs, chain))


@given(size_tables(), length_tables(), chains(steps=HALVES))
def test_independent_pairs_give_the_same_and_halves_have_a_lattice_too(sizes, lengths, chain) -> None:
    law = walk_of(chain).snapshot(JointLaw.independent(as_law(sizes), as_law(lengths)))
    assert_same_law(law, chain_snapshot(all_pairs(sizes, lengths), chain))


@given(size_tables(), length_tables(), chains())
def test_the_laws_of_a_round_are_those_at_each_age(sizes, lengths, chain) -> None:
    longest = max(lengths)
    laws = walk_of(chain).round_laws(as_law(sizes), longest)
    assert len(laws) == longest
    for law, grown in zip(laws, chain_loads(chain, longest), strict=True):
        exact: dict = {}
        for size, p in sizes.items():
            for growth, q in grown.items():
                exact[size + growth] = exact.get(size + growth, 0) + p * q
        assert_same_law(law, exact)


@pytest.mark.parametrize("p", [1.0, 0.75, 0.5])
def test_geometric_lengths_give_the_same_as_their_table_spelled_out(p: float) -> None:
    lengths = Law.geometric(p)
    table = Law(lengths.values, lengths.probabilities)  # no longer known to be geometric
    walk = walk_of(([Fraction(0), Fraction(3)], [Fraction(1), Fraction(0)], [[Fraction(1, 2)] * 2] * 2))
    short = walk.snapshot(JointLaw.independent(Law.uniform(1, 9), lengths))
    spelled = walk.snapshot(JointLaw.independent(Law.uniform(1, 9), table))
    assert short.values.tolist() == spelled.values.tolist()
    np.testing.assert_allclose(short.probabilities, spelled.probabilities, atol=1e-16)


def test_geometric_lengths_and_fair_coins_have_a_closed_form() -> None:
    # Σ_a p(1-p)^a·(1/2 + z/2)^a = p / (1 - (1-p)(1+z)/2): geometric with ratio r = (1-p)/(1+p) from 0
    p = 0.02
    law = Walk.independent(Law.uniform(0, 1)).snapshot(
        JointLaw.independent(Law.constant(0), Law.geometric(p))
    )
    ratio = (1 - p) / (1 + p)
    np.testing.assert_allclose(law.probabilities[:400], (1 - ratio) * ratio ** np.arange(400), rtol=1e-11)


def test_two_hundred_fair_coins_are_binomial_far_into_the_tail() -> None:
    last = Walk.independent(Law.uniform(0, 1)).round_laws(Law.constant(5), 201)[-1]
    exact = [comb(200, k) / 2**200 for k in range(201)]
    assert last.support == (5, 205)
    np.testing.assert_allclose(last.probabilities, exact, rtol=1e-12)  # 2^-200 included


def test_a_long_walk_by_fast_transforms_keeps_mass_mean_and_gaps() -> None:
    # 30,000 ages: only multiples of 5 and of 7 and their sums occur, never 1..4, 6, 8, 9, 11, 13, 16, 18, 23
    lengths = Law.uniform(1, 30_000)
    law = Walk.independent(Law([0, 5, 7], [0.5, 0.25, 0.25])).snapshot(
        JointLaw.independent(Law.constant(0), lengths)
    )
    mean_age = float((lengths.values * (lengths.values - 1) / 2) @ lengths.probabilities) / lengths.mean
    assert law.mean == pytest.approx(3 * mean_age, rel=1e-11)
    assert not set(law.values[law.values < 24].tolist()) & {1, 2, 3, 4, 6, 8, 9, 11, 13, 16, 18, 23}


def test_a_thousand_ages_agree_with_enumeration_in_floating_point() -> None:
    lengths, steps = Law.uniform(1, 1000), Law([0, 1, 4], [0.25, 0.5, 0.25])
    grown, exact = np.ones(1), np.zeros(999 * 4 + 1)
    for age in range(1000):
        exact[: len(grown)] += grown * (1000 - age) / 1000 / lengths.mean
        grown = np.convolve(grown, [0.25, 0.5, 0, 0, 0.25])
    law = Walk.independent(steps).snapshot(JointLaw.independent(Law.constant(0), lengths))
    np.testing.assert_allclose(law.probabilities, exact[law.values.astype(int)], rtol=1e-10, atol=1e-60)
    pairs = JointLaw(np.zeros(1000), lengths.values, lengths.probabilities)
    other = Walk.independent(steps).snapshot(pairs)
    np.testing.assert_allclose(other.probabilities, exact[other.values.astype(int)], rtol=1e-10, atol=1e-60)


@given(pair_tables(), st.lists(st.integers(0, 4), min_size=12, max_size=12))
def test_growth_fixed_by_age_is_the_enumeration(pairs, increments) -> None:
    grown = np.concatenate([[0], np.cumsum(increments)])
    exact = snapshot_by_enumeration(pairs, lambda age: int(grown[age]))
    assert_law_is(profile_law(as_joint_law(pairs), lambda ages: grown[ages]), exact)


@given(size_tables(), length_tables(), st.lists(HALVES, min_size=12, max_size=12))
def test_growth_fixed_by_age_with_independent_pairs_and_halves(sizes, lengths, increments) -> None:
    grown = np.concatenate([[0], np.cumsum(np.array(increments, dtype=float))])
    law = profile_law(JointLaw.independent(as_law(sizes), as_law(lengths)), lambda ages: grown[ages])
    exact = snapshot_by_enumeration(all_pairs(sizes, lengths), lambda age: Fraction(float(grown[age])))
    assert_same_law(law, exact)


def test_loads_on_no_lattice_have_no_law() -> None:
    tenth = JointLaw.independent(Law([0.1, 0.7], [0.5, 0.5]), Law.uniform(1, 3))
    whole = JointLaw.independent(Law([1, 2], [0.5, 0.5]), Law.uniform(1, 3))
    assert profile_law(tenth, lambda ages: ages * 1.0) is None
    assert profile_law(whole, lambda ages: ages / 3) is None
    assert Walk.independent(Law([0, 0.1], [0.5, 0.5])).snapshot(whole) is None
    assert Walk.independent(Law([0, 0.1], [0.5, 0.5])).round_laws(Law.constant(1), 2) is None


def test_the_grid_is_as_coarse_as_it_can_be() -> None:
    grid = Grid.of(np.array([3.0, 9.0]), np.array([0.0, 12.0]), 60.0)
    assert (grid.base, grid.tick) == (3.0, 6.0)
    assert Grid.of(np.array([3.5, 9.0]), np.array([0.0]), 0.0).tick == 5.5
    assert Grid.of(np.array([7.0]), np.array([0.0]), 0.0).tick == 1.0


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=30), st.lists(st.integers(0, 9), min_size=1, max_size=30)
)
def test_convolution_is_that_of_whole_numbers(a, b) -> None:
    exact = np.convolve(a, b)
    assert convolve(np.array(a, dtype=float), np.array(b, dtype=float)).tolist() == exact.tolist()


def test_fast_convolution_leaves_no_noise_in_gaps_and_loses_no_mass() -> None:
    rng = np.random.default_rng(0)
    a, b = np.zeros(12_000), np.zeros(10_000)
    a[:4000:2], a[-4000::2] = rng.random(2000), rng.random(2000)
    b[:2000:2], b[-2000::2] = rng.random(1000), rng.random(1000)
    a, b = a / a.sum(), b / b.sum()
    fast = convolve(a, b)
    held = np.convolve(a > 0, b > 0) > 0.5
    assert not fast[~held].any()
    assert fast.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(fast, np.convolve(a, b), rtol=1e-10, atol=1e-18)


@given(pair_tables(), size_tables(most=5))
def test_independent_increments_are_a_chain_that_forgets(pairs, increments) -> None:
    law = Walk.independent(as_law(increments)).snapshot(as_joint_law(pairs))
    assert_same_law(law, walk_snapshot(pairs, increments))
