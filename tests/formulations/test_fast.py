"""`solve_fast`: certified against enumeration, no worse than simple rules, identical to its twin."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from formulations import OBJECTIVES, StepProblem, objective_value, solve_fast, verify
from formulations._fast_kernel import OLDEST, REQUIRED, fast_step, make_workspace
from formulations._fast_readable import deal, solve_readable
from formulations._readable_filling import Filling
from formulations.fast import default_trials
from formulations.problem import LARGEST_NUMBER
from tests.instances import INSTANCES, Instance
from tests.oracles import brute_force, cp_sat, values_of
from tests.strategies import step_problems

every_objective = pytest.mark.parametrize("objective", OBJECTIVES)


def plain(problem: StepProblem) -> bool:
    """Whether solve_fast takes it."""
    required = 0 if problem.required is None else int(problem.required.sum())
    return (
        problem.forbidden is None
        and problem.min_admissions == problem.admissions
        and required <= problem.admissions
    )


def steady_state(
    workers: int, horizon: int, seed: int, *, slots: int = 72, weights: list[float] | None = None
) -> StepProblem:
    """A step as in service: sizes 1..100, a few free slots per worker, four more waiting for each."""
    rng = np.random.default_rng(seed)
    ages = rng.geometric(0.02, (workers, slots)) - 1
    left = rng.geometric(0.02, (workers, slots)) - 1
    size = rng.integers(1, 101, (workers, slots)) + ages
    loads = [np.where(left > h, size + h, 0).sum(axis=1) for h in range(horizon + 1)]
    free = (left == 0).sum(axis=1)
    return StepProblem(
        loads=np.stack(loads, axis=1),
        free_slots=free,
        sizes=rng.integers(1, 101, int(free.sum()) + 4 * workers),
        growth=np.arange(horizon + 1),
        weights=weights,
    )


@every_objective
@pytest.mark.parametrize("case", INSTANCES, ids=str)
def test_bounds_enclose_the_known_answers(case: Instance, objective: str) -> None:
    if not plain(case.problem):
        with pytest.raises(ValueError, match=r"solve_exact|required"):
            solve_fast(case.problem, objective=objective)
        return
    result = solve_fast(case.problem, objective=objective)
    verify(case.problem, result)
    assert result.lower_bound <= case.optimum(objective) <= result.value


@given(step_problems(max_pool=6))
@settings(max_examples=400)
def test_bounds_enclose_the_optimum_of_enumeration(problem: StepProblem) -> None:
    assume(plain(problem))
    best = brute_force(problem)
    assert best is not None
    for objective in OBJECTIVES:
        result = solve_fast(problem, objective=objective)
        verify(problem, result)
        assert result.lower_bound <= best[objective] <= result.value
        assert (result.status == "optimal") == (result.value == result.lower_bound)


fractions = st.floats(0, 1, allow_nan=False).map(lambda x: x + 1 / 3)


rounded_sums = given(
    step_problems(max_pool=5, options=False, loads=(0, 50), sizes=(3, 20)),
    st.just(1.0) | fractions,
    st.lists(fractions, min_size=4, max_size=4),
)


def check_rounded(problem: StepProblem, scale: float, weights: list[float]) -> None:
    rounded = StepProblem(
        problem.loads * scale, problem.free_slots, problem.sizes * scale, problem.growth * scale,
        weights=problem.weights * weights[: problem.horizon + 1],
    )  # fmt: skip
    best = brute_force(rounded)
    assert best is not None
    for objective in OBJECTIVES:
        result = solve_fast(rounded, objective=objective)
        assert result.lower_bound <= best[objective]
        assert best[objective] <= result.value + 1e-9 * (1 + result.value)


@rounded_sums
@settings(max_examples=300)
def test_bounds_hold_where_sums_are_rounded(problem: StepProblem, scale: float, weights: list[float]) -> None:
    check_rounded(problem, scale, weights)


@pytest.mark.search
@rounded_sums
@settings(max_examples=20_000)
def test_bounds_hold_where_sums_are_rounded_on_many_more(
    problem: StepProblem, scale: float, weights: list[float]
) -> None:
    check_rounded(problem, scale, weights)


@pytest.mark.parametrize(("free", "sizes"), [([1, 1, 1], []), ([0, 0, 0], [0.1])], ids=["no pool", "no slot"])
def test_the_bound_of_a_step_with_nothing_to_place_is_not_above_its_rounded_sum(
    free: list[int], sizes: list[float]
) -> None:
    rng = np.random.default_rng(4)
    for _ in range(200):
        problem = StepProblem(rng.integers(0, 50, (3, 3)) / 3, free, sizes, weights=rng.uniform(0.3, 1.4, 3))
        exact = values_of(problem, [-1] * len(sizes))
        for objective in OBJECTIVES:
            assert solve_fast(problem, objective=objective).lower_bound <= exact[objective]


def test_bounds_hold_where_products_underflow() -> None:
    # 2.8 times these loads is no multiple of the smallest number of float64, 5e-324, and rounds up.
    problem = StepProblem([4.506e-321, 1.897e-321], [0, 0], [], weights=[2.8])
    best = brute_force(problem)
    assert best is not None
    for objective in OBJECTIVES:
        assert solve_fast(problem, objective=objective).lower_bound <= best[objective]


@every_objective
def test_the_largest_numbers_are_solved(objective: str) -> None:
    most = LARGEST_NUMBER
    problem = StepProblem(
        [[most, 0], [0, most]], [int(most)] * 2, [most, most, 0, 1], [0, most], weights=[most, 1]
    )
    best = brute_force(problem)
    assert best is not None
    result = solve_fast(problem, objective=objective)
    verify(problem, result)
    assert result.lower_bound <= best[objective] <= result.value * (1 + 1e-12)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("horizon", [0, 2])
def test_bounds_enclose_the_optimum_of_constraint_programming(horizon: int, seed: int) -> None:
    weights = [1.0] if horizon == 0 else [[1.0, 1.0, 1.0], [4.0, 2.0, 1.0]][seed % 2]
    problem = steady_state(4, horizon, seed, slots=24, weights=weights)
    result = solve_fast(problem)
    optimum = cp_sat(problem, "imbalance")
    assert optimum is not None
    assert result.lower_bound <= optimum <= result.value


@given(step_problems(max_workers=5, max_pool=14, max_free=5), st.sampled_from(OBJECTIVES))
@settings(max_examples=300)
def test_kernel_and_readable_twin_agree(problem: StepProblem, objective: str) -> None:
    assume(plain(problem))
    required = np.zeros(len(problem.sizes), dtype=bool) if problem.required is None else problem.required
    readable = solve_readable(problem, objective, required, default_trials(problem.workers))
    assert solve_fast(problem, objective=objective).worker.tolist() == readable.tolist()


@pytest.mark.parametrize("workers", [4, 16])
@pytest.mark.parametrize("horizon", [0, 3])
def test_kernel_and_readable_twin_agree_on_steps_as_in_service(workers: int, horizon: int) -> None:
    problem = steady_state(workers, horizon, seed=workers, weights=[8.0, 4.0, 2.0, 1.0][: horizon + 1])
    nobody = np.zeros(len(problem.sizes), dtype=bool)
    readable = solve_readable(problem, "imbalance", nobody, default_trials(workers))
    assert solve_fast(problem).worker.tolist() == readable.tolist()


@given(step_problems(max_workers=5, max_pool=12, max_free=4), st.sampled_from(OBJECTIVES))
def test_never_worse_than_first_come_first_served_or_least_load(problem: StepProblem, objective: str) -> None:
    assume(plain(problem))
    value = solve_fast(problem, objective=objective).value
    for in_turn in (True, False):
        rule = deal(problem, in_turn)
        if problem.required is None or (rule[problem.required] >= 0).all():
            assert value <= objective_value(problem, rule, objective)


def reweighted(problem: StepProblem, weights: list[float]) -> StepProblem:
    """Return the same step with other weights."""
    return StepProblem(
        problem.loads, problem.free_slots, problem.sizes, problem.growth, required=problem.required,
        weights=weights,
    )  # fmt: skip


@given(step_problems(max_pool=12), st.sampled_from(OBJECTIVES), st.integers(2, 9))
@settings(max_examples=300)
def test_weights_times_a_factor_multiply_value_and_bound_and_keep_the_assignment(
    problem: StepProblem, objective: str, factor: int
) -> None:
    assume(plain(problem))
    result = solve_fast(problem, objective=objective)
    more = solve_fast(reweighted(problem, (factor * problem.weights).tolist()), objective=objective)
    assert more.worker.tolist() == result.worker.tolist()
    assert (more.value, more.lower_bound) == (factor * result.value, factor * result.lower_bound)
    assert more.status == result.status


@pytest.mark.parametrize("horizon", [0, 3])
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_weights_of_one_are_the_default(objective: str, horizon: int) -> None:
    problem = steady_state(16, horizon, seed=1)
    ones = reweighted(problem, [1.0] * (horizon + 1))
    first, second = (solve_fast(p, objective=objective) for p in (problem, ones))
    assert first.worker.tolist() == second.worker.tolist()
    assert (first.value, first.lower_bound) == (second.value, second.lower_bound)


def test_a_weight_turns_the_decision() -> None:
    # 2 on worker 0 gives (8, 9) then (3, 10), 5 on it (11, 6) then (6, 7): idle 1 and 7 against 5 and 1.
    step = StepProblem([[6, 0], [4, 4]], [1, 1], [2, 5], [0, 1])
    assert (solve_fast(step).worker.tolist(), solve_fast(step).value) == ([1, 0], 6.0)
    weighted = solve_fast(reweighted(step, [2, 1]))
    assert (weighted.worker.tolist(), weighted.value) == ([0, 1], 2 * 1 + 7)


def test_rules_deal_as_defined() -> None:
    problem = StepProblem([5.0, 1.0, 3.0], [2, 0, 2], [1.0, 9.0, 1.0, 1.0, 1.0])
    assert deal(problem, True).tolist() == [0, 2, 0, 2, -1]
    assert deal(problem, False).tolist() == [2, 2, 0, 0, -1]


@every_objective
def test_nothing_to_place_is_optimal(objective: str) -> None:
    for problem in (StepProblem([3.0, 1.0], [0, 0], [1.0]), StepProblem([3.0, 1.0], [1, 1], [])):
        result = solve_fast(problem, objective=objective)
        assert (result.status, result.admitted, result.gap) == ("optimal", 0, 0.0)


def test_of_equal_sizes_the_required_and_then_the_oldest_are_admitted() -> None:
    sizes = [5.0] * 6
    assert solve_fast(StepProblem([0.0, 0.0], [1, 1], sizes)).worker.tolist()[2:] == [-1] * 4
    required = [False, False, False, True, False, False]
    worker = solve_fast(StepProblem([0.0, 0.0], [1, 1], sizes, required=required)).worker
    assert (worker >= 0).tolist() == [True, False, False, True, False, False]


@pytest.mark.parametrize("seed", range(4))
def test_empty_workers_with_many_slots_stay_within_the_bound_of_b1(seed: int) -> None:
    # B1: from empty workers some assignment has I <= (G-1)·Δ. One reached by a greedy rule alone is far off.
    rng = np.random.default_rng(seed)
    workers, slots = 4, 200
    problem = StepProblem(
        np.zeros(workers), np.full(workers, slots), rng.integers(1, 101, workers * (slots + 4))
    )
    assert solve_fast(problem).value <= (workers - 1) * 99


def test_steps_as_in_service_are_solved_to_optimality() -> None:
    results = [solve_fast(steady_state(16, 0, seed)) for seed in range(20)]
    assert sum(result.status == "optimal" for result in results) >= 15


def test_permuting_workers_and_shifting_loads_changes_neither_value_nor_bound_much() -> None:
    problem = steady_state(8, 0, seed=3)
    result = solve_fast(problem)
    shifted = solve_fast(StepProblem(problem.loads + 1000, problem.free_slots, problem.sizes))
    assert (shifted.value, shifted.lower_bound) == (result.value, result.lower_bound)
    turned = solve_fast(StepProblem(problem.loads[::-1], problem.free_slots[::-1], problem.sizes))
    assert turned.lower_bound <= result.value
    assert result.lower_bound <= turned.value


def test_a_workspace_may_be_used_again_and_be_larger_than_needed() -> None:
    workspace = make_workspace(8, 0, 5000)
    for seed in range(3):
        problem = steady_state(8, 0, seed)
        worker = np.empty(len(problem.sizes), dtype=np.int64)
        arrays = [problem.loads, problem.free_slots, problem.sizes, problem.growth, problem.weights]
        value, bound = fast_step(
            *(a.copy() for a in arrays), np.zeros(0, dtype=bool), 0, default_trials(8), workspace, worker
        )
        fresh = solve_fast(problem)
        assert (value, bound, worker.tolist()) == (fresh.value, fresh.lower_bound, fresh.worker.tolist())


def test_a_filling_may_start_from_the_oldest() -> None:
    problem = StepProblem([0.0, 0.0], [1, 1], [2.0, 8.0, 5.0, 5.0])
    filling = Filling(problem, np.zeros(0, dtype=bool))
    assert filling.start_from(OLDEST) == [2, 0]
    assert filling.start_from(REQUIRED) == []


ONE = {"loads": [1.0, 2.0], "free_slots": [1, 0], "sizes": [1.0, 1.0]}


@pytest.mark.parametrize(
    ("options", "objective", "message"),
    [
        ({}, "balance", "objective must be one of 'imbalance', 'spread', 'makespan'; got 'balance'"),
        (
            {"forbidden": [[True, False], [False, False]]},
            "imbalance",
            "solve_fast does not support forbidden pairs (first: request 0, worker 0); use solve_exact",
        ),
        (
            {"min_admissions": 0},
            "imbalance",
            "solve_fast admits exactly 1 requests, got min_admissions 0; use solve_exact",
        ),
        (
            {"required": [True, True]},
            "imbalance",
            "required must hold at most 1 requests (the admissions of the step), got 2",
        ),
    ],
)
def test_bad_input(options: dict[str, Any], objective: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        solve_fast(StepProblem(**ONE, **options), objective=objective)


def test_only_a_step_problem_is_accepted() -> None:
    with pytest.raises(TypeError, match=r"^problem must be a StepProblem, got 3 \(int\)$"):
        solve_fast(3)  # type: ignore[arg-type]
