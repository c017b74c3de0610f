"""What the tables of a sweep share: columns of keys and figures, and what a caption has to say.

Imports `paper_figs.table`, `paper_figs.sweep`, and which values are best from `experiments.terminal.forms`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from experiments.terminal.forms import best
from paper_figs.sweep import KEYS
from paper_figs.table import Cell, Column, Formula, Number, Table

__all__ = [
    "FIGURES", "figure_column", "group_starts", "key_columns", "number_column", "ratio_column",
    "setting_words", "table_by_point", "text_column", "varying",
]  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """How a figure of the store is shown: its head, its unit, a factor, and whether more is better."""

    head: str
    unit: str = ""
    factor: float = 1.0
    more_is_better: bool = False


#: By column of the store.
FIGURES = {
    "imbalance": Figure("imbalance", "tokens"),
    "iir": Figure("IIR", more_is_better=True),
    "idle_fraction": Figure("idle", "%", 100.0),
    "throughput": Figure("throughput", "tokens/s", more_is_better=True),
    "tpot_s": Figure("TPOT", "ms", 1000.0),
    "tpot_s_p50": Figure("TPOT p50", "ms", 1000.0),
    "tpot_s_p99": Figure("TPOT p99", "ms", 1000.0),
    "energy_per_token_j": Figure("energy", "J/token"),
    "ttft_s_p50": Figure("TTFT p50", "s"),
    "ttft_s_p90": Figure("TTFT p90", "s"),
    "ttft_s_p99": Figure("TTFT p99", "s"),
    "wait_s_p50": Figure("wait p50", "s"),
    "wait_s_p99": Figure("wait p99", "s"),
    "occupancy": Figure("occupied slots", "%", 100.0, more_is_better=True),
}

_KEY_HEADS: dict[str, str | Formula] = {
    "workload": "workload",
    "drift": "drift",
    "workers": Formula("G"),
    "slots": Formula("B"),
    "arrivals": "arrivals",
    "load": "load",
}


def varying(frame: pd.DataFrame, keys: Sequence[str] = KEYS) -> list[str]:
    """Return the keys that have more than one value."""
    return [key for key in keys if frame[key].nunique(dropna=False) > 1]


def key_columns(frame: pd.DataFrame, keys: Iterable[str]) -> list[Column]:
    """Return a column for each of these keys."""
    return [
        Column(_KEY_HEADS[key], [_key_cell(key, value) for value in frame[key]], is_key=True) for key in keys
    ]


def _key_cell(key: str, value: Any) -> Cell:
    if key in ("workers", "slots"):
        return Number(int(value), places=0)
    return Number(float(value), places=2) if key == "load" else str(value)


def text_column(head: str | Formula, values: Iterable[Any], *, is_key: bool = False) -> Column:
    """Return a column of plain text."""
    return Column(head, [str(value) for value in values], is_key=is_key)


def number_column(
    head: str | Formula, values: Iterable[float], *, unit: str = "", places: int | None = None
) -> Column:
    """Return a column of numbers that have no interval."""
    return Column(head, [Number(float(value), places=places) for value in values], unit=unit)


def figure_column(
    frame: pd.DataFrame, name: str, *, best_within: str | None = None, places: int | None = None
) -> Column:
    """Return a column of means with their intervals; with ``best_within`` the best of each group is marked.

    Best is what reads like the best number of the group; where all of a group read alike none is.
    """
    shown = FIGURES[name]
    nothing = pd.Series(math.nan, index=frame.index)
    parts = [frame.get(column, nothing) * shown.factor for column in (name, f"{name}_lo", f"{name}_hi")]
    cells = [
        Number(float(value), float(lo), float(hi), places=places)
        for value, lo, hi in zip(*parts, strict=True)
    ]
    if best_within is not None:
        for rows in frame.groupby(best_within, sort=False).indices.values():
            group = [cells[row] for row in rows]
            # 20.0 and 20.00 read alike
            digits = [float(cell.written().value or "nan") for cell in group]
            values = [cell.value for cell in group]
            for row, marked in zip(
                rows, best(values, digits, more_is_better=shown.more_is_better), strict=True
            ):
                cells[row] = replace(cells[row], best=marked)
    return Column(shown.head, cells, unit=shown.unit)


def ratio_column(
    head: str | Formula, frame: pd.DataFrame, name: str, *, unit: str = "", factor: float = 1.0
) -> Column:
    """Return a column of the frame with its intervals, times a factor."""
    parts = (frame[column] * factor for column in (name, f"{name}_lo", f"{name}_hi"))
    cells = [Number(float(value), float(lo), float(hi)) for value, lo, hi in zip(*parts, strict=True)]
    return Column(head, cells, unit=unit)


def group_starts(frame: pd.DataFrame, *by: str) -> list[int]:
    """Return the rows at which the value of these columns is another than in the row above."""
    values = list(frame[list(by)].astype(str).itertuples(index=False, name=None))
    return [row for row in range(1, len(values)) if values[row] != values[row - 1]]


def table_by_point(
    rows: pd.DataFrame,
    columns: Iterable[Column],
    caption: Sequence[Cell],
    label: str,
    *,
    keys: Iterable[str] | None = None,
) -> Table:
    """Return a table of variants, one group of rows per point.

    Parameters
    ----------
    rows : pandas.DataFrame
        Those of a point beside each other.
    columns : iterable of Column
        What follows the keys and the policy.
    caption, label
        Of the table.
    keys : iterable of str, optional
        Keys in the order of their columns. Default: those that vary.
    """
    left = [
        *key_columns(rows, varying(rows) if keys is None else keys),
        text_column("policy", rows["variant"]),
    ]
    return Table([*left, *columns], caption, label, group_starts(rows, "point"), is_wide=True)


def setting_words(frame: pd.DataFrame) -> list[Cell]:
    """Return what all rows share, for a caption: workload, drift, system, arrivals, runs and intervals."""
    words: list[Cell] = []
    shared = [key for key in KEYS if key not in varying(frame)]
    first = frame.iloc[0]
    for key in ("workload", "drift"):
        if key in shared and first[key]:
            words += [f"{first[key]}, " if key == "workload" else f"drift {first[key]}, "]
    for key, sign, what in (("workers", "G", "workers"), ("slots", "B", "slots each")):
        if key in shared:
            words += [Formula(f"{sign}={int(first[key])}"), f" {what}, "]
    if "arrivals" in shared:
        words.append(f"{first['arrivals']}. ")
    else:
        words.append("arrivals as named. ")
    return words + _effort_words(frame)


def _effort_words(frame: pd.DataFrame) -> list[Cell]:
    runs = frame["replications"]  # fewer where some failed
    words: list[Cell] = ["Means over "]
    if runs.max() > 1:
        words += [*_range_words(runs), " replications of "]
    words += [*_range_words(frame["steps"]), " steps after a warm-up of ", *_range_words(frame["warmup"])]
    if any(frame.get(f"{name}_lo", pd.Series(dtype=float)).notna().any() for name in FIGURES):
        words.append(", with intervals of 99 %")
    return [*words, ". "]


def _range_words(values: pd.Series) -> list[Cell]:
    low, high = (Number(float(end), places=0) for end in (values.min(), values.max()))
    return [low] if low == high else [low, " to ", high]
