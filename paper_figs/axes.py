"""What several figures draw alike: markers and hatches that survive without colour, intervals, plain ticks.

Imports matplotlib only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

__all__ = [
    "arms",
    "hatch",
    "legend_above",
    "marker",
    "measured",
    "panel_titles",
    "plain_log_scale",
    "plain_ticks",
]

#: Letters of a legend that fit into the width of a column.
WIDTH_IN_LETTERS = 66

_MARKERS = ("o", "s", "^", "D", "v", "P")
_HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "++++")


def marker(number: int) -> str:
    """Return the marker of the curve of this number; with its colour no other of 36 has it."""
    return _MARKERS[_in_turn(number)]


def hatch(number: int) -> str:
    """Return the hatch of the bars of this number; with their colour no others of 36 have it."""
    return _HATCHES[_in_turn(number)]


def _in_turn(number: int) -> int:
    # colours repeat after six as well, so that the next six begin one further on
    return (number + number // 6) % 6


def legend_above(figure: Figure, handles: Sequence[Artist], labels: Sequence[str]) -> None:
    """Put the legend above the axes, in as many columns as its longest label leaves room for."""
    longest = max(map(len, labels), default=0)
    columns = max(1, min(3, WIDTH_IN_LETTERS // (longest + 6)))
    figure.legend(
        handles, labels, loc="outside upper right", ncols=columns, columnspacing=0.9, handletextpad=0.4
    )


def measured(axis: Axes, line: pd.DataFrame, by: str, figure: str, **look: Any) -> None:
    """Draw a figure with its interval against a column, in the order of that, as far as it is finite.

    Parameters
    ----------
    line : pandas.DataFrame
        With ``by``, ``figure``, and the ends ``figure_lo``, ``figure_hi``.
    look : Any
        For ``plot``.
    """
    seen = line[np.isfinite(line[figure])].sort_values(by)
    (drawn,) = axis.plot(seen[by], seen[figure], **{"markersize": 2.5, **look})
    arms(axis, seen, figure, seen[by], color=drawn.get_color())


def arms(
    axis: Axes, frame: pd.DataFrame, figure: str, at: Sequence[float], *, color: Any, across: bool = False
) -> None:
    """Draw the interval of each value as a thin line, up to the frame where it has no end.

    Parameters
    ----------
    frame : pandas.DataFrame
        With ``figure``, ``figure_lo`` and ``figure_hi``; where an end is NaN nothing is drawn.
    at : sequence of float
        Where on the other axis.
    across : bool
        Horizontal lines instead of vertical ones.
    """
    far = 1e6 * (1 + frame[figure].abs().max())
    for is_bounded in (True, False):
        segments = []
        for place, lo, hi in zip(at, frame[f"{figure}_lo"], frame[f"{figure}_hi"], strict=True):
            if np.isnan(lo) or np.isnan(hi) or is_bounded != (np.isfinite(lo) and np.isfinite(hi)):
                continue
            ends = [(place, max(lo, -far)), (place, min(hi, far))]
            segments.append([end[::-1] for end in ends] if across else ends)
        # what has no end has no say in where the frame is
        axis.add_collection(LineCollection(segments, colors=[color], linewidths=0.6), autolim=is_bounded)
    axis.autoscale_view()


def panel_titles(frame: pd.DataFrame, keys: Sequence[str]) -> list[str]:
    """Return for each row where it belongs, in the words of those keys that it has, to title a panel."""
    signs = {"workers": "G = ", "slots": "B = ", "load": "load "}
    return [
        ", ".join(
            f"{signs.get(key, '')}{value}"
            for key, value in zip(keys, values, strict=True)
            if value != "" and pd.notna(value)
        )
        for values in frame[list(keys)].itertuples(index=False, name=None)
    ]


def plain_ticks(axis: Axes, ticks: Sequence[float]) -> None:
    """Name these positions of the x axis, and no others, in plain numbers."""
    axis.xaxis.set_major_locator(FixedLocator(list(ticks)))
    axis.xaxis.set_minor_locator(NullLocator())
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.xaxis.set_major_formatter(lambda value, _position: f"{value:g}")


def plain_log_scale(axis: Axes, values: Sequence[float]) -> None:
    """Make the y axis logarithmic, with plain numbers: the more of them the narrower the values are."""
    finite = [value for value in values if 0 < value < np.inf]
    axis.set_yscale("log")
    if not finite:
        return
    low, high = min(finite), max(finite)
    exponents = range(int(np.floor(np.log10(low))) - 1, int(np.ceil(np.log10(high))) + 2)
    steps = (1, 1.5, 2, 3, 4, 5, 7) if high / low < 5 else (1, 2, 5) if high / low < 100 else (1,)
    axis.yaxis.set_major_locator(
        FixedLocator([step * 10.0**exponent for exponent in exponents for step in steps])
    )
    axis.yaxis.set_minor_formatter(NullFormatter())
    axis.yaxis.set_major_formatter(lambda value, _position: f"{value:,.4g}")
