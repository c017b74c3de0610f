"""Each policy on a state worked by hand, and rules that hold for all of them."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import stream
from drift_processes import UnitGrowth, Workload
from formulations import imbalance
from simulation import POLICIES, System, View, simulate
from simulation.policies import (
    AuthorsBfio,
    BalanceRouteH,
    Bfio,
    BfioExact,
    Survival,
    VllmDp,
    make_policy,
)
from tests.workload_strategies import QUICK_POOLED


def view(loads, free, sizes, active=None, seed=0) -> View:
    return View(
        step=0,
        loads=np.array(loads, dtype=float)[:, None],
        active=np.array(active or [0] * len(loads)),
        free_slots=np.array(free),
        sizes=np.array(sizes, dtype=float),
        waited=np.zeros(len(sizes), dtype=np.int64),
        growth=np.zeros(1),
        weights=np.ones(1),
        rng=stream(seed, "policy"),
    )


def views() -> st.SearchStrategy[View]:
    def build(draw) -> View:
        workers = draw(st.integers(1, 4))
        numbers = lambda lo, hi, n: draw(st.lists(st.integers(lo, hi), min_size=n, max_size=n))  # noqa: E731
        return view(
            numbers(0, 60, workers),
            numbers(0, 3, workers),
            numbers(0, 30, draw(st.integers(0, 10))),
            numbers(0, 5, workers),
            draw(st.integers(0, 5)),
        )

    return st.composite(build)()


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        # in turn, passing over worker 1, which is full
        ("fcfs", [0, 2, 3, 3, -1]),
        ("round_robin", [0, 2, 3, 3, -1]),
        # counts 2, 9, 0, 1: to 2 (then closed), to 3, tie of 2 and 2 decided by load 40 > 30, back to 0
        ("jsq", [2, 3, 3, 0, -1]),
        # loads 40, 0, 10, 20: 2 takes 50 (closed), 3 takes 10 -> 30, 3 takes 1 -> closed, 0
        ("least_load", [2, 3, 3, 0, -1]),
    ],
)
def test_a_state_worked_by_hand(policy: str, expected: list[int]) -> None:
    state = view(loads=[40, 0, 10, 20], free=[1, 0, 1, 2], sizes=[50, 10, 1, 2, 3], active=[2, 9, 0, 1])
    assert make_policy(policy).assign(state).tolist() == expected


def test_jsq_breaks_ties_by_load_then_by_index() -> None:
    assert make_policy("jsq").assign(view([5, 4, 4], [1, 1, 1], [1, 1, 1])).tolist() == [1, 2, 0]


def test_power_of_two_never_takes_the_heavier_of_two() -> None:
    """With two workers both get drawn half of the time; the light one then always wins."""
    choices = [make_policy("power_of_two").assign(view([9, 0], [1, 1], [1], seed=s))[0] for s in range(400)]
    # the heavy worker is taken only where it is drawn twice: probability 1/4; 3.3 standard deviations
    assert 70 <= choices.count(0) <= 130


def test_random_is_uniform_over_workers_with_a_free_slot() -> None:
    choices = [make_policy("random").assign(view([9, 0, 0], [1, 0, 1], [1], seed=s))[0] for s in range(400)]
    assert choices.count(1) == 0
    assert 160 <= choices.count(0) <= 240


@given(state=views(), policy=st.sampled_from(QUICK_POOLED))
def test_every_policy_fills_exactly_the_slots_it_may(state: View, policy: str) -> None:
    worker = make_policy(policy).assign(state)
    given_to = np.bincount(worker[worker >= 0], minlength=len(state.free_slots))
    assert (given_to <= state.free_slots).all()
    assert given_to.sum() == state.admissions


@given(state=views(), baseline=st.sampled_from(["fcfs", "least_load"]))
def test_bfio_is_never_worse_in_a_step_than_a_baseline_from_the_same_state(
    state: View, baseline: str
) -> None:
    problem = state.problem()
    theirs = imbalance(problem, make_policy(baseline).assign(state))
    assert imbalance(problem, make_policy("bfio").assign(state)) <= theirs


def test_both_solvers_prove_what_they_decide_and_take_the_same_options() -> None:
    rng = np.random.default_rng(4)
    work = Workload(rng.integers(1, 30, 30), rng.integers(1, 6, 30), UnitGrowth())
    for options in ({}, {"horizon": 2}, {"max_wait": 2}, {"objective": "spread"}):
        exact = simulate(work, System(2, 2), BfioExact(**options), lookahead="oracle", steps=8)
        fast = simulate(work, System(2, 2), Bfio(**options), lookahead="oracle", steps=8)
        assert exact.gap.tolist() == [0] * 8
        assert exact.options == {**fast.options, "time_limit_s": None, "model": "assignment"}
        # both start empty: the first decision is of one program, and an optimum is never above
        assert exact.gap[0] <= fast.gap[0]
    waits = [simulate(work, System(2, 2), kind(max_wait=2)).wait.max() for kind in (Bfio, BfioExact)]
    assert waits[0] == waits[1]


def test_the_repr_of_a_policy_shows_what_it_was_told() -> None:
    assert repr(make_policy("fcfs")) == "Fcfs()"
    assert repr(Bfio(horizon=2)) == "Bfio(horizon=2, discount=None, objective='imbalance', max_wait=None)"


def test_the_names_are_those_of_the_objects() -> None:
    for name, kind in POLICIES.items():
        assert kind().name == name


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda: VllmDp(refresh_s=-1), "refresh_s must be >= 0, got -1"),
        (lambda: BalanceRouteH(horizon=-1), "horizon must be >= 0, got -1"),
        (lambda: BalanceRouteH(discount=0), "discount must be > 0, got 0"),
        (lambda: Survival(points=0), "points must be >= 1, got 0"),
        (lambda: AuthorsBfio(penalty=-2), "penalty must be >= 0, got -2"),
        (lambda: AuthorsBfio(greedy_slots=1.5), "greedy_slots must be a whole number, got 1.5 (float)"),
    ],
)
def test_an_option_out_of_range_is_told_in_one_line(make, line: str) -> None:
    with pytest.raises(ValueError if "whole" not in line else TypeError, match="^" + re.escape(line) + "$"):
        make()
