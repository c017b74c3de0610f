"""What the runs of `experiments.scaling` say of claims B2, B3 and B4 at each point of the grid.

May import it, bounds and drift_processes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from bounds.fcfs import fcfs_imbalance
from bounds.intervals import independent_mean
from bounds.large_batch import LargeBatch
from drift_processes import Law, UnitGrowth
from experiments.scaling import Setting

__all__ = ["REGIONS", "bound_verdict", "cells"]

#: What a point of the grid is, of the bound I <= (G-1)·Δ on the mean, in the order of a legend.
REGIONS = ("proved", "holds", "inconclusive", "refuted")


def cells(rows: pd.DataFrame, setting: Setting, *, level: float = 0.99, eta: float = 0.01) -> pd.DataFrame:
    """Put the runs of a setting together: one row per point of the grid.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of `measure`.
    level : float
        Of the intervals. The regions are told at a level at which all points together keep this one.
    eta : float
        Of B2: the probability allowed for a failure within a run.

    Returns
    -------
    pandas.DataFrame
        ``setting``, ``G``, ``B``; ``f0`` (F0); ``imbalance`` with ``lo``, ``hi`` (Student's interval over the
        replications); ``iir`` with ``iir_lo``, ``iir_hi``; ``bound`` ((G-1)·Δ); ``published``
        (IIR / √(B·log G)); ``c`` (I / ((G-1)·log G·w2/Δ), the constant of B4); ``pressure`` (√(p·B)·Δ/√w2:
        how far refills outweigh a step's noise); ``idle_steps``, ``rich_steps``, ``rich_measured``;
        ``least_batch`` (where B2 begins for a run of this length); ``verdict`` on ``bound`` (*holds* if the
        interval lies below it, *refuted* above, *inconclusive* across); ``region``: *proved* if B meets the
        condition of B2 and the pool was rich at every step, else the verdict.
    """
    grid = rows[rows["setting"] == setting.name].groupby(["G", "B"], sort=False)
    strict = 1 - (1 - level) / max(len(grid), 1)
    out = []
    for _, part in grid:
        workers, slots = int(part["G"].iloc[0]), int(part["B"].iloc[0])
        batch = LargeBatch(
            workers=workers, p=setting.p, a=setting.a, b=setting.b, eta=eta, steps=int(part["total"].max()),
            s_min=setting.sizes.support[0], s_max=setting.sizes.support[1],
        )  # fmt: skip
        rich = float(part["rich_steps"].max())
        found = _numbers(part, setting, workers, slots, level)
        measured = float(part["rich_measured"].max())
        found |= {"rich_steps": rich, "rich_measured": measured, "least_batch": batch.required()}
        seen = independent_mean(part["imbalance"], level=strict)
        found["verdict"] = bound_verdict(seen.lo, seen.hi, found["bound"])
        found["region"] = "proved" if rich == 1 and batch.holds(slots) else found["verdict"]
        out.append({"setting": setting.name, "G": workers, "B": slots, **found})
    return pd.DataFrame(out)


def _numbers(part: pd.DataFrame, setting: Setting, workers: int, slots: int, level: float) -> dict[str, Any]:
    law = fcfs_imbalance(setting.sizes, Law.geometric(setting.p), UnitGrowth(), workers=workers, slots=slots)
    seen = independent_mean(part["imbalance"], level=level)
    iir = law.mid / seen.estimate if seen.estimate > 0 else math.inf
    scale = (workers - 1) * math.log(workers) * setting.load_square / setting.size_range
    return {
        "f0": law.mid,
        "imbalance": seen.estimate,
        "lo": max(seen.lo, 0.0),
        "hi": seen.hi,
        "iir": iir,
        "iir_lo": law.lo / seen.hi if seen.hi > 0 else math.inf,
        "iir_hi": law.hi / seen.lo if seen.lo > 0 else math.inf,
        "bound": (workers - 1) * setting.size_range,
        "published": iir / math.sqrt(slots * math.log(workers)),
        "c": seen.estimate / scale,
        "pressure": math.sqrt(setting.p * slots / setting.load_square) * setting.size_range,
        "idle_steps": float(np.mean(part["idle_steps"])),
    }


def bound_verdict(low: float, high: float, bound: float) -> str:
    """Return the region of an interval of the mean: *holds* below the bound, *refuted* above."""
    if high <= bound:
        return "holds"
    return "refuted" if low > bound else "inconclusive"
