"""A step is a checked, read-only value."""

import numpy as np
import pytest

from formulations import Assignment, StepProblem


def test_one_row_of_loads_means_no_lookahead() -> None:
    problem = StepProblem([3, 1], [1, 1], [2])
    assert problem.loads.tolist() == [[3.0], [1.0]]
    assert (problem.workers, problem.horizon, problem.growth.tolist()) == (2, 0, [0.0])


def test_steps_of_the_window_count_alike_unless_weighted() -> None:
    loads = [[3, 1, 0], [2, 2, 2]]
    assert StepProblem(loads, [1, 1], [2]).weights.tolist() == [1.0, 1.0, 1.0]
    assert StepProblem(loads, [1, 1], [2], weights=[3, 2, 0.5]).weights.tolist() == [3.0, 2.0, 0.5]


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
    loads, required, weights = np.array([[1.0], [2.0]]), np.array([True, False]), np.array([2.0])
    problem = StepProblem(loads, [1, 1], [3, 4], required=required, weights=weights)
    loads[0, 0], required[1], weights[0] = 9.0, True, 7.0
    assert problem.loads.tolist() == [[1.0], [2.0]]
    assert problem.required is not None
    assert problem.required.tolist() == [True, False]
    assert problem.weights.tolist() == [2.0]
    arrays = (problem.loads, problem.free_slots, problem.sizes, problem.growth, problem.weights)
    for array in (*arrays, problem.required):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_masks_that_say_nothing_are_no_constraint() -> None:
    plain = StepProblem([0, 0], [1, 1], [3], required=[False], forbidden=[[False, False]])
    assert plain.is_plain
    assert not StepProblem([0, 0], [1, 1], [3], required=[True]).is_plain
    assert not StepProblem([0, 0], [1, 1], [3], forbidden=[[False, True]]).is_plain
    assert not StepProblem([0, 0], [1, 1], [3], min_admissions=0).is_plain


@pytest.mark.parametrize(
    ("loads", "sizes", "growth", "weights", "integral"),
    [
        ([[1, 2]], [3], [0, 1], None, True),
        ([[1, 2]], [3], [0, 1], [4, 1], True),
        ([[1, 2.5]], [3], [0, 1], None, False),
        ([[1, 2]], [0.5], [0, 1], None, False),
        ([[1, 2]], [3], [0, 0.25], None, False),
        ([[1, 2]], [3], [0, 1], [1, 0.5], False),
    ],
)
def test_integral_means_loads_sizes_growth_and_weights(
    loads: list[list[float]],
    sizes: list[float],
    growth: list[float],
    weights: list[float] | None,
    integral: bool,
) -> None:
    assert StepProblem(loads, [1], sizes, growth, weights=weights).is_integral is integral


def test_an_assignment_says_its_gap_and_how_many_it_admits() -> None:
    result = Assignment(np.array([0, -1, 1]), 7.0, 7.0, 4.5, "feasible")
    assert (result.gap, result.admitted) == (2.5, 2)
    assert repr(result) == (
        "Assignment(admitted=2 of 3, objective='imbalance', value=7, lower_bound=4.5, status='feasible')"
    )
