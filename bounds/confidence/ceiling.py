"""A ceiling for an imbalance whose loads have an unbounded law. May import contracts and drift_processes."""

from __future__ import annotations

import numpy as np

from contracts import checks
from drift_processes import Law

__all__ = ["imbalance_ceiling"]


def imbalance_ceiling(load: Law, *, workers: int, excess: float, least: float | None = None) -> float:
    """Return a ceiling c with E (I - c)⁺ <= ``excess``, for `BettingSequence` and `RatioSequence`.

    I <= (G-1)·(max_g L_g - l) where no load is below l, so E (I - c)⁺ <= G·(G-1)·E (L - l - c/(G-1))⁺, the
    sum over the workers in place of the maximum. By convexity the same holds for a mean of I over steps.

    The law must dominate the load of every worker at every step that is averaged over. Overloaded, under
    FCFS, it is `sum_law` of the load of a slot: from an empty start where lengths are geometric, else
    once ages have settled. Under *any* policy that doesn't see lengths, with sizes in [s_min, s_max],
    geometric lengths independent of the sizes and growth by age alone, it is
    ``sum_law(slot_load_law(Law.constant(s_max), lengths, drift), slots)`` with ``least`` = B·s_min: which
    request fills a slot has no influence on how old it is found.

    Parameters
    ----------
    load : Law
        Of L_g, or of something at least as large in stochastic order, load.
    workers : int
        G >= 1.
    excess : float
        > 0, load. A thousandth of the mean costs little and cuts the range most.
    least : float, optional
        The smallest load l that a worker can have; by default the smallest value of the law.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable.

    Examples
    --------
    >>> imbalance_ceiling(Law([0, 4], [0.5, 0.5]), workers=2, excess=1)
    3.0
    """
    checks.instance("load", load, Law, "a Law")
    others = checks.count("workers", workers, at_least=1, at_most=checks.EXACT_INTEGER_LIMIT) - 1
    allowed = checks.number("excess", excess, above=0)
    bottom = float(load.values[0])
    low = bottom if least is None else checks.number("least", least, at_most=bottom)
    if others == 0:
        return 0.0
    per_worker = allowed / (others * (others + 1))
    values, weights = load.values.astype(np.float64), load.probabilities
    # beyond[i] = P(L >= values[i]); E (L - x)⁺ falls linearly in x between two values of L
    beyond = np.cumsum(weights[::-1])[::-1]
    tails = np.append(np.cumsum((beyond[1:] * np.diff(values))[::-1])[::-1], 0.0)
    if tails[0] <= per_worker:
        return max(others * (bottom + float(tails[0]) - per_worker - low), 0.0)
    i = int(np.flatnonzero(tails > per_worker)[-1])
    cut = float(values[i] + (tails[i] - per_worker) / beyond[i + 1])
    return others * (cut - low)
