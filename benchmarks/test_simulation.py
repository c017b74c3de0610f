"""Steps per second of the compiled engine."""

from __future__ import annotations

import pytest

from benchmarks.settings import workload
from drift_processes import Law, SpeculativeDecoding, Workload
from simulation import System, simulate
from simulation.policies import Bfio

CASES = [(16, "fcfs", 20_000), (16, "bfio", 10_000), (256, "fcfs", 2_000), (256, "bfio", 1_000)]


def test_steps_of_unlike_requests(benchmark) -> None:
    """Growth that differs from request to request: O(active) per step."""
    work = Workload.synthetic(
        sizes=Law.uniform(1, 100), lengths=Law.geometric(0.02), drift=SpeculativeDecoding(4, 0.7),
        requests=256 * 72 * 25, seed=1,
    )  # fmt: skip
    simulate(work, System(256, 72), "fcfs", steps=10, seed=1)
    run = benchmark.pedantic(
        lambda: simulate(work, System(256, 72), "fcfs", steps=1_000, seed=1), rounds=3, warmup_rounds=1
    )
    benchmark.group = "engine, speculative decoding, uniform sizes, geometric lengths, B=72"
    benchmark.extra_info.update(rule="fcfs G=256", imbalance=run.imbalance[500:].mean(), decisions=1_000)


@pytest.mark.parametrize(("workers", "policy", "steps"), CASES)
def test_steps(benchmark, workers: int, policy: str, steps: int) -> None:
    work = workload("uniform", int(workers * 72 * (1 + steps * 0.0205)) + 4 * workers, 1)
    simulate(work, System(workers, 72), policy, steps=10)
    run = benchmark.pedantic(
        lambda: simulate(work, System(workers, 72), policy, steps=steps), rounds=3, warmup_rounds=1
    )
    benchmark.group = "engine, uniform sizes, geometric lengths, B=72"
    benchmark.extra_info.update(
        rule=f"{policy} G={workers}", imbalance=run.imbalance[500:].mean(), decisions=steps
    )


def test_lookahead(benchmark) -> None:
    work = workload("uniform", 16 * 72 * 250, 1)
    run = benchmark.pedantic(
        lambda: simulate(work, System(16, 72), Bfio(horizon=20), steps=10_000, lookahead="oracle"),
        rounds=3,
        warmup_rounds=1,
    )
    benchmark.group = "engine, uniform sizes, geometric lengths, B=72"
    benchmark.extra_info.update(rule="bfio(20) G=16", imbalance=run.imbalance[500:].mean(), decisions=10_000)
