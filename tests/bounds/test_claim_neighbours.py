"""The false neighbours that speak of runs and laws: each is refuted by the instance it names."""

import numpy as np
import pytest

from bounds import CLAIMS, fcfs_imbalance
from bounds.maxima import maximum_above_mean
from drift_processes import DriftProcess, Law, UnitGrowth, Workload
from simulation import System, simulate
from simulation.policies import Bfio

SIZES, LENGTHS = Law.uniform(1, 100), Law.geometric(0.02)


class OneSided(DriftProcess):
    """Requests on worker 0 grow by 10 per step, the others not at all."""

    increment_range = (0.0, 10.0)
    sees_workers = True

    def increments(self, *, step, age, size, load, rng, worker):
        return np.where(worker == 0, 10.0, 0.0)


def serving(workers: int, slots: int, *, objective: str = "imbalance", steps: int = 500):
    work = Workload.synthetic(
        sizes=SIZES, lengths=LENGTHS, drift=UnitGrowth(), requests=workers * slots * (2 + steps // 40), seed=3
    )
    return simulate(work, System(workers, slots), Bfio(objective=objective), steps=steps, seed=1)


@pytest.fixture(scope="module")
def run():
    return serving(16, 72)


NO_BATCH = {"B": 72, "K": 500, "p": 0.02, "a": 1, "b": 100, "w_max": 10**4, "eta": 0.01}


def test_b2_fails_without_a_large_batch(run) -> None:
    other = CLAIMS["B2"].false_neighbour()
    asked = other.evaluate(G=16, Delta=99, **NO_BATCH)
    assert run.imbalance[150:].mean() > 2 * asked
    with pytest.raises(ValueError, match="claim B2 needs tau > 0"):
        CLAIMS["B2"].evaluate(G=16, Delta=99, **NO_BATCH)


def test_b2_spread_fails_without_a_large_batch() -> None:
    spread = serving(16, 72, objective="spread")
    asked = CLAIMS["B2-spread"].false_neighbour().evaluate(G=16, Delta=99, **NO_BATCH)
    assert spread.imbalance[150:].mean() > 2 * asked


def test_b2_heterogeneous_fails_where_growth_tears_apart_more_than_refills_reach() -> None:
    work = Workload.synthetic(
        sizes=Law.uniform(1, 2), lengths=Law.geometric(0.5), drift=OneSided(), requests=2000, seed=3
    )
    found = simulate(work, System(2, 20), Bfio(), steps=20, seed=1)
    numbers = {**NO_BATCH, "B": 20, "K": 20, "p": 0.5, "b": 2, "gap": 10}
    asked = CLAIMS["B2-heterogeneous"].false_neighbour().evaluate(G=2, Delta=1, **numbers)
    assert found.imbalance[0] <= asked < found.imbalance[1:].min()


def test_b4_needs_the_logarithm(run) -> None:
    numbers = {"G": 16, "w2": 13_000, "a": 1, "b": 100, "c": 0.95}
    mean = run.imbalance[150:].mean()
    assert mean > 2 * CLAIMS["B4"].false_neighbour().evaluate(**numbers)
    assert mean < CLAIMS["B4"].evaluate(**numbers)


def test_b2_ratio_needs_its_regime(run) -> None:
    exact = fcfs_imbalance(SIZES, LENGTHS, UnitGrowth(), workers=16, slots=72).mid
    assert exact == pytest.approx(14212.04, abs=0.01)
    numbers = {"G": 16, "B": 72, "M": exact / 16, "mu": 0, "p": 0.02, "a": 1, "b": 100}
    numbers |= {"Delta": 99, "s_max": 100, "delta": 1, "A": 900}
    asked = CLAIMS["B2-ratio"].false_neighbour().evaluate(**numbers)
    assert exact / run.imbalance[150:].mean() < 0.5 * asked
    with pytest.raises(ValueError, match="claim B2-ratio needs tau > 0"):
        CLAIMS["B2-ratio"].evaluate(**numbers)


def test_b3_with_a_wrong_exponent_is_not_what_is_seen(run) -> None:
    few, many = (
        fcfs_imbalance(SIZES, LENGTHS, UnitGrowth(), workers=workers, slots=72).mid / mean
        for workers, mean in ((4, serving(4, 72).imbalance[150:].mean()), (16, run.imbalance[150:].mean()))
    )
    claim, other = CLAIMS["B3"], CLAIMS["B3"].false_neighbour()
    asked = [each.evaluate(G=16, B=72, c=1) / each.evaluate(G=4, B=72, c=1) for each in (claim, other)]
    assert asked == pytest.approx([2**0.5, 2])
    assert many < 1.3 * few


def test_b1_ratio_times_four_where_there_is_no_choice() -> None:
    # two slots and a pool of two: FCFS and BF-IO do the same
    coin = Law([0, 1], [0.5, 0.5])
    exact = maximum_above_mean(coin, copies=2, terms=1).mid
    numbers = {"G": 2, "B": 1, "M": exact + 0.5, "mu": 0.5, "Delta": 1}
    assert CLAIMS["B1-ratio"].evaluate(**numbers) == pytest.approx(0.5)
    assert CLAIMS["B1-ratio"].false_neighbour().evaluate(**numbers) == pytest.approx(2)
    work = Workload.synthetic(sizes=coin, lengths=Law.constant(1), drift=UnitGrowth(), requests=400, seed=4)
    both = [simulate(work, System(2, 1), policy, window=0, seed=1) for policy in ("fcfs", Bfio())]
    assert both[0].imbalance.mean() == both[1].imbalance.mean() > 0.4


def test_f0_b1_and_t0_against_their_smallest_instances() -> None:
    # max of two coins is 1 with probability 3/4: E I = 2·(3/4 - 1/2)
    assert CLAIMS["F0"].false_neighbour().evaluate(G=2, B=1, M=0.75, mu=0.5) == 0.25
    assert CLAIMS["F0"].evaluate(G=2, B=1, M=0.75, mu=0.5) == 0.5
    # sizes 1 and 0 on two workers of one slot: I = 1
    assert CLAIMS["B1"].false_neighbour().evaluate(G=2, Delta=1) < 1 == CLAIMS["B1"].evaluate(G=2, Delta=1)
    step = {"G": 2, "K": 1, "N": 2, "C": 1, "kappa": 1, "nu": 0, "W": 4, "J": 2}
    assert CLAIMS["T0"].evaluate(**step) == 0.5
    assert CLAIMS["T0"].false_neighbour().evaluate(**step) == pytest.approx(2 / 3)
