"""The main comparison: one row per policy. Imports `experiments.store` and `paper_figs.latex`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from experiments.store import read_metadata, read_table
from paper_figs.latex import Column, aligned, decimals, escape, significant, table

__all__ = ["POLICY_LABELS", "imbalance_cell", "main_table"]

#: How policies are called in print.
POLICY_LABELS = {
    "fcfs": "FCFS",
    "jsq": "JSQ",
    "bfio": "BF-IO(0)",
    "least_load": "least load",
    "power_of_two": "power of two",
    "vllm_dp": "vLLM DP",
    "sglang_total_requests": "SGLang requests",
    "sglang_total_tokens": "SGLang tokens",
    "br0": "BR-0",
    "brh": "BR-H",
    "authors_bfio": "BF-IO, authors'",
}


def imbalance_cell(value: float) -> str:
    """Return an imbalance as it is printed in tables."""
    return decimals(value, 0) if value >= 100 or value == 0 else significant(value, 3)


def _ratio(value: float) -> str:
    return decimals(value, 1 if value >= 10 else 2)


def _places(number: int) -> Callable[[float], str]:
    return lambda value: decimals(value, number)


#: Column of the store, head with unit, factor, how a number is written.
_FIGURES: tuple[tuple[str, str, float, Callable[[float], str]], ...] = (
    ("imbalance", r"imbalance", 1.0, imbalance_cell),
    ("iir", r"IIR", 1.0, _ratio),
    ("idle_fraction", r"idle (\%)", 100.0, _places(2)),
    ("throughput", r"tokens/s", 1.0, _places(0)),
    ("tpot_s", r"TPOT (ms)", 1000.0, _places(2)),
    ("energy_per_token_j", r"energy (J/token)", 1.0, _places(4)),
)


def main_table(results: Path) -> str:
    r"""Return the LaTeX of the main comparison, to be ``\input``.

    Parameters
    ----------
    results : Path
        ``results.parquet`` of a `reproduce`.
    """
    frame = read_table(results)
    scenario = read_metadata(results)["scenario"]
    columns = [Column("policy", "l", [escape(POLICY_LABELS.get(p, p)) for p in frame["policy"]])]
    for name, head, factor, written in _FIGURES:
        cells = [written(value * factor) for value in frame[name]]
        columns.append(aligned(head, cells))
    caption = (
        f"Policies on {escape(str(scenario['source']))}, $G={scenario['workers']}$ workers of "
        f"$B={scenario['slots']}$ slots, overloaded; means over \\num{{{scenario['steps']}}} steps after a "
        f"warm-up of \\num{{{scenario['warmup']}}}. IIR: imbalance of FCFS divided by the policy's."
    )
    return table(columns, caption=caption, label="tab:main")
