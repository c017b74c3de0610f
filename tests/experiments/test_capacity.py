"""Capacity and offered load, by hand and from a run that nothing holds up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_processes import JointLaw, Law, NoGrowth, UnitGrowth, Workload
from experiments.capacity import capacity_per_s, offered_load
from simulation import System, simulate


def test_capacity_by_hand() -> None:
    """A step of balanced workers: 0.01 + 0.001·4·54.5 s; 8 requests of 5 steps each are in it."""
    law = JointLaw.independent(Law.uniform(1, 100), Law.geometric(0.2))
    system = System(2, 4, overhead_s=0.01, seconds_per_token=0.001, mean_load_s=0.0)
    assert capacity_per_s(law, UnitGrowth(), system) == pytest.approx(
        8 / (5 * (0.01 + 0.004 * 54.5)), rel=1e-6
    )


def test_the_offered_load_by_hand() -> None:
    """Two requests, 10 s apart: 2 + 3 = 5 tokens, 0.5 a second.

    Loads of a slot: 4, 5 and 6, 7, 8: 6 on average. Four slots hold 24; with all of them full a step takes
    1 s + 24·(0.25 + 0.125) s = 10 s and makes 8 tokens on two workers: 0.8 a second.
    """
    work = Workload([4, 6], [2, 3], UnitGrowth(), arrival_s=[3, 13])
    system = System(2, 4, overhead_s=1.0, seconds_per_token=0.25, mean_load_s=0.125)
    assert offered_load(work, system) == pytest.approx(0.5 / 0.8)
    assert offered_load(Workload([4], [2], UnitGrowth(), arrival_s=[3]), system) == np.inf


@given(size=st.integers(0, 50), length=st.integers(1, 9), workers=st.integers(2, 4), slots=st.integers(1, 4))
def test_equal_requests_at_equal_ages_are_served_at_load_one(size, length, workers, slots) -> None:
    """Rounds of equal requests keep all slots full and all workers alike: mean throughput is the capacity.

    The steps of a round last differently, so that C + κ·B·(load) is averaged over them, as it is in E Y.
    """
    rounds, system = 6, System(workers, slots, overhead_s=1.0, seconds_per_token=0.125)
    work = Workload([size] * (rounds * system.capacity), [length] * (rounds * system.capacity), UnitGrowth())
    run = simulate(work, system, "fcfs")
    total_s = float(run.duration_s.sum())
    spread = np.linspace(0, total_s, work.requests)
    clocked = Workload(work.sizes, work.lengths, UnitGrowth(), arrival_s=spread)
    assert offered_load(clocked, system) == pytest.approx(1.0)


def test_the_load_follows_the_growth() -> None:
    """As above, but sizes stay: the slot holds 4, 4, 6, 6, 6, 5.2 on average; a step takes 1 + 7.8 s."""
    work = Workload([4, 6], [2, 3], NoGrowth(), arrival_s=[3, 13])
    system = System(2, 4, overhead_s=1.0, seconds_per_token=0.25, mean_load_s=0.125)
    assert offered_load(work, system) == pytest.approx(0.5 / (8 / 8.8))


def test_steps_without_duration_have_no_capacity() -> None:
    law = JointLaw.independent(Law.uniform(1, 9), Law.constant(2))
    with pytest.raises(ValueError, match=r"^a load needs steps that take time: raise overhead_s"):
        capacity_per_s(law, UnitGrowth(), System(2, 4, overhead_s=0.0, seconds_per_token=0.0))
