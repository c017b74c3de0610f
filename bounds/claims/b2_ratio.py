r"""B2-ratio: how much BF-IO improves on FCFS at least in the long run, with geometric lengths.

Statement
    Under BF-IO(0), E I(k) <= (G - 1)·Δ + R at every step k, and so
    IIR >= G·(E max_g S_g - B·E Y) / ((G - 1)·Δ + R), with τ as in B2 and, for any whole A >= 0,
    R = (2·(G-1)/p)·[ 8·G·(V + w·τ/3)/τ · exp(-τ²/(2·(V + w·τ/3))) + G·B²·(1-p)^A·(s_max + δ·(A + 1/p)) ],
    w = s_max + δ·A, V = p·(1-p)·B·w², δ the largest growth per step.
Status
    proved.
Assumptions
    Those of B2 without its horizon and for every B with τ > 0, and those of F0 for the FCFS run: growth must
    be of known law. The predicates listed are those of the BF-IO run but for its policy, and those of the
    laws that both runs share.
Constants
    All explicit. R falls exponentially in B; it takes somewhat larger batches than B2 to be below (G-1)·Δ.
Proof
    docs/theory.md §3, B2-ratio: the excess e of I over (G-1)·Δ obeys e' <= (1-p)·e + 2·(G-1)·(N - τ)^+, N the
    largest deviation of a step; E (N - τ)^+ by Bernstein where no age exceeds A, by the worst case elsewhere.
Tight when
    Not known to be; measured ratios are far larger in this regime.
Source
    This project; Chen et al., arXiv 2601.17855 (2026), state IIR = Ω(√(B log G)).
Example
    G = 4, p = 1/2, a = 25, b = 75, sizes 1..100, unit growth: R < 1 at B = 802, and IIR >= 11.3.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.optimize
import sympy

from bounds.balls import Number, decide, enclose
from bounds.claim import Claim, Neighbour
from bounds.enclosure import Enclosure
from contracts import checks

__all__ = ["CLAIM", "EXCESS", "large_batch_ratio", "mean_excess"]

names = "G B M mu p a b Delta s_max delta A"
G, B, M, mu, p, a, b, Delta, s_max, delta, A = sympy.symbols(names, nonnegative=True)

_margin = (p * B * (b - a) - (1 - p) * (G - 1) * Delta) / 2
_load = s_max + delta * A
_spread = p * (1 - p) * B * _load**2 + _load * _margin / 3
_usual = 8 * G * _spread / _margin * sympy.exp(-(_margin**2) / (2 * _spread))
_rare = G * B**2 * (1 - p) ** A * (s_max + delta * (A + 1 / p))

#: R of the statement.
EXCESS = 2 * (G - 1) / p * (_usual + _rare)

CLAIM = Claim(
    id="B2-ratio",
    title="improvement over FCFS with geometric lengths, large batch",
    statement=(
        r"\mathrm{IIR} \ge \frac{G\left(\mathbb{E}\max_g S_g - B\,\mathbb{E}Y\right)}{(G-1)\,\Delta + R}"
        r"\quad\text{where } \tau > 0 \text{ as in B2, with an explicit } R"
    ),
    status="proved",
    direction="lower",
    tight=False,
    assumptions=(
        "empty_start",
        "overloaded",
        "rich_pool",
        "iid_sizes",
        "geometric_lengths",
        "independent_sizes_and_lengths",
        "common_drift",
        "known_load_law",
    ),
    symbols={
        "G": "workers, at least 2",
        "B": "slots per worker",
        "M": "E max_g S_g, expected largest of G independent B-fold sums of the slot load, load",
        "mu": "E Y, mean load of a slot, load",
        "p": "probability that an active request ends a step",
        "a": "the pool has enough requests of this size or below, load",
        "b": "the pool has enough requests of this size or above, load",
        "Delta": "largest minus smallest size, load",
        "s_max": "largest size, load",
        "delta": "largest growth per step, load",
        "A": "any whole number of steps: ages beyond it count as rare",
    },
    expression=G * (M - B * mu) / ((G - 1) * Delta + EXCESS),
    domain={
        "G >= 2": G >= 2,
        "B >= 1": B >= 1,
        "p > 0": p > 0,
        "p <= 1": p <= 1,
        "a < b": a < b,
        "b <= s_max": b <= s_max,
        "b - a <= Delta": b - a <= Delta,
        "tau > 0": _margin > 0,
    },
    source="this project; asymptotic form: arXiv 2601.17855",
    proof="docs/theory.md §3, B2-ratio",
    notes=(
        "this stands in the place of (G-1)·Delta + eta·G·B·w_max: a union over K steps says nothing of a "
        "long-run average, and w_max bounds no load on the event that fails"
    ),
    neighbour=Neighbour(
        statement=(
            r"\mathrm{IIR} \ge \frac{G\left(\mathbb{E}\max_g S_g - B\,\mathbb{E}Y\right)}{(G-1)\,\Delta}"
        ),
        expression=G * (M - B * mu) / ((G - 1) * Delta),
        drops_domain=True,
        why=(
            "sizes uniform on 1..100, p = 0.02, unit growth, G = 64, B = 72: it asks for a ratio of 12.3, "
            "and 3.1 is measured"
        ),
    ),
)


def large_batch_ratio(fcfs: Enclosure, *, workers: int, size_range: float, **regime: Any) -> float:
    """Return the right-hand side of the claim: IIR is at least this.

    Parameters
    ----------
    fcfs : Enclosure
        F0, the mean imbalance of FCFS (`bounds.fcfs_imbalance`).
    workers, size_range, regime
        The arguments of `mean_excess`.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable, or τ is not positive.

    Examples
    --------
    >>> regime = {"slots": 802, "p": 0.5, "a": 25, "b": 75, "s_max": 100}
    >>> round(large_batch_ratio(Enclosure(3370.0, 3370.0), workers=4, size_range=99, **regime), 1)
    11.3
    """
    checks.instance("fcfs", fcfs, Enclosure, "an Enclosure")
    rest = mean_excess(workers=workers, size_range=size_range, **regime)
    return (fcfs / ((workers - 1) * size_range + rest.hi)).lo


def mean_excess(
    *,
    workers: int,
    slots: int,
    p: float,
    a: float,
    b: float,
    size_range: float,
    s_max: float,
    growth: float = 1.0,
) -> Enclosure:
    """Return R at the age that makes it small: E I(k) <= (G-1)·Δ + R.hi under BF-IO(0), at every step.

    Parameters
    ----------
    workers, slots : int
        G >= 2 and B >= 1.
    p : float
        Probability that an active request ends a step, in (0, 1].
    a, b : float
        The rich pool, 0 <= a < b <= s_max.
    size_range, s_max : float
        Δ and the largest size.
    growth : float
        The most that a load grows in a step.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable, or τ is not positive.

    Examples
    --------
    >>> rest = mean_excess(workers=4, slots=1000, p=0.5, a=25, b=75, size_range=99, s_max=100)
    >>> 0.1 < rest.lo <= rest.hi < 0.12
    True
    """
    numbers = {
        "G": checks.count("workers", workers, at_least=2),
        "B": checks.count("slots", slots, at_least=1),
        "p": checks.number("p", p, above=0, at_most=1),
        "a": checks.number("a", a, at_least=0),
        "b": checks.number("b", b, above=a),
        "Delta": checks.number("size_range", size_range, at_least=b - a),
        "s_max": checks.number("s_max", s_max, at_least=b),
        "delta": checks.number("growth", growth, at_least=0),
    }
    checks.check(
        decide(_margin > 0, numbers) is True,
        f"slots must be large enough for a margin tau > 0 (see claim B2), got {slots}",
    )
    if p == 1:
        return _excess(numbers, 1)
    # any whole age will do; beyond the last one considered, (1 - p)^A is below every float
    ages = np.unique(np.geomspace(1, 1 + 745 / -math.log1p(-p), 60).astype(np.int64)).tolist()
    best = min(range(len(ages)), key=lambda i: _excess(numbers, ages[i]).hi)
    around = ages[max(best - 1, 0)], ages[min(best + 1, len(ages) - 1)]
    found = scipy.optimize.minimize_scalar(
        lambda age: math.log(_excess(numbers, round(age)).hi), bounds=around, method="bounded"
    )
    return min((_excess(numbers, age) for age in (ages[best], round(found.x))), key=lambda value: value.hi)


def _excess(numbers: Mapping[str, Number], age: int) -> Enclosure:
    value = enclose(EXCESS, {**numbers, "A": age})
    # no finite value: beyond the range of floats
    return Enclosure(0.0, sys.float_info.max) if value is None else value
