"""Time to first token against load, by policy. Imports `paper_figs.tab_production` for the rows."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from paper_figs.axes import legend_above, marker, measured, panel_titles, plain_log_scale, plain_ticks
from paper_figs.sweep import KEYS, NotInStore, Sweep
from paper_figs.tab_production import production_rows

__all__ = ["production_figure"]


def production_figure(sweep: Sweep) -> Figure:
    """Return the 99 % quantile of the time to first token against the load, one panel per other key.

    Raises
    ------
    NotInStore
        If requests don't arrive by the clock, or at one load only.
    """
    rows = production_rows(sweep)
    keys = [key for key in KEYS if key != "load" and rows[key].nunique(dropna=False) > 1]
    rows = rows.assign(panel=panel_titles(rows, keys or ["arrivals"]))
    rows = rows[rows.groupby("panel")["load"].transform("nunique") > 1]
    if rows.empty:
        raise NotInStore("requests arrive at one load only")
    panels, variants = list(dict.fromkeys(rows["panel"])), list(dict.fromkeys(rows["variant"]))
    figure = Figure(layout="constrained", figsize=(3.4, 1.7 * len(panels) + 0.5))
    axes = np.atleast_1d(figure.subplots(len(panels), 1, sharex=True))
    for axis, panel in zip(axes, panels, strict=True):
        part = rows[rows["panel"] == panel]
        for number, variant in enumerate(variants):
            line = part[part["variant"] == variant]
            # beside each other, so that intervals at one load don't hide each other
            line = line.assign(load=line["load"] + 0.006 * (number - (len(variants) - 1) / 2))
            measured(axis, line, "load", "ttft_s_p99", marker=marker(number), label=variant)
        plain_log_scale(axis, part["ttft_s_p99"].tolist())
        plain_ticks(axis, sorted(set(part["load"])))
        axis.set_title(panel)
        axis.set_ylabel("TTFT p99 (s)")
    axes[-1].set_xlabel("offered load, share of capacity")
    handles, labels = axes[0].get_legend_handles_labels()
    legend_above(figure, handles, labels)
    return figure
