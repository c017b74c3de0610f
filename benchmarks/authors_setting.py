"""The settings of the paper authors' simulator, as a table: ``python -m benchmarks.authors_setting``.

Their pool holds at most 4·G waiting requests in all; imbalance is averaged over the steps with admissions.
The time of a decision is that of the run less that of the same run under FCFS, over those steps.
"""

from __future__ import annotations

import sys
import time

from benchmarks.settings import workload
from simulation import Run, System, simulate
from simulation.policies import Bfio

#: Workload, requests, G, and their best published imbalance with its horizon and decision time.
CASES = [
    ("normal", 20_000, 16, 40_540, 80, "0.24-0.35 ms"),
    ("paper_longbench_8000", 20_000, 16, 6.71e6, 0, "32-47 ms"),
    ("paper_burst_8000", 20_000, 32, 42_010, 20, "5.6-8.4 ms"),
    ("paper_longbench_8000", 80_000, 256, 8.98e8, 0, "245 ms"),
]
HORIZONS = (0, 20, 40, 80)
REPEATS = 3


def timed(work: object, workers: int, policy: object) -> tuple[Run, float]:
    """Return a run and the fastest of a few repeats, seconds."""
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        run = simulate(work, System(workers, 72), policy, pool_limit=4 * workers, lookahead="oracle")  # type: ignore[arg-type]
        times.append(time.perf_counter() - begin)
    return run, min(times)


def main() -> None:
    """Print the table."""
    sys.stdout.write(
        "| lengths | G | "
        + " | ".join(f"H = {h}" for h in HORIZONS)
        + " | theirs, best | ratio | µs at best H | theirs |\n"
    )
    sys.stdout.write("|---|--:|" + "--:|" * (len(HORIZONS) + 4) + "\n")
    for name, number, workers, theirs, at, decision in CASES:
        work = workload(name, number, 42)
        _, idle = timed(work, workers, "fcfs")
        found = []
        for horizon in HORIZONS:
            run, seconds = timed(work, workers, Bfio(horizon=horizon))
            deciding = run.admitted > 0
            found.append((run.imbalance[deciding].mean(), (seconds - idle) / deciding.sum() * 1e6))
        best = min(found)
        cells = " | ".join(f"{value:,.4g}" for value, _ in found)
        sys.stdout.write(
            f"| {name}, {number:,} | {workers} | {cells} | {theirs:,.4g} (H = {at}) | {best[0] / theirs:.2f} "
            f"| {best[1]:,.0f} | {decision} |\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
