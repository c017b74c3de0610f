"""What looking ahead is worth: imbalance against the horizon. Imports the columns."""

from __future__ import annotations

import math

import pandas as pd

from experiments.sweeps.variants import SHOWN
from paper_figs.columns import (
    figure_column,
    group_starts,
    key_columns,
    ratio_column,
    setting_words,
    text_column,
    varying,
)
from paper_figs.sweep import NotInStore, Sweep, options_apart
from paper_figs.table import Column, Formula, Number, Table

__all__ = ["horizon_rows", "horizon_table"]


def horizon_rows(sweep: Sweep) -> pd.DataFrame:
    """Return the means of the variants that differ in their horizon, with their ratio to H = 0.

    Returns
    -------
    pandas.DataFrame
        The rows of the means, by point, series and horizon, with ``series`` (policy, options, lookahead and
        binding) and ``ratio``, ``ratio_lo``, ``ratio_hi``: imbalance over that of the same policy with the
        same options and binding at H = 0 in the same replications.

    Raises
    ------
    NotInStore
        If no policy has, with the same options, H = 0 and another horizon.
    """
    means = sweep.means.assign(apart=[options_apart(row) for row in sweep.means.itertuples()])
    rows = []
    for (point, *_), variants in means.groupby(["point", "policy", "apart", "binding"], sort=False):
        bases, ahead = variants[variants["horizon"] == 0], variants[variants["horizon"] > 0]
        if bases.empty:
            continue
        base = bases["variant"].iloc[0]
        for _, part in ahead.groupby("lookahead", sort=False):
            # the policy at H = 0 knows nothing of what is ahead: it is where every series begins
            line = pd.concat([bases.iloc[:1], part.sort_values("horizon")])
            for row in line.assign(series=_series(part.iloc[0])).to_dict("records"):
                found = sweep.ratio(int(str(point)), row["variant"], base, "imbalance")
                if row["horizon"] == 0:
                    found = 1.0, math.nan, math.nan
                rows.append(row | dict(zip(("ratio", "ratio_lo", "ratio_hi"), found, strict=True)))
    if not rows:
        raise NotInStore("it has no policy both at horizon 0 and at another, with the same options")
    return pd.DataFrame(rows)


def _series(row: pd.Series) -> str:
    """Return the name of a curve: what a sweep calls its variants, without the horizon."""
    words = [SHOWN.get(row["policy"], row["policy"]), row["apart"]]
    words += [row["lookahead"]] if row["lookahead"] != "none" else []
    words += [row["binding"]] if row["binding"] != "pooled" else []
    return ", ".join(filter(None, words))


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
        text_column("policy, lookahead", rows["series"], is_key=True),
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
