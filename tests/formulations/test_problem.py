"""A step is a checked, read-only value, and its objectives are the plain sums of the theory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formulations import OBJECTIVES, Assignment, StepProblem, imbalance, objective_value, predicted_loads
from tests.instances import INSTANCES, Instance
from tests.oracles import feasible_workers, values_of
from tests.strategies import step_problems


def test_one_row_of_loads_means_no_lookahead() -> None:
    problem = StepProblem([3, 1], [1, 1], [2])
    assert problem.loads.tolist() == [[3.0], [1.0]]
    assert (problem.workers, problem.horizon, problem.growth.tolist()) == (2, 0, [0.0])


@pytest.mark.parametrize(
    ("free", "sizes", "admissions"),
    [([1, 2], [5, 5, 5, 5], 3), ([1, 2], [5, 5], 2), ([0, 0], [5], 0), ([4, 4], [], 0)],
)
def test_admissions_are_the_lesser_of_waiting_and_free(
    free: list[int], sizes: list[int], admissions: int
) -> None:
    problem = StepProblem([0, 0], free, sizes)
    assert problem.admissions == problem.min_admissions == admissions


def test_what_the_caller_changes_later_does_not_reach_the_problem() -> None:
    loads, required = np.array([[1.0], [2.0]]), np.array([True, False])
    problem = StepProblem(loads, [1, 1], [3, 4], required=required)
    loads[0, 0], required[1] = 9.0, True
    assert problem.loads.tolist() == [[1.0], [2.0]]
    assert problem.required is not None
    assert problem.required.tolist() == [True, False]
    for array in (problem.loads, problem.free_slots, problem.sizes, problem.growth, problem.required):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_masks_that_say_nothing_are_no_constraint() -> None:
    plain = StepProblem([0, 0], [1, 1], [3], required=[False], forbidden=[[False, False]])
    assert plain.is_plain
    assert not StepProblem([0, 0], [1, 1], [3], required=[True]).is_plain
    assert not StepProblem([0, 0], [1, 1], [3], forbidden=[[False, True]]).is_plain
    assert not StepProblem([0, 0], [1, 1], [3], min_admissions=0).is_plain


@pytest.mark.parametrize(
    ("loads", "sizes", "growth", "integral"),
    [
        ([[1, 2]], [3], [0, 1], True),
        ([[1, 2.5]], [3], [0, 1], False),
        ([[1, 2]], [0.5], [0, 1], False),
        ([[1, 2]], [3], [0, 0.25], False),
    ],
)
def test_integral_means_loads_sizes_and_growth(
    loads: list[list[float]], sizes: list[float], growth: list[float], integral: bool
) -> None:
    assert StepProblem(loads, [1], sizes, growth).is_integral is integral


def test_loads_grow_by_what_each_admitted_request_grows() -> None:
    problem = StepProblem([[6, 0], [4, 4]], [1, 2], [2, 6, 3], [0, 1])
    assert predicted_loads(problem, [1, -1, 1]).tolist() == [[6.0, 0.0], [9.0, 11.0]]
    assert predicted_loads(problem, [-1, 0, -1]).tolist() == [[12.0, 7.0], [4.0, 4.0]]


@given(step_problems(), st.data())
def test_objectives_are_the_sums_of_the_theory(problem: StepProblem, data: st.DataObject) -> None:
    worker = data.draw(st.sampled_from([*feasible_workers(problem)] or [(-1,) * len(problem.sizes)]))
    values = values_of(problem, worker)
    for objective in OBJECTIVES:
        assert objective_value(problem, worker, objective) == values[objective]
    assert imbalance(problem, worker) == values["imbalance"]


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=6))
def test_rounding_never_makes_an_imbalance_negative(loads: list[float]) -> None:
    assert imbalance(StepProblem(loads, [0] * len(loads), []), []) >= 0


@pytest.mark.parametrize("case", INSTANCES, ids=str)
def test_two_workers_make_spread_and_imbalance_the_same(case: Instance) -> None:
    if case.problem.workers == 2:
        assert case.spread == case.imbalance


def test_an_assignment_says_its_gap_and_how_many_it_admits() -> None:
    result = Assignment(np.array([0, -1, 1]), 7.0, 7.0, 4.5, "feasible")
    assert (result.gap, result.admitted) == (2.5, 2)
    assert repr(result) == (
        "Assignment(admitted=2 of 3, objective='imbalance', value=7, lower_bound=4.5, status='feasible')"
    )
