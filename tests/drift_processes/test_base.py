"""`DriftProcess`: what a process of one's own must override, and that it is held to what it declares."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import DriftError, stream
from drift_processes import (
    Adversarial,
    CommonGrowth,
    DriftProcess,
    JointLaw,
    Law,
    NoGrowth,
    RandomIncrements,
    RegimeSwitching,
    SaturatingGrowth,
    SlidingWindow,
    SpeculativeDecoding,
    ThrottledGrowth,
    UnitGrowth,
)
from drift_processes.adversarial import SCHEDULES
from drift_processes.base import GROWTH_CLASSES, OutOfRange, checked_increments

SWITCH = [[0.9, 0.1], [0.5, 0.5]]
#: Every process of the package; all but the last two grow whole numbers by whole numbers.
PROCESSES = (
    NoGrowth(),
    UnitGrowth(),
    CommonGrowth([0, 3, 1]),
    CommonGrowth([5, 2], repeat=False),
    ThrottledGrowth(1),
    ThrottledGrowth(3),
    SlidingWindow(12),
    SaturatingGrowth(cap=20, half_life=4),
    SpeculativeDecoding(draft=3, acceptance=0.6),
    RandomIncrements(0, 3),
    RandomIncrements(Law([0, 2, 7], [0.5, 0.25, 0.25])),
    RegimeSwitching([0, 9], SWITCH),
    RegimeSwitching([0, 9], SWITCH, scope="system"),
    *(Adversarial(schedule, 1, 4) for schedule in SCHEDULES),
    RandomIncrements(0.25, 2),
    Adversarial(lambda *, rng, age, **_state: rng.random(len(age)), 0.1, 0.7),
)


class Answer(DriftProcess):
    """Grows by whatever it is told."""

    def __init__(self, answer: Any, declared: tuple[float, float], *, common: bool = False) -> None:
        self.answer = answer
        self.increment_range = declared
        self.is_common = common

    def increments(self, **_state: Any) -> Any:
        return self.answer


def ask(drift: DriftProcess, requests: int = 3, **more: Any) -> Any:
    return checked_increments(
        drift,
        step=4,
        age=np.arange(requests),
        size=np.full(requests, 10.0),
        load=10.0 + np.arange(requests),
        rng=stream(0, "drift"),
        **more,
    )


def test_increments_within_the_declared_range_pass_unchanged() -> None:
    assert ask(Answer([0.0, 1.5, 2.0], (0, 2))).tolist() == [0.0, 1.5, 2.0]
    assert ask(Answer(np.array([1, 1, 1]), (1, 1))).tolist() == [1.0, 1.0, 1.0]


def test_a_scalar_stands_for_the_same_growth_of_every_request() -> None:
    assert ask(Answer(2, (0, 2))) == 2.0
    assert ask(Answer(np.float64(2), (0, 2), common=True)) == 2.0


def test_no_active_request_needs_no_increment() -> None:
    assert ask(Answer(np.zeros(0), (0, 0)), requests=0).tolist() == []


@pytest.mark.parametrize(("drift", "growth"), [(UnitGrowth(), 1.0), (NoGrowth(), 0.0)])
def test_the_common_processes_keep_their_declaration(drift: DriftProcess, growth: float) -> None:
    assert drift.is_common
    assert drift.increment_range == (growth, growth)
    assert ask(drift) == growth


def test_a_process_of_ones_own_is_heterogeneous_and_has_no_closed_snapshot_by_default() -> None:
    class TwoSpeeds(DriftProcess):
        increment_range = (1.0, 2.0)

        def increments(self, *, step: int, age: Any, size: Any, load: Any, rng: Any) -> Any:
            return np.where(age < 1, 1.0, 2.0)

    assert not TwoSpeeds().is_common
    assert TwoSpeeds().snapshot(JointLaw([1], [1], [1.0])) is None
    assert ask(TwoSpeeds()).tolist() == [1.0, 2.0, 2.0]


@given(
    st.lists(st.floats(-5, 5) | st.just(float("nan")), min_size=1, max_size=5),
    st.floats(0, 3),
    st.floats(0, 3),
)
def test_exactly_the_increments_within_the_range_are_accepted(
    answer: list[float], low: float, width: float
) -> None:
    drift = Answer(np.array(answer), (low, low + width))
    if all(low <= value <= low + width for value in answer):
        assert ask(drift, requests=len(answer)).tolist() == answer
    else:
        with pytest.raises(DriftError):
            ask(drift, requests=len(answer))


def lives(drift: DriftProcess, sizes: Any, steps: int = 20) -> list[Any]:
    """Increments of some requests on two workers, one of them replaced by a new one at every fifth step."""
    sizes = np.array(sizes, dtype=float)
    number = len(sizes)
    load, age, memory = sizes.copy(), np.zeros(number, dtype=np.int64), np.zeros(number)
    shared, rng, grown = np.zeros(1), stream(1, "drift"), []
    for step in range(steps):
        if step % 5 == 4:
            i = step % number
            load[i], age[i], memory[i] = sizes[i], 0, 0
        shown = slice(0, 0) if drift.is_common else slice(None)
        increment = checked_increments(
            drift,
            step=step,
            age=age[shown],
            size=sizes[shown],
            load=load[shown],
            rng=rng,
            worker=np.arange(number)[shown] % 2,
            memory=shared if drift.is_common else memory,
        )
        grown.append(increment)
        load += increment
        age += 1
    return grown


@pytest.mark.parametrize("drift", PROCESSES, ids=repr)
@given(sizes=st.lists(st.integers(0, 30), min_size=1, max_size=6))
def test_every_process_keeps_its_declaration(drift: DriftProcess, sizes: list[int]) -> None:
    grown = lives(drift, sizes)  # `checked_increments` holds it to range and shape
    assert drift.growth_class in GROWTH_CLASSES
    low, high = drift.increment_range
    assert low <= drift.mean_increment <= high
    if drift not in PROCESSES[-2:]:
        assert all((np.asarray(increment) % 1 == 0).all() for increment in grown)
    if drift.growth_class == "constant":
        assert low == high == drift.mean_increment
    if drift.is_common:
        assert all(isinstance(increment, float) for increment in grown)


@pytest.mark.parametrize("drift", PROCESSES, ids=repr)
def test_a_process_may_serve_two_runs_at_once(drift: DriftProcess) -> None:
    once, again = lives(drift, [3, 14, 15]), lives(drift, [3, 14, 15])
    assert all(np.array_equal(a, b) for a, b in zip(once, again, strict=True))


def test_defaults_of_a_process_of_ones_own() -> None:
    drift = Answer(1, (1, 4))
    assert drift.mean_increment == 2.5
    assert drift.snapshots(JointLaw([1], [1], [1.0])) is None
    assert drift.lengths_in_steps(np.array([3, 9]), stream(0, "lengths")).tolist() == [3, 9]
    (only,) = UnitGrowth().snapshots(JointLaw([1], [2], [1.0]))
    assert only.values.tolist() == [1, 2]


def test_a_process_gets_what_it_asks_for_and_nothing_else() -> None:
    class Curious(DriftProcess):
        increment_range = (0.0, 9.0)

        def increments(self, **state: Any) -> Any:
            self.state = state
            return 0.0

    worker, memory = np.array([1, 0, 1]), np.array([4.0, 5.0, 6.0])
    for sees, has in ((False, False), (True, False), (False, True), (True, True)):
        drift = Curious()
        drift.sees_workers, drift.has_memory = sees, has
        ask(drift, worker=worker, memory=memory)
        more = ({"worker"} if sees else set()) | ({"memory"} if has else set())
        assert set(drift.state) == {"step", "age", "size", "load", "rng"} | more
        assert not has or drift.state["memory"] is memory  # to be changed in place


def test_an_increment_outside_the_range_carries_its_value() -> None:
    with pytest.raises(OutOfRange) as caught:
        ask(Answer([0.0, -2.5, 1.0], (0, 2)))
    assert caught.value.change == -2.5
