"""The claims as a LaTeX table. Imports `bounds.claims` and `paper_figs.latex`; needs no results."""

from __future__ import annotations

from collections.abc import Iterable

from bounds.claim import Claim
from bounds.claims import CLAIMS
from paper_figs.latex import Column, escape, table

__all__ = ["claims_table"]


def claims_table(claims: Iterable[Claim] | None = None) -> str:
    r"""Return the LaTeX of a table of the claims, to be ``\input`` with amsmath, amssymb and booktabs.

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
    >>> print(claims_table([CLAIMS["B1"]]).splitlines()[8])
        B1 & proved, tight & $\displaystyle I(k) \le (G-1)\,\Delta \quad\text{for every } k$ \\
    """
    listed = list(CLAIMS.values() if claims is None else claims)
    if not listed:
        raise ValueError("claims must not be empty")
    columns = [
        Column("claim", "l", [escape(claim.id) for claim in listed]),
        Column("status", "l", [_status(claim) for claim in listed]),
        Column("statement", "l", [rf"$\displaystyle {claim.statement}$" for claim in listed]),
    ]
    caption = (
        "What is claimed of the imbalance $I$, the improvement ratio IIR, throughput and energy. Exact: an "
        "identity; proved: explicit constants; asymptotic: published without constants; conjecture: seen in "
        "experiments only. Tight: attained by an instance."
    )
    return table(columns, caption=caption, label="tab:claims")


def _status(claim: Claim) -> str:
    return f"{claim.status}, tight" if claim.tight and claim.direction != "equal" else claim.status
