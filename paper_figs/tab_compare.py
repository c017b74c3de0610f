"""The comparison of policies on a trace: one row per policy and binding.

Imports `experiments.store`, the columns and the writer of LaTeX.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.store import read_metadata, read_table
from experiments.sweeps.variants import policy_name
from paper_figs.columns import figure_column, text_column
from paper_figs.latex import to_latex
from paper_figs.table import Cell, Formula, Number, Table

__all__ = ["compare_table"]

#: Decimal places by column of the store, None: four digits.
_PLACES = {
    "imbalance": None,
    "idle_fraction": 1,
    "throughput": 0,
    "ttft_s_p50": 3,
    "ttft_s_p99": 3,
    "tpot_s_p50": 2,
    "tpot_s_p99": 2,
    "energy_per_token_j": 4,
}


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
        text_column("policy", frame["policy"].map(policy_name)),
        text_column("binding", frame["binding"]),
    ]
    columns += [figure_column(frame, name, places=_PLACES[name]) for name in _PLACES if name in frame]
    caption = [
        f"Policies on {scenario['source']}, ",
        Formula(f"G={scenario['workers']}"), " workers of ", Formula(f"B={scenario['slots']}"), " slots, ",
        *_regime(scenario),
        ". Pooled: a free slot takes a waiting request; immediate: a request is bound to a worker when it "
        "arrives. TTFT and TPOT: quantiles over requests.",
    ]  # fmt: skip
    return to_latex(Table(columns, caption, "compare", is_wide=True))


def _regime(scenario: dict[str, Any]) -> list[Cell]:
    if scenario["offered_load"] is None:
        steps, warmup = (Number(scenario[name], places=0) for name in ("steps", "warmup"))
        return ["overloaded; ", steps, " steps after a warm-up of ", warmup]
    return [f"offered load {scenario['offered_load']:.2f}"]
