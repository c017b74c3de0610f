"""What requests and workers notice of each policy: the slowest first tokens, and idling at the barrier.

Imports `experiments.store`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.store import read_table
from experiments.sweeps.variants import policy_name
from paper_figs.figure import house_style, save

__all__ = ["draw_compare"]

#: Faces of the markers: a pooled policy's is full, that of one that binds on arrival is open.
_FACES = {"pooled": "C0", "immediate": "none"}


def draw_compare(compared: Path, stem: Path) -> list[Path]:
    """Draw the comparison and return the paths of the PDF and the PNG.

    Parameters
    ----------
    compared : Path
        ``compare.parquet``. Where there are no arrival times, TPOT stands in for TTFT.
    stem : Path
        Where to write, without suffix.
    """
    frame = read_table(compared)
    with house_style():
        figure = Figure(layout="constrained", figsize=(3.4, 0.17 * len(frame) + 0.9))
        left, right = figure.subplots(1, 2, sharey=True)
        if "ttft_s_p99" in frame:
            _dots(left, frame, frame["ttft_s_p99"], "TTFT p99 (s)")
            left.set_xscale("log")  # queues make it differ by orders of magnitude
        else:
            _dots(left, frame, 1000 * frame["tpot_s_p99"], "TPOT p99 (ms)")
            left.set_xlim(left=0)
        _dots(right, frame, 100 * frame["idle_fraction"], "idle (%)")
        right.set_xlim(left=0)
        left.set_yticks(np.arange(len(frame)), frame["policy"].map(policy_name).tolist())
        left.invert_yaxis()
        handles, labels = right.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower right", ncols=2, handletextpad=0.2)
        return save(figure, stem)


def _dots(axis: Axes, frame: pd.DataFrame, values: pd.Series, label: str) -> None:
    rows = np.arange(len(frame))
    axis.grid(axis="y", color="0.9", linewidth=0.6)
    axis.set_axisbelow(True)
    for binding, face in _FACES.items():
        mine = (frame["binding"] == binding).to_numpy()
        if mine.any():
            axis.plot(
                values[mine], rows[mine], linestyle="", marker="o", markersize=3.5, markeredgecolor="C0",
                markeredgewidth=0.8, markerfacecolor=face, label=binding,
            )  # fmt: skip
    axis.set_xlabel(label)
