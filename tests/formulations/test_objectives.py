"""The rows of an objective pin the loads down, and its floor is a bound."""

import pulp
import pytest
from hypothesis import given

from formulations import MODELS, OBJECTIVES, StepProblem, build_model, highs, predicted_loads
from formulations.assignment_model import read_worker
from formulations.objectives import floor
from formulations.rows import add_row, allowed
from tests.oracles import brute_force
from tests.strategies import step_problems


@given(step_problems())
def test_the_floor_is_below_every_assignment(problem: StepProblem) -> None:
    best = brute_force(problem)
    for objective in OBJECTIVES if best is not None else ():
        assert floor(problem, objective) <= best[objective]


def test_the_floor_of_the_makespan_is_what_is_already_there() -> None:
    problem = StepProblem([[3, 9], [5, 1]], [1, 1], [2, 2], [0, 1])
    assert floor(problem, "makespan") == 14.0
    weighted = StepProblem([[3, 9], [5, 1]], [1, 1], [2, 2], [0, 1], weights=[2, 0.5])
    assert floor(weighted, "makespan") == 14.5
    assert floor(problem, "imbalance") == floor(problem, "spread") == 0.0


def test_a_floor_of_decimals_is_not_rounded_up() -> None:
    # In exact arithmetic the doubles nearest 0.1, 0.2 and 0.3 sum to less than the double nearest 0.6.
    problem = StepProblem([[0.1, 0.2, 0.3]], [0], [])
    assert floor(problem, "makespan") == 0.6
    assert floor(StepProblem([[0.1, 0.2]], [0], []), "makespan") == 0.3 < 0.1 + 0.2


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_load_variables_are_the_predicted_loads(objective: str) -> None:
    problem = StepProblem([[6, 0], [4, 4], [1, 2]], [1, 2, 1], [2, 6, 3, 3], [0, 1])
    solution = highs.solve(build_model(problem, objective=objective))
    loads = predicted_loads(problem, read_worker(problem, solution.values))
    for g in range(3):
        for h in range(2):
            assert solution.values[f"L_{g}_{h}"] == pytest.approx(loads[g, h])
    for h in range(2):
        assert solution.values[f"M_{h}"] == pytest.approx(loads[:, h].max())
        assert f"m_{h}" not in solution.values or solution.values[f"m_{h}"] == pytest.approx(
            loads[:, h].min()
        )


@pytest.mark.parametrize("model", MODELS)
def test_no_objective_has_a_constant_that_a_written_file_would_lose(model: str) -> None:
    problem = StepProblem([[6, 0], [4, 4]], [1, 2], [2, 6, 3], [0, 1])
    for objective in OBJECTIVES:
        assert build_model(problem, objective=objective, model=model).objective.constant == 0


@pytest.mark.parametrize(
    ("sense", "right", "kept"),
    [("==", 0, 0), ("==", 1, 1), ("<=", 0, 0), ("<=", -1, 1), (">=", 0, 0), (">=", 2, 1)],
)
def test_a_row_without_variables_is_kept_only_where_it_is_false(sense: str, right: float, kept: int) -> None:
    program = pulp.LpProblem("test")
    add_row(program, "empty", [], sense, right)
    assert len(program.constraints()) == kept


def test_pairs_need_a_free_slot_and_no_ban() -> None:
    plain = StepProblem([0, 0, 0], [1, 0, 2], [5, 5])
    assert allowed(plain).tolist() == [[True, False, True]] * 2
    banned = StepProblem([0, 0, 0], [1, 0, 2], [5, 5], forbidden=[[True, True, False], [False, False, False]])
    assert allowed(banned).tolist() == [[False, False, True], [True, False, True]]
