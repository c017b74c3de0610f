"""Each proof holds on every assignment of small steps, and is attained where it should be."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulations import OBJECTIVES, StepProblem, lower_bounds, objective_value, predicted_loads
from tests.oracles import feasible_workers, values_of
from tests.strategies import step_problems

small_numbers = step_problems(max_pool=6, options=False, sizes=(3, 20), loads=(0, 5, 50))


def work(problem: StepProblem) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    size = len(problem.sizes) + problem.workers + 1
    return np.zeros(problem.workers), np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)


def pool_of(problem: StepProblem) -> tuple[np.ndarray, np.ndarray]:
    ranked = np.sort(problem.sizes)
    return ranked, np.concatenate([[0.0], np.cumsum(ranked)])


def is_rich(problem: StepProblem) -> bool:
    return len(problem.sizes) >= problem.free_slots.sum()


@given(st.lists(st.integers(0, 9), max_size=60))
def test_argsort_is_stable(keys: list[int]) -> None:
    order, scratch = np.zeros(61, dtype=np.int64), np.zeros(61, dtype=np.int64)
    lower_bounds.argsort(np.array(keys, dtype=float), len(keys), order, scratch)
    assert order[: len(keys)].tolist() == np.argsort(np.array(keys), kind="stable").tolist()


@given(small_numbers)
@settings(max_examples=300)
def test_no_assignment_stays_below_the_level(problem: StepProblem) -> None:
    free = problem.free_slots.copy()
    ranked, smallest = pool_of(problem)
    for h, growth in enumerate(problem.growth.tolist()):
        least = min(predicted_loads(problem, w)[:, h].max() for w in feasible_workers(problem))
        if is_rich(problem):
            column = problem.loads[:, h] + free * growth
            level = lower_bounds.forced_level(column, free, ranked, smallest, *work(problem))
        else:
            total = smallest[-1] + len(ranked) * growth
            largest = max(ranked, default=0.0) + growth
            level = lower_bounds.water_level(problem.loads[:, h].copy(), free, largest, total, *work(problem))
        assert level <= least + 1e-9


def test_water_rises_to_the_level_worked_out_by_hand() -> None:
    # Loads 0, 4, 10, the last without a free slot: 10 units fill 0 and 4 to 7; the third is higher.
    order, scratch = np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64)
    free = np.array([5, 5, 0])
    args = (free, 1.0, 10.0, np.zeros(3), order, scratch)
    assert lower_bounds.water_level(np.array([0.0, 4.0, 10.0]), *args) == 10.0
    assert lower_bounds.water_level(np.array([0.0, 4.0, 6.0]), *args) == 7.0


def test_the_forced_level_worked_out_by_hand() -> None:
    # Workers at 7 and 6 with a slot each, sizes 1, 4, 9: one of them must take a 4 or more, so max >= 6 + 4.
    free, ranked = np.array([1, 1]), np.array([1.0, 4.0, 9.0])
    order, scratch = np.zeros(4, dtype=np.int64), np.zeros(4, dtype=np.int64)
    smallest = np.array([0.0, 1.0, 5.0, 14.0])
    level = lower_bounds.forced_level(
        np.array([7.0, 6.0]), free, ranked, smallest, np.zeros(2), order, scratch
    )
    assert level == 10.0


@given(small_numbers, st.integers(0, 60), st.integers(0, 20))
@settings(max_examples=300)
def test_no_assignment_between_two_levels_has_less_imbalance(
    problem: StepProblem, lowest: int, width: int
) -> None:
    if not is_rich(problem):
        return
    column = problem.loads[:, 0].copy()
    ranked, smallest = pool_of(problem)
    placeable = lower_bounds.placeable_total(
        column, problem.free_slots.copy(), float(lowest), float(width), ranked, smallest, *work(problem)
    )
    bound = problem.workers * lowest - column.sum() - placeable
    for worker in feasible_workers(problem):
        loads = predicted_loads(problem, worker)[:, 0]
        if lowest <= loads.max() <= lowest + width:
            assert problem.workers * loads.max() - loads.sum() >= bound


@pytest.mark.parametrize(
    ("size", "weight", "loads_exact", "objectives_exact"),
    [
        (3.0, 1.0, True, True),
        (3.0, 7.0, True, True),
        (3.0, 0.5, True, False),
        (3.0, 2.0**50, True, False),
        (2.5, 1.0, False, False),
        (2.0**52, 1.0, False, False),
    ],
)
def test_sums_of_moderate_whole_numbers_need_no_slack(
    size: float, weight: float, loads_exact: bool, objectives_exact: bool
) -> None:
    slack, blur = lower_bounds.rounding_slack(
        np.ones((2, 1)), np.array([size]), np.zeros(1), np.array([weight])
    )
    assert (slack == 0, blur == 0) == (loads_exact, objectives_exact)


@given(step_problems(options=False), st.lists(st.floats(0.01, 100), min_size=4, max_size=4))
def test_the_slack_of_an_objective_covers_its_rounding(problem: StepProblem, weights: list[float]) -> None:
    rounded = StepProblem(
        problem.loads / 3,
        problem.free_slots,
        problem.sizes / 3,
        problem.growth / 3,
        weights=weights[: problem.horizon + 1],
    )
    arrays = (rounded.loads, rounded.sizes, rounded.growth, rounded.weights)
    _, blur = lower_bounds.rounding_slack(*(array.copy() for array in arrays))
    worker = next(feasible_workers(rounded))
    exact = values_of(rounded, worker)
    for objective in OBJECTIVES:
        assert abs(Fraction(objective_value(rounded, worker, objective)) - exact[objective]) <= Fraction(blur)
