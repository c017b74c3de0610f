"""Steps per second by kind of drift, beside the readable engine: ``python -m benchmarks.engine``, a table."""

from __future__ import annotations

import sys
from time import perf_counter

from drift_processes import (
    DriftProcess,
    Law,
    PoissonArrivals,
    RegimeSwitching,
    SlidingWindow,
    SpeculativeDecoding,
    UnitGrowth,
    Workload,
)
from simulation import System, simulate

SLOTS = 72
BURSTS = [[0.98, 0.02], [0.1, 0.9]]

#: Drift, workers, policy, binding, steps of the compiled engine, steps of the readable one.
CASES: tuple[tuple[DriftProcess, int, str, str, int, int], ...] = (
    (UnitGrowth(), 16, "fcfs", "pooled", 50_000, 1000),
    (UnitGrowth(), 256, "fcfs", "pooled", 5_000, 200),
    (UnitGrowth(), 256, "bfio", "pooled", 2_000, 200),
    (SpeculativeDecoding(4, 0.7), 16, "fcfs", "pooled", 10_000, 1000),
    (SpeculativeDecoding(4, 0.7), 256, "fcfs", "pooled", 3_000, 200),
    (SpeculativeDecoding(4, 0.7), 256, "bfio", "pooled", 2_000, 200),
    (SlidingWindow(100), 256, "fcfs", "pooled", 3_000, 200),
    (RegimeSwitching([0, 8], BURSTS), 256, "fcfs", "pooled", 3_000, 200),
    (UnitGrowth(), 16, "jsq", "immediate", 20_000, 1000),
    (UnitGrowth(), 256, "jsq", "immediate", 3_000, 200),
)


def requests(drift: DriftProcess, workers: int, steps: int, *, clocked: bool) -> Workload:
    """Return requests for so many steps: overloaded, or at about nine tenths of what the system takes."""
    number = int(workers * SLOTS * (1.2 + steps * 0.0205))
    step_s = 0.0049 + 1.0054e-7 * SLOTS * 100
    arrivals = PoissonArrivals(0.9 * workers * SLOTS * 0.02 / step_s) if clocked else "overloaded"
    return Workload.synthetic(
        sizes=Law.uniform(1, 100), lengths=Law.geometric(0.02), drift=drift, requests=number, seed=1,
        arrivals=arrivals,
    )  # fmt: skip


def seconds(work: Workload, workers: int, policy: str, binding: str, steps: int, *, readable: bool) -> float:
    """Return the seconds per step of the better of two runs."""
    times = []
    for _ in range(2):
        begun = perf_counter()
        run = simulate(
            work, System(workers, SLOTS), policy, steps=steps, seed=1, binding=binding, readable=readable
        )
        times.append((perf_counter() - begun) / run.steps)
    return min(times)


def main() -> None:
    """Print the table."""
    heads = ("drift", "G", "policy", "binding", "µs a step", "steps/s", "readable, steps/s")
    sys.stdout.write("| " + " | ".join(heads) + " |\n|---|--:|---|---|--:|--:|--:|\n")
    for drift, workers, policy, binding, steps, few in CASES:
        clocked = binding == "immediate"
        work = requests(drift, workers, steps, clocked=clocked)
        simulate(work, System(workers, SLOTS), policy, steps=10, seed=1, binding=binding)  # compiles
        mine = seconds(work, workers, policy, binding, steps, readable=False)
        short = requests(drift, workers, few, clocked=clocked)
        twin = seconds(short, workers, policy, binding, few, readable=True)
        cells = (
            f"`{drift!r}`", str(workers), policy, binding, f"{1e6 * mine:,.1f}", f"{1 / mine:,.0f}",
            f"{1 / twin:,.0f}",
        )  # fmt: skip
        sys.stdout.write("| " + " | ".join(cells) + " |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
