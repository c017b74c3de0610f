"""Bad input to the room `formulations`: the exact line a user reads."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from contracts import Infeasible
from formulations import (
    StepProblem,
    build_clairvoyant,
    build_model,
    imbalance,
    objective_value,
    predicted_loads,
    solve_clairvoyant,
    solve_exact,
    solve_fast,
    verify,
)

STEP = StepProblem([7, 4], [1, 1], [1, 4, 9])


def case(function: Callable[..., Any], *args: Any, says: str, **options: Any) -> Any:
    """Return one row of the table, its id printed as the call."""
    shown = [repr(arg) for arg in args] + [f"{name}={value!r}" for name, value in options.items()]
    return pytest.param(function, args, options, says, id=f"{function.__name__}({', '.join(shown)})")


HORIZON = {"workers": 2, "slots": 1, "steps": 2}

BAD = [
    # StepProblem
    case(StepProblem, 3, [1], [1], says="loads must have shape (G, H+1), got ()"),
    case(StepProblem, [], [], [1], says="loads must have at least one worker, got (0, 1)"),
    case(StepProblem, [[], []], [1, 1], [1], says="loads must have H+1 >= 1 columns, got (2, 0)"),
    case(StepProblem, [[1, 2], [3]], [1, 1], [1], says="loads must be an array with rows of equal length"),
    case(StepProblem, [1, -2], [1, 1], [1], says="loads[1, 0] must be >= 0, got -2"),
    case(StepProblem, [[1, np.nan]], [1], [1], says="loads[0, 1] must be finite, got nan"),
    case(StepProblem, ["much"], [1], [1], says="loads must hold numbers, got dtype <U4"),
    case(StepProblem, [1, 2], [1], [1], says="free_slots must have shape (G,) = (2,), got (1,)"),
    case(StepProblem, [1, 2], [1, -1], [1], says="free_slots[1] must be >= 0, got -1"),
    case(StepProblem, [1, 2], [1, 1.5], [1], says="free_slots[1] must be a whole number, got 1.5"),
    case(StepProblem, [1, 2], [1, 1], 5, says="sizes must have shape (N,), got ()"),
    case(StepProblem, [1, 2], [1, 1], [5, -5], says="sizes[1] must be >= 0, got -5"),
    case(StepProblem, [1, 2], [1, 1], [np.inf], says="sizes[0] must be finite, got inf"),
    case(StepProblem, [1], [1], [5], [0, 1], says="growth must have shape (H+1,) = (1,), got (2,)"),
    case(StepProblem, [1], [1], [5], [1], says="growth[0] must be 0 (a request has not grown yet), got 1"),
    case(StepProblem, [[1, 1, 1]], [1], [5], [0, 2, 1], says="growth[2] must be >= growth[1] = 2.0, got 1.0"),
    case(StepProblem, [1], [1], [5], weights=[1, 1], says="weights must have shape (H+1,) = (1,), got (2,)"),
    case(StepProblem, [1], [1], [5], weights=1.0, says="weights must have shape (H+1,) = (1,), got ()"),
    case(StepProblem, [[1, 1]], [1], [5], weights=[1, 0], says="weights[1] must be > 0, got 0"),
    case(StepProblem, [[1, 1]], [1], [5], weights=[-0.5, 0], says="weights[0] must be > 0, got -0.5"),
    case(StepProblem, [1], [1], [5], weights=[np.inf], says="weights[0] must be finite, got inf"),
    case(StepProblem, [1], [1], [5], weights=["a"], says="weights must hold numbers, got dtype <U1"),
    case(StepProblem, [1], [1], [5], required=[1], says="required must hold booleans, got dtype int64"),
    case(StepProblem, [1], [1], [5], required=[True] * 2, says="required must have shape (1,), got (2,)"),
    case(StepProblem, [1], [1], [5], forbidden=[True], says="forbidden must have shape (1, 1), got (1,)"),
    case(StepProblem, [1], [1], [5], min_admissions=-1, says="min_admissions must be >= 0, got -1"),
    case(
        StepProblem,
        [1],
        [1],
        [5],
        min_admissions=0.5,
        says="min_admissions must be a whole number, got 0.5 (float)",
    ),
    case(StepProblem, [1], [1], [5], min_admissions=2, says="min_admissions must be <= 1, got 2"),
    case(StepProblem, [1, 1], [1, 0], [5, 6], min_admissions=2, says="min_admissions must be <= 1, got 2"),
    case(StepProblem, [[1e308], [1]], [1, 1], [1], says="loads[0, 0] must be <= 1e+15, got 1e+308"),
    case(StepProblem, [1, 2e15], [1, 1], [1], says="loads[1, 0] must be <= 1e+15, got 2000000000000000.0"),
    case(StepProblem, [1], [1], [1, 1e16], says="sizes[1] must be <= 1e+15, got 1e+16"),
    case(StepProblem, [1], [10**16], [1], says="free_slots[0] must be <= 1e+15, got 10000000000000000"),
    case(StepProblem, [[1, 1]], [1], [5], [0, 1e17], says="growth[1] must be <= 1e+15, got 1e+17"),
    case(StepProblem, [[1, 1]], [1], [5], weights=[1, 1e16], says="weights[1] must be <= 1e+15, got 1e+16"),
    case(
        StepProblem,
        [[1, 1]],
        [1],
        [5],
        weights=[1e-15, 10],
        says="weights[0] must be >= weights[1] / 1e+15 = 1e-14, got 1e-15",
    ),
    # Values of an assignment
    case(imbalance, 3, [0], says="problem must be a StepProblem, got 3 (int)"),
    case(predicted_loads, [1], [0], says="problem must be a StepProblem, got [1] (list)"),
    case(objective_value, None, [0], "spread", says="problem must be a StepProblem, got None (NoneType)"),
    case(solve_fast, "step", says="problem must be a StepProblem, got 'step' (str)"),
    case(verify, 3, 4, says="problem must be a StepProblem, got 3 (int)"),
    case(verify, STEP, 4, says="assignment must be an Assignment, got 4 (int)"),
    case(predicted_loads, STEP, [0, 1], says="worker must have shape (N,) = (3,), got (2,)"),
    case(predicted_loads, STEP, [0, 1, 2], says="worker[2] must be <= 1, got 2"),
    case(imbalance, STEP, [0, 1, -2], says="worker[2] must be >= -1, got -2"),
    case(imbalance, STEP, [0, 0.5, -1], says="worker[1] must be a whole number, got 0.5"),
    case(
        objective_value,
        STEP,
        [0, 1, -1],
        "waste",
        says="objective must be one of 'imbalance', 'spread', 'makespan'; got 'waste'",
    ),
    # The exact solver
    case(build_model, [7, 4], says="problem must be a StepProblem, got [7, 4] (list)"),
    case(
        build_model,
        STEP,
        objective="waste",
        says="objective must be one of 'imbalance', 'spread', 'makespan'; got 'waste'",
    ),
    case(build_model, STEP, model="flow", says="model must be one of 'assignment', 'by_size'; got 'flow'"),
    case(solve_exact, None, says="problem must be a StepProblem, got None (NoneType)"),
    case(
        solve_exact,
        STEP,
        objective=3,
        says="objective must be one of 'imbalance', 'spread', 'makespan'; got 3",
    ),
    case(solve_exact, STEP, model="size", says="model must be one of 'assignment', 'by_size'; got 'size'"),
    case(solve_exact, STEP, time_limit_s=0, says="time_limit_s must be > 0, got 0"),
    case(solve_exact, STEP, time_limit_s="1", says="time_limit_s must be a number, got '1' (str)"),
    case(solve_exact, STEP, time_limit_s=np.nan, says="time_limit_s must be finite, got nan"),
    case(solve_exact, STEP, gap_limit=-0.5, says="gap_limit must be >= 0, got -0.5"),
    case(solve_exact, STEP, gap_limit=True, says="gap_limit must be a number, got True (bool)"),
    case(
        solve_exact,
        STEP,
        time_limit=3,
        says="solve_exact() got an unexpected keyword argument 'time_limit'",
    ),
    # The clairvoyant program
    case(solve_clairvoyant, [1], [1], workers=0, slots=1, steps=1, says="workers must be >= 1, got 0"),
    case(solve_clairvoyant, [1], [1], workers=1, slots=0, steps=1, says="slots must be >= 1, got 0"),
    case(solve_clairvoyant, [1], [1], workers=1, slots=1, steps=0, says="steps must be >= 1, got 0"),
    case(
        solve_clairvoyant,
        [1],
        [1],
        workers=1.0,
        slots=1,
        steps=1,
        says="workers must be a whole number, got 1.0 (float)",
    ),
    case(solve_clairvoyant, [-1], [1], **HORIZON, says="sizes[0] must be >= 0, got -1"),
    case(solve_clairvoyant, [1e16], [1], **HORIZON, says="sizes[0] must be <= 1e+15, got 1e+16"),
    case(solve_clairvoyant, [1], [1], [0, 1e16], **HORIZON, says="growth[1] must be <= 1e+15, got 1e+16"),
    case(solve_clairvoyant, [1, 2], [1], **HORIZON, says="lengths must have shape (n,) = (2,), got (1,)"),
    case(solve_clairvoyant, [1, 2], [1, 0], **HORIZON, says="lengths[1] must be >= 1, got 0"),
    case(solve_clairvoyant, [1], [1.5], **HORIZON, says="lengths[0] must be a whole number, got 1.5"),
    case(solve_clairvoyant, [1], [1], [0], **HORIZON, says="growth must have shape (K,) = (2,), got (1,)"),
    case(
        solve_clairvoyant,
        [1],
        [1],
        [1, 1],
        **HORIZON,
        says="growth[0] must be 0 (nothing has grown yet), got 1",
    ),
    case(
        build_clairvoyant,
        [1],
        [1],
        [0, 2, 1],
        workers=1,
        slots=1,
        steps=3,
        says="growth[2] must be >= growth[1] = 2.0, got 1.0",
    ),
    case(solve_clairvoyant, [1], [1], **HORIZON, time_limit_s=-1, says="time_limit_s must be > 0, got -1"),
]


@pytest.mark.parametrize(("function", "args", "options", "says"), BAD)
def test_bad_input_is_one_clear_line(
    function: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any], says: str
) -> None:
    with pytest.raises((ValueError, TypeError)) as caught:
        function(*args, **options)
    assert str(caught.value) == says


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (
            StepProblem([0, 0], [1, 1], [5, 5, 5], required=[True] * 3),
            "no assignment admits at least 2 of 3 waiting requests into 2 free slots "
            "with 3 required requests and 0 forbidden pairs",
        ),
        (
            StepProblem([0, 0], [1, 1], [5, 6], forbidden=[[True, True], [False, False]]),
            "no assignment admits at least 2 of 2 waiting requests into 2 free slots "
            "with 0 required requests and 2 forbidden pairs",
        ),
        (
            StepProblem([0, 0], [0, 0], [5], required=[True]),
            "no assignment admits at least 0 of 1 waiting requests into 0 free slots "
            "with 1 required requests and 0 forbidden pairs",
        ),
    ],
    ids=[
        "more required than slots",
        "forbidden everywhere",
        "required without a slot",
    ],
)
@pytest.mark.parametrize("model", ["assignment", "by_size"])
def test_constraints_that_cannot_be_met_are_one_clear_line(
    problem: StepProblem, says: str, model: str
) -> None:
    with pytest.raises(Infeasible) as caught:
        solve_exact(problem, model=model)
    assert str(caught.value) == says
