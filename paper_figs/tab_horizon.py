"""What looking ahead is worth: imbalance against the horizon. Imports the columns."""

from __future__ import annotations

import math

import pandas as pd

from paper_figs.columns import (
    figure_column,
    group_starts,
    key_columns,
    ratio_column,
    setting_words,
    text_column,
    varying,
)
from paper_figs.sweep import NotInStore, Sweep, series_of
from paper_figs.table import Column, Formula, Number, Table

__all__ = ["horizon_rows", "horizon_table"]


def horizon_rows(sweep: Sweep) -> pd.DataFrame:
    """Return the means of the variants that differ in their horizon, with their ratio to H = 0.

    Returns
    -------
    pandas.DataFrame
        The rows of the means, by point, policy, series and horizon, with ``series`` (the lookahead and
        options) and ``ratio``, ``ratio_lo``, ``ratio_hi``: imbalance over that of the same policy at H = 0 in
        the same replications.

    Raises
    ------
    NotInStore
        If no policy has H = 0 and another horizon.
    """
    rows = []
    for point, at in sweep.means.groupby("point", sort=False):
        for policy, variants in at.groupby("policy", sort=False):
            bases = variants[variants["horizon"] == 0]
            if bases.empty or len(bases) == len(variants):
                continue
            base = bases["variant"].iloc[0]
            # the policy at H = 0 knows nothing of what is ahead: it is where every series begins
            ahead = variants[variants["horizon"] > 0].assign(policy=policy)
            ahead = ahead.assign(series=[series_of(row) for row in ahead.itertuples()])
            for series, part in ahead.groupby("series", sort=False):
                start = bases.iloc[:1].assign(series=series)
                for row in pd.concat([start, part.sort_values("horizon")]).to_dict("records"):
                    found = sweep.ratio(int(str(point)), row["variant"], base, "imbalance")
                    if row["horizon"] == 0:
                        found = 1.0, math.nan, math.nan
                    rows.append(row | dict(zip(("ratio", "ratio_lo", "ratio_hi"), found, strict=True)))
    if not rows:
        raise NotInStore("it has no policy both at horizon 0 and at another")
    return pd.DataFrame(rows)


def horizon_table(sweep: Sweep) -> Table:
    """Return imbalance for every horizon, and relative to H = 0.

    Raises
    ------
    NotInStore
        As `horizon_rows`.
    """
    rows = horizon_rows(sweep)
    keys = varying(rows)
    columns = [
        *key_columns(rows, keys),
        text_column("lookahead", rows["series"], is_key=True),
        Column(Formula("H"), [Number(int(horizon), places=0) for horizon in rows["horizon"]]),
        figure_column(rows, "imbalance"),
        ratio_column(Formula(r"I/I_{H=0}"), rows, "ratio"),
        figure_column(rows, "iir"),
    ]
    caption = [
        "Looking ahead by ", Formula("H"), " steps: ", *setting_words(rows), Formula(r"I/I_{H=0}"),
        ": imbalance over that without looking ahead.",
    ]  # fmt: skip
    return Table(columns, caption, "horizon", group_starts(rows, *keys, "series"), is_wide=True)
