"""Imbalance against the horizon for each variant of lookahead: ``python -m benchmarks.horizon FOLDER``.

Writes ``horizon.parquet`` and draws ``horizon.pdf`` and ``.png`` beside it; prints the table as Markdown.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from benchmarks.settings import workload
from experiments.store import write_table
from paper_figs.fig_horizon import draw_horizon
from simulation import Lookahead, System, simulate
from simulation.policies import Bfio

HORIZONS = (0, 1, 2, 5, 10, 20, 40, 80)
#: Workload to steps simulated, a quarter of which is warm-up.
STEPS = {
    "uniform": 6_000,
    "normal": 16_000,
    "azure2023_code": 4_000,
    "paper_longbench_8000": 4_000,
    "paper_burst_8000": 4_000,
    "sharegpt_8k_llama2": 8_000,
    "paper_arxiv_8000": 10_000,
    "mooncake_conversation": 8_000,
}
SEEDS = (1,)
#: Variant to discount and lookahead; the first is the default.
VARIANTS = {
    "oracle": (None, Lookahead("oracle")),
    "oracle, no discount": (1.0, Lookahead("oracle")),
    "oracle, mean refills, no discount": (1.0, Lookahead("oracle", refill="mean")),
    "noisy, 30 % missed, 10 % false": (None, Lookahead("noisy", miss=0.3, false_alarm=0.1)),
    "hazard, estimated": (None, Lookahead("hazard")),
}


def measure(name: str, horizon: int, discount: float | None, lookahead: Lookahead) -> float:
    """Return the mean imbalance after the warm-up, over the seeds."""
    steps, total = STEPS[name], 0.0
    for seed in SEEDS:
        mean = workload(name, 20_000, seed).lengths.mean()
        number = int(16 * 72 * (1.2 * steps / mean + 4)) + 200
        run = simulate(
            workload(name, number, seed),
            System(16, 72),
            Bfio(horizon=horizon, discount=discount),
            steps=steps,
            seed=seed,
            lookahead=lookahead,
        )
        total += run.imbalance[steps // 4 :].mean()
    return float(total / len(SEEDS))


def main() -> None:
    """Measure, store, draw, print."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("results/horizon")
    rows = []
    for name in STEPS:
        base = measure(name, 0, None, Lookahead("none"))
        for variant, (discount, lookahead) in VARIANTS.items():
            for horizon in HORIZONS:
                value = base if horizon == 0 else measure(name, horizon, discount, lookahead)
                rows.append(
                    {
                        "workload": name,
                        "variant": variant,
                        "horizon": horizon,
                        "imbalance": value,
                        "ratio": value / base,
                    }
                )
    frame = pd.DataFrame(rows)
    scenario = {"workers": 16, "slots": 72, "seeds": list(SEEDS), "steps": STEPS}
    write_table(folder / "horizon.parquet", frame, scenario=scenario)
    draw_horizon(folder / "horizon.parquet", folder / "horizon")
    for variant in VARIANTS:
        table = frame[frame["variant"] == variant].pivot(index="workload", columns="horizon", values="ratio")
        sys.stdout.write(
            f"\n**{variant}**\n\n| workload | " + " | ".join(f"H = {h}" for h in HORIZONS) + " |\n"
        )
        sys.stdout.write("|---|" + "--:|" * len(HORIZONS) + "\n")
        for name in STEPS:
            cells = " | ".join(f"{value:.2f}" for value in table.loc[name])
            sys.stdout.write(f"| {name} | {cells} |\n")


if __name__ == "__main__":
    main()
