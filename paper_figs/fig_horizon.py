"""Imbalance against the horizon, one panel per workload. Imports `experiments.store`."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.store import read_table
from paper_figs.axes import marker, measured, panel_titles, plain_log_scale
from paper_figs.columns import varying
from paper_figs.figure import house_style, save
from paper_figs.sweep import Sweep
from paper_figs.tab_horizon import horizon_rows

__all__ = ["draw_horizon", "horizon_figure"]


def draw_horizon(table: Path, stem: Path) -> list[Path]:
    """Draw imbalance over that of H = 0 and return the paths of the PDF and the PNG.

    Parameters
    ----------
    table : Path
        ``horizon.parquet``: workload, variant, horizon, ratio.
    stem : Path
        Where to write, without suffix.
    """
    with house_style():
        return save(_figure(read_table(table)), stem)


def horizon_figure(sweep: Sweep) -> Figure:
    """Return imbalance relative to H = 0, with its intervals, one panel per point.

    Raises
    ------
    NotInStore
        As `paper_figs.tab_horizon.horizon_rows`.
    """
    rows = horizon_rows(sweep)
    keys = varying(rows) or ["workload"]
    return _figure(rows.assign(workload=panel_titles(rows, keys), variant=rows["series"]))


def _figure(frame: pd.DataFrame) -> Figure:
    workloads = list(dict.fromkeys(frame["workload"]))
    variants = list(dict.fromkeys(frame["variant"]))
    horizons = sorted(set(frame["horizon"]))
    columns = min(len(workloads), 2)
    rows = -(-len(workloads) // columns)
    legend_rows = -(-len(variants) // (1 if columns == 1 else 3))
    figure = Figure(
        layout="constrained",
        figsize=(3.5 * columns, 1.6 * rows + 0.3 + 0.17 * legend_rows + 0.4 * (rows == 1)),
    )
    axes = np.atleast_1d(figure.subplots(rows, columns, sharex=True)).ravel()
    for axis, workload in zip(axes, workloads, strict=False):
        _panel(axis, frame[frame["workload"] == workload], variants, horizons)
        axis.set_title(workload)
    for axis in axes[len(workloads) :]:
        axis.remove()
    for axis in axes[len(workloads) - columns : len(workloads)]:
        axis.tick_params(labelbottom=True)  # above a place that stays empty, too
    figure.supylabel("imbalance relative to H = 0", fontsize=8)
    figure.supxlabel("horizon H (steps)", fontsize=8)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=1 if columns == 1 else 3)
    return figure


def _panel(axis: Axes, panel: pd.DataFrame, variants: list[str], horizons: list[int]) -> None:
    for number, variant in enumerate(variants):
        part = panel[panel["variant"] == variant]
        part = part.assign(position=np.searchsorted(horizons, part["horizon"]))
        ends = {f"ratio_{end}": part.get(f"ratio_{end}", math.nan) for end in ("lo", "hi")}
        measured(axis, part.assign(**ends), "position", "ratio", marker=marker(number), label=variant)
    axis.axhline(1.0, color="0.4", linewidth=0.6, linestyle=":")
    plain_log_scale(axis, panel["ratio"].tolist())
    axis.set_xticks(range(len(horizons)), [str(h) for h in horizons])
