"""Scaling changes no comparison between assignments, and a bound read through it stays a bound."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts import SolverError
from formulations import OBJECTIVES, StepProblem, objective_value
from formulations.grids import adds_exactly, common_unit, power_of_two_above
from formulations.numerics import GRID, Scale, rescale
from tests.oracles import feasible_workers
from tests.strategies import step_problems


@pytest.mark.parametrize(
    ("numbers", "unit"),
    [([12, 18, 30], 6), ([0, 0], 1), ([], 1), ([0.75, 0.5], 0.25), ([7, 0, 21], 7), ([0.1, 0.3], 2.0**-55)],
)
def test_the_common_unit_divides_all(numbers: list[float], unit: float) -> None:
    assert common_unit(numbers) == unit


@pytest.mark.parametrize(("value", "power"), [(0, 1), (1, 1), (1.5, 2), (2, 2), (1e7, 2.0**24), (0.3, 0.5)])
def test_the_power_of_two_is_the_next_one(value: float, power: float) -> None:
    assert power_of_two_above(value) == power


def test_sums_are_exact_up_to_two_to_the_53_steps_of_the_binary_grid() -> None:
    assert adds_exactly(2.0**52, [1.0, 5.0])
    assert not adds_exactly(2.0**53, [1.0, 5.0])
    # Both are whole multiples of 31 * 2**-60, but sums of them need the grid of 2**-60, too fine for 53 bits.
    load, size = 0.0074366373294448675, 0.006929117386159827
    assert common_unit([load, size]) == 31 * 2.0**-60
    assert not adds_exactly(load + size, [load, size])


@given(step_problems(), st.sampled_from(OBJECTIVES))
def test_objectives_of_both_steps_agree_for_every_assignment(problem: StepProblem, objective: str) -> None:
    small, scale = rescale(problem, objective)
    assert scale.strict
    assert scale.blur == 0
    for worker in feasible_workers(problem):
        through = scale.offset + scale.factor * objective_value(small, worker, objective)
        assert through == objective_value(problem, worker, objective)
        assert math.fmod(through - scale.offset, scale.unit) == 0


@given(
    step_problems(sizes=(3, 20), loads=(0, 50)),
    st.sampled_from(OBJECTIVES),
    st.lists(st.floats(1e-6, 1e6), min_size=4, max_size=4),
)
def test_odd_weights_blur_no_more_than_stated(
    problem: StepProblem, objective: str, weights: list[float]
) -> None:
    weighted = StepProblem(
        problem.loads, problem.free_slots, problem.sizes, problem.growth,
        weights=weights[: problem.horizon + 1],
    )  # fmt: skip
    small, scale = rescale(weighted, objective)
    assert 0.5 < small.weights.max() <= 1
    for worker in feasible_workers(weighted):
        through = scale.offset + scale.factor * objective_value(small, worker, objective)
        assert abs(through - objective_value(weighted, worker, objective)) <= scale.blur


def test_weights_are_scaled_apart_from_loads() -> None:
    problem = StepProblem([[0, 0], [0, 0]], [1, 1], [64, 32, 16], weights=[12, 4])
    small, scale = rescale(problem, "imbalance")
    assert (small.sizes.tolist(), small.weights.tolist()) == ([1.0, 0.5, 0.25], [0.75, 0.25])
    # Loads are whole multiples of 16, weights of 4.
    assert (scale.factor, scale.unit, scale.strict) == (64 * 16, 64.0, True)


def test_without_sizes_the_bound_is_the_value_whatever_the_weights() -> None:
    _, scale = rescale(StepProblem([[0, 0], [0, 1]], [1, 1], [0], weights=[1.0, 1.00001]), "imbalance")
    assert scale.offset == 1.00001
    assert scale.error(0.0) == 0
    assert 1.00001 - 1e-12 < scale.lower_bound(-1e-9) <= 1.00001


@given(step_problems(options=False))
def test_the_scaled_numbers_are_moderate(problem: StepProblem) -> None:
    small, _ = rescale(problem, "imbalance")
    most = min(problem.free_slots.max(), len(problem.sizes))
    assert small.sizes.max(initial=0) <= 1
    assert small.loads.max() <= 4 * most


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=3),
    st.lists(st.floats(0, 1e3), max_size=3),
    st.sampled_from(OBJECTIVES),
)
@example([0.0, 5e-324], [5e-324], "imbalance")
def test_decimals_are_rounded_to_a_grid_within_the_stated_blur(
    loads: list[float], sizes: list[float], objective: str
) -> None:
    problem = StepProblem(loads, [2] * len(loads), sizes)
    small, scale = rescale(problem, objective)
    assert common_unit(small.loads, small.sizes) >= GRID
    for worker in feasible_workers(problem):
        through = scale.offset + scale.factor * objective_value(small, worker, objective)
        assert abs(through - objective_value(problem, worker, objective)) <= scale.blur


def scale(**changes: float) -> Scale:
    return Scale(
        **{
            "factor": 4.0,
            "offset": 100.0,
            "unit": 2.0,
            "blur": 0.0,
            "rounding": 0.0,
            "strict": True,
            **changes,
        }
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bound", "proven"),
    [(0.0, 100.0), (0.25, 102.0), (0.5, 102.0), (0.5 + 1e-9, 102.0), (0.501, 104.0), (-np.inf, -np.inf)],
)
def test_a_bound_is_rounded_up_to_the_next_unit_beyond_doubt(bound: float, proven: float) -> None:
    assert scale().lower_bound(bound) == proven


def test_without_a_useful_unit_a_bound_is_lowered() -> None:
    fine = scale(unit=1e-9)
    assert 102 - 1e-6 < fine.lower_bound(0.5) < 102


def test_blur_lowers_a_bound() -> None:
    assert scale(blur=0.5).lower_bound(0.5) == 101.5


@pytest.mark.parametrize(
    ("value", "stopped", "bound", "blur", "strict", "verdict"),
    [
        (102.0, "optimal", 0.5, 0.0, True, (102.0, "optimal")),
        (102.0, "time_limit", 0.5, 0.0, True, (102.0, "optimal")),
        (104.0, "time_limit", 0.5, 0.0, True, (102.0, "time_limit")),
        (104.0, "gap_limit", 0.5, 0.0, True, (102.0, "feasible")),
        (104.0, "optimal", 0.5, 0.0, True, (102.0, "feasible")),
        (102.0, "optimal", 0.5, 2.0**-14, False, (102 - 2.0**-14, "optimal")),  # 1e-6 of 102 is 1.02e-4
        (102.0, "optimal", 0.5, 2.0**-13, False, (102 - 2.0**-13, "feasible")),
        (102.0, "time_limit", 0.5, 2.0**-14, False, (102 - 2.0**-14, "time_limit")),
        (103.0, "optimal", 0.5, 0.25, False, (101.75, "feasible")),
        (104.0, "optimal", -np.inf, 0.0, True, (101.0, "feasible")),
    ],
)
def test_only_a_bound_that_meets_the_value_makes_it_optimal(
    value: float, stopped: str, bound: float, blur: float, strict: bool, verdict: tuple[float, str]
) -> None:
    assert scale(blur=blur, strict=strict).judge(value, stopped, bound, least=101.0) == verdict


def test_what_float64_rounds_is_no_gap() -> None:
    lowered = scale(blur=1.0, rounding=0.5, strict=False)
    assert lowered.judge(102.0, "optimal", 0.5, least=0.0) == (101.0, "optimal")
    assert lowered.judge(102.5, "optimal", 0.5, least=0.0) == (101.0, "feasible")


def test_a_bound_above_the_value_is_an_error() -> None:
    with pytest.raises(SolverError, match=r"^HiGHS' bound 104.0 is above the value 102.0 of its solution$"):
        scale().judge(102.0, "optimal", 1.0, least=0.0)
