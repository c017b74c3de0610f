"""What ``evenstep check`` prints. Imports rich, verdicts, and from this room the job and the terminal."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence

from rich.table import Table

from bounds.verdict import Verdict
from experiments.checking import Checked
from experiments.terminal.forms import make_table, number, rendered, value_range

__all__ = ["allowed_range", "check_report", "replay_report"]


def check_report(done: Sequence[Checked], heading: str) -> str:
    """Return the table of verdicts and the notes below it."""
    return rendered(_parts(done, heading))


def replay_report(verdict: Verdict) -> str:
    """Return what a replayed counterexample says."""
    return rendered([str(verdict), *_instance(verdict)])


def _parts(done: Sequence[Checked], heading: str) -> Iterator[str | Table]:
    yield heading
    controls = any(entry.is_control for entry in done)
    table = make_table("Controls: false statements, to be refuted" if controls else "Claims")
    table.add_column("claim", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for head in ("allowed", "measured", "tried"):
        table.add_column(head, justify="right")
    table.add_column("verdict", no_wrap=True)
    for entry in done:
        verdict = entry.verdict
        table.add_row(
            verdict.claim, entry.status, allowed_range(verdict.bound), allowed_range(verdict.measured),
            f"{verdict.observations:,}" if verdict.observations else "–", verdict.word,
        )  # fmt: skip
    yield table
    for entry in done:
        yield f"{entry.verdict.claim}: {entry.verdict.reason}"
        if entry.verdict.word == "refuted":
            yield from _instance(entry.verdict)
    yield from _guarantees(done)


def _instance(verdict: Verdict) -> Iterator[str]:
    if verdict.instance is not None:
        yield f"  counterexample: {json.dumps(dict(verdict.instance))}"


def _guarantees(done: Sequence[Checked]) -> Iterator[str]:
    """Yield what the verdicts rest on, once for all claims that share it."""
    of_claims: dict[str, list[str]] = {}
    for entry in done:
        if entry.verdict.guarantee:
            of_claims.setdefault(entry.verdict.guarantee, []).append(entry.verdict.claim)
    for guarantee, claims in of_claims.items():
        yield f"{', '.join(claims)}: {guarantee}"


def allowed_range(ends: tuple[float, float]) -> str:
    """Return the range of a verdict, a dash where nothing is known."""
    low, high = ends
    if math.isinf(low):
        return "–" if math.isinf(high) else f"≤ {number(high)}"
    return value_range(low, high)
