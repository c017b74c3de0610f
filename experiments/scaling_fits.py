"""Exponents of B and of log G, fitted to what `experiments.scaling` measured. May import bounds."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd

from bounds.intervals import independent_mean

__all__ = ["QUANTITIES", "exponents", "local_exponents"]

#: What is fitted: F0/G is exact, I/(G-1) and IIR are measured.
QUANTITIES = ("F0/G", "I/(G-1)", "IIR")


def exponents(
    rows: pd.DataFrame, table: pd.DataFrame, *, least_workers: int = 2, most_slots: int, level: float = 0.99
) -> pd.DataFrame:
    """Fit log q = α + β·log B + γ·log log G over part of a grid, for each of `QUANTITIES`.

    Ordinary least squares, once for each replication: the i-th runs of all points make the i-th fit, so that
    the fits are independent, and Student's interval over them is one for the exponents. It tells the noise of
    the measurement; how badly a power law fits tells ``residual``.

    Parameters
    ----------
    rows, table : pandas.DataFrame
        Of `measure` and of `cells`, one setting.
    least_workers, most_slots : int
        The part: G >= ``least_workers`` and B <= ``most_slots``.
    level : float

    Returns
    -------
    pandas.DataFrame
        ``quantity``; ``beta``, ``beta_lo``, ``beta_hi``; ``gamma``, ``gamma_lo``, ``gamma_hi``;
        ``residual`` (largest |log q - fit|, q averaged over the replications); ``points``.

    Raises
    ------
    ValueError
        If the part has fewer than two G or two B, or a run in it has no imbalance at all.
    """
    part = table[(table["G"] >= least_workers) & (table["B"] <= most_slots)]
    for name in ("G", "B"):
        if part[name].nunique() < 2:
            raise ValueError(f"a fit needs at least two {name}, got {sorted(set(part[name]))}")
    runs = rows.pivot(index=["G", "B"], columns="replication", values="imbalance")
    runs = runs.loc[list(zip(part["G"], part["B"], strict=True))]
    if (runs <= 0).to_numpy().any():
        workers, slots = runs.index[(runs <= 0).any(axis=1)][0]
        raise ValueError(f"no logarithm of an imbalance of 0: G = {workers}, B = {slots}")
    workers, f0 = part["G"].to_numpy(float), part["f0"].to_numpy(float)
    columns = [np.ones(len(part)), np.log(part["B"].to_numpy(float)), np.log(np.log(workers))]
    design = np.stack(columns, axis=1)
    solve = np.linalg.pinv(design)
    seen = runs.to_numpy(float)
    values = {
        "F0/G": (np.repeat((f0 / workers)[:, None], seen.shape[1], axis=1)),
        "I/(G-1)": seen / (workers - 1)[:, None],
        "IIR": f0[:, None] / seen,
    }
    out = []
    for name in QUANTITIES:
        fits = solve @ np.log(values[name])
        beta, gamma = (independent_mean(fits[i], level=level) for i in (1, 2))
        mean = 1 / (1 / values[name]).mean(axis=1) if name == "IIR" else values[name].mean(axis=1)
        worst = np.log(mean) - design @ (solve @ np.log(mean))
        out.append(
            {
                "quantity": name,
                "beta": beta.estimate,
                "beta_lo": beta.lo,
                "beta_hi": beta.hi,
                "gamma": gamma.estimate,
                "gamma_lo": gamma.lo,
                "gamma_hi": gamma.hi,
                "residual": float(np.abs(worst).max()),
                "points": len(part),
            }
        )
    return pd.DataFrame(out)


def local_exponents(table: pd.DataFrame) -> pd.DataFrame:
    """Return the exponent of B between neighbouring batches: ``from``, ``to``, and a column for each G.

    NaN where the imbalance is 0 at both ends, infinite where only at the larger batch.
    """
    iir = table.pivot(index="B", columns="G", values="iir")
    slots, workers = iir.index.to_list(), iir.columns.to_list()
    values = iir.to_numpy(float)
    out = []
    for i, (low, high) in enumerate(itertools.pairwise(slots)):
        slopes = [_slope(values[i, j], values[i + 1, j], high / low) for j in range(len(workers))]
        out.append({"from": low, "to": high, **dict(zip(workers, slopes, strict=True))})
    return pd.DataFrame(out)


def _slope(first: float, second: float, ratio: float) -> float:
    if math.isinf(first):
        return math.nan
    return math.log(second / first) / math.log(ratio)
