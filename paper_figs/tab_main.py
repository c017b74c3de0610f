"""The main comparison: what each policy costs, on each workload. Imports the columns."""

from __future__ import annotations

from pathlib import Path

from paper_figs.columns import figure_column, setting_words, table_by_point
from paper_figs.latex import to_latex
from paper_figs.sweep import Sweep, read_sweep
from paper_figs.table import Table

__all__ = ["main_table", "main_table_latex"]

_SHOWN = ("imbalance", "iir", "idle_fraction", "throughput", "tpot_s", "energy_per_token_j")


def main_table(sweep: Sweep) -> Table:
    """Return the variants at every overloaded point of the largest system, one group per point.

    Raises
    ------
    NotInStore
        If no point is overloaded.
    """
    means = sweep.overloaded()
    capacity = means["workers"] * means["slots"]
    others = means.loc[capacity < capacity.max(), "point"].nunique()
    means = means[capacity == capacity.max()]
    columns = [figure_column(means, name, best_within="point") for name in _SHOWN]
    caption = ["Policies compared: ", *setting_words(means)]
    caption.append("IIR: imbalance of FCFS over that of the policy. Bold: the best mean.")
    if others:
        caption.append(" Smaller systems are left to the tables of scaling.")
    return table_by_point(means, columns, caption, "main")


def main_table_latex(folder: Path) -> str:
    r"""Return the LaTeX of the main comparison of a store, to be ``\input``."""
    return to_latex(main_table(read_sweep(folder)))
