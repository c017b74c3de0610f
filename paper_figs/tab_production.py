"""Requests that arrive by the clock: what they wait, by policy and load. Imports the columns."""

from __future__ import annotations

import pandas as pd

from paper_figs.columns import figure_column, setting_words, table_by_point
from paper_figs.sweep import NotInStore, Sweep
from paper_figs.table import Table

__all__ = ["production_rows", "production_table"]

_SHOWN = ("ttft_s_p50", "ttft_s_p90", "ttft_s_p99", "wait_s_p50", "wait_s_p99", "tpot_s", "idle_fraction")


def production_rows(sweep: Sweep) -> pd.DataFrame:
    """Return the means of the points at which requests arrive by the clock.

    Raises
    ------
    NotInStore
        If there is none.
    """
    rows = sweep.means[sweep.means["arrivals"] != "overloaded"]
    if rows.empty:
        raise NotInStore("no request arrives by the clock in it: all points are overloaded")
    return rows


def production_table(sweep: Sweep) -> Table:
    """Return quantiles of the time to first token and of the wait for admission, one group per point.

    Raises
    ------
    NotInStore
        As `production_rows`.
    """
    rows = production_rows(sweep)
    columns = [figure_column(rows, name, best_within="point") for name in _SHOWN]
    caption = [
        "Requests that arrive by the clock: ", *setting_words(rows),
        "Load: offered load as a share of capacity. TTFT: time to first token; TPOT: time per output token. "
        "Bold: the best mean.",
    ]  # fmt: skip
    return table_by_point(rows, columns, caption, "production")
