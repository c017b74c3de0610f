"""The claims listed, without a simulation: as a table of the terminal, in Markdown, and one by one.

Imports `bounds.claims`, `bounds.claim` and the forms of `experiments.terminal`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
from rich.table import Table

from bounds.claim import Claim
from bounds.claims import CLAIMS
from contracts import checks
from experiments.terminal.forms import make_table, rendered

__all__ = [
    "SIGNS",
    "claim_details",
    "claim_facts",
    "claims_frame",
    "claims_markdown",
    "claims_report",
    "find_claim",
]

#: How the quantity stands to the formula, by `Claim.direction`.
SIGNS = {"equal": "=", "lower": ">=", "upper": "<=", "between": "<= <="}


def find_claim(name: str) -> Claim:
    """Return the claim of this id.

    Raises
    ------
    ValueError
        If there is none, with the ids that there are.
    """
    return CLAIMS[checks.choice("claim", name, tuple(CLAIMS))]


def claims_frame(claims: Iterable[Claim] | None = None) -> pd.DataFrame:
    """Return one row per claim.

    Returns
    -------
    pandas.DataFrame
        ``id``, ``title``, ``status``, ``sign`` (`SIGNS`), ``tight``, ``statement`` (LaTeX without dollar
        signs), ``assumptions`` (names joined by commas), ``source``, ``proof``, ``control`` (the LaTeX of the
        false neighbour) and ``notes``.

    Examples
    --------
    >>> frame = claims_frame()
    >>> frame[frame.status == "conjecture"].id.tolist()
    ['B4']
    """
    shown = CLAIMS.values() if claims is None else claims
    frame = pd.DataFrame([claim_facts(claim) for claim in shown]).drop(columns=["domain", "symbols"])
    frame["assumptions"] = [", ".join(names) for names in frame["assumptions"]]
    return frame


def claim_facts(claim: Claim) -> dict[str, Any]:
    """Return what is known of a claim in JSON types; the names are those of `claims_frame`.

    ``assumptions`` and ``domain`` are lists here, ``symbols`` are the meanings by name.
    """
    return {
        "id": claim.id,
        "title": claim.title,
        "status": claim.status,
        "sign": SIGNS[claim.direction],
        "tight": claim.tight,
        "statement": claim.statement,
        "assumptions": list(claim.assumptions),
        "domain": list(claim.domain),
        "symbols": dict(claim.symbols),
        "source": claim.source,
        "proof": claim.proof,
        "control": claim.neighbour.statement if claim.neighbour else "",
        "notes": claim.notes,
    }


def claims_report(claims: Iterable[Claim] | None = None) -> str:
    """Return the table that the terminal shows."""
    return rendered([_table(claims_frame(claims))])


def _table(frame: pd.DataFrame) -> Table:
    table = make_table("Claims")
    for head in ("claim", "status", "bound"):
        table.add_column(head, no_wrap=True)
    table.add_column("what it speaks of")
    for row in frame.to_dict("records"):
        tight = ", tight" if row["tight"] and row["sign"] != "=" else ""
        table.add_row(str(row["id"]), str(row["status"]), str(row["sign"]) + tight, str(row["title"]))
    return table


def claim_details(claim: Claim) -> str:
    """Return all that is known of a claim, as the terminal shows it.

    Raises
    ------
    TypeError
        If it is no claim.
    """
    checks.instance("claim", claim, Claim, "a Claim")
    return rendered(_details(claim))


def _details(claim: Claim) -> Iterator[str | Table]:
    status = "false: made to be refuted" if claim.is_control else claim.status
    yield f"{claim.id}: {claim.title} ({status})"
    yield f"statement (LaTeX): {claim.statement}"
    yield f"source: {claim.source}; proof: {claim.proof}"
    yield f"assumes: {', '.join(claim.assumptions) or 'nothing'}"
    if claim.domain:
        yield f"holds for: {', '.join(claim.domain)}"
    if claim.notes:
        yield f"note: {claim.notes}"
    if claim.neighbour:
        yield f"false neighbour: {claim.neighbour.statement}"
        yield f"refuted by: {claim.neighbour.why}"
    table = make_table("Symbols")
    table.add_column("symbol", no_wrap=True)
    table.add_column("meaning")
    for name, meaning in claim.symbols.items():
        table.add_row(name, meaning)
    yield table


def claims_markdown(claims: Iterable[Claim] | None = None) -> str:
    """Return a table in Markdown, with the formulas between dollar signs."""
    lines = ["| claim | status | statement | assumptions |", "|---|---|---|---|"]
    for row in claims_frame(claims).to_dict("records"):
        # a bar would end the cell
        formula = str(row["statement"]).replace("|", r"\vert ")
        lines.append(
            f"| {row['id']}: {row['title']} | {row['status']} | ${formula}$ | {row['assumptions']} |"
        )
    return "\n".join(lines) + "\n"
