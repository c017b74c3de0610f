"""The dealing of B1's proof: its bound holds on every run of rounds, and the optimum is at least as good."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_processes import DriftProcess, NoGrowth, UnitGrowth, Workload
from formulations import imbalance
from simulation import System, View, simulate
from simulation.policies import BfioExact, Deal, Policy
from tests.simulation.test_policies import view
from tests.workload_strategies import EveryThirdStep


class Beside(Policy):
    """Decides as one policy does and notes, state by state, what it and another come to."""

    name = "beside"
    bindings = ("pooled",)

    def __init__(self, decides: Policy, other: Policy) -> None:
        self.decides, self.other = decides, other
        self.noted: list[tuple[float, float]] = []

    def assign(self, view: View):
        problem, choice = view.problem(), self.decides.assign(view)
        self.noted.append((imbalance(problem, self.other.assign(view)), imbalance(problem, choice)))
        return choice


def rounds(draw, most_workers: int, most_slots: int, most_rounds: int):
    workers, slots = draw(st.integers(2, most_workers)), draw(st.integers(1, most_slots))
    length, number = draw(st.integers(1, 3)), draw(st.integers(1, most_rounds))
    largest = draw(st.sampled_from([1, 5, 1000]))
    requests = number * workers * slots + draw(st.integers(0, 6))
    sizes = draw(st.lists(st.integers(0, largest), min_size=requests, max_size=requests))
    drift: DriftProcess = draw(st.sampled_from([UnitGrowth(), NoGrowth(), EveryThirdStep()]))
    work = Workload(np.array(sizes, dtype=float), np.full(requests, length), drift)
    return work, System(workers, slots), number * length


def test_a_step_worked_by_hand() -> None:
    # layers 9 7 | 4 3 | 1: 9 and 7 to the empty workers; 7 + 4 and 9 + 3; the last to the 11, not the 12
    state = view(loads=[0, 0], free=[3, 2], sizes=[1, 9, 4, 7, 3, 50])
    assert Deal().assign(state).tolist() == [0, 0, 1, 1, 0, -1]


def test_a_full_worker_is_passed_over_and_a_short_layer_goes_to_the_lightest() -> None:
    # worker 1 is full; 8 to the empty worker 2, 2 to the 5; then one request is left: 5 + 2 < 8
    state = view(loads=[5, 0, 0], free=[3, 0, 3], sizes=[8, 2, 1])
    assert Deal().assign(state).tolist() == [2, 0, 0]


@settings(max_examples=150)
@given(data=st.data())
def test_every_step_of_homogeneous_rounds_is_within_b1(data) -> None:
    work, system, steps = rounds(data.draw, 8, 8, 3)
    run = simulate(work, system, "deal", steps=steps)
    assert run.imbalance.max() <= (system.workers - 1) * np.ptp(work.sizes)


@settings(max_examples=25)
@given(data=st.data())
def test_the_optimum_is_at_least_as_good_from_every_state(data) -> None:
    work, system, steps = rounds(data.draw, 3, 3, 2)
    policy = Beside(Deal(), BfioExact())
    simulate(work, system, policy, steps=steps)
    assert policy.noted
    assert all(best <= dealt for best, dealt in policy.noted)


@given(
    loads=st.lists(st.integers(0, 60), min_size=1, max_size=6),
    slots=st.integers(0, 4),
    data=st.data(),
)
def test_equal_numbers_of_free_slots_never_spread_loads_further_than_sizes_do(loads, slots, data) -> None:
    number = len(loads) * slots
    sizes = data.draw(st.lists(st.integers(0, 50), min_size=number, max_size=number + 3))
    worker = Deal().assign(view(loads, [slots] * len(loads), sizes))
    admitted = np.array(sizes, dtype=float)[:number]
    after = np.array(loads) + np.bincount(worker[:number], weights=admitted, minlength=len(loads))
    assert (worker[number:] == -1).all()
    assert np.ptp(after) <= max(np.ptp(loads), np.ptp(admitted) if number else 0)


@pytest.mark.parametrize(("workers", "slots"), [(2, 1), (2, 3), (5, 4)])
def test_the_bound_is_attained_by_one_large_request(workers: int, slots: int) -> None:
    sizes = [9.0] + [2.0] * (workers * slots - 1)
    run = simulate(Workload(sizes, [1] * len(sizes), NoGrowth()), System(workers, slots), "deal")
    assert run.imbalance.tolist() == [(workers - 1) * 7]


def test_it_needs_equal_lengths() -> None:
    """Where slots become free one by one, a dealt layer evens out what it can see, and no more."""
    work = Workload([1, 1, 100, 100, 100, 100], [9, 1, 9, 1, 1, 1], NoGrowth())
    run = simulate(work, System(2, 2), "deal", steps=3, window=4)
    assert run.imbalance.max() > 99
