"""`verify` passes what is right and names what is wrong with everything else."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import InvariantBroken
from formulations import OBJECTIVES, Assignment, StepProblem, objective_value, solve_exact, verify
from tests.instances import INSTANCES, Instance
from tests.oracles import feasible_workers, values_of
from tests.strategies import step_problems

PROBLEM = StepProblem(
    [[7, 7], [4, 5], [9, 0]],
    [2, 1, 1],
    [1, 4, 6, 2],
    [0, 1],
    required=[True, False, False, False],
    forbidden=[[False, True, False], [False] * 3, [False] * 3, [False] * 3],
    min_admissions=2,
)
# Requests 0 and 3 on worker 0: (10, 12). 1 on worker 1: (8, 10). 2 on worker 2: (15, 7).
# Imbalance (45 - 33) + (36 - 29) = 19.
RIGHT = Assignment(np.array([0, 1, 2, 0]), 19.0, 19.0, 12.0, "feasible")


def with_worker(*worker: float) -> Assignment:
    return replace(RIGHT, worker=np.array(worker))


@pytest.mark.parametrize(
    "good",
    [
        RIGHT,
        replace(RIGHT, status="time_limit"),
        replace(RIGHT, status="optimal", lower_bound=19.0),
        replace(RIGHT, status="time_limit", lower_bound=19.0),
        replace(RIGHT, objective="spread", value=12.0, lower_bound=1.0),  # 15 - 8 and 12 - 7
        replace(RIGHT, objective="makespan", value=27.0),  # 15 + 12
    ],
    ids=repr,
)
def test_right_figures_pass(good: Assignment) -> None:
    verify(PROBLEM, good)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (with_worker(0, 1, 2), "worker has 3 entries for 4 waiting requests"),
        (with_worker(0, 1, 3, 0), "worker[2] is 3, neither -1 nor a worker 0..2"),
        (with_worker(0, 1, -2, 0), "worker[2] is -2, neither -1 nor a worker 0..2"),
        (with_worker(0, 0.5, 2, 0), "worker[1] is 0.5, neither -1 nor a worker 0..2"),
        (with_worker(0, 0, 2, 0), "worker 0 is given 3 requests but has 2 free slots"),
        (with_worker(0, -1, -1, -1), "1 requests are admitted, at least 2 must be"),
        (with_worker(-1, 1, 2, 0), "request 0 is required but left waiting"),
        (with_worker(1, -1, 2, 0), "request 0 is forbidden on worker 1 but given to it"),
        (with_worker(0, 2, 1, 0), "imbalance is stated as 19.0 but comes to 13.0"),
        (replace(RIGHT, imbalance=18.0), "imbalance is stated as 18.0 but comes to 19.0"),
        (
            replace(RIGHT, imbalance=float(np.nextafter(19, 0))),
            "imbalance is stated as 18.999999999999996 but comes to 19.0",
        ),
        (replace(RIGHT, value=20.0), "value is stated as 20.0 but comes to 19.0"),
        (replace(RIGHT, objective="spread"), "value is stated as 19.0 but comes to 12.0"),
        (replace(RIGHT, objective="makespan"), "value is stated as 19.0 but comes to 27.0"),
        (replace(RIGHT, objective="waste"), "objective 'waste' is none of imbalance, spread, makespan"),
        (replace(RIGHT, lower_bound=19.5), "lower_bound 19.5 is above value 19.0"),
        (replace(RIGHT, lower_bound=float("nan")), "lower_bound must be finite, got nan"),
        (replace(RIGHT, value=float("inf")), "value must be finite, got inf"),
        (replace(RIGHT, status="done"), "status 'done' is none of optimal, feasible, time_limit"),
        (replace(RIGHT, status="optimal"), "status is 'optimal' but value and lower_bound are 7.0 apart"),
        (
            replace(RIGHT, lower_bound=19.0),
            "status is 'feasible' but value and lower_bound meet: that is 'optimal'",
        ),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_each_kind_of_tampering_is_named(bad: Assignment, message: str) -> None:
    with pytest.raises(InvariantBroken) as caught:
        verify(PROBLEM, bad)
    assert str(caught.value) == message


def test_what_is_optimal_is_measured_by_the_value() -> None:
    # 100.5 and 0 with a size of 1e6 left waiting: the spread is 100.5, and a millionth of it may be open.
    problem = StepProblem([100.5, 0.0], [0, 1], [0.0, 1e6])
    right = Assignment(np.array([1, -1]), 100.5, 100.5, 100.5 - 1e-4, "optimal", "spread")
    verify(problem, right)
    with pytest.raises(InvariantBroken, match=r"^status is 'optimal' but value and lower_bound are 0\.000"):
        verify(problem, replace(right, lower_bound=100.5 - 2e-4))


@pytest.mark.parametrize(
    ("objective", "value"), [("imbalance", 2 * 12 + 7), ("spread", 2 * 7 + 5), ("makespan", 2 * 15 + 12)]
)
def test_figures_are_weighted(objective: str, value: float) -> None:
    # The loads of RIGHT, (10, 8, 15) twice and (12, 10, 7) once.
    problem = StepProblem(PROBLEM.loads, [2, 1, 1], PROBLEM.sizes, [0, 1], weights=[2, 1])
    right = replace(RIGHT, imbalance=31.0, value=float(value), lower_bound=1.0, objective=objective)
    verify(problem, right)
    with pytest.raises(InvariantBroken, match=rf"^value is stated as {value + 1}.0 but comes to {value}.0$"):
        verify(problem, replace(right, value=value + 1.0))
    with pytest.raises(InvariantBroken, match=r"^imbalance is stated as 19.0 but comes to 31.0$"):
        verify(problem, replace(right, imbalance=19.0))


@given(step_problems(), st.sampled_from(OBJECTIVES), st.data())
@settings(max_examples=200)
def test_it_agrees_with_enumeration_on_what_is_feasible(
    problem: StepProblem, objective: str, data: st.DataObject
) -> None:
    pool = len(problem.sizes)
    worker = tuple(data.draw(st.lists(st.integers(-1, problem.workers - 1), min_size=pool, max_size=pool)))
    values = values_of(problem, worker)
    claimed = Assignment(
        np.array(worker, dtype=np.int64),
        float(values["imbalance"]),
        float(values[objective]),
        float(values[objective]),
        "optimal",
        objective,
    )
    if worker in set(feasible_workers(problem)):
        verify(problem, claimed)
    else:
        with pytest.raises(InvariantBroken):
            verify(problem, claimed)


@pytest.mark.parametrize("case", INSTANCES, ids=str)
@pytest.mark.parametrize("change", [1, -1])
@pytest.mark.parametrize("field", ["imbalance", "value", "lower_bound"])
def test_whole_numbers_must_be_exact(case: Instance, field: str, change: int) -> None:
    result = solve_exact(case.problem)
    verify(case.problem, result)
    off: dict[str, Any] = {field: getattr(result, field) + change}
    with pytest.raises(InvariantBroken):
        verify(case.problem, replace(result, **off))


def test_decimals_have_room_for_rounding_and_no_more() -> None:
    problem = StepProblem([0.1, 0.4], [1, 1], [0.3, 0.2])
    worker = [0, 1]
    value = objective_value(problem, worker, "imbalance")
    right = Assignment(np.array(worker), value, value, value, "optimal")
    # The loads and sizes add up to 1, times two workers; a millionth of the value 0.2 is 2e-7.
    verify(problem, replace(right, value=value + 1e-12, lower_bound=value - 1.9e-7))
    with pytest.raises(InvariantBroken, match="comes to"):
        verify(problem, replace(right, value=value + 3e-12))
    with pytest.raises(InvariantBroken, match="apart"):
        verify(problem, replace(right, lower_bound=value - 2.1e-7))
