"""The ceiling of an imbalance: its excess by enumeration and on simulated runs."""

import itertools
import math

import numpy as np
import pytest

from bounds import sum_law
from bounds.confidence.ceiling import imbalance_ceiling
from bounds.fcfs import slot_load_law
from drift_processes import Law, UnitGrowth, Workload
from simulation import System, simulate

LOADS = Law([1, 2, 5, 9], [0.4, 0.3, 0.2, 0.1])


def excess_of(ceiling: float, workers: int) -> float:
    """E (I - ceiling)⁺ over all outcomes of independent loads."""
    total = 0.0
    for outcome in itertools.product(zip(LOADS.values, LOADS.probabilities, strict=True), repeat=workers):
        loads, chances = zip(*outcome, strict=True)
        total += max(workers * max(loads) - sum(loads) - ceiling, 0) * math.prod(chances)
    return total


@pytest.mark.parametrize("workers", [2, 3, 4])
@pytest.mark.parametrize("excess", [5.0, 1.0, 0.1, 1e-6])
def test_the_mean_excess_of_the_imbalance_is_at_most_what_was_asked(workers, excess) -> None:
    ceiling = imbalance_ceiling(LOADS, workers=workers, excess=excess)
    assert excess_of(ceiling, workers) <= excess


@pytest.mark.parametrize("excess", [2.0, 1.0, 0.3, 1e-9])
def test_the_ceiling_solves_its_defining_equation(excess) -> None:
    for workers in (2, 5):
        cut = 1 + imbalance_ceiling(LOADS, workers=workers, excess=excess) / (workers - 1)
        found = workers * (workers - 1) * np.dot(LOADS.probabilities, np.maximum(LOADS.values - cut, 0))
        assert found == pytest.approx(excess, rel=1e-6, abs=1e-12)


def test_constant_loads_and_single_workers_have_no_imbalance() -> None:
    assert imbalance_ceiling(Law.constant(7), workers=4, excess=0.1) == 0
    assert imbalance_ceiling(LOADS, workers=1, excess=0.1) == 0


@pytest.mark.parametrize("excess", [30.0, 6.0, 0.5])
def test_a_least_load_below_the_law_is_counted(excess) -> None:
    # as if 3 more were the smallest value, with no probability
    cut = -3 + imbalance_ceiling(LOADS, workers=3, excess=excess, least=-3) / 2
    found = 6 * np.dot(LOADS.probabilities, np.maximum(LOADS.values - cut, 0))
    assert found == pytest.approx(excess) if cut > -3 else found <= excess


@pytest.mark.parametrize("policy", ["fcfs", "bfio"])
@pytest.mark.parametrize("chance", [0.2, 0.7])
def test_no_policy_that_is_blind_to_lengths_exceeds_it_by_more_on_average(policy, chance) -> None:
    workers, slots, largest = 3, 2, 40
    lengths = Law.geometric(chance)
    load = sum_law(slot_load_law(Law.constant(largest), lengths, UnitGrowth()), slots)
    excess = 0.01
    ceiling = imbalance_ceiling(load, workers=workers, excess=excess, least=slots)
    work = Workload.synthetic(
        sizes=Law([1, largest], [0.5, 0.5]), lengths=lengths, drift=UnitGrowth(), requests=6000, seed=4
    )
    run = simulate(work, System(workers, slots), policy, steps=1200, seed=1)
    assert np.maximum(run.imbalance - ceiling, 0).mean() <= excess
    assert run.imbalance.max() > ceiling / 4
