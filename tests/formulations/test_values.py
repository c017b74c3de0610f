"""Loads and objectives of an assignment are the plain sums of the theory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formulations import OBJECTIVES, StepProblem, imbalance, objective_value, predicted_loads
from tests.instances import INSTANCES, Instance
from tests.oracles import feasible_workers, values_of
from tests.strategies import step_problems


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


@pytest.mark.parametrize(("objective", "value"), [("imbalance", 2 * 3 + 5), ("spread", 11), ("makespan", 25)])
def test_each_step_counts_with_its_weight(objective: str, value: float) -> None:
    # Nobody is admitted: (9, 6) counts twice, (7, 2) once.
    problem = StepProblem([[9, 7], [6, 2]], [0, 0], [], weights=[2, 1])
    assert objective_value(problem, [], objective) == value


@given(step_problems(), st.lists(st.floats(0.1, 10), min_size=4, max_size=4))
def test_an_objective_is_the_weighted_sum_of_those_of_single_steps(
    problem: StepProblem, weights: list[float]
) -> None:
    weights = weights[: problem.horizon + 1]
    weighted = StepProblem(problem.loads, problem.free_slots, problem.sizes, weights=weights)
    nobody = [-1] * len(problem.sizes)
    for objective in OBJECTIVES:
        single = [
            objective_value(StepProblem(c, problem.free_slots, []), [], objective) for c in problem.loads.T
        ]
        together = objective_value(weighted, nobody, objective)
        assert together == pytest.approx(float(np.dot(weights, single)), rel=1e-12)
