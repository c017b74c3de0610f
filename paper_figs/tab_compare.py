"""The comparison of policies on a trace: one row per policy and binding.

Imports `experiments.store`, `paper_figs.latex` and the labels of `paper_figs.tab_main`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from experiments.store import read_metadata, read_table
from paper_figs.latex import Column, aligned, decimals, escape, table
from paper_figs.tab_main import POLICY_LABELS, imbalance_cell

__all__ = ["compare_table"]


def _places(number: int) -> Callable[[float], str]:
    return lambda value: decimals(value, number)


#: Column of the store, head with unit, factor, how a number is written.
_FIGURES: tuple[tuple[str, str, float, Callable[[float], str]], ...] = (
    ("imbalance", "imbalance", 1.0, imbalance_cell),
    ("idle_fraction", r"idle (\%)", 100.0, _places(1)),
    ("throughput", "tokens/s", 1.0, _places(0)),
    ("ttft_s_p50", "TTFT p50 (s)", 1.0, _places(3)),
    ("ttft_s_p99", "p99 (s)", 1.0, _places(3)),
    ("tpot_s_p50", "TPOT p50 (ms)", 1000.0, _places(2)),
    ("tpot_s_p99", "p99 (ms)", 1000.0, _places(2)),
    ("energy_per_token_j", "J/token", 1.0, _places(4)),
)


def compare_table(compared: Path) -> str:
    r"""Return the LaTeX of the comparison, to be ``\input``; wide enough for both columns of a page.

    Parameters
    ----------
    compared : Path
        ``compare.parquet``.
    """
    frame = read_table(compared)
    scenario = read_metadata(compared)["scenario"]
    columns = [
        Column("policy", "l", [escape(POLICY_LABELS.get(name, name)) for name in frame["policy"]]),
        Column("binding", "l", [escape(binding) for binding in frame["binding"]]),
    ]
    for name, head, factor, written in _FIGURES:
        if name in frame:
            columns.append(aligned(head, [written(value * factor) for value in frame[name]]))
    caption = (
        f"Policies on {escape(str(scenario['source']))}, $G={scenario['workers']}$ workers of "
        f"$B={scenario['slots']}$ slots, {_regime(scenario)}. Pooled: a free slot takes a waiting request; "
        "immediate: a request is bound to a worker when it arrives. TTFT and TPOT: quantiles over requests."
    )
    return table(columns, caption=caption, label="tab:compare")


def _regime(scenario: dict[str, object]) -> str:
    if scenario["offered_load"] is None:
        return (
            rf"overloaded; \num{{{scenario['steps']}}} steps after a warm-up of \num{{{scenario['warmup']}}}"
        )
    return f"offered load {scenario['offered_load']:.2f}"
