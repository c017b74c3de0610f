"""Energy saved against FCFS, and the part that is proved. Imports `paper_figs.tab_energy` for the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from paper_figs.axes import arms, hatch, legend_above, panel_titles
from paper_figs.columns import varying
from paper_figs.sweep import NotInStore, Sweep
from paper_figs.tab_energy import saving_rows

__all__ = ["energy_figure"]


def energy_figure(sweep: Sweep) -> Figure:
    """Return bars of the saving in per cent, one for every policy and point; black: E-saving's bound.

    Raises
    ------
    NotInStore
        As `paper_figs.tab_energy.saving_rows`, and if FCFS takes no energy at any point.
    """
    rows = saving_rows(sweep)
    rows = rows[np.isfinite(rows["saving"])]
    if rows.empty:
        raise NotInStore("FCFS takes no energy in it, so there is none to save")
    rows = rows.assign(place=panel_titles(rows, varying(rows) or ["workload"]))
    places, variants = list(dict.fromkeys(rows["place"])), list(dict.fromkeys(rows["variant"]))
    width = 0.8 / len(variants)
    figure = Figure(
        layout="constrained",
        figsize=(3.4, (0.14 * len(variants) + 0.12) * len(places) + 0.9 + 0.05 * len(variants)),
    )
    axis = figure.subplots()
    for number, variant in enumerate(variants):
        _bars(axis, rows[rows["variant"] == variant], places, number, width, (number + 0.5) * width - 0.4)
    axis.set_xlim(*_frame(100 * rows[["saving", "saving_lo", "saving_hi", "proved"]]))
    axis.axvline(0.0, color="0.2", linewidth=0.6)
    axis.set_yticks(range(len(places)), [place.replace("(", "\n(", 1) for place in places])
    axis.set_ylim(len(places) - 0.5, -0.5)
    axis.tick_params(axis="y", length=0)
    axis.set_xlabel("energy saved against FCFS (%)", loc="right")  # it may be wider than the axis
    handles, labels = axis.get_legend_handles_labels()
    # the bound is named once, at the end
    by_label = {label: handle for handle, label in zip(handles, labels, strict=True)}
    if "proved" in by_label:
        by_label["proved"] = by_label.pop("proved")
    legend_above(figure, list(by_label.values()), list(by_label))
    return figure


def _frame(per_cent: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of the axis: bars and bounds fit, and intervals unless they are far longer."""
    seen = [0.0, *per_cent["saving"], *per_cent["proved"].dropna()]
    span = max(seen) - min(seen) or 1.0  # nothing saved anywhere: an axis has a width all the same
    low = max(min([*seen, *per_cent["saving_lo"].dropna()]), min(seen) - span)
    high = min(max([*seen, *per_cent["saving_hi"].dropna()]), max(seen) + span)
    return low - 0.05 * span, high + 0.05 * span


def _bars(axis: Axes, part: pd.DataFrame, places: list[str], number: int, width: float, shift: float) -> None:
    height = [places.index(place) + shift for place in part["place"]]
    per_cent = 100 * part[["saving", "saving_lo", "saving_hi", "proved"]]
    axis.barh(
        height, per_cent["saving"], 0.9 * width, color=f"C{number % 6}",
        alpha=0.75, hatch=hatch(number), edgecolor="white", linewidth=0,
        label=str(part["variant"].iloc[0]),
    )  # fmt: skip
    arms(axis, per_cent, "saving", height, color="black", across=True)
    known = per_cent["proved"].notna().to_numpy()
    if known.any():
        at = pd.Series(height)[known]
        axis.vlines(
            per_cent["proved"][known],
            at - 0.45 * width,
            at + 0.45 * width,
            color="black",
            linewidth=1.6,
            label="proved",
        )
