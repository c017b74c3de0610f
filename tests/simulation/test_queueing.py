"""Queueing theory that a run has to obey: Lindley, Pollaczek and Khinchine, Little, and independent workers.

With one worker of one slot and steps of one duration C, a request of length o is served for D = o·C. A step
begins when the one before it ends, or at an arrival where nothing runs and nobody waits: so service begins at
arrival where the server is idle, else when the one before ends, and the system is the M/G/1 queue without
any correction for steps. With more slots it is not: who arrives during a step waits for its end.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounds import independent_mean
from drift_processes import Law, NoGrowth, PoissonArrivals, UnitGrowth, Workload
from simulation import Run, System, simulate
from tests.workload_strategies import (
    COMPILED_RULES,
    AgeGrowth,
    EveryThirdStep,
    paced_systems,
    workloads,
)

STEP_S = 0.25
SERVER = System(1, 1, overhead_s=STEP_S, seconds_per_token=0.0)

#: Length, and the first two moments of the time of service.
SERVICES = {
    "M/D/1": (Law.constant(3), 3 * STEP_S, (3 * STEP_S) ** 2),
    "M/G/1 with geometric lengths": (Law.geometric(0.4), STEP_S / 0.4, STEP_S**2 * 1.6 / 0.4**2),
}


def served(lengths: Law, *, rate: float, requests: int, seed: int) -> Run:
    work = Workload.synthetic(
        sizes=Law.constant(1), lengths=lengths, drift=NoGrowth(), requests=requests,
        arrivals=PoissonArrivals(rate), seed=seed,
    )  # fmt: skip
    return simulate(work, SERVER, "fcfs")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("binding", ["pooled", "immediate"])
def test_waits_follow_lindley(service: str, binding: str) -> None:
    run = served(SERVICES[service][0], rate=1.1, requests=3000, seed=4)
    run = simulate(run.workload, SERVER, "round_robin", binding=binding)
    free, expected = 0.0, []
    for arrival, length in zip(run.workload.arrival_s, run.workload.lengths, strict=True):
        begin = max(arrival, free)
        expected.append(begin - arrival)
        free = begin + length * STEP_S
    np.testing.assert_allclose(run.wait_s, expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(run.ttft_s, np.array(expected) + STEP_S, rtol=0, atol=1e-9)
    assert run.time_s[-1] + run.duration_s[-1] == pytest.approx(free)


@pytest.mark.parametrize("service", SERVICES)
def test_the_mean_wait_is_that_of_pollaczek_and_khinchine(service: str) -> None:
    """λ·E D² / (2·(1 - ρ)), in an interval that fails once in 10^8; half and twice as much are outside."""
    lengths, mean, square = SERVICES[service]
    load = 0.6
    rate = load / mean
    runs = (served(lengths, rate=rate, requests=3000, seed=100 + j) for j in range(30))
    interval = independent_mean([run.wait_s[300:].mean() for run in runs], level=1 - 1e-8)
    wait = rate * square / (2 * (1 - load))
    assert interval.lo <= wait <= interval.hi
    assert wait / 2 < interval.lo
    assert interval.hi < 2 * wait


def test_the_server_is_busy_for_the_share_of_time_that_is_offered() -> None:
    lengths, mean, _ = SERVICES["M/D/1"]
    run = served(lengths, rate=0.6 / mean, requests=20_000, seed=9)
    figures = run.summary()
    assert figures["occupancy"] + figures["empty_fraction"] == pytest.approx(1)
    # the elapsed time is a sum of 20,000 exponential gaps: 0.7 % of its mean, four standard deviations
    assert figures["occupancy"] == pytest.approx(0.6, rel=0.03)
    # Poisson arrivals see time averages: as many have to wait as find the server busy
    assert (run.wait_s > 1e-9).mean() == pytest.approx(0.6, abs=0.03)


@given(work=workloads(clocked=True), system=paced_systems(), rule=st.sampled_from(COMPILED_RULES))
def test_little_holds_on_every_finished_run(work, system, rule) -> None:
    """Number waiting x time = Σ of waits, and number active x time = Σ of stays, counted step by step.

    The wait that the steps see begins with the first step after the arrival, so that it falls short of
    ``wait_s`` by less than the step in which the request arrived.
    """
    policy, binding = rule
    run = simulate(work, system, policy, seed=1, binding=binding)
    arrival = np.zeros(work.requests) if work.arrival_s is None else work.arrival_s
    seen = run.time_s[np.searchsorted(run.time_s, arrival)]
    begun, ended = run.time_s[run.start], (run.time_s + run.duration_s)[run.finish - 1]
    assert (run.waiting * run.duration_s).sum() == pytest.approx((begun - seen).sum())
    assert (run.active * run.duration_s).sum() == pytest.approx((ended - begun).sum())
    assert (seen >= arrival).all()
    if run.is_clocked:
        short = run.wait_s - (begun - seen)
        assert short.min() >= -1e-9
        assert short.max() <= run.duration_s.max() + 1e-9
        figures = run.summary()
        rate = work.requests / (run.time_s[-1] + run.duration_s[-1])
        assert figures["queue"] == pytest.approx(rate * (begun - seen).mean())
        assert figures["occupancy"] * system.capacity == pytest.approx(rate * (ended - begun).mean())


@given(
    work=workloads((UnitGrowth(), NoGrowth(), EveryThirdStep(), AgeGrowth())),
    workers=st.integers(1, 4),
    slots=st.integers(1, 3),
)
def test_in_turn_and_at_once_every_worker_runs_as_if_it_were_alone(work, workers, slots) -> None:
    run = simulate(work, System(workers, slots), "round_robin", binding="immediate", record_loads=999)
    for g in range(min(workers, work.requests)):
        own = Workload(work.sizes[g::workers], work.lengths[g::workers], work.drift)
        alone = simulate(own, System(1, slots), "fcfs")
        np.testing.assert_array_equal(run.start[g::workers], alone.start)
        np.testing.assert_array_equal(run.loads[: alone.steps, g], alone.total_load)
        assert not run.loads[alone.steps :, g].any()
