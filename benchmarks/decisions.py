"""Decision times and proven gaps on steady states, as a Markdown table: ``python -m benchmarks.decisions``.

Each state is solved three times and the fastest counts. The gap is value - lower bound, in per cent of the
imbalance that first come, first served would leave from the same state.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from benchmarks.contenders import fast, fcfs
from benchmarks.states import Setting, steady_states
from formulations import StepProblem, imbalance, solve_fast

REPEATS = 3
SETTINGS = [
    *(
        (Setting(name, workers, horizon), count)
        for workers, horizon, count in ((16, 0, 300), (256, 0, 60), (16, 20, 100), (256, 20, 40))
        for name in ("uniform", "lognormal", "paper_arxiv_8000", "paper_burst_8000", "paper_longbench_8000")
    ),
    (Setting("uniform", 4096, 0), 8),
    (Setting("lognormal", 4096, 0), 8),
]


def microseconds(problem: StepProblem) -> float:
    """Return the fastest of a few decisions."""
    call = fast(problem)
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return min(times) * 1e6


def row(setting: Setting, count: int) -> str:
    """Return the table's line for one setting."""
    problems = steady_states(setting, count)
    microseconds(problems[0])
    times = np.array([microseconds(problem) for problem in problems])
    found = [solve_fast(problem) for problem in problems]
    baseline = np.array([imbalance(problem, fcfs(problem)()) for problem in problems])
    gaps = 100 * np.array([result.gap for result in found]) / baseline
    proven = np.mean([result.status == "optimal" for result in found])
    return (
        f"| {setting.lengths} | {setting.workers} | {setting.horizon} | {len(problems)} "
        f"| {times.mean():,.0f} / {np.percentile(times, 99):,.0f} "
        f"| {np.median(gaps):.3f} / {np.percentile(gaps, 90):.2f} / {gaps.max():.2f} "
        f"| {np.mean(gaps > 0.1):.0%} | {proven:.0%} |"
    )


def main() -> None:
    """Print the table."""
    sys.stdout.write(
        "| lengths | G | H | states | mean / p99 µs | gap % median / p90 / max | > 0.1 % | proven |\n"
    )
    sys.stdout.write("|---|--:|--:|--:|--:|--:|--:|--:|\n")
    for setting, count in SETTINGS:
        sys.stdout.write(row(setting, count) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
