"""The clairvoyant optimum is the true one, and no online work-conserving policy gets below it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import TimeLimit
from formulations import Schedule, StepProblem, solve_clairvoyant, solve_exact
from tests.oracles import brute_force_schedules
from tests.strategies import horizons


def check_schedule(given: dict[str, Any], result: Schedule) -> None:
    """Walk through the schedule step by step, with nothing of the solver's own."""
    sizes, lengths, growth = given["sizes"], given["lengths"], given["growth"]
    workers, slots, total = given["workers"], given["slots"], 0
    worker, start = result.worker.tolist(), result.start.tolist()
    for k in range(len(growth)):
        before = [i for i in range(len(sizes)) if 0 <= start[i] < k < start[i] + lengths[i]]
        new = [i for i in range(len(sizes)) if start[i] == k]
        waiting = sum(s == -1 or s >= k for s in start)
        assert len(new) == min(waiting, workers * slots - len(before))
        loads = [0] * workers
        for i in before + new:
            loads[worker[i]] += sizes[i] + growth[k] - growth[start[i]]
        assert all(sum(worker[i] == g for i in before + new) <= slots for g in range(workers))
        assert result.loads[:, k].tolist() == loads
        assert result.step_imbalance[k] == workers * max(loads) - sum(loads)
        total += workers * max(loads) - sum(loads)
    assert all((s >= 0) == (g >= 0) for s, g in zip(start, worker, strict=True))
    assert result.imbalance == total >= result.lower_bound


@pytest.mark.parametrize(
    ("sizes", "lengths", "growth", "workers", "slots", "imbalance", "why"),
    [
        ([4, 4], [1, 1], [0], 2, 1, 0, "both start and are equal"),
        ([4], [2], [0, 1], 3, 1, 18, "one load, 4 then 5, beside two idle workers: 2 * 4 + 2 * 5"),
        ([], [], [0, 0], 2, 2, 0, "nothing ever runs"),
        ([5, 3, 9], [1, 1, 1], [0, 0, 0], 1, 1, 0, "one worker is never idle at its own barrier"),
        ([5, 4, 1], [2, 2, 2], [0], 2, 1, 1, "5 and 4 first; 1 waits beyond the horizon of one step"),
        (
            [5, 4, 1],
            [2, 2, 2],
            [0, 0, 0],
            2,
            1,
            3,
            "5 and 4 twice, then 1 alone",
        ),
        ([3, 3, 1, 1], [1, 3, 1, 1], [0, 0, 0], 2, 1, 3, "1 and 1, 3 and 3, then one 3 alone: 0 + 0 + 3"),
    ],
)
def test_known_answers(
    sizes: list[int],
    lengths: list[int],
    growth: list[int],
    workers: int,
    slots: int,
    imbalance: float,
    why: str,
) -> None:
    given = {"sizes": sizes, "lengths": lengths, "growth": growth, "workers": workers, "slots": slots}
    result = solve_clairvoyant(**given, steps=len(growth))
    check_schedule(given, result)
    assert (result.imbalance, result.lower_bound, result.status) == (imbalance, imbalance, "optimal"), why


def check_against_enumeration(given: dict[str, Any]) -> None:
    result = solve_clairvoyant(**given, steps=len(given["growth"]))
    check_schedule(given, result)
    assert result.status == "optimal"
    assert result.imbalance == result.lower_bound == brute_force_schedules(**given)


@given(horizons())
@settings(max_examples=250)
def test_the_optimum_is_that_of_enumeration(given: dict[str, Any]) -> None:
    check_against_enumeration(given)


@pytest.mark.search
@given(horizons(max_pool=5, max_steps=5))
@settings(max_examples=3_000)
def test_the_optimum_is_that_of_enumeration_on_many_more(given: dict[str, Any]) -> None:
    check_against_enumeration(given)


def online(given: dict[str, Any], rng: np.random.Generator | None) -> float:
    """Return the total imbalance of a policy that never looks ahead: the exact step, or chance."""
    sizes, lengths, growth = given["sizes"], given["lengths"], given["growth"]
    workers, slots = given["workers"], given["slots"]
    running: list[tuple[int, int, int]] = []
    waiting, total = list(range(len(sizes))), 0.0
    for k in range(len(growth)):
        running = [(i, g, start) for i, g, start in running if k < start + lengths[i]]
        loads = [
            sum(sizes[i] + growth[k] - growth[start] for i, on, start in running if on == g)
            for g in range(workers)
        ]
        free = [slots - sum(on == g for _, on, _ in running) for g in range(workers)]
        if rng is None:
            worker = solve_exact(StepProblem(loads, free, [sizes[i] for i in waiting])).worker.tolist()
        else:
            places = rng.permutation([g for g in range(workers) for _ in range(free[g])]).tolist()
            worker = [places.pop() if places else -1 for _ in waiting]
        for i, g in zip(waiting, worker, strict=True):
            if g >= 0:
                running.append((i, g, k))
                loads[g] += sizes[i]
        waiting = [i for i, g in zip(waiting, worker, strict=True) if g < 0]
        total += workers * max(loads) - sum(loads)
    return total


@given(horizons(max_pool=8, max_steps=5), st.integers(0, 99))
@settings(max_examples=100)
def test_it_is_a_yardstick_for_online_policies(given: dict[str, Any], seed: int) -> None:
    best = solve_clairvoyant(**given, steps=len(given["growth"]))
    assert best.lower_bound <= online(given, None)
    assert best.lower_bound <= online(given, np.random.default_rng(seed))


def test_decimals_are_solved_to_a_sliver() -> None:
    sizes = [0.1, 0.7, 0.2, 0.3]
    result = solve_clairvoyant(sizes, [1, 2, 1, 1], [0.0, 0.1], workers=2, slots=1, steps=2)
    # 0.1 and 0.2 first, then 0.7 and 0.3: 0.1 + 0.4. With 0.3 among the first 0.1 + 0.6 or 0.2 + 0.5. With
    # 0.7 first, it is beside at most 0.3, then, grown to 0.8, beside at most 0.2.
    assert result.status == "optimal"
    assert result.imbalance == pytest.approx(0.5)
    assert 0.5 - 1e-5 < result.lower_bound <= 0.5


def test_a_time_limit_is_told_apart() -> None:
    rng = np.random.default_rng(0)
    sizes, lengths = rng.integers(1, 10**6, 12).tolist(), rng.integers(1, 5, 12).tolist()
    given = {"sizes": sizes, "lengths": lengths, "growth": [0] * 8, "workers": 2, "slots": 2}
    with pytest.raises(TimeLimit, match=r"^no schedule of 12 requests was found within 1e-09 s$") as caught:
        solve_clairvoyant(**given, steps=8, time_limit_s=1e-9)
    assert caught.value.lower_bound == 0.0
    result = solve_clairvoyant(**given, steps=8, time_limit_s=2.0)
    check_schedule(given, result)
    assert result.status == "time_limit"
    assert result.lower_bound < result.imbalance


def test_a_schedule_shows_what_matters(capfd: pytest.CaptureFixture[str]) -> None:
    result = solve_clairvoyant([5, 4, 1], [2, 2, 2], workers=2, slots=1, steps=1)
    assert repr(result) == "Schedule(started=2 of 3, imbalance=1, lower_bound=1, status='optimal')"
    assert capfd.readouterr() == ("", "")


def test_a_program_beyond_all_memory_is_refused_at_the_door() -> None:
    words = r"^workers \* steps must be <= 1000000, got 2000 \* 1000 = 2000000$"
    with pytest.raises(ValueError, match=words):
        solve_clairvoyant([1], [1], workers=2000, slots=1, steps=1000)
