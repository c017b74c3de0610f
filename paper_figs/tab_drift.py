"""The drift processes side by side: imbalance and its improvement under each. Imports the columns."""

from __future__ import annotations

import pandas as pd

from paper_figs.columns import figure_column, number_column, setting_words, table_by_point
from paper_figs.sweep import KEYS, NotInStore, Sweep, is_myopic
from paper_figs.table import Table

__all__ = ["drift_rows", "drift_table"]


def drift_rows(sweep: Sweep) -> pd.DataFrame:
    """Return the means, with their theory, of the overloaded points that differ in their drift.

    Raises
    ------
    NotInStore
        If there is one drift only.
    """
    means = sweep.with_theory(sweep.overloaded())
    others = [key for key in KEYS if key != "drift"]
    families = means.groupby(others, sort=False, dropna=False)
    several = means[families["drift"].transform("nunique") > 1]
    if several.empty:
        raise NotInStore("it has one drift only")
    parts = [part for _, part in several.groupby(others, sort=False, dropna=False)]
    return pd.concat(parts, ignore_index=True)


def drift_table(sweep: Sweep) -> Table:
    """Return the variants under every drift, beside the exact law of FCFS.

    Raises
    ------
    NotInStore
        As `drift_rows`.
    """
    rows = drift_rows(sweep)
    is_bounded = rows.apply(is_myopic, axis=1) & (rows["iir_bound_claim"] != "")
    exact = ((rows["f0_lo"] + rows["f0_hi"]) / 2).where(rows["policy"] == "fcfs")
    columns = [
        figure_column(rows, "imbalance", best_within="point"),
        number_column("F0, exact", exact, unit="tokens"),
        figure_column(rows, "iir", best_within="point"),
        figure_column(rows, "idle_fraction", best_within="point"),
    ]
    if is_bounded.any():
        columns.append(number_column("IIR at least", rows["iir_bound"].where(is_bounded)))
    caption = [
        "Drift processes: ",
        *setting_words(rows),
        "F0 is the exact imbalance of FCFS where its law is known.",
    ]
    return table_by_point(rows, columns, caption, "drift")
