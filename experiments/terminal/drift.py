"""What ``evenstep drift`` prints: the process, the policies under it, and the claims with their verdicts.

Imports rich, drift_processes, `experiments.drift_job` and the forms of `experiments.terminal`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from rich.table import Table

from drift_processes.snapshots import KnowsRounds
from experiments.drift_job import DriftOutcome
from experiments.terminal.forms import make_table, number, ratio, rendered, value_range
from experiments.terminal.reproduce import claim_ranges, heading

__all__ = ["drift_report"]

#: What the verdict of F0 leaves open where the law was given by the user, and in rounds.
LAW_OR_SAMPLE = "is its snapshot the law of these increments?"
ROUNDS_OR_SAMPLE = "are its round_laws those of these increments?"


def drift_report(outcome: DriftOutcome) -> str:
    """Return what was found, as the terminal shows it."""
    return rendered(_parts(outcome))


def _parts(outcome: DriftOutcome) -> Iterator[str | Table]:
    yield from _process(outcome)
    yield from heading(outcome.scenario)
    yield _policies(outcome.results)
    yield _claims(outcome.claims)
    yield from _notes(outcome)


def _process(outcome: DriftOutcome) -> Iterator[str]:
    process = outcome.drift.process
    low, high = process.increment_range
    where = f" from {outcome.drift.file.name}" if outcome.drift.file else ""
    growth = f"by {low:g}" if low == high else f"by {low:g} to {high:g}"
    yield f"{outcome.drift.words}{where}: {outcome.scenario['growth_class']}, loads grow {growth} per step"
    laws = {0: "none known", 1: "known"}
    if not outcome.searched:
        yield "the process is slow: the search for a violation of its contract was cut short"
    yield f"snapshot law: {laws.get(outcome.phases, f'known in each of {outcome.phases} phases')}"


def _policies(results: pd.DataFrame) -> Table:
    table = make_table("Policies")
    table.add_column("policy")
    for head in ("imbalance", "99 % interval", "IIR", "idle %"):
        table.add_column(head, justify="right")
    for row in results.to_dict("records"):
        table.add_row(
            str(row["policy"]),
            number(float(row["imbalance"])),
            value_range(float(row["imbalance_lo"]), float(row["imbalance_hi"])),
            ratio(float(row["iir"])),
            f"{100 * float(row['idle_fraction']):.2f}",
        )
    return table


def _claims(claims: pd.DataFrame) -> Table:
    table = make_table("Claims")
    table.add_column("claim", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("applies", no_wrap=True)
    table.add_column("bound", justify="right")
    table.add_column("measured", justify="right")
    table.add_column("verdict")
    for row in claims.to_dict("records"):
        table.add_row(
            _label(row), str(row["status"]), "yes" if row["applies"] else "no", *claim_ranges(row),
            str(row["verdict"]) if row["applies"] else "–",
        )  # fmt: skip
    return table


def _label(row: dict[Any, Any]) -> str:
    """Return the claim, with the policy where it speaks of each, or the run where it is held against two."""
    if row["claim"] in ("T0", "E0"):
        return f"{row['claim']} {row['policy']}"
    twice = row["claim"] in ("F0", "B1") and row["run"] == "rounds"
    return f"{row['claim']} rounds" if twice else str(row["claim"])


def _notes(outcome: DriftOutcome) -> Iterator[str]:
    """Say why, once for all claims with the same reason."""
    told: dict[tuple[str, str], list[str]] = {}
    for row in outcome.claims.to_dict("records"):
        if row["reason"]:
            reason = "; ".join(filter(None, (str(row["reason"]), _question(outcome, row))))
            told.setdefault((str(row["verdict"]), reason), []).append(_label(row))
    for (verdict, reason), claims in told.items():
        yield f"{', '.join(claims)} {verdict}: {reason}"
    if outcome.doubt:
        yield outcome.doubt


def _question(outcome: DriftOutcome, row: dict[Any, Any]) -> str:
    """Return what a violation of F0 or F1 makes doubtful, where it rests on a law of the user's."""
    process = outcome.drift.process
    if row["claim"] not in ("F0", "F1") or row["verdict"] != "violated" or outcome.drift.file is None:
        return ""
    if row["run"] != "rounds":
        return LAW_OR_SAMPLE if outcome.phases else ""
    alike = process.is_common or process.grows_by_age  # then the sizes alone decide
    return ROUNDS_OR_SAMPLE if isinstance(process, KnowsRounds) and not alike else ""
