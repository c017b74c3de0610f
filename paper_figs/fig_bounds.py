"""Improvement of BF-IO(0) against B or G, beside the bound. Imports `paper_figs.tab_scaling` for the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from paper_figs.axes import marker, measured, panel_titles, plain_log_scale, plain_ticks
from paper_figs.columns import varying
from paper_figs.sweep import NotInStore, Sweep, myopic
from paper_figs.tab_scaling import grown

__all__ = ["bounds_figure"]

_SIGNS = {"slots": "B", "workers": "G"}
_WORDS = {"slots": "slots per worker, B", "workers": "workers, G"}


def bounds_figure(sweep: Sweep, by: str) -> Figure:
    """Return IIR against ``"slots"`` or ``"workers"``, one panel per workload and drift.

    Points with intervals are measured; those at the upper edge are infinite, as BF-IO(0) had no imbalance. A
    thick line of the same colour is the proved bound; a dotted one is F0/((G-1)·Δ), the form of that bound,
    where nothing is proved.

    Raises
    ------
    NotInStore
        If the store has one B, or G, only, or no BF-IO(0).
    """
    means = myopic(grown(sweep, by))
    if means.empty:
        raise NotInStore("it has no BF-IO(0), which the bounds speak of")
    form = means["f0_lo"] / means["separation_bound"].where(means["separation_bound"] > 0)
    means = means.assign(
        panel=panel_titles(means, varying(means, ["workload", "drift"]) or ["workload"]),
        form=form.where(means["iir_bound"].isna()),
    )
    panels = list(dict.fromkeys(means["panel"]))
    figure = Figure(layout="constrained", figsize=(3.4, 1.9 * len(panels) + 0.5))
    axes = np.atleast_1d(figure.subplots(len(panels), 1, sharex=True))
    lines = sorted(set(means[_other(by)]))
    for axis, panel in zip(axes, panels, strict=True):
        _panel(axis, means[means["panel"] == panel], by, lines)
        axis.set_title(panel)
        axis.set_ylabel("IIR")
    axes[-1].set_xlabel(_WORDS[by])
    _legend(figure, means, by, lines)
    return figure


def _other(by: str) -> str:
    return "workers" if by == "slots" else "slots"


def _panel(axis: Axes, panel: pd.DataFrame, by: str, lines: list[int]) -> None:
    other = _other(by)
    for value, line in panel.groupby(other):
        number = lines.index(int(str(value)))
        color = f"C{number % 6}"
        measured(axis, line, by, "iir", marker=marker(number), color=color)
        axis.plot(line[by], line["form"], linestyle=":", linewidth=0.7, color=color)
        beyond = line.loc[np.isinf(line["iir"]), by]
        if len(beyond):
            axis.plot(
                beyond, [1.0] * len(beyond), linestyle="", marker="^", markersize=4, color=color,
                transform=axis.get_xaxis_transform(), clip_on=False,
            )  # fmt: skip
        axis.plot(line[by], line["iir_bound"], linewidth=1.8, alpha=0.6, marker="_", color=color)
    axis.set_xscale("log")
    plain_ticks(axis, sorted(set(panel[by])))
    plain_log_scale(axis, [*panel["iir"], *panel["form"].dropna(), *panel["iir_bound"].dropna()])


def _legend(figure: Figure, means: pd.DataFrame, by: str, lines: list[int]) -> None:
    sign = _SIGNS[_other(by)]
    handles = [
        Line2D([], [], color=f"C{i % 6}", marker=marker(i), markersize=2.5, label=f"${sign}={value}$")
        for i, value in enumerate(lines)
    ]
    if means["iir_bound"].notna().any():
        handles.append(
            Line2D([], [], color="0.3", linewidth=1.8, alpha=0.6, marker="_", label="proved bound")
        )
    if np.isinf(means["iir"]).any():
        handles.append(Line2D([], [], color="0.3", marker="^", linestyle="", label="infinite"))
    if means["form"].notna().any():
        handles.append(Line2D([], [], color="0.3", linestyle=":", label=r"$F_0/((G-1)\Delta)$, not proved"))
    figure.legend(handles=handles, loc="outside upper center", ncols=3, columnspacing=0.9, handlelength=1.6)
