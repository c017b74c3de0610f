"""How imbalance and its improvement grow with B or with G, beside the theory. Imports the columns."""

from __future__ import annotations

import pandas as pd

from paper_figs.columns import (
    figure_column,
    number_column,
    setting_words,
    table_by_point,
    text_column,
    varying,
)
from paper_figs.sweep import KEYS, NotInStore, Sweep, is_myopic
from paper_figs.table import Formula, Table

__all__ = ["grown", "scaling_table"]

_WORDS = {"slots": ("slots per worker", "B"), "workers": ("workers", "G")}


def grown(sweep: Sweep, by: str) -> pd.DataFrame:
    """Return the means, with their theory, where ``by`` varies while all other keys stay, in its order.

    Raises
    ------
    NotInStore
        If it nowhere does.
    """
    means = sweep.with_theory(sweep.overloaded())
    others = [key for key in KEYS if key != by]
    several = means.groupby(others, sort=False, dropna=False)[by].transform("nunique") > 1
    if not several.any():
        raise NotInStore(f"it has one number of {_WORDS[by][0]} only")
    families = means[several].groupby(others, sort=False, dropna=False)
    return pd.concat([part.sort_values(by, kind="stable") for _, part in families], ignore_index=True)


def scaling_table(sweep: Sweep, by: str) -> Table:
    """Return the growth with ``"slots"`` or ``"workers"``: measured means beside what theory says.

    Raises
    ------
    NotInStore
        If the store has one B, or G, only.
    """
    means = grown(sweep, by)
    is_bounded = means.apply(is_myopic, axis=1) & (means["iir_bound_claim"] != "")
    exact = ((means["f0_lo"] + means["f0_hi"]) / 2).where(means["policy"] == "fcfs")
    keys = [key for key in varying(means) if key != by]
    columns = [
        figure_column(means, "imbalance"),
        number_column("F0, exact", exact, unit="tokens"),
        figure_column(means, "iir"),
    ]
    words, sign = _WORDS[by]
    caption = [
        f"Growth with the {words} ", Formula(sign), ": ", *setting_words(means),
        "F0 is the exact imbalance of FCFS.",
    ]  # fmt: skip
    if is_bounded.any():
        columns.append(number_column("IIR at least", means["iir_bound"].where(is_bounded)))
        columns.append(text_column("proved by", means["iir_bound_claim"].where(is_bounded, "")))
        caption.append(" The bound on IIR stands where its claim is proved for the law.")
    return table_by_point(means, columns, caption, f"scaling-{sign.lower()}", keys=[*keys, by])
