"""`Adversarial`: which requests each schedule picks, and that shares stay within the range."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import stream
from drift_processes import Adversarial, JointLaw
from drift_processes.adversarial import SCHEDULES

STATE = {
    "step": 3,
    "age": np.array([5, 0, 2, 9]),
    "size": np.array([1.0, 8.0, 4.0, 2.0]),
    "load": np.array([6.0, 8.0, 4.0, 3.0]),
    "worker": np.array([4, 1, 4, 1]),
}


def ask(drift: Adversarial, **changes: object) -> list[float]:
    return drift.increments(**{**STATE, **changes}, rng=stream(0, "drift")).tolist()


@pytest.mark.parametrize(
    ("schedule", "picked"),
    [
        # worker 1 holds 11, worker 4 holds 10; median load 5, median age 3.5
        ("heaviest_worker", [0, 1, 0, 1]),
        ("lightest_worker", [1, 0, 1, 0]),
        ("largest", [1, 1, 0, 0]),
        ("oldest", [1, 0, 0, 1]),
        ("youngest", [0, 1, 1, 0]),
    ],
)
def test_a_schedule_picks_by_hand(schedule: str, picked: list[float]) -> None:
    assert ask(Adversarial(schedule)) == picked
    assert ask(Adversarial(schedule, 2, 7)) == [7 if p else 2 for p in picked]


def test_equal_workers_are_all_heaviest_and_all_lightest() -> None:
    same = np.array([5.0, 5.0, 5.0, 5.0])
    assert ask(Adversarial("heaviest_worker"), load=same) == [1, 1, 1, 1]
    assert ask(Adversarial("lightest_worker"), load=same) == [1, 1, 1, 1]


def test_a_function_gives_the_share_of_the_range() -> None:
    def by_size(*, size: np.ndarray, **_state: object) -> np.ndarray:
        return size / 8

    drift = Adversarial(by_size, low=1, high=3)
    assert ask(drift) == [1.25, 3, 2, 1.5]
    assert drift.growth_class == "per-request random"
    assert repr(drift) == "Adversarial(by_size, low=1, high=3)"


@given(st.floats(0, 10), st.floats(0, 10), st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_any_share_stays_within_the_range_and_the_ends_are_exact(low, width, shares) -> None:
    high = low + width
    grown = ask(Adversarial(lambda **_state: np.array(shares), low, high))
    for share, growth in zip(shares, grown, strict=True):
        assert low <= growth <= high
        assert share not in (0, 1) or growth == (high if share else low)


def test_no_request_needs_no_choice() -> None:
    none = np.zeros(0)
    for schedule in SCHEDULES:
        assert ask(Adversarial(schedule), age=none, load=none, worker=none.astype(int)) == []


def test_the_function_sees_everything() -> None:
    seen: dict[str, object] = {}

    def watch(**state: object) -> np.ndarray:
        seen.update(state)
        return np.zeros(4)

    ask(Adversarial(watch))
    assert set(seen) == {"step", "age", "size", "load", "worker", "rng"}


def test_what_it_declares() -> None:
    drift = Adversarial("oldest", low=0.5)
    assert (drift.sees_workers, drift.is_common, drift.increment_range) == (True, False, (0.5, 1.0))
    assert drift.growth_class == "per-request deterministic"
    assert drift.snapshot(JointLaw([1], [1], [1])) is None
    assert repr(drift) == "Adversarial('oldest', low=0.5, high=1)"


def test_a_full_share_is_the_upper_end_although_the_sum_rounds_below_it() -> None:
    assert 0.2 + (0.9 - 0.2) < 0.9
    assert ask(Adversarial(lambda **_state: np.ones(4), 0.2, 0.9)) == [0.9] * 4
