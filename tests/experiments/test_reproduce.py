"""The main job from inside: its stages, its scenario's limits, and claims that a broken run would fail."""

from dataclasses import replace

import numpy as np
import pytest

from drift_processes import JointLaw, Law, UnitGrowth, Workload
from experiments.claim_rows import serving_claims
from experiments.judging import ClaimRow
from experiments.replications import replicate_fcfs
from experiments.reproduce import reproduce, stages
from experiments.scenario import Requests, Scenario
from experiments.settling import settle
from simulation import Run, System, simulate

SMALL = Scenario(workers=3, slots=2, steps=200)
LAW = JointLaw.independent(Law.uniform(1, 20), Law.geometric(0.2))


@pytest.mark.parametrize("check_runs", [False, True])
def test_every_stage_is_announced(check_runs: bool) -> None:
    told: list[str] = []
    reproduce(SMALL, requests=Requests(LAW, "x", 0), check_runs=check_runs, progress=told.append)
    assert len(told) == stages(check_runs=check_runs)


def test_the_exact_law_is_judged_by_runs_of_their_own_however_short_the_scenario_is() -> None:
    settling = settle(LAW.length_law, steps=1)
    replicas = replicate_fcfs(replace(SMALL, steps=1), LAW, settling)
    assert replicas.number == 32
    assert replicas.steps >= 4 * 9  # E o² / E o = (2 - p) / p = 9
    assert not replicas.failed


def test_settling_of_periodic_lengths_is_that_of_the_lengths_divided() -> None:
    lengths = Law([3, 6, 15], [0.5, 0.25, 0.25])
    divided = settle(Law([1, 2, 5], [0.5, 0.25, 0.25]), steps=10)
    assert settle(lengths, steps=10).warmup == 3 * divided.warmup
    assert settle(lengths, steps=10).verdict == "not applicable"
    assert divided.verdict == settle(Law.constant(7), steps=10).verdict == ""
    assert settle(Law.constant(7), steps=10).warmup == 0


def serving_rows(**changes: object) -> dict[str, str]:
    work = Workload.synthetic(
        sizes=Law.uniform(1, 20), lengths=Law.geometric(0.2), drift=UnitGrowth(), requests=2000, seed=1
    )
    run = simulate(work, System(3, 2), "bfio", steps=300)
    broken = replace(run, **{name: change(getattr(run, name)) for name, change in changes.items()})
    return {row.claim: row.verdict for row in serving_claims({"bfio": broken}, Law.uniform(1, 20), 50)}


def test_t0_and_e0_hold_on_a_run_and_fail_on_a_tampered_one() -> None:
    sound = {"T0": "consistent", "E0": "consistent", "B1": "not applicable"}
    assert serving_rows() == sound
    assert serving_rows(duration_s=lambda v: v * 1.0001) != sound
    # T0 counts tokens and work from the requests, so that a wrong record of the steps shows
    assert serving_rows(active=lambda v: v - (np.arange(len(v)) == 60))["T0"] == "violated"
    assert serving_rows(max_load=lambda v: v * 1.01)["T0"] == "violated"
    assert serving_rows(energy_j=lambda v: v * 1.5)["E0"] == "violated"


def test_b1_is_violated_by_an_optimal_decision_only() -> None:
    sizes = Law([1, 20], [0.5, 0.5])  # two, so that every decision is proven
    work = Workload.synthetic(sizes=sizes, lengths=Law.constant(4), drift=UnitGrowth(), requests=2000, seed=1)
    run = simulate(work, System(3, 2), "bfio", steps=40)
    assert (run.gap == 0).all()
    beyond = replace(run, max_load=run.max_load + 20)  # (G-1)·Δ is 38

    def b1(bfio: Run) -> ClaimRow:
        return next(row for row in serving_claims({"bfio": bfio}, sizes, 8) if row.claim == "B1")

    assert (b1(run).verdict, b1(beyond).verdict) == ("consistent", "violated")
    unproven = b1(replace(beyond, gap=run.gap + (np.arange(run.steps) == 3)))
    assert unproven.verdict == "inconclusive"
    assert "but step 3: proven to be within 1 of the optimum only" in unproven.reason


def test_a_law_with_an_outlier_needs_no_more_requests_than_twice_its_mean_says() -> None:
    lengths = Law([10, 10**9], [0.999, 0.001])
    mean = 0.999 * 10 + 0.001 * 1000  # of what counts within 1000 steps
    assert SMALL._enough(lengths, 1000) < 6 * (2 * 1000 / mean + 10) + 300
