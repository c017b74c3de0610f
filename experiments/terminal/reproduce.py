"""What ``evenstep reproduce`` prints: tables of an `Outcome`. Imports rich and `experiments.reproduce`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.table import Table

from experiments.reproduce import Outcome
from experiments.terminal.forms import make_table, number, ratio, rendered, value_range

__all__ = ["claim_ranges", "heading", "report"]


def report(outcome: Outcome) -> str:
    """Return the main table, the claims table and the notes below them, as the terminal shows them."""
    return rendered(_parts(outcome))


def _parts(outcome: Outcome) -> Iterator[str | Table]:
    scenario = outcome.scenario
    yield from heading(scenario)
    yield _policies(outcome.results)
    yield _claims(outcome.claims)
    if scenario["replicas"]:
        yield (
            f"replicas: {scenario['replicas']} independent runs of {scenario['replica_steps']:,} steps after "
            f"the warm-up; rounds: all lengths equal"
        )
    for row in outcome.claims.to_dict("records"):
        if row["reason"]:
            yield f"{row['claim']} ({row['run']}) {row['verdict']}: {row['reason']}"
    if scenario["verified_runs"]:
        yield f"every run recomputed independently ({scenario['verified_runs']} runs): no difference"


def heading(scenario: Mapping[str, Any]) -> Iterator[str]:
    """Say what was simulated, and what was left out of it."""
    yield (
        f"{scenario['source']}: G = {scenario['workers']} workers of B = {scenario['slots']} slots, "
        f"{scenario['steps']:,} steps after a warm-up of {scenario['warmup']:,}, seed {scenario['seed']}"
    )
    if scenario["skipped_rows"]:
        yield f"{scenario['skipped_rows']:,} unusable rows of the trace were left out"


def _policies(results: pd.DataFrame) -> Table:
    table = make_table("Policies")
    table.add_column("policy")
    for head in ("imbalance", "IIR", "idle %", "tokens/s", "TPOT s", "J/token"):
        table.add_column(head, justify="right")
    for row in results.to_dict("records"):
        table.add_row(
            str(row["policy"]),
            number(float(row["imbalance"])),
            ratio(float(row["iir"])),
            f"{100 * float(row['idle_fraction']):.2f}",
            f"{row['throughput']:,.0f}",
            f"{row['tpot_s']:.5f}",
            f"{row['energy_per_token_j']:.5f}",
        )
    return table


def _claims(claims: pd.DataFrame) -> Table:
    table = make_table("Claims")
    for head in ("claim", "run", "policy"):
        table.add_column(head, no_wrap=True)
    table.add_column("bound", justify="right")
    table.add_column("measured", justify="right")
    table.add_column("verdict")
    for row in claims.to_dict("records"):
        table.add_row(
            str(row["claim"]), str(row["run"]), str(row["policy"]), *claim_ranges(row), str(row["verdict"])
        )
    return table


def claim_ranges(row: Mapping[Any, Any]) -> tuple[str, str]:
    """Return the cells of a claim that say what it allows and what was measured."""
    # a lower bound of 0 on what is never negative says nothing
    void = row["bound_lo"] == 0 and math.isinf(float(row["bound_hi"]))
    bound = "void" if void else value_range(float(row["bound_lo"]), float(row["bound_hi"]))
    return bound, value_range(float(row["measured_lo"]), float(row["measured_hi"]))
