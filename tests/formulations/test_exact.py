"""`solve_exact` finds the true optimum, proves it, and says honestly where it has not."""

from pathlib import Path

import numpy as np
import pytest
from highspy import HighsModelStatus, HighsStatus
from highspy._core import _Highs
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contracts import Infeasible, TimeLimit
from formulations import (
    MODELS,
    OBJECTIVES,
    Assignment,
    StepProblem,
    build_model,
    objective_value,
    solve_exact,
    verify,
)
from tests.instances import INSTANCES, Instance
from tests.oracles import brute_force, cp_sat
from tests.strategies import step_problems

every_model = pytest.mark.parametrize("model", MODELS)
every_objective = pytest.mark.parametrize("objective", OBJECTIVES)


def proven(problem: StepProblem, objective: str, model: str) -> Assignment:
    """Return the assignment after checking all that can be checked without knowing the optimum."""
    result = solve_exact(problem, objective=objective, model=model)
    verify(problem, result)
    assert (result.status, result.gap, result.objective) == ("optimal", 0.0, objective)
    return result


def reweighted(problem: StepProblem, weights: list[float]) -> StepProblem:
    """Return the same step with other weights."""
    return StepProblem(
        problem.loads,
        problem.free_slots,
        problem.sizes,
        problem.growth,
        required=problem.required,
        forbidden=problem.forbidden,
        min_admissions=problem.min_admissions,
        weights=weights,
    )


@every_model
@every_objective
@pytest.mark.parametrize("case", INSTANCES, ids=str)
def test_known_answers(case: Instance, objective: str, model: str) -> None:
    assert proven(case.problem, objective, model).value == case.optimum(objective)


def check_against_enumeration(problem: StepProblem) -> None:
    best = brute_force(problem)
    for model in MODELS:
        for objective in OBJECTIVES:
            if best is None:
                with pytest.raises(Infeasible):
                    solve_exact(problem, objective=objective, model=model)
            else:
                assert proven(problem, objective, model).value == best[objective]


@pytest.mark.parametrize(
    ("loads", "free", "sizes", "growth"),
    [([[2, 0, 1, 0], [3, 0, 2, 1]], [3, 3], [2, 3, 2, 2, 5], 919_411),
     ([[0] * 4, [0] * 4], [2, 3], [0, 3, 2, 1, 2], 919_409)],
)  # fmt: skip
def test_sizes_that_differ_by_a_millionth_of_the_growth(
    loads: list[list[float]], free: list[int], sizes: list[float], growth: float
) -> None:
    """With presolve HiGHS 1.16 is off by 2 in the one, and proves a bound above the optimum in the other."""
    grown = [0.0, growth, growth, growth]
    problem = StepProblem(np.array(loads, dtype=float), free, sizes, growth=grown, min_admissions=5)
    check_against_enumeration(problem)


@given(step_problems())
@settings(max_examples=1000)
def test_the_optimum_is_that_of_enumeration(problem: StepProblem) -> None:
    check_against_enumeration(problem)


@pytest.mark.search
@given(step_problems(max_pool=6))
@settings(max_examples=20_000)
def test_the_optimum_is_that_of_enumeration_on_many_more(problem: StepProblem) -> None:
    check_against_enumeration(problem)


def check_against_cp_sat(problem: StepProblem, objective: str) -> None:
    best = cp_sat(problem, objective)
    for model in MODELS:
        if best is None:
            with pytest.raises(Infeasible):
                solve_exact(problem, objective=objective, model=model)
        else:
            assert proven(problem, objective, model).value == best


@given(step_problems(max_workers=4, max_pool=10, max_horizon=2), st.sampled_from(OBJECTIVES))
@settings(max_examples=60)
def test_the_optimum_is_that_of_constraint_programming(problem: StepProblem, objective: str) -> None:
    check_against_cp_sat(problem, objective)


@pytest.mark.search
@given(step_problems(max_workers=4, max_pool=12), st.sampled_from(OBJECTIVES))
@settings(max_examples=1_000)
def test_the_optimum_is_that_of_constraint_programming_on_many_more(
    problem: StepProblem, objective: str
) -> None:
    check_against_cp_sat(problem, objective)


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=3),
    st.lists(st.floats(0, 1e4), max_size=4),
    st.sampled_from(OBJECTIVES),
    st.sampled_from(MODELS),
)
@settings(max_examples=150)
def test_decimals_are_solved_to_a_sliver_of_the_largest_size(
    loads: list[float], sizes: list[float], objective: str, model: str
) -> None:
    problem = StepProblem(loads, [2] * len(loads), sizes)
    result = solve_exact(problem, objective=objective, model=model)
    verify(problem, result)
    best = brute_force(problem)
    assert best is not None
    assert result.lower_bound <= best[objective] <= result.value + 1e-9
    assert result.gap <= 1e-5 * max(sizes, default=0) + 1e-6 * result.value + 1e-8


@given(
    step_problems(sizes=(20, 1000), loads=(5, 5000)),
    st.lists(st.floats(1e-3, 1e3), min_size=4, max_size=4),
    st.sampled_from(OBJECTIVES),
    st.sampled_from(MODELS),
)
@settings(max_examples=150)
def test_weights_need_not_be_whole(
    problem: StepProblem, weights: list[float], objective: str, model: str
) -> None:
    weighted = reweighted(problem, weights[: problem.horizon + 1])
    best = brute_force(weighted)
    assume(best is not None)
    assert best is not None
    result = solve_exact(weighted, objective=objective, model=model)
    verify(weighted, result)
    assert result.lower_bound <= best[objective] <= result.value * (1 + 1e-12)


@given(step_problems(), st.integers(2, 5), st.sampled_from(OBJECTIVES), st.sampled_from(MODELS))
@settings(max_examples=60)
def test_weights_times_a_factor_multiply_the_optimum(
    problem: StepProblem, factor: int, objective: str, model: str
) -> None:
    assume(brute_force(problem) is not None)
    more = reweighted(problem, (factor * problem.weights).tolist())
    assert proven(more, objective, model).value == factor * proven(problem, objective, model).value


@given(step_problems(sizes=(3, 20), loads=(0, 50)), st.sampled_from(OBJECTIVES), st.sampled_from(MODELS))
@settings(max_examples=100)
def test_where_the_present_is_worth_everything_it_is_decided_as_if_alone(
    problem: StepProblem, objective: str, model: str
) -> None:
    # The later columns together are worth less than one unit of the first: loads stay below 200.
    alone = StepProblem(
        problem.loads[:, :1], problem.free_slots, problem.sizes, required=problem.required,
        forbidden=problem.forbidden, min_admissions=problem.min_admissions,
    )  # fmt: skip
    assume(brute_force(alone) is not None)
    weighted = reweighted(problem, [10_000.0] + [1.0] * problem.horizon)
    worker = proven(weighted, objective, model).worker
    assert objective_value(alone, worker, objective) == proven(alone, objective, model).value


@every_model
def test_data_as_fine_as_the_solvers_tolerance_do_not_mislead_it(model: str) -> None:
    """Unrounded, HiGHS 1.16 calls a spread of 234.4 optimal here; 179.1 is possible."""
    problem = StepProblem(
        [
            [7.460553235271139e-07, 2.2811658353914743e-07],
            [1.3180820309216069e-07, 7.283141931528851e-07],
            [4.155741200047862e-07, 4.392123700265068e-07],
        ],
        [0, 3, 1],
        [89.27383951746387, 4.788009345126298, 33.5828988497594, 22.36080179695714],
        [0.0, 0.5305688870986036],
    )
    result = solve_exact(problem, objective="spread", model=model)
    verify(problem, result)
    best = brute_force(problem)
    assert best is not None
    assert result.status == "optimal"
    assert result.lower_bound <= best["spread"] == pytest.approx(result.value)


@every_model
@pytest.mark.parametrize(
    ("objective", "optimum"), [("imbalance", 202.88019), ("spread", 102.00009), ("makespan", 102.0001)]
)
def test_sizes_that_no_good_assignment_uses_do_not_blur_the_others(
    objective: str, optimum: float, model: str
) -> None:
    """Measured by the size of 1e8, the makespan came out as 103.01 with a bound of 100.02, "optimal"."""
    problem = StepProblem(
        [[0.1, 1e-7, 1e-4], [1e-9, 1e-5, 0.01], [100, 0.01, 1e-9]], [1, 0, 1], [1e-8, 1e5, 100, 1, 1e8]
    )
    result = solve_exact(problem, objective=objective, model=model)
    verify(problem, result)
    best = brute_force(problem)
    assert best is not None
    assert float(best[objective]) == pytest.approx(optimum, rel=1e-6)
    assert result.lower_bound <= best[objective] <= result.value * (1 + 1e-12)
    assert result.value <= best[objective] * (1 + 1e-6)
    assert result.status == "optimal"


@every_model
def test_a_gap_that_is_much_of_the_value_is_not_called_optimal(model: str) -> None:
    # The size of 1e8 must be admitted, and with it nothing below 1 or so can be told from nothing.
    problem = StepProblem(
        [[1e8 - 7, 0.1], [0, 1e8]], [1, 1], [1e8, 0.3, 0.7], weights=[1, 1e-9], required=[True, False, False]
    )
    result = solve_exact(problem, objective="spread", model=model)
    verify(problem, result)
    best = brute_force(problem)
    assert best is not None
    assert result.lower_bound <= best["spread"] <= result.value + 1e-6
    assert result.status == "feasible"
    assert result.gap > 1e-6 * result.value


decades = st.sampled_from([0.0, *(3 * 10.0**k for k in range(-9, 9))])


@given(
    st.lists(st.tuples(decades, decades), min_size=1, max_size=3),
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
    st.lists(decades, max_size=5),
    st.sampled_from(OBJECTIVES),
    st.sampled_from(MODELS),
)
@settings(max_examples=300)
def test_data_over_many_decades_have_a_true_bound_and_an_honest_status(
    loads: list[tuple[float, float]], free: list[int], sizes: list[float], objective: str, model: str
) -> None:
    problem = StepProblem(loads, free[: len(loads)], sizes)
    result = solve_exact(problem, objective=objective, model=model)
    verify(problem, result)
    best = brute_force(problem)
    assert best is not None
    rounding = 1e-12 * float(problem.loads.sum() + problem.sizes.sum())
    assert result.lower_bound <= best[objective] <= result.value + rounding
    if result.status == "optimal":
        assert result.value <= float(best[objective]) * (1 + 2e-6) + rounding


@given(step_problems(), st.sampled_from(OBJECTIVES), st.sampled_from(MODELS), st.data())
@settings(max_examples=100)
def test_restating_the_problem_changes_no_optimum(
    problem: StepProblem, objective: str, model: str, data: st.DataObject
) -> None:
    """Workers permuted, pool reordered, loads shifted, everything scaled: the same up to shift and scale."""
    assume(brute_force(problem) is not None)
    workers = data.draw(st.permutations(range(problem.workers)))
    pool = data.draw(st.permutations(range(len(problem.sizes))))
    shift, factor = data.draw(st.integers(0, 1000)), data.draw(st.integers(1, 3))
    restated = StepProblem(
        factor * (problem.loads[workers] + shift),
        problem.free_slots[workers],
        factor * problem.sizes[pool],
        factor * problem.growth,
        required=None if problem.required is None else problem.required[pool],
        forbidden=None if problem.forbidden is None else problem.forbidden[np.ix_(pool, workers)],
        min_admissions=problem.min_admissions,
        weights=problem.weights,
    )
    moved = shift * problem.weights.sum() if objective == "makespan" else 0
    before = proven(problem, objective, model).value
    assert proven(restated, objective, model).value == factor * (before + moved)


@given(step_problems(max_free=2), st.sampled_from(MODELS))
@settings(max_examples=60)
def test_more_freedom_never_hurts(problem: StepProblem, model: str) -> None:
    assume(brute_force(problem) is not None)
    freer = StepProblem(
        problem.loads, problem.free_slots, problem.sizes, problem.growth, min_admissions=0,
        weights=problem.weights,
    )  # fmt: skip
    assert proven(freer, "imbalance", model).value <= proven(problem, "imbalance", model).value


@every_model
def test_the_same_step_gives_the_same_assignment(model: str) -> None:
    rng = np.random.default_rng(5)
    problem = StepProblem(rng.integers(0, 30, 4), [2] * 4, rng.integers(1, 30, 14))
    first, again = (solve_exact(problem, model=model) for _ in range(2))
    assert first.worker.tolist() == again.worker.tolist()


def test_the_assignment_is_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        solve_exact(StepProblem([0], [1], [3])).worker[0] = -1


# Files -----------------------------------------------------------------------------------------------------


@every_model
@every_objective
@pytest.mark.parametrize("ending", ["lp", "mps"])
@pytest.mark.parametrize("case", INSTANCES, ids=str)
def test_a_written_program_read_by_highs_has_the_same_optimum(
    case: Instance, ending: str, objective: str, model: str, tmp_path: Path
) -> None:
    path = str(tmp_path / f"step.{ending}")
    program = build_model(case.problem, objective=objective, model=model)
    if ending == "lp":
        program.writeLP(path)
    else:
        program.writeMPS(path)
    reader = _Highs()
    reader.setOptionValue("output_flag", False)
    assert reader.readModel(path) == HighsStatus.kOk
    reader.run()
    assert reader.getModelStatus() == HighsModelStatus.kOptimal
    optimum = case.optimum(objective)
    assert reader.getInfo().objective_function_value == pytest.approx(optimum, rel=1e-8, abs=1e-6)


# Limits ----------------------------------------------------------------------------------------------------


def hard() -> StepProblem:
    """Twenty-four slots on eight workers, sizes up to 1e7: far from proven after a minute."""
    rng = np.random.default_rng(0)
    return StepProblem(rng.integers(0, 10**7, 8), [3] * 8, rng.integers(1, 10**7, 60))


@every_model
def test_a_time_limit_returns_the_best_assignment_with_its_bound(model: str) -> None:
    problem = hard()
    result = solve_exact(problem, time_limit_s=0.5, model=model)
    verify(problem, result)
    assert result.status == "time_limit"
    assert result.admitted == 24
    assert 0 <= result.lower_bound < result.value


@every_model
@pytest.mark.parametrize(("objective", "least"), [("imbalance", 0.0), ("spread", 0.0), ("makespan", None)])
def test_a_time_limit_before_any_assignment_is_an_error_with_its_bound(
    objective: str, least: float | None, model: str
) -> None:
    problem = hard()
    known = float(problem.loads.max()) if least is None else least
    with pytest.raises(TimeLimit) as caught:
        solve_exact(problem, objective=objective, time_limit_s=1e-9, model=model)
    assert caught.value.lower_bound == known
    assert str(caught.value) == f"no assignment was found within 1e-09 s; every {objective} is >= {known:g}"


@every_model
def test_a_gap_limit_is_kept_in_units_of_load(model: str) -> None:
    problem = hard()
    result = solve_exact(problem, gap_limit=2e7, model=model)
    verify(problem, result)
    assert result.status == "feasible"
    assert 0 < result.gap <= 2e7


@given(step_problems(), st.sampled_from(OBJECTIVES), st.sampled_from(MODELS), st.integers(0, 50))
@settings(max_examples=100)
def test_a_gap_limit_gives_up_no_more_than_it_says(
    problem: StepProblem, objective: str, model: str, gap_limit: int
) -> None:
    best = brute_force(problem)
    assume(best is not None)
    assert best is not None
    result = solve_exact(problem, objective=objective, gap_limit=gap_limit, model=model)
    verify(problem, result)
    assert result.lower_bound <= best[objective] <= result.value <= result.lower_bound + gap_limit


@every_model
def test_nothing_is_printed_unless_asked_for(model: str, capfd: pytest.CaptureFixture[str]) -> None:
    solve_exact(INSTANCES[0].problem, model=model)
    with pytest.raises(TimeLimit):
        solve_exact(hard(), time_limit_s=1e-9, model=model)
    assert capfd.readouterr() == ("", "")
    solve_exact(INSTANCES[0].problem, model=model, verbose=True)
    assert "Solving report" in capfd.readouterr().out
