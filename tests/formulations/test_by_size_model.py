"""The program in counts: kinds of requests, classes of workers, order among them, oldest first."""

import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulations import OBJECTIVES, StepProblem, highs, solve_exact
from formulations.by_size_model import build, interchangeable, kinds, read_worker
from tests.oracles import brute_force, values_of
from tests.strategies import step_problems


def test_requests_of_equal_size_are_one_kind() -> None:
    found = kinds(StepProblem([0, 0], [1, 1], [5, 3, 5, 5, 3]))
    assert [(kind.size, kind.requests) for kind in found] == [(5.0, (0, 2, 3)), (3.0, (1, 4))]


def test_required_and_forbidden_requests_are_kinds_of_their_own() -> None:
    problem = StepProblem(
        [0, 0],
        [1, 1],
        [5, 5, 5, 5],
        required=[False, True, False, False],
        forbidden=[[False, False], [False, False], [True, False], [False, False]],
    )
    found = kinds(problem)
    assert [(kind.required, kind.workers, kind.requests) for kind in found] == [
        (False, (0, 1), (0, 3)),
        (True, (0, 1), (1,)),
        (False, (1,), (2,)),
    ]


def test_a_ban_on_a_worker_without_free_slots_tells_nothing_apart() -> None:
    problem = StepProblem([0, 0], [1, 0], [5, 5], forbidden=[[False, True], [False, False]])
    assert [kind.requests for kind in kinds(problem)] == [(0, 1)]


def test_workers_are_interchangeable_if_row_slots_and_bans_are_equal() -> None:
    loads = [[1, 2], [1, 2], [1, 3], [1, 2], [1, 2], [1, 2]]
    free = [1, 1, 1, 2, 0, 1]
    assert interchangeable(StepProblem(loads, free, [5])) == ((0, 1, 5),)
    forbidden = [[False, True, False, False, False, False]]
    assert interchangeable(StepProblem(loads, free, [5], forbidden=forbidden)) == ((0, 5),)
    assert interchangeable(StepProblem([0, 0], [0, 0], [5])) == ()


def test_the_program_is_smaller_by_the_symmetry() -> None:
    program = build(StepProblem([0, 0, 0], [2, 2, 2], [9, 2, 2, 2, 2, 2]), "imbalance")
    assert sum(v.cat == pulp.LpInteger for v in program.variables()) == 2 * 3
    order = program.get_constraint_by_name("order_1_2").asCplexLpConstraint("order_1_2")
    assert order == "order_1_2: 9 n_0_1 - 9 n_0_2 + 2 n_1_1 - 2 n_1_2 >= 0\n"


@given(step_problems(sizes=(3, 20), loads=(0, 5)), st.sampled_from(OBJECTIVES))
@settings(max_examples=200)
def test_order_and_counts_lose_no_optimum(problem: StepProblem, objective: str) -> None:
    best = brute_force(problem)
    if best is None:
        return
    solution = highs.solve(build(problem, objective))
    assert solution.objective == pytest.approx(float(best[objective]), abs=1e-6)
    worker = read_worker(problem, solution.values)
    assert values_of(problem, worker.tolist())[objective] == best[objective]


@given(step_problems(sizes=(3,), options=False, max_free=1))
@settings(max_examples=100)
def test_within_a_size_the_oldest_are_admitted(problem: StepProblem) -> None:
    worker = solve_exact(problem, model="by_size").worker
    for size in np.unique(problem.sizes):
        admitted = worker[problem.sizes == size] >= 0
        assert not (np.diff(admitted.astype(int)) > 0).any()


@given(step_problems(sizes=(3, 20), loads=(0,), options=False))
@settings(max_examples=100)
def test_of_interchangeable_workers_the_first_is_given_most(problem: StepProblem) -> None:
    worker = solve_exact(problem, model="by_size").worker
    given_to = [problem.sizes[worker == g].sum() for g in range(problem.workers)]
    for members in interchangeable(problem):
        amounts = [given_to[g] for g in members]
        assert amounts == sorted(amounts, reverse=True)


def test_a_required_request_is_not_left_behind_by_an_older_one_of_its_size() -> None:
    problem = StepProblem([0, 0], [1, 0], [5, 5, 5], required=[False, False, True])
    assert solve_exact(problem, model="by_size").worker.tolist() == [-1, -1, 0]
