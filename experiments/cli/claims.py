"""`evenstep claims`: what is claimed, under which assumptions. Runs no simulation."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.output import AsJson, refuse_beside, say, say_json

__all__ = ["claims_command"]


def claims_command(
    context: typer.Context,
    claims: Annotated[
        list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Claims to show whole. Default: a table.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="Of the table: terminal, markdown or latex.")
    ] = "terminal",
    as_json: AsJson = False,
) -> None:
    """List the claims: statements, assumptions, proofs. Runs no simulation."""
    from bounds.claims import CLAIMS
    from experiments.claims_listing import (
        claim_details,
        claim_facts,
        claims_markdown,
        claims_report,
        find_claim,
    )
    from paper_figs import claims_latex

    if as_json:
        refuse_beside(context, "--json", {"claims", "as_json"})
        named = [find_claim(name) for name in claims or CLAIMS]
        say_json("claims", claims=[claim_facts(claim) for claim in named])
        return
    if claims:
        refuse_beside(context, "claims that are shown whole", {"claims"})
        say("\n".join(claim_details(find_claim(name)) for name in claims))
        return
    tables = {"terminal": claims_report, "markdown": claims_markdown, "latex": claims_latex}
    if form not in tables:
        raise ValueError(f"--format must be one of {', '.join(tables)}; got {form!r}")
    say(tables[form]())
