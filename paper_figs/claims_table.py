"""The claims as a table. Imports `bounds.claims` and the writer of LaTeX; needs no results."""

from __future__ import annotations

from collections.abc import Iterable

from bounds.claim import Claim
from bounds.claims import CLAIMS
from paper_figs.latex import to_latex
from paper_figs.table import Column, Formula, Table

__all__ = ["claims_latex", "claims_table"]


def claims_table(claims: Iterable[Claim] | None = None) -> Table:
    r"""Return a table of the claims: id, status, statement.

    Parameters
    ----------
    claims : iterable of Claim, optional
        Default: all, in the order of the theory.

    Raises
    ------
    ValueError
        If there are none.

    Examples
    --------
    >>> from paper_figs.markdown import to_markdown
    >>> print(to_markdown(claims_table([CLAIMS["B1"]])).splitlines()[-1])
    | B1 | proved, tight | $I(k) \le (G-1)\,\Delta \quad\text{for every } k$ |
    """
    listed = list(CLAIMS.values() if claims is None else claims)
    if not listed:
        raise ValueError("claims must not be empty")
    columns = [
        Column("claim", [claim.id for claim in listed]),
        Column("status", [_status(claim) for claim in listed]),
        Column("statement", [Formula(claim.statement) for claim in listed], is_long=True),
    ]
    caption = (
        "What is claimed of the imbalance ",
        Formula("I"),
        ", the improvement ratio IIR, throughput and energy. Exact: an identity; proved: explicit constants; "
        "asymptotic: published without constants; conjecture: seen in experiments only. Tight: some instance "
        "attains it.",
    )
    return Table(columns, caption, "claims", is_wide=True)


def claims_latex() -> str:
    r"""Return the LaTeX of all claims, to be ``\input``."""
    return to_latex(claims_table())


def _status(claim: Claim) -> str:
    return f"{claim.status}, tight" if claim.tight and claim.direction != "equal" else claim.status
