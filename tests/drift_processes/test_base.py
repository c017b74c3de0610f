"""`DriftProcess`: what a process of one's own must override, and that it is held to what it declares."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import DriftError, stream
from drift_processes import DriftProcess, JointLaw, NoGrowth, UnitGrowth
from drift_processes.base import checked_increments


class Answer(DriftProcess):
    """Grows by whatever it is told."""

    def __init__(self, answer: Any, declared: tuple[float, float], *, common: bool = False) -> None:
        self.answer = answer
        self.increment_range = declared
        self.is_common = common

    def increments(self, **_state: Any) -> Any:
        return self.answer


def ask(drift: DriftProcess, requests: int = 3) -> Any:
    return checked_increments(
        drift,
        step=4,
        age=np.arange(requests),
        size=np.full(requests, 10.0),
        load=10.0 + np.arange(requests),
        rng=stream(0, "drift"),
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
