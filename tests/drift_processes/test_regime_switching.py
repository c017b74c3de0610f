"""`RegimeSwitching`: chains of requests and of the system, their memory, and the snapshot law."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

from contracts import stream
from drift_processes import JointLaw, Law, RegimeSwitching
from tests.drift_processes.chain_enumeration import (
    Chain,
    assert_same_law,
    chain_loads,
    chain_snapshot,
    chains,
)
from tests.law_strategies import as_joint_law, as_law, length_tables, pair_tables, size_tables

BURSTS = RegimeSwitching([0, 9], [[0.9, 0.1], [0.5, 0.5]])
CYCLE = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]


def drift_of(chain: Chain) -> RegimeSwitching:
    growth, initial, transition = (np.array(part, dtype=float) for part in chain)
    return RegimeSwitching(growth, transition, initial=initial)


def grow(drift: RegimeSwitching, steps: int, requests: int) -> np.ndarray:
    """Increments of requests admitted together, (steps, requests)."""
    memory, rng = np.zeros(1 if drift.is_common else requests), stream(7, "drift")
    rows = []
    for step in range(steps):
        age = np.full(0 if drift.is_common else requests, step)
        rows.append(drift.increments(step=step, age=age, rng=rng, memory=memory))
    return np.array(rows)


def test_the_stationary_law_is_where_it_starts_by_default() -> None:
    # balance: 0.1·π0 = 0.5·π1
    np.testing.assert_allclose(BURSTS.initial, [5 / 6, 1 / 6], rtol=1e-12)
    assert BURSTS.mean_increment == pytest.approx(1.5, rel=1e-12)
    # a cycle has a stationary law although it never settles
    np.testing.assert_allclose(RegimeSwitching([0, 1, 2], CYCLE).initial, [1 / 3] * 3, rtol=1e-12)


def test_the_mean_is_that_of_where_the_chain_ends() -> None:
    # from regime 0 to one of two absorbing regimes with chances 1/4 and 3/4
    drift = RegimeSwitching([100, 1, 5], [[0, 0.25, 0.75], [0, 1, 0], [0, 0, 1]], initial=[1, 0, 0])
    assert drift.mean_increment == pytest.approx(4, rel=1e-12)


def test_a_cycle_is_followed_from_its_first_regime() -> None:
    drift = RegimeSwitching([0, 1, 5], CYCLE, initial=[0, 1, 0])
    assert grow(drift, 7, 2).tolist() == [[v, v] for v in (1, 5, 0, 1, 5, 0, 1)]
    system = RegimeSwitching([0, 1, 5], CYCLE, initial=[0, 1, 0], scope="system")
    assert grow(system, 7, 2).tolist() == [1, 5, 0, 1, 5, 0, 1]


def test_new_requests_start_while_others_go_on() -> None:
    drift = RegimeSwitching([0, 1, 5], CYCLE, initial=[0, 1, 0])
    memory, rng = np.array([2.0, 0.0, 1.0]), stream(7, "drift")
    grown = drift.increments(step=9, age=np.array([4, 0, 8]), rng=rng, memory=memory)
    assert grown.tolist() == [5, 1, 1]
    assert memory.tolist() == [0, 2, 2]


def test_regimes_follow_each_other_as_often_as_they_should() -> None:
    number = 100_000
    grown = grow(BURSTS, 2, number)
    first, second = grown == 9
    for share, p in (
        (first.mean(), 1 / 6),
        (second[first].mean(), 0.5),
        (second[~first].mean(), 0.1),
    ):
        assert abs(share - p) <= 5 * np.sqrt(p * (1 - p) / (number / 6))


def test_one_chain_for_all_is_common_and_has_no_law() -> None:
    system = RegimeSwitching([0, 9], [[0.9, 0.1], [0.5, 0.5]], scope="system")
    assert (system.is_common, system.growth_class) == (True, "common")
    assert (BURSTS.is_common, BURSTS.growth_class) == (False, "per-request random")
    law = JointLaw.independent(Law.uniform(1, 3), Law.uniform(1, 3))
    assert system.snapshot(law) is None
    assert abs((grow(system, 30_000, 1) == 9).mean() - 1 / 6) < 0.02


def test_regimes_that_grow_alike_are_constant_growth() -> None:
    for scope in ("request", "system"):
        drift = RegimeSwitching([2, 2], [[0.5, 0.5], [1, 0]], scope=scope)
        assert drift.growth_class == "constant"
        law = drift.snapshot(JointLaw.independent(Law.constant(1), Law.constant(3)))
        assert law.values.tolist() == [1, 3, 5]


@given(pair_tables(), chains())
def test_snapshot_is_the_enumeration(pairs, chain) -> None:
    assert_same_law(drift_of(chain).snapshot(as_joint_law(pairs)), chain_snapshot(pairs, chain))


@given(size_tables(), length_tables(), chains())
def test_snapshot_of_independent_pairs_is_the_enumeration(sizes, lengths, chain) -> None:
    pairs = {(s, o): p * q for s, p in sizes.items() for o, q in lengths.items()}
    law = drift_of(chain).snapshot(JointLaw.independent(as_law(sizes), as_law(lengths)))
    assert_same_law(law, chain_snapshot(pairs, chain))


def test_what_is_simulated_has_the_law_of_the_chain() -> None:
    half = Fraction(1, 2)
    chain: Chain = ([Fraction(0), Fraction(3)], [half, half], [[Fraction(1), Fraction(0)], [half, half]])
    loads = grow(drift_of(chain), 4, 50_000).sum(axis=0)
    for load, p in chain_loads(chain, 5)[4].items():
        share = float(p)
        assert abs((loads == load).mean() - share) <= 5 * np.sqrt(share * (1 - share) / 50_000)


def test_what_it_declares() -> None:
    assert (BURSTS.has_memory, BURSTS.increment_range) == (True, (0, 9))
    assert repr(BURSTS) == "RegimeSwitching([0., 9.], scope='request', mean 1.5)"
