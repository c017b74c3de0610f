"""Improvement against B and against G, and the constant of B4. Imports `experiments.store`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.store import read_table
from paper_figs.axes import marker, measured, plain_ticks
from paper_figs.figure import house_style, save

__all__ = ["draw_scaling"]


def draw_scaling(table: Path, stem: Path) -> list[Path]:
    """Draw the scaling and return the paths of the PDF and the PNG.

    Parameters
    ----------
    table : Path
        ``scaling.parquet``: the columns of `experiments.scaling_cells.cells`. The first setting in it fills
        the upper two panels, the lowest shows all.
    stem : Path
        Where to write, without suffix.
    """
    frame = read_table(table)
    settings = list(dict.fromkeys(frame["setting"]))
    first = frame[frame["setting"] == settings[0]]
    with house_style():
        figure = Figure(layout="constrained", figsize=(3.4, 7.0))
        batches, workers, constants = figure.subplots(3, 1)
        _against_batch(batches, first)
        _against_workers(workers, first)
        for i, setting in enumerate(settings):
            part = frame[(frame["setting"] == setting) & (frame["c"] > 0)]
            constants.plot(
                part["pressure"], part["c"], linestyle="", marker=marker(i), markersize=3,
                markeredgewidth=0, alpha=0.8, label=setting,
            )  # fmt: skip
        constants.axhline(1.0, color="0.4", linewidth=0.6, linestyle=":")
        constants.set_xscale("log")
        constants.set_yscale("log")
        constants.set_ylim(1e-3, 2)
        plain_ticks(constants, [0.25, 0.5, 1, 2, 4, 8, 16])
        constants.set_title("B4: constant c, all settings")
        constants.set_xlabel(r"pressure $\sqrt{pB}\,\Delta/\sqrt{\mathrm{E}\,Y^2}$")
        constants.set_ylabel(r"$I\,/\,[(G-1)\,\log G\;\mathrm{E}\,Y^2/\Delta]$")
        handles, labels = constants.get_legend_handles_labels()
        figure.legend(
            handles,
            labels,
            loc="outside lower center",
            ncols=2,
            handletextpad=0.0,
            columnspacing=0.4,
            fontsize=6,
        )
        return save(figure, stem)


def _against_batch(axis: Axes, part: pd.DataFrame) -> None:
    for i, (number, line) in enumerate(part.groupby("G")):
        measured(axis, line, "B", "iir", label=f"$G={number}$", marker=marker(i))
    slots = np.array(sorted(set(part["B"])), dtype=float)
    anchor = float(part.loc[part["B"] == slots[0], "iir"].min()) * 0.75
    axis.plot(
        slots, anchor * np.sqrt(slots / slots[0]), color="0.3", linestyle="--", label=r"$\propto\sqrt{B}$"
    )
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_ylim(top=500)
    plain_ticks(axis, slots.tolist())
    axis.set_title(f"{part['setting'].iloc[0]}: against batch")
    axis.set_xlabel("slots per worker, B")
    axis.set_ylabel("IIR")
    axis.legend(loc="upper left", ncols=2, columnspacing=0.8)


def _against_workers(axis: Axes, part: pd.DataFrame) -> None:
    chosen = sorted(set(part["B"]))[:6]
    for i, slots in enumerate(chosen):
        measured(axis, part[part["B"] == slots], "G", "iir", label=f"$B={slots}$", marker=marker(i))
    workers = np.array(sorted(set(part["G"])), dtype=float)
    low = float(part.loc[part["B"] == chosen[0], "iir"].min())
    growth = np.sqrt(np.log(workers) / np.log(workers[-1]))
    axis.plot(workers, 0.6 * low * growth, color="0.3", linestyle="--", label=r"$\propto\sqrt{\log G}$")
    axis.plot(workers, 0.6 * low / growth, color="0.3", linestyle=":", label=r"$\propto 1/\sqrt{\log G}$")
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_ylim(top=2000)
    plain_ticks(axis, workers.tolist())
    axis.set_title(f"{part['setting'].iloc[0]}: against workers")
    axis.set_xlabel("workers, G")
    axis.set_ylabel("IIR")
    axis.legend(loc="upper right", ncols=3, columnspacing=0.8, handlelength=1.6)
