"""How the imbalance under FCFS grows: limits of F1 by sympy, and F0, F1 and the limit side by side.

May import contracts, drift_processes, sympy, and from this room F1 and the expected maxima.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import sympy

from bounds.claims.f1_fcfs_lower import BOUND, B, G, fcfs_lower_bound, sigma
from bounds.enclosure import Enclosure
from bounds.maxima import maximum_above_mean
from contracts import checks
from drift_processes import Law

__all__ = ["ASYMPTOTE", "Growth", "exceedance_limit", "fcfs_growth", "large_batch_form"]

#: What E I under FCFS comes to as first B and then G grow: G·σ·√(2·B·log G).
ASYMPTOTE = G * sigma * sympy.sqrt(2 * B * sympy.log(G))


def large_batch_form() -> sympy.Expr:
    """Return the limit of F1 / (G·σ·√B) as B → ∞: t·(1 - Φ(t)^G) - 2^(-G), in the symbols of the claim.

    The Berry-Esseen term vanishes, so that nothing is lost but what the argument itself gives away.

    Examples
    --------
    >>> sorted(symbol.name for symbol in large_batch_form().free_symbols)
    ['G', 't']
    """
    return sympy.limit(BOUND / (G * sigma * sympy.sqrt(B)), B, sympy.oo)


def exceedance_limit(theta: sympy.Expr) -> sympy.Expr:
    """Return the limit, as G → ∞, of G·(1 - Φ(t)) at t = θ·√(2·log G).

    It is how many of G independent normal variables exceed t on average: where it is infinite, Φ(t)^G → 0 and
    F1 / `ASYMPTOTE` → θ; where it is 0, the maximum stays below t. So F1 and F0 both grow as `ASYMPTOTE`.

    Parameters
    ----------
    theta : sympy expression
        A positive number.

    Examples
    --------
    >>> [exceedance_limit(sympy.Rational(n, 10)) for n in (9, 11)]
    [oo, 0]
    """
    level = sympy.sympify(theta)
    checks.check(bool(level.is_positive), f"theta must be a positive number, got {theta}")
    logarithm = sympy.Symbol("n", positive=True)
    return sympy.limit(
        sympy.exp(logarithm) * sympy.erfc(level * sympy.sqrt(logarithm)) / 2, logarithm, sympy.oo
    )


@dataclass(frozen=True)
class Growth:
    """F0, F1 and their asymptote for one G and B.

    Attributes
    ----------
    workers, slots : int
    exact : Enclosure
        E I by F0, load.
    bound : float
        F1 with the best t.
    asymptote : float
        G·σ·√(2·B·log G).
    """

    workers: int
    slots: int
    exact: Enclosure
    bound: float
    asymptote: float

    @property
    def bound_share(self) -> float:
        """F1 over F0: at most 1."""
        return self.bound / self.exact.mid

    @property
    def asymptote_share(self) -> float:
        """The asymptote over F0: it falls to 1 as B and then G grow."""
        return self.asymptote / self.exact.mid


def fcfs_growth(
    load: Law, *, workers: Sequence[int], slots: Sequence[int], rtol: float = 1e-3
) -> list[Growth]:
    """Return F0, F1 and the asymptote on a grid of G and B, G varying slowest.

    Parameters
    ----------
    load : Law
        Law of Y, the load of one slot, not constant.
    workers, slots : sequence of int
        Values of G >= 2 and of B >= 1.
    rtol : float
        As `bounds.fcfs_imbalance`.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable.

    Examples
    --------
    >>> row, = fcfs_growth(Law.uniform(1, 100), workers=[64], slots=[72])
    >>> round(row.bound_share, 2), round(row.asymptote_share, 2)
    (0.48, 1.23)
    """
    checks.instance("load", load, Law, "a Law")
    checks.check(not load.is_constant, f"load must not be constant, got {load.mean:g} only: no imbalance")
    rows = []
    for i, count in enumerate(workers):
        checks.count(f"workers[{i}]", count, at_least=2)
        for j, terms in enumerate(slots):
            checks.count(f"slots[{j}]", terms, at_least=1)
            exact = maximum_above_mean(load, copies=count, terms=terms, rtol=rtol) * count
            asymptote = count * math.sqrt(2 * terms * math.log(count) * load.variance)
            bound = fcfs_lower_bound(load, workers=count, slots=terms)
            rows.append(Growth(count, terms, exact, bound, asymptote))
    return rows
