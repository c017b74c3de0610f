"""Requests ruled out by `usable` are in no assignment as good as the known one."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulations import OBJECTIVES, StepProblem
from formulations.usable import usable
from tests.oracles import feasible_workers, values_of
from tests.strategies import step_problems


@pytest.mark.parametrize(
    ("objective", "value", "possible"),
    [
        # Loads 0 and 10, the second without a free slot: 30 would make 30 and 10, 12 makes 12 and 10.
        ("imbalance", 3.0, [True, False, True]),
        ("spread", 3.0, [True, False, True]),
        ("makespan", 13.0, [True, False, True]),
        ("makespan", 11.0, [True, False, False]),
        ("imbalance", 21.0, [True, True, True]),
    ],
)
def test_it_rules_out_what_is_too_large(objective: str, value: float, possible: list[bool]) -> None:
    problem = StepProblem([0, 10], [1, 0], [7, 30, 12])
    assert usable(problem, objective, value).tolist() == possible


def test_without_a_free_slot_nothing_can_be_used() -> None:
    assert usable(StepProblem([0, 10], [0, 0], [7, 3]), "imbalance", 10.0).tolist() == [False, False]


def spread_out(problem: StepProblem, factors: list[float]) -> StepProblem:
    options: dict[str, Any] = {"required": problem.required, "forbidden": problem.forbidden}
    sizes = problem.sizes * np.array(factors[: len(problem.sizes)])
    return StepProblem(
        problem.loads, problem.free_slots, sizes, problem.growth,
        min_admissions=problem.min_admissions, weights=problem.weights, **options,
    )  # fmt: skip


@given(
    step_problems(sizes=(3, 20), loads=(0, 5, 50)),
    st.lists(st.sampled_from([1.0, 1.0, 100.0, 1e6]), min_size=5, max_size=5),
    st.sampled_from(OBJECTIVES),
    st.floats(0, 1),
)
@settings(max_examples=300)
def test_no_assignment_as_good_as_the_value_uses_what_is_ruled_out(
    problem: StepProblem, factors: list[float], objective: str, share: float
) -> None:
    problem = spread_out(problem, factors)
    values = {worker: values_of(problem, worker)[objective] for worker in feasible_workers(problem)}
    if not values:
        return
    known = sorted(values.values())[math.floor(share * (len(values) - 1))]
    possible = usable(problem, objective, float(known))
    for worker, value in values.items():
        if value <= known:
            assert all(possible[i] for i, g in enumerate(worker) if g >= 0)
