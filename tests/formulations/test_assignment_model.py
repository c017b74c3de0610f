"""The program with a binary per request and worker: its shape, its relaxation, and reading it back."""

import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulations import OBJECTIVES, StepProblem, highs
from formulations.assignment_model import build, read_worker
from tests.oracles import brute_force, values_of
from tests.strategies import step_problems


def integers(program: pulp.LpProblem) -> list[str]:
    return [v.name for v in program.variables() if v.cat == pulp.LpInteger]


def test_there_is_a_binary_for_every_pair_that_may_be_matched() -> None:
    forbidden = [[True, False, False], [False, False, False]]
    problem = StepProblem([0, 0, 0], [1, 0, 2], [5, 6], forbidden=forbidden)
    assert integers(build(problem, "imbalance")) == ["x_0_2", "x_1_0", "x_1_2"]


@pytest.mark.parametrize(
    ("options", "row"),
    [
        ({}, "admissions: x_0_0 + x_1_0 = 1"),
        ({"min_admissions": 1}, "admissions: x_0_0 + x_1_0 = 1"),
        ({"min_admissions": 0}, "admissions: x_0_0 + x_1_0 >= 0"),
        ({"required": [False, True]}, "once_1: x_1_0 = 1"),
        ({"required": [False, True]}, "once_0: x_0_0 <= 1"),
        ({}, "slots_0: x_0_0 + x_1_0 <= 1"),
        ({}, "load_0_0: L_0_0 - 5 x_0_0 - 6 x_1_0 = 3"),
    ],
)
def test_rows_read_as_the_theory_has_them(options: dict[str, list[bool]], row: str) -> None:
    program = build(StepProblem([3], [1], [5, 6], **options), "imbalance")
    name = row.split(":")[0]
    assert program.get_constraint_by_name(name).asCplexLpConstraint(name) == row + "\n"


@pytest.mark.parametrize(
    ("objective", "goal"),
    [
        ("imbalance", "- L_0_0 - L_0_1 - L_1_0 - L_1_1 + 2 M_0 + 2 M_1"),
        ("spread", "M_0 + M_1 - m_0 - m_1"),
        ("makespan", "M_0 + M_1"),
    ],
)
def test_objectives_are_summed_over_the_window(objective: str, goal: str) -> None:
    program = build(StepProblem([[3, 3], [1, 2]], [1, 1], [5, 6], [0, 1]), objective)
    assert program.objective.asCplexLpAffineExpression("goal", include_constant=False) == f"goal: {goal}\n"


@pytest.mark.parametrize(
    ("objective", "goal"),
    [
        ("imbalance", "- 3 L_0_0 - 0.5 L_0_1 - 3 L_1_0 - 0.5 L_1_1 + 6 M_0 + M_1"),
        ("spread", "3 M_0 + 0.5 M_1 - 3 m_0 - 0.5 m_1"),
        ("makespan", "3 M_0 + 0.5 M_1"),
    ],
)
def test_objectives_are_weighted_step_by_step(objective: str, goal: str) -> None:
    program = build(StepProblem([[3, 3], [1, 2]], [1, 1], [5, 6], [0, 1], weights=[3, 0.5]), objective)
    assert program.objective.asCplexLpAffineExpression("goal", include_constant=False) == f"goal: {goal}\n"


@given(step_problems(sizes=(20,), loads=(50,)), st.sampled_from(OBJECTIVES))
@settings(max_examples=150)
def test_the_relaxation_is_a_lower_bound(problem: StepProblem, objective: str) -> None:
    best = brute_force(problem)
    if best is None:
        return
    program = build(problem, objective)
    for variable in program.variables():
        variable.cat = pulp.LpContinuous
    assert highs.solve(program).objective <= float(best[objective]) + 1e-6


@given(step_problems(sizes=(20,), loads=(50,)), st.sampled_from(OBJECTIVES))
@settings(max_examples=150)
def test_the_program_in_natural_units_has_the_same_optimum(problem: StepProblem, objective: str) -> None:
    best = brute_force(problem)
    if best is None:
        return
    solution = highs.solve(build(problem, objective))
    assert solution.objective == pytest.approx(float(best[objective]), abs=1e-6)
    worker = read_worker(problem, solution.values)
    assert values_of(problem, worker.tolist())[objective] == best[objective]
