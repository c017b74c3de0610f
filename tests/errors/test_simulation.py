"""Bad input to the room `simulation`: the exact line a user reads."""

import re

import numpy as np
import pytest

from contracts import DriftError
from drift_processes import DriftProcess, NoGrowth, UnitGrowth, Workload
from simulation import Policy, PowerModel, System, simulate
from simulation.policies import BfioExact
from tests.workload_strategies import RandomCommon, RandomGrowth

WORK = Workload([1, 2, 3], [1, 2, 3], NoGrowth())
SYSTEM = System(2, 1)


class Undeclared(Policy):
    """Draws random numbers and does not say so."""

    name = "undeclared"

    def assign(self, view):
        return view.rng.permutation(len(view.sizes))


class Wrong(DriftProcess):
    """Grows by what it was told."""

    def __init__(self, growth, *, is_common=False, low=0.0, high=2.0) -> None:
        self.growth = growth
        self.is_common = is_common
        self.increment_range = (low, high)

    def increments(self, *, step, age, size, load, rng):
        return self.growth


BAD = [
    (lambda: System(0, 1), "workers must be >= 1, got 0"),
    (lambda: System(2.5, 1), "workers must be a whole number, got 2.5 (float)"),
    (lambda: System(True, 1), "workers must be a whole number, got True (bool)"),
    (lambda: System(2, -3), "slots must be >= 1, got -3"),
    (lambda: System(2, 1, overhead_s=-1.0), "overhead_s must be >= 0, got -1"),
    (lambda: System(2, 1, overhead_s=float("nan")), "overhead_s must be finite, got nan"),
    (lambda: System(2, 1, seconds_per_token="fast"), "seconds_per_token must be a number, got 'fast' (str)"),
    (lambda: System(2, 1, mean_load_s=-0.5), "mean_load_s must be >= 0, got -0.5"),
    (lambda: System(2, 1, power=300.0), "power must be a PowerModel, got 300.0 (float)"),
    (lambda: PowerModel(idle_w=-1), "idle_w must be >= 0, got -1"),
    (lambda: PowerModel(idle_w=500), "busy_w must be >= 500, got 400"),
    (lambda: PowerModel(exponent=0), "exponent must be > 0, got 0"),
    (lambda: PowerModel(exponent=1.5), "exponent must be <= 1, got 1.5"),
    (lambda: simulate([1, 2], SYSTEM, "fcfs"), "workload must be a Workload, got [1, 2] (list)"),
    (lambda: simulate(WORK, 16, "fcfs"), "system must be a System, got 16 (int)"),
    (lambda: simulate(WORK, SYSTEM, 3), "policy must be a policy name or a Policy object, got 3 (int)"),
    (lambda: simulate(WORK, SYSTEM, "fcfs", steps=0), "steps must be >= 1, got 0"),
    (lambda: simulate(WORK, SYSTEM, "fcfs", steps=1.5), "steps must be a whole number, got 1.5 (float)"),
    (lambda: simulate(WORK, SYSTEM, "fcfs", window=-1), "window must be >= 0, got -1"),
    (lambda: simulate(WORK, SYSTEM, "fcfs", pool_limit=0), "pool_limit must be >= 1, got 0"),
    (lambda: simulate(WORK, SYSTEM, "fcfs", seed=-1), "seed must be >= 0, got -1"),
    (lambda: simulate(WORK, SYSTEM, "fcfs", record_loads=-1), "record_loads must be >= 0, got -1"),
    (
        lambda: System(10**9, 10**9),
        "workers * slots must be <= 100000000, got 1000000000 * 1000000000 = 1000000000000000000",
    ),
    (lambda: simulate(WORK, SYSTEM, "fcfs", steps=10**9), "steps must be <= 100000000, got 1000000000"),
    (
        lambda: simulate(Workload([1, 1], [1, 2**40], NoGrowth()), SYSTEM, "fcfs"),
        "steps must be given (at most 100000000): lengths[1] = 1099511627776 steps would outlast it",
    ),
    (
        lambda: simulate(Workload([5, 1], [9, 9], Wrong(1.0, high=1e15)), SYSTEM, "fcfs"),
        "sizes and growth must sum to less than 2**53, up to where whole numbers are exact: sizes sum to 6, "
        "and Wrong may add 1e+15 in each of 18 steps of requests",
    ),
    (
        lambda: Workload([1e308] * 8, [1, 2] * 4, NoGrowth()),
        "sizes must sum to less than 2**53 = 9007199254740992, up to sizes[0] = 1e+308 they sum to 1e+308",
    ),
    (
        lambda: Workload([2**53 - 2, 1, 1, 3], [1] * 4, NoGrowth()),
        "sizes must sum to less than 2**53 = 9007199254740992, up to sizes[2] = 1 they sum to "
        "9007199254740992",
    ),
    (
        lambda: simulate(WORK, SYSTEM, "random"),
        "policy 'random' draws random numbers: seed must be given",
    ),
    (
        lambda: simulate(WORK, SYSTEM, "power_of_two"),
        "policy 'power_of_two' draws random numbers: seed must be given",
    ),
    (
        lambda: simulate(WORK, SYSTEM, "bfio", lookahead="noisy"),
        "lookahead 'noisy' draws random numbers: seed must be given",
    ),
    (
        lambda: simulate(Workload([1], [3], RandomCommon()), SYSTEM, "fcfs"),
        "drift RandomCommon draws random numbers: seed must be given",
    ),
    (
        lambda: simulate(Workload([1], [3], RandomGrowth()), SYSTEM, "fcfs"),
        "drift RandomGrowth draws random numbers: seed must be given",
    ),
    (
        lambda: simulate(WORK, SYSTEM, Undeclared()),
        "policy 'undeclared' draws random numbers: seed must be given",
    ),
    (
        lambda: BfioExact(objective="foo"),
        "objective must be one of 'imbalance', 'spread', 'makespan'; got 'foo'",
    ),
    (lambda: BfioExact(model="foo"), "model must be one of 'assignment', 'by_size'; got 'foo'"),
    (lambda: BfioExact(time_limit_s=0), "time_limit_s must be > 0, got 0"),
    (lambda: BfioExact(horizon=-1), "horizon must be >= 0, got -1"),
    (lambda: simulate(WORK, SYSTEM, "fcfs").summary(warmup=9), "warmup must be <= 3, got 9"),
    (lambda: simulate(WORK, SYSTEM, "fcfs").fairness(groups=0), "groups must be >= 1, got 0"),
    (
        lambda: simulate(WORK, SYSTEM, "fcfs").fairness(groups=2.5),
        "groups must be a whole number, got 2.5 (float)",
    ),
    (
        lambda: simulate(WORK, SYSTEM, "jsq", binding="early"),
        "binding must be one of 'pooled', 'immediate'; got 'early'",
    ),
    (
        lambda: simulate(WORK, SYSTEM, "jsq", binding=None),
        "binding must be one of 'pooled', 'immediate'; got None",
    ),
    *(
        (
            lambda name=name: simulate(WORK, SYSTEM, name, binding="immediate"),
            f"policy {name!r} can't decide when a request arrives: binding must be 'pooled', got 'immediate'",
        )
        for name in ("fcfs", "bfio", "bfio_exact")
    ),
    *(
        (
            lambda name=name: simulate(WORK, SYSTEM, "jsq", binding="immediate", **{name: 8}),
            f"{name} is for a pool: it must be None where binding is 'immediate'",
        )
        for name in ("window", "pool_limit")
    ),
    (
        lambda: simulate(WORK, SYSTEM, "random", binding="immediate"),
        "policy 'random' draws random numbers: seed must be given",
    ),
]


@pytest.mark.parametrize(("call", "message"), BAD, ids=[message for _, message in BAD])
def test_bad_input_is_one_clear_line(call, message: str) -> None:
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    assert str(caught.value) == message


def test_an_unknown_policy_lists_those_that_exist() -> None:
    with pytest.raises(ValueError, match=r"^policy must be one of 'fcfs', .*'bfio_exact'; got 'fifo'$"):
        simulate(WORK, SYSTEM, "fifo")


class Scripted(Policy):
    """Answers what it was told."""

    name = "scripted"

    def __init__(self, answer) -> None:
        self.answer = answer

    def assign(self, view):
        return np.asarray(self.answer)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([0, 0, -1], "policy 'scripted' at step 0 put 2 requests on worker 0, which has 1 free slots"),
        ([0, 5, -1], "policy 'scripted' at step 0 sent request 1 to worker 5; workers are 0..1"),
        ([0, -1, -1], "policy 'scripted' at step 0 placed 1 requests, must place 2"),
        ([0, 1], "policy 'scripted' at step 0 must return whole numbers of shape (3,), got int64 (2,)"),
        (
            [0.0, 1.0, -1.0],
            "policy 'scripted' at step 0 must return whole numbers of shape (3,), got float64 (3,)",
        ),
    ],
)
def test_a_policy_that_breaks_a_rule_is_named(answer, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        simulate(WORK, SYSTEM, Scripted(answer))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([0, 0, -1], "policy 'scripted' at step 0 placed 2 requests, must place 3"),
        ([0, 2, 0], "policy 'scripted' at step 0 sent request 1 to worker 2; workers are 0..1"),
        ([0, 1], "policy 'scripted' at step 0 must return whole numbers of shape (3,), got int64 (2,)"),
    ],
)
def test_a_policy_that_leaves_an_arrival_unbound_is_named(answer, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        simulate(WORK, SYSTEM, Scripted(answer), binding="immediate")


@pytest.mark.parametrize("readable", [False, True])
@pytest.mark.parametrize(
    ("drift", "message"),
    [
        (
            Wrong(-1.0),
            "Wrong at step 0 takes request 0 of age 0 from load 1 to 0, a change of -1; "
            "it declares increment_range = (0, 2)",
        ),
        (
            Wrong(np.array([1.0, 3.0])),
            "Wrong at step 0 takes request 1 of age 0 from load 2 to 5, a change of 3; "
            "it declares increment_range = (0, 2)",
        ),
        (
            Wrong(np.array([1.0, np.nan])),
            "Wrong at step 0 takes request 1 of age 0 from load 2 to nan, a change of nan; "
            "it declares increment_range = (0, 2)",
        ),
        (
            Wrong(np.ones(7)),
            "Wrong.increments at step 0 must return a scalar or shape (2,), got shape (7,)",
        ),
        (Wrong("much"), "Wrong.increments at step 0 must return numbers, got 'much'"),
        (
            Wrong(np.ones(2), is_common=True),
            "Wrong.increments at step 0 must return a scalar (it is common), got shape (2,)",
        ),
        (
            Wrong(float("nan"), is_common=True),
            "Wrong at step 0 takes request 0 of age 0 from load 1 to nan, a change of nan; "
            "it declares increment_range = (0, 2)",
        ),
        (
            # declared to be the same in every step, and then not what was declared
            Wrong(5.0, is_common=True, low=1.0, high=1.0),
            "Wrong at step 0 takes request 0 of age 0 from load 1 to 6, a change of 5; "
            "it declares increment_range = (1, 1)",
        ),
    ],
)
def test_a_drift_that_breaks_its_declaration_is_named(drift, message: str, readable: bool) -> None:
    with pytest.raises(DriftError) as caught:
        simulate(Workload([1, 2, 3], [2, 2, 2], drift), SYSTEM, "fcfs", readable=readable)
    assert str(caught.value) == message


class Late(DriftProcess):
    """Grows every request by 1 until a step, in which it does something else; whatever it is from then on."""

    increment_range = (0.0, 2.0)

    def __init__(self, step: int, then, *, is_common: bool) -> None:
        self.step, self.then, self.is_common = step, then, is_common

    def increments(self, *, step, age, size, load, rng):
        if step >= self.step:
            return self.then(age)
        return 1.0 if self.is_common else np.ones(len(age))


def fail(age):
    raise RuntimeError("no more growth")


#: Requests 0 and 1 run in steps 0..6 and 0..1, request 2 in steps 2..4: seven steps. Sizes 1, 2, 3.
SEVEN_STEPS = ([1, 2, 3], [7, 2, 3])


@pytest.mark.parametrize("readable", [False, True])
@pytest.mark.parametrize("arrival_s", [None, [0, 0, 0]])
@pytest.mark.parametrize(
    ("step", "is_common", "then", "message"),
    [
        (4, True, lambda age: -0.5, "request 0 of age 4 from load 5 to 4.5, a change of -0.5"),
        (6, True, lambda age: 7, "request 0 of age 6 from load 7 to 14, a change of 7"),
        (4, False, lambda age: 1.0 - 7 * (age == 2), "request 2 of age 2 from load 5 to -1, a change of -6"),
        (4, False, lambda age: 2.25, "request 0 of age 4 from load 5 to 7.25, a change of 2.25"),
        (6, False, lambda age: np.array([np.inf]), "request 0 of age 6 from load 7 to inf, a change of inf"),
    ],
)  # fmt: skip
def test_a_late_violation_names_request_age_and_both_loads(
    step, is_common, then, message, arrival_s, readable
) -> None:
    work = Workload(*SEVEN_STEPS, Late(step, then, is_common=is_common), arrival_s=arrival_s)
    with pytest.raises(DriftError) as caught:
        simulate(work, SYSTEM, "fcfs", readable=readable)
    assert str(caught.value) == (f"Late at step {step} takes {message}; it declares increment_range = (0, 2)")


def test_a_violation_names_the_request_by_its_place_in_the_workload() -> None:
    # requests 0 to 4 are gone by then; 5 was admitted before 6, and both before 7
    work = Workload([1] * 8, [1] * 5 + [3, 3, 3], Late(3, lambda age: -1.0, is_common=True))
    message = r"^Late at step 3 takes request 5 of age 1 from load 2 to 1, a change of -1; "
    with pytest.raises(DriftError, match=message):
        simulate(work, SYSTEM, "fcfs")
    # request 0 is gone, and nobody has taken its slot
    work = Workload([1, 2], [2, 5], Late(3, lambda age: -1.0, is_common=True))
    message = r"^Late at step 3 takes request 1 of age 3 from load 5 to 4, a change of -1; "
    with pytest.raises(DriftError, match=message):
        simulate(work, SYSTEM, "fcfs")
    work = Workload(
        [1] * 8, [1] * 5 + [3, 3, 3], Late(3, lambda age: np.where(age == 0, -1.0, 1.0), is_common=False)
    )
    message = r"^Late at step 3 takes request 6 of age 0 from load 1 to 0, a change of -1; "
    for readable in (False, True):
        with pytest.raises(DriftError, match=message):
            simulate(work, SYSTEM, "fcfs", readable=readable)


@pytest.mark.parametrize("readable", [False, True])
@pytest.mark.parametrize("is_common", [True, False])
@pytest.mark.parametrize("then", [lambda age: -1.0, fail], ids=["violation", "exception"])
def test_what_a_process_does_after_the_last_step_does_not_matter(then, is_common, readable) -> None:
    for step in (7, 8):
        work = Workload(*SEVEN_STEPS, Late(step, then, is_common=is_common))
        assert simulate(work, SYSTEM, "fcfs", readable=readable).steps == 7
    work = Workload(*SEVEN_STEPS, Late(3, then, is_common=is_common))
    assert simulate(work, SYSTEM, "fcfs", steps=3, readable=readable).steps == 3


@pytest.mark.parametrize("readable", [False, True])
@pytest.mark.parametrize("is_common", [True, False])
@pytest.mark.parametrize("step", [0, 3, 6])
def test_an_exception_of_the_process_reaches_the_user_as_it_is(step, is_common, readable) -> None:
    work = Workload(*SEVEN_STEPS, Late(step, fail, is_common=is_common))
    with pytest.raises(RuntimeError, match=r"^no more growth$"):
        simulate(work, SYSTEM, "fcfs", readable=readable)


def test_a_base_drift_says_what_to_override() -> None:
    with pytest.raises(NotImplementedError, match=r"^DriftProcess must override increments\(\.\.\.\)$"):
        simulate(Workload([1], [3], DriftProcess()), SYSTEM, "fcfs")


@pytest.mark.parametrize("declared", [(-1.0, 2.0), (2.0, 1.0), (0.0, float("inf")), (0.0,), "no"])
def test_a_range_that_can_not_be_is_refused_with_the_workload(declared) -> None:
    drift = Wrong(1.0)
    drift.increment_range = declared
    message = f"Wrong.increment_range must be (lo, hi) with 0 <= lo <= hi, finite; got {declared!r}"
    with pytest.raises(DriftError, match=f"^{re.escape(message)}$"):
        Workload([1], [1], drift)


def test_unit_growth_is_the_default_of_a_trace_not_of_a_workload() -> None:
    with pytest.raises(TypeError, match=r"^drift must be a DriftProcess, got <class"):
        Workload([1], [1], UnitGrowth)
