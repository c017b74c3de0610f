"""Any multipliers of the dual prove a bound, and good ones attain the optimum."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from formulations import StepProblem
from formulations.window_bound import dual_bound, top_up, window_bound
from tests.oracles import brute_force
from tests.strategies import step_problems

small_numbers = step_problems(max_pool=6, options=False, sizes=(3, 20), loads=(0, 5, 50))


@given(small_numbers, st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_any_multipliers_prove_a_bound(problem: StepProblem, random: random.Random) -> None:
    workers, pool = problem.workers, len(problem.sizes)
    assume(pool >= problem.free_slots.sum())
    base = problem.loads + problem.free_slots[:, None] * problem.growth
    smallest = np.concatenate([[0.0], np.cumsum(np.sort(problem.sizes))])
    units = np.zeros_like(base)
    for h, weight in enumerate(problem.weights.tolist()):
        for _ in range(workers * int(weight)):
            units[random.randrange(workers), h] += 1
    order, scratch = np.zeros(workers, dtype=np.int64), np.zeros(workers, dtype=np.int64)
    bound = dual_bound(
        base, problem.free_slots.copy(), problem.weights.copy(), units, smallest, pool, np.zeros(workers),
        order, scratch,
    )  # fmt: skip
    best = brute_force(problem)
    assert best is not None
    assert bound <= best["imbalance"]


@pytest.mark.parametrize(
    ("weights", "optimum"), [([1, 1], 9), ([2, 1], 11), ([6, 3], 33), ([1, 2], 16), ([0.5, 0.25], 2.75)]
)
def test_the_bound_attains_the_optimum_worked_out_by_hand(weights: list[float], optimum: float) -> None:
    # Two columns, three workers. Worker 0 is highest at h = 0, worker 1 at h = 1; only worker 2 has a slot.
    # It can take 6 before it passes worker 0's 10 at h = 0, where its load is 4. So with sizes 6 and 9 both
    # levels are kept by taking the 6: idle 0 + 2 + 0 at h = 0, 2 + 0 + 5 at h = 1. The 9 has 3 + 5 + 0 and
    # 2 + 0 + 2: 12, 20, 60, 16 and 5 in all. For weights (2, 1) the multipliers (3, 0, 3) and (0, 3, 0) prove
    # it: w_2 = 0, and 1*10 - 2*8 + 1*4 - 1*7 + 2*9 - 1*(-2) = 11.
    base = np.array([[10.0, 7.0], [8.0, 9.0], [4.0, -2.0]])
    free, ranked = np.array([0, 0, 1]), np.array([6.0, 9.0])
    smallest = np.array([0.0, 6.0, 15.0])
    order, scratch = np.zeros(4, dtype=np.int64), np.zeros(4, dtype=np.int64)
    window, via = np.zeros((4, 2)), np.zeros((3, 3), dtype=np.int64)
    bound = window_bound(
        base, free, np.array(weights, dtype=float), ranked, smallest, 4, window, np.zeros((3, 2)),
        np.zeros(3), np.zeros((2, 3)), via, np.zeros(3), order, scratch,
    )  # fmt: skip
    assert window[0].tolist() == [10.0, 9.0]
    assert bound == optimum


@pytest.mark.parametrize(
    ("units", "topped"),
    [
        ([1.0, 1.0], [1.0, 2.0]),  # one is lacking: the heaviest supplies it
        ([2.0, 1.0], [2.0, 1.0]),
        ([2.0, 2.0], [1.0, 2.0]),  # one too many is taken out
        ([0.5, 3.0], [0.0, 3.0]),
        ([0.5, 4.0], [0.0, 3.0]),
    ],
)
def test_columns_are_made_to_sum_to_their_share(units: list[float], topped: list[float]) -> None:
    # Workers at 5 and 7, no slots, weight 1.5: the column takes 2 * 1.5 = 3 units.
    table = np.array(units)[:, None]
    base, free = np.array([[5.0], [7.0]]), np.zeros(2, dtype=np.int64)
    top_up(base, free, np.array([1.5]), np.array([7.0]), np.zeros(1), table)
    assert table[:, 0].tolist() == topped


def test_columns_of_odd_weights_sum_to_their_share_but_for_rounding() -> None:
    rng = np.random.default_rng(2)
    base = rng.random((50, 4))
    for h, unit in itertools.product(range(4), (0.9, 1.0, 1.1)):
        weights = np.full(4, 0.1 * (h + 1))
        units = rng.random((50, 4))
        units *= unit * 50 * weights / units.sum(axis=0)
        top_up(base, np.zeros(50, dtype=np.int64), weights, base.max(axis=0), np.zeros(1), units)
        assert (units >= 0).all()
        assert np.abs(units.sum(axis=0) - 50 * weights).max() <= 1e-13 * 50
