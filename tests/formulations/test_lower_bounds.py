"""Each proof holds on every assignment of small steps, and is attained where it should be."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulations import lower_bounds
from formulations.problem import StepProblem, predicted_loads
from formulations.window_bound import dual_bound, transport, window_bound
from tests.oracles import brute_force, feasible_workers
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


@given(small_numbers, st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_any_dual_weights_prove_a_bound(problem: StepProblem, random: np.random.Generator) -> None:
    if not is_rich(problem):
        return
    base = problem.loads + problem.free_slots[:, None] * problem.growth
    ranked, smallest = pool_of(problem)
    units = np.zeros_like(base)
    for h, _ in itertools.product(range(base.shape[1]), range(problem.workers)):
        units[random.randrange(problem.workers), h] += 1
    bound = dual_bound(base, problem.free_slots.copy(), units, smallest, len(ranked), *work(problem))
    best = brute_force(problem)
    assert best is not None
    assert bound <= best["imbalance"]


def test_the_window_bound_equals_the_linear_relaxation() -> None:
    # Two columns, three workers. Worker 0 is highest at h = 0, worker 1 at h = 1; only worker 2 has a slot.
    # It can take 6 before it passes worker 0's 10 at h = 0, where its load is 4. So with sizes 6 and 9 both
    # levels are kept by taking the 6: imbalance (0 + 2 + 0) + (2 + 0 + 5) = 9, and no size does better.
    base = np.array([[10.0, 7.0], [8.0, 9.0], [4.0, -2.0]])
    free, ranked = np.array([0, 0, 1]), np.array([6.0, 9.0])
    smallest = np.array([0.0, 6.0, 15.0])
    order, scratch = np.zeros(4, dtype=np.int64), np.zeros(4, dtype=np.int64)
    window, via = np.zeros((4, 2)), np.zeros((3, 3), dtype=np.int64)
    bound = window_bound(
        base, free, ranked, smallest, 4, window, np.zeros((3, 2)), np.zeros(3), np.zeros((2, 3)), via,
        np.zeros(3), order, scratch,
    )  # fmt: skip
    assert window[0].tolist() == [10.0, 9.0]
    assert bound == 9.0


def test_transport_keeps_every_unit() -> None:
    rng = np.random.default_rng(5)
    workers, columns = 7, 5
    base = rng.integers(0, 40, (workers, columns)).astype(float)
    free = rng.integers(0, 3, workers)
    low = base.max(axis=0)
    units, home, spare, level = np.zeros_like(base), np.zeros(workers), np.zeros(columns), np.zeros(columns)
    transport(
        base, free, low, 20.0, units, home, spare, level, np.zeros((columns, columns + 1)),
        np.zeros((columns, columns + 1), dtype=np.int64), np.zeros(columns, dtype=np.int64),
    )  # fmt: skip
    assert (units >= 0).all()
    assert (home + units.sum(axis=1)).tolist() == [columns] * workers
    assert (spare + units.sum(axis=0)).tolist() == [workers] * columns
    assert (level >= low).all()


@pytest.mark.parametrize(("size", "exact"), [(3.0, True), (2.5, False), (2.0**52, False)])
def test_sums_of_moderate_whole_numbers_need_no_slack(size: float, exact: bool) -> None:
    slack = lower_bounds.rounding_slack(np.ones((2, 1)), np.array([size]), np.zeros(1))
    assert (slack == 0) == exact
