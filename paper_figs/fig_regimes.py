"""The map of (B, G): where I <= (G-1)·Δ is proved of the mean, where it is seen, where not.

Imports experiments.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from bounds.intervals import independent_mean
from experiments.scaling_cells import bound_verdict
from experiments.store import read_table
from paper_figs.axes import panel_titles
from paper_figs.figure import house_style, save
from paper_figs.sweep import NotInStore, Sweep, myopic

__all__ = ["draw_regimes", "regimes_figure"]

#: Fill and hatch of each region, a claim's where it proves the bound: told apart without colour, too.
_LOOK = {
    "B1": ("#56B4E9", "\\\\\\\\"),
    "B2": ("#56B4E9", ""),
    "holds": ("#C7E5F5", "..."),
    "inconclusive": ("#FFFFFF", ""),
    "refuted": ("#F2C6A0", "////"),
}

_WORDS = {"B1": "proved (B1)", "B2": "proved (B2)", "holds": "holds, not proved"}

#: By the claim that bounds the ratio: the one that bounds the mean imbalance, on which it rests.
_BOUNDS_MEAN = {"B1-ratio": "B1", "B2-ratio": "B2"}


def draw_regimes(table: Path, stem: Path) -> list[Path]:
    """Draw the map, one panel per setting, and return the paths of the PDF and the PNG.

    Each cell shows the measured IIR.

    Parameters
    ----------
    table : Path
        ``scaling.parquet``: the columns of `experiments.scaling_cells.cells`.
    stem : Path
        Where to write, without suffix.
    """
    frame = read_table(table)
    # the study asks for B2 only
    frame = frame.assign(region=frame["region"].replace("proved", "B2"))
    with house_style():
        return save(_figure(frame), stem)


def regimes_figure(sweep: Sweep) -> Figure:
    """Return the map of a sweep, one panel per workload and drift.

    *Proved* says that the batch meets the condition of the claim; that the pool was rich, a store can't tell.

    Raises
    ------
    NotInStore
        If BF-IO(0) was not run on several B and several G, or no F0 is known.
    """
    means = myopic(sweep.with_theory(sweep.overloaded()))
    means = means[means["f0_lo"].notna()]
    if means["slots"].nunique() < 2 or means["workers"].nunique() < 2:
        raise NotInStore("it has no grid of several B and several G with BF-IO(0) and an exact F0")
    means = means.assign(
        setting=panel_titles(means, ["workload", "drift"]),
        G=means["workers"],
        B=means["slots"],
    )
    parts = [_with_regions(sweep, part) for _, part in means.groupby("setting", sort=False)]
    return _figure(pd.concat(parts, ignore_index=True))


def _with_regions(sweep: Sweep, part: pd.DataFrame) -> pd.DataFrame:
    """Name the region of each point, at a level at which all of a panel keep 99 % together."""
    regions = []
    for row in part.to_dict("records"):
        values = sweep.cells(row["point"], row["variant"])["imbalance"]
        if row["iir_bound_claim"]:
            regions.append(_BOUNDS_MEAN[row["iir_bound_claim"]])
        elif len(values) < 2:
            regions.append("inconclusive")
        else:
            seen = independent_mean(values, level=1 - 0.01 / len(part))
            regions.append(bound_verdict(seen.lo, seen.hi, row["separation_bound"]))
    return part.assign(region=regions)


def _figure(frame: pd.DataFrame) -> Figure:
    settings = list(dict.fromkeys(frame["setting"]))
    heights = [frame.loc[frame["setting"] == setting, "G"].nunique() for setting in settings]
    figure = Figure(layout="constrained", figsize=(3.4, 0.17 * sum(heights) + 0.42 * len(settings) + 0.5))
    axes = np.atleast_1d(figure.subplots(len(settings), 1, height_ratios=heights))
    for axis, setting in zip(axes, settings, strict=True):
        _panel(axis, frame[frame["setting"] == setting])
        axis.set_title(setting)
    axes[-1].set_xlabel("slots per worker, B")
    figure.supylabel("workers, G", fontsize=8)
    handles = [
        Patch(facecolor=fill, hatch=hatch, edgecolor="0.5", linewidth=0.4, label=_WORDS.get(region, region))
        for region, (fill, hatch) in _LOOK.items()
        if region in set(frame["region"])
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=2)
    return figure


def _panel(axis: Axes, part: pd.DataFrame) -> None:
    slots, workers = sorted(set(part["B"])), sorted(set(part["G"]))
    for row in part.itertuples():
        x, y = slots.index(row.B), workers.index(row.G)
        fill, hatch = _LOOK[str(row.region)]
        axis.add_patch(
            Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=fill, hatch=hatch, edgecolor="0.7", linewidth=0.4)
        )
        axis.text(
            x, y, _short(float(str(row.iir))), ha="center", va="center", fontsize=6,
            bbox={"facecolor": fill, "edgecolor": "none", "pad": 0.6},
        )  # fmt: skip
    axis.set_xlim(-0.5, len(slots) - 0.5)
    axis.set_ylim(-0.5, len(workers) - 0.5)
    axis.set_xticks(range(len(slots)), [str(number) for number in slots])
    axis.set_yticks(range(len(workers)), [str(number) for number in workers])
    axis.tick_params(length=0)
    for side in ("left", "bottom"):
        axis.spines[side].set_visible(False)


def _short(iir: float) -> str:
    if math.isnan(iir):
        return "–"
    if math.isinf(iir):
        return "∞"
    if iir < 1000:
        return f"{iir:.1f}" if iir < 10 else f"{iir:.0f}"
    digit, exponent = f"{iir:.0e}".split("e")
    return f"${digit}{{\\cdot}}10^{{{int(exponent)}}}$"
