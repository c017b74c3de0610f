"""Means over the replications of a sweep, with intervals. May import bounds and pandas."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from bounds.confidence.fieller import fieller
from bounds.intervals import independent_mean

__all__ = ["IDENTIFICATION", "LEVEL", "paired_ratio", "point_means"]

#: Of every interval.
LEVEL = 0.99

#: Columns that say what a row is; all others but these are figures.
IDENTIFICATION = (
    "scenario", "point", "workload", "drift", "workers", "slots", "arrivals", "load", "variant", "policy",
    "options", "binding", "lookahead", "horizon",
)  # fmt: skip

_NO_FIGURE = (*IDENTIFICATION, "replication", "seed", "status", "error")


def point_means(results: pd.DataFrame) -> pd.DataFrame:
    """Return one row per point and variant.

    Parameters
    ----------
    results : pandas.DataFrame
        ``results.parquet`` of a sweep.

    Returns
    -------
    pandas.DataFrame
        The columns of `IDENTIFICATION`; ``replications`` and ``failed``; the mean of every figure with
        ``NAME_lo`` and ``NAME_hi``, the 99 % interval of Student, NaN for one replication; ``iir`` with
        ``iir_lo``, ``iir_hi``: imbalance of the first variant with policy "fcfs" over this one's, of the
        same replications by Fieller's interval for pairs. That variant's own is 1 beforehand, and has none.
    """
    if "imbalance" not in results:  # not one cell is done
        results = results.assign(imbalance=math.nan)
    figures = [name for name in results.columns if name not in _NO_FIGURE]
    rows = []
    for _, at in results.groupby("point", sort=False):
        base = at[at["policy"] == "fcfs"]
        base = base[base["variant"] == base["variant"].iloc[0]] if len(base) else base
        for _, part in at.groupby("variant", sort=False):
            rows.append(_row(part, base, figures))
    return pd.DataFrame(rows)


def _row(part: pd.DataFrame, base: pd.DataFrame, figures: list[str]) -> dict[str, Any]:
    done = part[part["status"] == "done"]
    # the load of a trace's own pace is known of runs that are done only
    row: dict[str, Any] = {name: (done if len(done) else part)[name].iloc[0] for name in IDENTIFICATION}
    row |= {"replications": len(done), "failed": len(part) - len(done)}
    for name in figures:
        values = done[name].to_numpy(float)
        row[name] = float(values.mean()) if len(values) else math.nan
        finite = len(values) > 1 and all(map(math.isfinite, values))
        seen = independent_mean(values, level=LEVEL) if finite else None
        row[f"{name}_lo"], row[f"{name}_hi"] = (seen.lo, seen.hi) if seen else (math.nan, math.nan)
    pairs = base[base["status"] == "done"].merge(done, on="replication", suffixes=("_0", "_1"))
    ratio = paired_ratio(pairs["imbalance_0"], pairs["imbalance_1"])
    if len(base) and part["variant"].iloc[0] == base["variant"].iloc[0] and len(done):
        ratio = 1.0, math.nan, math.nan
    return row | dict(zip(("iir", "iir_lo", "iir_hi"), ratio, strict=True))


def paired_ratio(numerator: pd.Series, denominator: pd.Series) -> tuple[float, float, float]:
    """Return the ratio of two means and the ends of Fieller's 99 % interval, from pairs of replications.

    Parameters
    ----------
    numerator, denominator : (n,) pandas.Series
        Non-negative; the entries at one place belong together.

    Returns
    -------
    (float, float, float)
        NaN for 0/0 and where there is no pair, infinite for a positive number over 0; the ends are NaN for
        fewer than two pairs, and infinite where the denominator's mean is not clearly positive.
    """
    if not len(numerator):
        return math.nan, math.nan, math.nan
    above, below = float(numerator.mean()), float(denominator.mean())
    if below == 0:
        return (math.nan if above == 0 else math.inf), math.nan, math.nan
    if len(numerator) < 2:
        return above / below, math.nan, math.nan
    lo, hi = fieller(numerator, denominator, paired=True, level=1 - LEVEL)
    return above / below, max(lo, 0.0), hi
