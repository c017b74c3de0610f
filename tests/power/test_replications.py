"""The exact law F0 on real replications: confirmed at its value, refuted at half and one and a half of it."""

import math

import pytest

from bounds import fcfs_imbalance, sum_law
from bounds.confidence.asymptotic import AsymptoticSequence
from bounds.confidence.betting import BettingSequence
from bounds.confidence.ceiling import imbalance_ceiling
from bounds.confidence.decide import around, decide
from bounds.fcfs import slot_load_law
from drift_processes import Law, UnitGrowth, Workload
from simulation import System, simulate

WORKERS, SLOTS, WARMUP, STEPS = 2, 3, 40, 30
SIZES, LENGTHS, DRIFT = Law.uniform(1, 20), Law.geometric(0.2), UnitGrowth()
EXACT = fcfs_imbalance(SIZES, LENGTHS, DRIFT, workers=WORKERS, slots=SLOTS)
EXCESS = 1e-3 * EXACT.hi
CEILING = imbalance_ceiling(
    sum_law(slot_load_law(SIZES, LENGTHS, DRIFT), SLOTS), workers=WORKERS, excess=EXCESS
)


def mean_imbalance(seed: int) -> float:
    work = Workload.synthetic(sizes=SIZES, lengths=LENGTHS, drift=DRIFT, requests=200, seed=seed)
    run = simulate(work, System(WORKERS, SLOTS), "fcfs", steps=WARMUP + STEPS)
    return float(run.imbalance[WARMUP:].mean())


@pytest.mark.parametrize(("factor", "word"), [(0.5, "refuted"), (1.0, "holds"), (1.5, "refuted")])
def test_the_exact_value_holds_within_a_fifth_and_its_neighbours_are_refuted(factor, word) -> None:
    allowed = around(EXACT * factor, rtol=0.2)
    verdict = decide(mean_imbalance, allowed, BettingSequence(0, CEILING, excess=EXCESS), seed=1, claim="F0")
    assert verdict.word == word
    assert verdict.guarantee.startswith("wrong with probability at most 0.01")


def test_an_upper_bound_is_refuted_without_knowing_anything_but_that_imbalance_is_not_negative() -> None:
    verdict = decide(mean_imbalance, (-math.inf, EXACT.hi / 2), BettingSequence(0), seed=1, claim="F0/2")
    assert verdict.word == "refuted"
    assert verdict.observations < 200


def test_without_a_ceiling_the_same_is_decided_in_fewer_replications_but_only_asymptotically() -> None:
    allowed = around(EXACT, rtol=0.2)
    exact = decide(mean_imbalance, allowed, BettingSequence(0, CEILING, excess=EXCESS), seed=1)
    limit = decide(mean_imbalance, allowed, AsymptoticSequence(0), seed=1)
    assert limit.word == exact.word == "holds"
    assert limit.observations <= exact.observations
    assert limit.guarantee.startswith("asymptotic")
