"""The energy that balance saves, beside what E-saving proves. Imports bounds.claims and the columns."""

from __future__ import annotations

import math

import pandas as pd

from bounds.claims import CLAIMS
from paper_figs.columns import figure_column, number_column, ratio_column, setting_words, table_by_point
from paper_figs.sweep import NotInStore, Sweep
from paper_figs.table import Table

__all__ = ["energy_table", "saving_rows"]


def saving_rows(sweep: Sweep) -> pd.DataFrame:
    """Return what every variant saves against the first FCFS of its point.

    Only overloaded points: there all variants do the same number of steps on full slots.

    Returns
    -------
    pandas.DataFrame
        The rows of the means without FCFS, with ``saving``, ``saving_lo``, ``saving_hi`` (1 - E/E_0 over the
        same replications, and Fieller's interval) and ``proved`` (the bound of E-saving at the measured loads
        and imbalances; NaN where a step has an overhead, which the claim does not cover). All are NaN where
        FCFS takes no energy.

    Raises
    ------
    NotInStore
        If there is nothing to compare with.
    """
    rows = []
    for number, at in sweep.overloaded().groupby("point", sort=False):
        point, bases = int(str(number)), at[at["policy"] == "fcfs"]
        if bases.empty or sweep.results.empty:
            continue
        base = str(bases["variant"].iloc[0])
        for row in at[at["variant"] != base].to_dict("records"):
            ratio, lo, hi = sweep.ratio(point, row["variant"], base, "energy_j")
            proved = _proved(sweep, point, str(row["variant"]), base)
            rows.append(
                row | {"saving": 1 - ratio, "saving_lo": 1 - hi, "saving_hi": 1 - lo, "proved": proved}
            )
    if not rows:
        raise NotInStore(
            "it has no overloaded point with FCFS and another policy, and the energy of each run"
        )
    return pd.DataFrame(rows)


def _proved(sweep: Sweep, point: int, variant: str, base: str) -> float:
    machine = sweep.machine(point)
    if machine["overhead_s"] != 0 or machine["mean_load_s"] != 0:
        return math.nan
    own, other = sweep.cells(point, variant), sweep.cells(point, base)
    both = own.index.intersection(other.index)
    if other.loc[both, "energy_j"].sum() == 0:
        return math.nan
    sums = {"W_1": own["work"], "I_1": own["idle_work"], "W_0": other["work"], "I_0": other["idle_work"]}
    power = machine["power"]
    return CLAIMS["E-saving"].evaluate(
        **{name: float(values.loc[both].sum()) for name, values in sums.items()},
        P_idle=power["idle_w"], P_max=power["busy_w"], gamma=power["exponent"],
    )  # fmt: skip


def energy_table(sweep: Sweep) -> Table:
    """Return the energy per token of every variant, its saving, and the proved part of it.

    Raises
    ------
    NotInStore
        As `saving_rows`.
    """
    rows = saving_rows(sweep)
    columns = [
        figure_column(rows, "energy_per_token_j"),
        ratio_column("saved", rows, "saving", unit="%", factor=100.0),
        number_column("proved at least", 100 * rows["proved"], unit="%", places=2),
    ]
    caption = ["Energy saved against FCFS: ", *setting_words(rows), "Proved: E-saving at the measured loads"]
    is_uncovered = rows["proved"].isna() & rows["saving"].notna()
    if is_uncovered.all():
        caption.append("; it does not cover steps with an overhead.")
    elif is_uncovered.any():
        caption.append("; it does not cover steps with an overhead (–).")
    else:
        caption.append(".")
    return table_by_point(rows, columns, caption, "energy")
