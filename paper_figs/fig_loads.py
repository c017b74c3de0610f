"""Load of each worker from the empty start on, one panel per policy. Imports `experiments.store`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter

from experiments.store import read_table
from experiments.sweeps.variants import policy_name
from paper_figs.figure import house_style, save
from paper_figs.sweep import NotInStore, Sweep

__all__ = ["draw_loads", "loads_figure"]


def draw_loads(loads: Path, stem: Path) -> list[Path]:
    """Draw the trajectories and return the paths of the PDF and the PNG.

    The thick line is the heaviest worker, for which all others wait; the shaded band above the mean is what
    the barrier wastes.

    Parameters
    ----------
    loads : Path
        ``loads.parquet`` of a `reproduce`: policy, step, worker, load.
    stem : Path
        Where to write, without suffix.
    """
    frame = read_table(loads)
    with house_style():
        return save(_figure(frame.assign(variant=frame["policy"].map(policy_name))), stem)


def loads_figure(sweep: Sweep) -> Figure:
    """Return the trajectories of the variants at the first point for which loads were kept.

    Raises
    ------
    NotInStore
        If none were.
    """
    if sweep.loads.empty:
        raise NotInStore("it has no loads.parquet: the scenario doesn't set record_loads")
    return _figure(sweep.loads[sweep.loads["point"] == sweep.loads["point"].iloc[0]])


def _figure(frame: pd.DataFrame) -> Figure:
    variants = list(dict.fromkeys(frame["variant"]))
    figure = Figure(layout="constrained", figsize=(3.4, 1.35 * len(variants) + 0.3))
    axes = np.atleast_1d(figure.subplots(len(variants), 1, sharex=True, sharey=True))
    for axis, variant in zip(axes, variants, strict=True):
        _panel(axis, frame[frame["variant"] == variant])
        axis.set_title(variant)
    axes[len(axes) // 2].set_ylabel("load of a worker (tokens)")
    axes[-1].set_xlabel("step, from empty workers on")
    handles, labels = axes[-1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=3, handlelength=1.2, columnspacing=0.9)
    return figure


def _panel(axis: Axes, part: pd.DataFrame) -> None:
    table = part.pivot(index="step", columns="worker", values="load")
    steps, values = table.index.to_numpy(), table.to_numpy()
    top, mean = values.max(axis=1), values.mean(axis=1)
    axis.fill_between(steps, mean, top, color="C1", alpha=0.25, linewidth=0, label="idle at the barrier")
    axis.plot(steps, values, color="0.55", linewidth=0.35, alpha=0.8)
    axis.plot(steps, top, color="C1", linewidth=1.0, label="heaviest worker")
    axis.plot(steps, mean, color="C0", linewidth=1.0, linestyle="--", label="mean")
    axis.yaxis.set_major_formatter(EngFormatter(sep=""))
    axis.set_ylim(bottom=0)
    axis.margins(x=0)
