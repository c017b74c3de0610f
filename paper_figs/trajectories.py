"""Load trajectories to explore: hovering reads worker and step. Imports `paper_figs.report`."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from paper_figs.report import Chart

__all__ = ["trajectory_chart"]

#: Height of one panel, and of what is above and below all of them, in pixels.
PANEL, FRAME = 190, 90

#: Of the worker that is the heaviest over the whole time, and of all others.
HEAVIEST, OTHERS = "#D55E00", "#8A939B"


def trajectory_chart(loads: pd.DataFrame, *, label: str, where: str) -> Chart:
    """Return a chart of the load of every worker, one panel per variant, all with the same axes.

    Parameters
    ----------
    loads : pandas.DataFrame
        variant, step, worker, load (tokens), of one point; steps without a gap.
    label : str
        Of the chart, unique on its page.
    where : str
        The point, in words.
    """
    variants = list(dict.fromkeys(loads["variant"]))
    data: list[dict[str, Any]] = []
    gap = 0.16 / len(variants)
    height = (1 - gap * (len(variants) - 1)) / len(variants)
    layout: dict[str, Any] = {
        "showlegend": False, "hovermode": "closest", "margin": {"l": 58, "r": 12, "t": 28, "b": 44},
        "annotations": [],
        "xaxis": {
            "title": {"text": "step, from empty workers on"}, "anchor": f"y{_suffix(len(variants) - 1)}",
        },
    }  # fmt: skip
    for number, variant in enumerate(variants):
        table = loads[loads["variant"] == variant].pivot(index="step", columns="worker", values="load")
        axis, top = f"y{_suffix(number)}", 1 - number * (height + gap)
        layout[f"yaxis{_suffix(number)}"] = {
            "domain": [round(max(top - height, 0.0), 6), round(top, 6)], "rangemode": "tozero",
            "title": {"text": "load (tokens)"}, "exponentformat": "SI",
            **({"matches": "y"} if number else {}),
        }  # fmt: skip
        layout["annotations"].append(_title(str(variant), top))
        data += _lines(table, axis)
    caption = (
        f"Load of every worker at each step, {where}. Orange: the worker that is heaviest on average. What a "
        "line lies below the topmost one at its step is idle work. Point at a line to read worker, step and "
        "load; drag to zoom, double-click to go back."
    )
    named = ", ".join(map(str, variants))
    alt = f"Load of every worker against the step, one panel for each of {named}; {where}"
    return Chart(label, data, layout, PANEL * len(variants) + FRAME, alt, caption)


def _suffix(number: int) -> str:
    """Return what Plotly puts behind the name of the axis of this number."""
    return str(number + 1) if number else ""


def _title(text: str, top: float) -> dict[str, Any]:
    return {
        "text": _plain(text), "x": 0, "y": round(top, 6), "xref": "paper", "yref": "paper", "xanchor": "left",
        "yanchor": "bottom", "showarrow": False,
    }  # fmt: skip


def _plain(text: str) -> str:
    """Return text that Plotly shows as it is: it reads some HTML elements in titles."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _lines(table: pd.DataFrame, axis: str) -> list[dict[str, Any]]:
    heaviest = table.sum().idxmax()
    # drawn last, so that it lies above the others
    order = [*(worker for worker in table.columns if worker != heaviest), heaviest]
    return [
        {
            "type": "scatter", "mode": "lines", "name": f"worker {worker}", "yaxis": axis,
            "x0": int(table.index[0]), "dx": 1, "y": _packed(table[worker].to_numpy(float)),
            "line": {
                "width": 1.6 if worker == heaviest else 0.8,
                "color": HEAVIEST if worker == heaviest else OTHERS,
            },
            "hovertemplate": f"worker {worker}, step %{{x}}<br>%{{y:,.6~g}} tokens<extra></extra>",
        }
        for worker in order
    ]  # fmt: skip


def _packed(values: NDArray[np.float64]) -> dict[str, str]:
    """Return numbers as Plotly reads them packed: whole ones below 2^31 in four bytes, others in eight."""
    whole = bool((values == np.floor(values)).all() and np.abs(values).max(initial=0.0) < 2**31)
    code = "<i4" if whole else "<f8"
    return {"dtype": code[1:], "bdata": base64.b64encode(values.astype(code).tobytes()).decode()}
