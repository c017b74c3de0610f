"""Imbalance against the horizon, one panel per workload. Imports `experiments.store`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

from experiments.store import read_table
from paper_figs.figure import house_style, save

__all__ = ["draw_horizon"]


def draw_horizon(table: Path, stem: Path) -> list[Path]:
    """Draw imbalance over that of H = 0 and return the paths of the PDF and the PNG.

    Parameters
    ----------
    table : Path
        ``horizon.parquet``: workload, variant, horizon, ratio.
    stem : Path
        Where to write, without suffix.
    """
    frame = read_table(table)
    workloads = list(dict.fromkeys(frame["workload"]))
    variants = list(dict.fromkeys(frame["variant"]))
    horizons = sorted(set(frame["horizon"]))
    rows = -(-len(workloads) // 2)
    with house_style():
        figure = Figure(layout="constrained", figsize=(7.0, 1.6 * rows + 0.6))
        axes = np.atleast_1d(figure.subplots(rows, 2, sharex=True)).ravel()
        for axis, workload in zip(axes, workloads, strict=False):
            for variant in variants:
                part = frame[(frame["workload"] == workload) & (frame["variant"] == variant)]
                position = np.searchsorted(horizons, part["horizon"])
                axis.plot(position, part["ratio"], marker=".", markersize=3, label=variant)
            axis.axhline(1.0, color="0.4", linewidth=0.6, linestyle=":")
            axis.set_title(workload)
            axis.set_yscale("log", base=2)
            axis.yaxis.set_major_locator(FixedLocator([1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 32, 128]))
            axis.yaxis.set_minor_locator(NullLocator())
            axis.yaxis.set_minor_formatter(NullFormatter())
            axis.yaxis.set_major_formatter(lambda value, _position: f"{value:g}")
            axis.set_xticks(range(len(horizons)), [str(h) for h in horizons])
        for axis in axes[len(workloads) :]:
            axis.remove()
        figure.supylabel("imbalance relative to H = 0", fontsize=8)
        figure.supxlabel("horizon H (steps)", fontsize=8)
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=3)
        return save(figure, stem)
