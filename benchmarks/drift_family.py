"""Every drift process beside the others: ``python -m benchmarks.drift_family``, a table."""

from __future__ import annotations

import math
import sys

import pandas as pd

from bounds import batch_means
from drift_processes import (
    Adversarial,
    CommonGrowth,
    DriftProcess,
    Law,
    NoGrowth,
    RandomIncrements,
    RegimeSwitching,
    RequestStream,
    SaturatingGrowth,
    SlidingWindow,
    SpeculativeDecoding,
    ThrottledGrowth,
    UnitGrowth,
)
from experiments.reproduce import Outcome, reproduce
from experiments.scenario import Scenario
from simulation import System, simulate_stream

BURSTS = [[0.98, 0.02], [0.1, 0.9]]

FAMILY: tuple[DriftProcess, ...] = (
    NoGrowth(),
    UnitGrowth(),
    CommonGrowth([0, 0, 3]),
    ThrottledGrowth(4),
    SlidingWindow(100),
    SaturatingGrowth(50, 20),
    SpeculativeDecoding(4, 0.7),
    RandomIncrements(Law([0, 4], [0.75, 0.25])),
    RandomIncrements(0.0, 1.5),
    RegimeSwitching([0, 8], BURSTS),
    RegimeSwitching([0, 8], BURSTS, scope="system"),
    Adversarial("heaviest_worker"),
    Adversarial("lightest_worker"),
)

POLICIES = ("fcfs", "least_load", "bfio")

SIZES, LENGTHS, SYSTEM = Law.uniform(1, 100), Law.geometric(0.02), System(16, 72)

#: Steps of the run that F0 is held against here; the claims use replications.
LONG_RUN = 300_000


def row(drift: DriftProcess, outcome: Outcome) -> list[str]:
    """Return the cells of one process."""
    claims, results = outcome.claims, outcome.results.set_index("policy")
    law = claims[(claims["claim"] == "F0") & (claims["run"] == "replicas")].iloc[0]
    low, high = drift.increment_range
    exact = (law["bound_lo"] + law["bound_hi"]) / 2
    held = claims[claims["applies"]].groupby("claim", sort=False)["verdict"].agg(_together)
    return [
        f"`{drift!r}`".replace("|", "\\|"),
        drift.growth_class,
        f"{low:g}" if low == high else f"{low:g} to {high:g}",
        "–" if math.isnan(exact) else f"{exact:,.0f}",
        _long_run(drift),
        f"{results.loc['bfio', 'imbalance']:,.0f}",
        f"{results.loc['bfio', 'iir']:.2f}",
        f"{results.loc['least_load', 'iir']:.2f}",
        ", ".join(f"{claim}{mark}" for claim, mark in held.items()),
    ]


def _together(verdicts: pd.Series) -> str:
    odd = [verdict for verdict in verdicts if verdict != "consistent"]
    return f" ({odd[0]})" if odd else ""


def _long_run(drift: DriftProcess) -> str:
    """Return FCFS's mean imbalance and its interval, from one long run."""
    stream = RequestStream(
        sizes=SIZES, lengths=LENGTHS, drift=drift, requests=int(SYSTEM.capacity * LONG_RUN * 0.0201), seed=2
    )
    totals = simulate_stream(stream, SYSTEM, "fcfs", steps=LONG_RUN, warmup=1000, seed=2)
    seen = batch_means(totals.imbalance_batches)
    return f"{seen.estimate:,.0f} ({seen.lo:,.0f} to {seen.hi:,.0f})"


def main() -> None:
    """Print the table."""
    heads = (
        "process", "class", "growth per step", "F0", "FCFS, 99 % interval", "BF-IO(0)", "IIR",
        "IIR least load", "claims that apply",
    )  # fmt: skip
    sys.stdout.write("| " + " | ".join(heads) + " |\n|---|---|--:|--:|--:|--:|--:|--:|---|\n")
    for drift in FAMILY:
        scenario = Scenario(
            sizes="uniform:1:100",
            lengths="geometric:0.02",
            drift=drift,
            workers=SYSTEM.workers,
            slots=SYSTEM.slots,
            steps=20_000,
            seed=1,
        )
        outcome = reproduce(scenario, policies=POLICIES)
        sys.stdout.write("| " + " | ".join(row(drift, outcome)) + " |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
