"""What it costs to admit everyone within a number of steps: ``python -m benchmarks.max_wait``, a table."""

from __future__ import annotations

import sys

from benchmarks.settings import workload
from simulation import System, simulate
from simulation.policies import Bfio

WAITS = (None, 400, 100, 25)
STEPS = {
    "uniform": 8_000,
    "paper_burst_8000": 4_000,
    "paper_longbench_8000": 4_000,
    "sharegpt_8k_llama2": 8_000,
}


def main() -> None:
    """Print imbalance relative to no limit, and the longest wait in steps."""
    heads = ["no limit" if limit is None else f"max_wait = {limit}" for limit in WAITS]
    sys.stdout.write("| lengths | " + " | ".join(heads) + " |\n|---|" + "--:|" * len(WAITS) + "\n")
    for name, steps in STEPS.items():
        mean = workload(name, 20_000, 1).lengths.mean()
        work = workload(name, int(16 * 72 * (1.2 * steps / mean + 4)) + 200, 1)
        cells, base = [], 0.0
        for limit in WAITS:
            run = simulate(work, System(16, 72), Bfio(max_wait=limit), steps=steps)
            value = run.imbalance[steps // 4 :].mean()
            base = base or value
            cells.append(f"{value / base:.2f} ({run.wait.max():,})")
        sys.stdout.write(f"| {name} | " + " | ".join(cells) + " |\n")


if __name__ == "__main__":
    main()
