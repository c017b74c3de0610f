"""HiGHS is asked itself: statuses mean what they say, nothing is printed, and answers repeat."""

import os
import signal
import threading
import time
from collections.abc import Callable

import highspy
import numpy as np
import pulp
import pytest
from highspy._core import _Highs

from contracts import Infeasible, SolverError, TimeLimit
from formulations import StepProblem, highs
from formulations.exact import build_model


def program(
    costs: list[float],
    rows: list[tuple[list[float], int, float]],
    *,
    sense: int = pulp.LpMinimize,
    cat: str = pulp.LpInteger,
    high: float | None = 1,
) -> pulp.LpProblem:
    model = pulp.LpProblem("test", sense)
    x = [model.add_variable(f"x{j}", lowBound=0, upBound=high, cat=cat) for j in range(len(costs))]
    model.setObjective(pulp.LpAffineExpression(list(zip(x, costs, strict=True)), constant=100.0))
    for r, (coefficients, row_sense, right) in enumerate(rows):
        terms = [(v, a) for v, a in zip(x, coefficients, strict=True) if a]
        model += pulp.LpConstraint(pulp.LpAffineExpression(terms), row_sense, f"r{r}", right)
    return model


def knapsack(sense: int, sign: float) -> pulp.LpProblem:
    """Values 10, 7, 7, weights 6, 5, 5, room for 10: the two 7s fit and beat the 10."""
    return program([sign * 10, sign * 7, sign * 7], [([6, 5, 5], -1, 10)], sense=sense)


def hard() -> pulp.LpProblem:
    """A step that takes HiGHS far more than a minute to prove."""
    rng = np.random.default_rng(0)
    step = StepProblem(rng.integers(0, 1000, 8), [3] * 8, rng.integers(1, 1000, 60))
    return build_model(step)


def test_a_minimum_and_a_maximum_known_by_hand() -> None:
    least = highs.solve(knapsack(pulp.LpMinimize, -1))
    assert (least.status, least.objective, least.bound) == ("optimal", 86.0, 86.0)
    assert dict(least.values) == {"x0": 0.0, "x1": 1.0, "x2": 1.0}
    most = highs.solve(knapsack(pulp.LpMaximize, 1))
    assert (most.status, most.objective, most.bound) == ("optimal", 114.0, 114.0)


def test_a_linear_program_may_take_fractions() -> None:
    result = highs.solve(program([-10, -7, -7], [([6, 5, 5], -1, 10)], cat=pulp.LpContinuous))
    assert result.objective == result.bound == pytest.approx(100 - 10 - 4 / 5 * 7)


def test_every_sense_of_row_counts() -> None:
    rows: list[tuple[list[float], int, float]] = [
        ([1, 1, 0], pulp.LpConstraintEQ, 3),
        ([0, 1, 1], pulp.LpConstraintGE, 4),
        ([1, 0, 1], pulp.LpConstraintLE, 2),
    ]
    # x0 + x1 = 3, x1 + x2 >= 4, x0 + x2 <= 2: x1 = 3, x2 = 1 costs 7; x1 = 2, x0 = 1 needs x2 = 2, too much.
    result = highs.solve(program([1, 1, 4], rows, high=None))
    assert dict(result.values) == {"x0": 0.0, "x1": 3.0, "x2": 1.0}
    assert result.objective == 107.0


def test_integer_values_come_back_whole() -> None:
    assert all(value == round(value) for value in highs.solve(knapsack(pulp.LpMinimize, -1)).values.values())


@pytest.mark.parametrize("cat", [pulp.LpInteger, pulp.LpContinuous])
def test_no_point_is_infeasible(cat: str) -> None:
    with pytest.raises(Infeasible, match=r"^no point satisfies the constraints of the program 'test'$"):
        highs.solve(program([1, 1], [([1, 1], pulp.LpConstraintGE, 3)], cat=cat))


@pytest.mark.parametrize("cat", [pulp.LpInteger, pulp.LpContinuous])
def test_an_unbounded_program_is_an_error_in_highs_own_word(cat: str) -> None:
    with pytest.raises(SolverError, match=r"^HiGHS gave no solution of the program 'test', .*[Uu]nbounded$"):
        highs.solve(program([-1, -1], [([1, -1], pulp.LpConstraintLE, 3)], cat=cat, high=None))


def test_a_row_without_variables_counts_if_it_is_false() -> None:
    with pytest.raises(Infeasible):
        highs.solve(program([1, 1], [([0, 0], pulp.LpConstraintEQ, 1)]))


def test_a_time_limit_with_a_point_in_hand_says_so() -> None:
    result = highs.solve(hard(), time_limit_s=0.5)
    assert result.status == "time_limit"
    assert result.bound <= result.objective


def test_a_time_limit_without_a_point_is_an_error_with_a_bound() -> None:
    with pytest.raises(
        TimeLimit, match=r"^the time limit came before any feasible point was found$"
    ) as caught:
        highs.solve(hard(), time_limit_s=1e-9)
    assert caught.value.lower_bound <= 0


def test_a_gap_limit_stops_within_it() -> None:
    result = highs.solve(hard(), gap_limit=1e5)
    assert result.status == "gap_limit"
    assert 0 < result.objective - result.bound <= 1e5


def test_a_gap_limit_that_was_not_needed_leaves_the_result_optimal() -> None:
    assert highs.solve(knapsack(pulp.LpMinimize, -1), gap_limit=1e-6).status == "optimal"


def test_nothing_is_printed_unless_asked_for(capfd: pytest.CaptureFixture[str]) -> None:
    highs.solve(knapsack(pulp.LpMinimize, -1))
    assert capfd.readouterr() == ("", "")
    highs.solve(knapsack(pulp.LpMinimize, -1), verbose=True)
    assert "Solving report" in capfd.readouterr().out


def test_the_program_is_not_changed() -> None:
    model = knapsack(pulp.LpMinimize, -1)
    before = repr(model)
    highs.solve(model)
    assert repr(model) == before
    assert all(v.varValue is None for v in model.variables())


def test_other_uses_of_highs_with_more_threads_do_not_get_in_the_way() -> None:
    _Highs.resetGlobalScheduler(True)
    other = _Highs()
    other.setOptionValue("output_flag", False)
    other.setOptionValue("threads", 2)
    for _ in range(2):
        other.addVar(0.0, 1.0)
        assert other.run() == highspy.HighsStatus.kOk
        assert highs.solve(knapsack(pulp.LpMinimize, -1)).objective == 86.0


def test_the_same_program_gives_the_same_point() -> None:
    rng = np.random.default_rng(3)
    model = build_model(StepProblem([0, 0, 0, 0], [2] * 4, rng.integers(1, 30, 12)))
    first, again = highs.solve(model), highs.solve(model)
    assert dict(first.values) == dict(again.values)


def test_an_interrupt_ends_a_long_search_at_once() -> None:
    model = hard()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs ignore it
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    begun = time.perf_counter()
    try:
        with pytest.raises(KeyboardInterrupt):
            highs.solve(model, time_limit_s=60)
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.perf_counter() - begun < 30


def twice_named() -> pulp.LpProblem:
    model = pulp.LpProblem("test")
    model.setObjective(model.add_variable("x", 0, 1) + model.add_variable("x", 0, 1))
    return model


def ordered() -> pulp.LpProblem:
    model = knapsack(pulp.LpMinimize, -1)
    model.sos1 = {"set": dict.fromkeys(model.variables(), 1)}
    return model


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (twice_named, "program must name its variables apart, got a repeated name in 'test'"),
        (ordered, "program must have no special ordered sets, got some in 'test'"),
    ],
)
def test_programs_outside_its_terms_are_refused(make: Callable[[], pulp.LpProblem], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        highs.solve(make())
