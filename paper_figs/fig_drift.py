"""Improvement under every drift process, with intervals. Imports `paper_figs.tab_drift` for the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from paper_figs.axes import arms, legend_above, marker, panel_titles
from paper_figs.sweep import KEYS, NotInStore, Sweep
from paper_figs.tab_drift import drift_rows

__all__ = ["drift_figure"]


def drift_figure(sweep: Sweep) -> Figure:
    """Return IIR of every policy but FCFS, one line of dots per drift, one panel per workload and system.

    Raises
    ------
    NotInStore
        If the store has one drift only, or no FCFS to compare with.
    """
    rows = drift_rows(sweep)
    rows = rows[(rows["policy"] != "fcfs") & rows["iir"].notna()]
    if rows.empty:
        raise NotInStore("it has no FCFS beside another policy, so no IIR")
    keys = [key for key in KEYS if key != "drift" and rows[key].nunique(dropna=False) > 1]
    rows = rows.assign(panel=panel_titles(rows, keys or ["workload"]))
    panels, drifts = list(dict.fromkeys(rows["panel"])), list(dict.fromkeys(rows["drift"]))
    figure = Figure(layout="constrained", figsize=(3.4, len(panels) * (0.25 * len(drifts) + 0.3) + 0.6))
    axes = np.atleast_1d(figure.subplots(len(panels), 1, sharex=True))
    variants = list(dict.fromkeys(rows["variant"]))
    for axis, panel in zip(axes, panels, strict=True):
        _panel(axis, rows[rows["panel"] == panel], variants, drifts)
        if len(panels) > 1:
            axis.set_title(panel, loc="right")
    axes[-1].set_xlabel("IIR against FCFS")
    handles, labels = axes[0].get_legend_handles_labels()
    legend_above(figure, handles, labels)
    return figure


def _panel(axis: Axes, panel: pd.DataFrame, variants: list[str], drifts: list[str]) -> None:
    for number, variant in enumerate(variants):
        part = panel[panel["variant"] == variant]
        # beside each other, so that intervals of one drift don't hide each other
        shift = (number - (len(variants) - 1) / 2) * min(0.2, 0.7 / len(variants))
        height = [drifts.index(drift) + shift for drift in part["drift"]]
        (dots,) = axis.plot(
            part["iir"], height, linestyle="", marker=marker(number), markersize=3, label=variant
        )
        arms(axis, part, "iir", height, color=dots.get_color(), across=True)
    axis.axvline(1.0, color="0.4", linewidth=0.6, linestyle=":")
    # parameters below the name, so that the names leave room for what is drawn
    axis.set_yticks(range(len(drifts)), [drift.replace("(", "\n(", 1) for drift in drifts])
    axis.set_ylim(len(drifts) - 0.5, -0.5)
    axis.tick_params(axis="y", length=0)
    if panel["iir"].max() > 20 * panel["iir"].min():
        axis.set_xscale("log")
    # an interval without much of an end must not squeeze the rest
    axis.set_xlim(right=min(axis.get_xlim()[1], 2 * panel["iir"].max()))
