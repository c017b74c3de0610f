"""`SlidingWindow`: D(a) = min(a, max(0, window - size))."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from drift_processes import JointLaw, Law, SlidingWindow
from tests.drift_processes.chain_enumeration import assert_same_law
from tests.law_strategies import as_joint_law, as_law, length_tables, pair_tables, size_tables


def enumerated(pairs: dict, window: Fraction) -> dict:
    mean_length = sum(p * length for (_, length), p in pairs.items())
    law: dict = {}
    for (size, length), p in pairs.items():
        for age in range(length):
            load = Fraction(size) + min(Fraction(age), max(Fraction(0), window - size))
            law[load] = law.get(load, 0) + p / mean_length
    return law


WINDOWS = st.integers(1, 200).map(lambda n: Fraction(n, 4))


@given(st.lists(st.integers(0, 400).map(lambda n: n / 8), min_size=1, max_size=9), WINDOWS)
def test_loads_climb_to_the_window_and_stay(sizes, window) -> None:
    drift = SlidingWindow(float(window))
    size = np.array(sizes)
    load = size.copy()
    for age in range(60):
        assert load.tolist() == (size + np.minimum(age, np.maximum(0, float(window) - size))).tolist()
        grown = drift.increments(load=load)
        assert ((grown >= 0) & (grown <= 1)).all()
        load += grown


@given(pair_tables(), WINDOWS)
def test_snapshot_is_the_enumeration(pairs, window) -> None:
    law = SlidingWindow(float(window)).snapshot(as_joint_law(pairs))
    assert_same_law(law, enumerated(pairs, window))


@given(size_tables(), length_tables(), WINDOWS)
def test_snapshot_of_independent_pairs_is_the_enumeration(sizes, lengths, window) -> None:
    pairs = {(s, o): p * q for s, p in sizes.items() for o, q in lengths.items()}
    law = SlidingWindow(float(window)).snapshot(JointLaw.independent(as_law(sizes), as_law(lengths)))
    assert_same_law(law, enumerated(pairs, window))


def test_laws_of_a_round_by_hand() -> None:
    laws = SlidingWindow(3).round_laws(Law([1, 2, 5], [0.25, 0.25, 0.5]), 4)
    assert [law.values.tolist() for law in laws] == [[1, 2, 5], [2, 3, 5], [3, 5], [3, 5]]
    assert [law.probabilities.tolist() for law in laws[1:3]] == [[0.25, 0.25, 0.5], [0.5, 0.5]]


def test_sizes_above_the_window_on_no_lattice_do_no_harm() -> None:
    drift = SlidingWindow(4)
    small = JointLaw([0.1, 2], [2, 2], [0.5, 0.5])
    assert drift.snapshot(small) is None
    large = drift.snapshot(JointLaw([2, 7.1], [2, 2], [0.5, 0.5]))
    assert large.values.tolist() == [2, 3, 7.1]


def test_what_it_declares() -> None:
    drift = SlidingWindow(4096)
    assert (drift.increment_range, drift.growth_class) == ((0.0, 1.0), "per-request deterministic")
    assert repr(drift) == "SlidingWindow(4096)"
