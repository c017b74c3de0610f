"""`solve_two_sizes` has the optimum that enumeration, HiGHS and CP-SAT have, and knows its limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulations import OBJECTIVES, StepProblem, solve_exact, solve_fast, solve_two_sizes, verify
from tests.oracles import brute_force, cp_sat

every_objective = pytest.mark.parametrize("objective", OBJECTIVES)


@st.composite
def two_sizes(draw: st.DrawFn, workers: int, slots: int, spare: int, largest: int) -> StepProblem:
    """Steps of the kind: one size or two, at least a request for each slot."""
    loads = draw(st.lists(st.integers(0, largest), min_size=1, max_size=workers))
    free = draw(st.lists(st.integers(0, slots), min_size=len(loads), max_size=len(loads)))
    kinds = draw(st.lists(st.integers(0, largest), min_size=2, max_size=2))
    waiting = sum(free) + draw(st.integers(0, spare))
    sizes = draw(st.lists(st.sampled_from(kinds), min_size=waiting, max_size=waiting))
    return StepProblem(loads, free, sizes, weights=[draw(st.integers(1, 3))])


@given(problem=two_sizes(3, 2, 2, 9))
def test_it_is_the_best_of_all_assignments(problem: StepProblem) -> None:
    optima = brute_force(problem)
    assert optima is not None
    for objective in OBJECTIVES:
        found = solve_two_sizes(problem, objective=objective)
        verify(problem, found)
        assert (found.value, found.gap, found.status) == (optima[objective], 0, "optimal")


@every_objective
@settings(max_examples=25)
@given(problem=two_sizes(6, 5, 12, 1000))
def test_highs_and_cp_sat_agree(problem: StepProblem, objective: str) -> None:
    found = solve_two_sizes(problem, objective=objective)
    verify(problem, found)
    assert found.value == solve_exact(problem, objective=objective, model="by_size").value
    assert found.value == cp_sat(problem, objective)


@settings(max_examples=50)
@given(problem=two_sizes(8, 60, 300, 100_000))
def test_the_compiled_twin_decides_alike(problem: StepProblem) -> None:
    for objective in OBJECTIVES:
        fast, readable = (
            solve_fast(problem, objective=objective),
            solve_two_sizes(problem, objective=objective),
        )
        assert fast.worker.tolist() == readable.worker.tolist()
        assert (fast.value, fast.lower_bound) == (readable.value, readable.value)


def test_a_case_by_hand() -> None:
    problem = StepProblem([0, 0, 10], [1, 1, 0], [1, 9, 9])
    assert solve_two_sizes(problem, objective="spread").value == 1  # 9, 9, 10
    assert solve_two_sizes(problem, objective="makespan").value == 10
    assert solve_two_sizes(problem, objective="imbalance").value == 2


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (StepProblem([[1, 2]], [1], [1], [0, 1]), "problem must have no window (H = 0), got H = 1"),
        (
            StepProblem([0.5], [1], [1]),
            "problem must have whole numbers as loads, sizes and weights, and sums below 2**53",
        ),
        (
            StepProblem([1], [1], [1], required=[True]),
            "problem must have no required or forbidden requests, and fill its slots",
        ),
        (StepProblem([1], [2], [1]), "problem must have a request for each of 2 free slots, got 1"),
        (StepProblem([1], [1], [3, 1, 2]), "problem must have two sizes at most, got 1, 2, 3"),
    ],
)
def test_other_steps_are_refused(problem: StepProblem, line: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        solve_two_sizes(problem)
    assert str(raised.value) == line


def test_nothing_waits_and_nothing_is_free() -> None:
    found = solve_two_sizes(StepProblem([6, 2], [0, 0], []))
    assert (found.value, found.worker.tolist()) == (4, [])
    assert np.isclose(found.gap, 0)
