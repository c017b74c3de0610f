"""Claims and what became of them, as tables of the report. Imports bounds, experiments, `Table`."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bounds.claims import CLAIMS
from bounds.verdict import Verdict
from experiments.judging import LEVEL, VIOLATED_BEYOND
from experiments.terminal.check import allowed_range
from experiments.terminal.reproduce import claim_ranges
from paper_figs.table import Column, Number, Table

__all__ = ["compared_notes", "compared_table", "verdict_notes", "verdict_table"]


def compared_table(claims: pd.DataFrame) -> Table:
    """Return claims against the measurements of one job.

    Parameters
    ----------
    claims : pandas.DataFrame
        ``claims.parquet`` of a `reproduce`.
    """
    rows = claims.to_dict("records")
    ranges = [claim_ranges(row) for row in rows]
    uncertain = [row["measured_lo"] < row["measured_hi"] for row in rows]
    columns = [
        Column("claim", [str(row["claim"]) for row in rows]),
        Column("status", [CLAIMS[row["claim"]].status for row in rows]),
        Column("run", [str(row["run"]) for row in rows]),
        Column("policy", [str(row["policy"]) for row in rows]),
        Column("applies", ["yes" if row["applies"] else "no" for row in rows]),
        Column("bound", [_unbroken(bound) for bound, _ in ranges]),
        Column("measured", [_unbroken(measured) for _, measured in ranges]),
        Column("verdict", [str(row["verdict"]) for row in rows]),
        Column("error level", [f"{1 - LEVEL:.2g}" if has else "–" for has in uncertain]),
    ]
    caption = (
        "Claims against the runs of this workload. A range under measured is the interval of a mean, wrong "
        f"with the probability under error level; violated is said only outside the interval that is "
        f"wrong with probability {1 - VIOLATED_BEYOND:.0e}. What has no error level is known exactly."
    )
    return Table(columns, [caption], "compared")


def compared_notes(claims: pd.DataFrame) -> list[str]:
    """Return why a verdict is what it is, where the table needs words for that."""
    return [
        f"{row['claim']} ({row['run']}) {row['verdict']}: {row['reason']}"
        for row in claims.to_dict("records")
        if row["reason"]
    ]


def verdict_table(verdicts: Sequence[Verdict]) -> Table:
    """Return what `evenstep check` found, one row per claim."""
    columns = [
        Column("claim", [verdict.claim for verdict in verdicts]),
        Column("status", [_status(verdict.claim) for verdict in verdicts]),
        Column("applies", ["no" if verdict.word == "not applicable" else "yes" for verdict in verdicts]),
        Column("bound", [_unbroken(allowed_range(verdict.bound)) for verdict in verdicts]),
        Column("measured", [_unbroken(allowed_range(verdict.measured)) for verdict in verdicts]),
        Column("tried", [Number(verdict.observations, places=0) for verdict in verdicts]),
        Column("verdict", [verdict.word for verdict in verdicts]),
        Column("error level", [f"{verdict.level:g}" if verdict.level else "–" for verdict in verdicts]),
    ]
    caption = (
        "Claims put to the test on settings of their own. Tried: independent replications of what is "
        "measured, instances of what is searched. A search has no error level: it found no "
        "counterexample, or it did."
    )
    return Table(columns, [caption], "verdicts")


def verdict_notes(verdicts: Sequence[Verdict]) -> list[str]:
    """Return the reason of each verdict, and what each error level rests on."""
    of_claims: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.guarantee:
            of_claims.setdefault(verdict.guarantee, []).append(verdict.claim)
    reasons = [f"{verdict.claim}: {verdict.reason}." for verdict in verdicts]
    return reasons + [f"Error level of {', '.join(claims)}: {words}." for words, claims in of_claims.items()]


def _unbroken(text: str) -> str:
    """Return text that is not broken over lines."""
    return text.replace(" ", "\u00a0")


def _status(claim: str) -> str:
    return CLAIMS[claim].status if claim in CLAIMS else "lemma"
