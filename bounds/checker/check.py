"""`check`: put one claim to the test and say what came of it.

May import contracts, and from this room the claims, the falsifier, the statistical tests and verdicts.
"""

from __future__ import annotations

from typing import Any

from bounds.checker.controls import CONTROLS
from bounds.checker.horizon import HORIZON_CLAIMS, kept_by_any_batch, kept_to_horizon
from bounds.checker.long_run import LONG_RUN
from bounds.checker.setting import setting_of
from bounds.checker.statistical import STATISTICAL
from bounds.claims import CLAIMS
from bounds.confidence.decide import DEFAULT_BUDGET
from bounds.falsifier import ADAPTERS, Falsification, falsify
from bounds.verdict import Verdict
from contracts import checks

__all__ = ["CHECKED", "check", "check_control", "search"]

#: All claims, and the lemma in the proof of B2. Each is put to the test by a search for a counterexample, or
#: by measuring means.
CHECKED: tuple[str, ...] = (*CLAIMS, *(lemma for lemma in ADAPTERS if lemma not in CLAIMS))


def check(
    claim_id: str,
    scenario: Any = None,
    *,
    level: float = 0.01,
    budget: int = DEFAULT_BUDGET,
    seed: int = 0,
    scale: float = 1.0,
) -> Verdict:
    """Put a claim to the test.

    A deterministic claim is searched for a counterexample (`bounds.falsifier`): "holds" means that none was
    found. A claim about means is measured on independent replications until it is certain at the error level
    whether it holds (`bounds.confidence`).

    Parameters
    ----------
    claim_id : str
        One of `CHECKED`.
    scenario : Setting, optional
        What F0, F1 and B1-ratio are measured on: a `bounds.checker.Setting`, or anything with its attributes
        ``sizes``, ``lengths``, ``drift``, ``workers`` and ``slots``. Searches make their own instances; the
        B2 claims, B3 and B4 have regimes of their own (`bounds.checker.horizon`, `bounds.checker.long_run`).
    level : float
        Error level of a claim about means.
    budget : int
        The most replications.
    seed : int
        All randomness derives from it.
    scale : float
        Multiplies the bound, > 0; 1 is the claim itself.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable, or nothing tests the claim.

    Examples
    --------
    >>> check("B1", scale=0.5).word
    'refuted'
    """
    name = checks.choice("claim", claim_id, CHECKED)
    factor = checks.number("scale", scale, above=0)
    covered, most, start = _usable(level, budget, seed)
    if name in ADAPTERS:
        return falsify(name, scale=factor, seed=start).verdict
    if name in HORIZON_CLAIMS:
        return kept_to_horizon(name, covered, most, start, factor)
    if name in LONG_RUN:
        return LONG_RUN[name].test(covered, most, start, factor)
    return STATISTICAL[name](setting_of(scenario), covered, most, start, factor)


def search(claim_id: str, *, scale: float = 1.0, seed: int = 0) -> Falsification | None:
    """Return the whole search behind `check`, with its counterexample; None for a claim about means."""
    name = checks.choice("claim", claim_id, CHECKED)
    return falsify(name, scale=scale, seed=seed) if name in ADAPTERS else None


def check_control(
    claim_id: str,
    scenario: Any = None,
    *,
    level: float = 0.01,
    budget: int = DEFAULT_BUDGET,
    seed: int = 0,
) -> Verdict:
    """Put a claim's control to the test, a false statement next to it; arguments as for `check`.

    A checker that does not refute it can't fail, and its other verdicts mean nothing.
    """
    name = checks.choice("claim", claim_id, CHECKED)
    covered, most, start = _usable(level, budget, seed)
    if name in ADAPTERS:
        return check(name, scale=ADAPTERS[name].control, seed=start)
    if name in HORIZON_CLAIMS:
        return kept_by_any_batch(name, covered, most, start)
    if name in LONG_RUN:
        return LONG_RUN[name].control(covered, most, start)
    return CONTROLS[name](setting_of(scenario), covered, most, start)


def _usable(level: float, budget: int, seed: int) -> tuple[float, int, int]:
    # also where a search has no use for them: whether a mistake is told must not depend on the claim
    return (
        checks.number("level", level, above=0, below=1),
        checks.count("budget", budget, at_least=1),
        checks.seed_value("seed", seed),
    )
