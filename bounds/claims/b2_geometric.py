r"""B2: with geometric lengths and a large batch BF-IO keeps the imbalance within (G-1)·Δ up to a horizon.

Statement
    With probability at least 1 - η: I(k) <= (G - 1)·Δ at every step k = 0..K, if τ > 0 and
    4·G·K·exp(-τ²/(2·(V + w_max·τ/3))) <= η/2, where τ = (p·B·(b-a) - (1-p)·(G-1)·Δ)/2 and
    V = p·(1-p)·B·w_max².
Status
    proved.
Assumptions
    BF-IO(0); empty start; every slot full at every step; a rich pool (a, b) at every step up to K; lengths
    geometric and independent of sizes, arrivals and growth; drift common.
Constants
    4·G·K: two sides of two sums on G workers in K steps; 2·G·K suffices, as only one side of each sum is
    needed. w_max bounds every load within the horizon, but for probability η/2 (`bounds.large_batch`).
Proof
    docs/theory.md §3, B2: the filling lemma, and Bernstein's inequality for each step given the past.
Tight when
    Not known to be. τ may be larger by Δ/2: intervals that miss each other by Δ still leave all loads
    within Δ.
Source
    This project; Chen et al., arXiv 2601.17855 (2026), state the asymptotic form.
Example
    G = 4, p = 1/2, a = 25, b = 75, sizes 1..100, unit growth, K = 200, η = 0.01: B = 792 is the smallest
    batch that meets the condition, and then I <= 297.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy.core.relational import Relational

from bounds.claim import Claim, Neighbour

__all__ = ["CLAIM", "condition", "failure_probability"]

G, B, K, p, a, b, w_max, eta, Delta = sympy.symbols("G B K p a b w_max eta Delta", nonnegative=True)


def failure_probability(margin: sympy.Expr) -> sympy.Expr:
    """Return Bernstein's bound on a deviation beyond τ = ``margin`` in one step, on any of G workers."""
    variance = p * (1 - p) * B * w_max**2
    return 4 * G * sympy.exp(-(margin**2) / (2 * (variance + w_max * margin / 3)))


def condition(margin: sympy.Expr) -> Mapping[str, Relational]:
    """Return what B2 asks of its numbers, for one of its margins τ."""
    return {
        "G >= 2": G >= 2,
        "B >= 1": B >= 1,
        "K >= 1": K >= 1,
        "p > 0": p > 0,
        "p <= 1": p <= 1,
        "a < b": a < b,
        "b - a <= Delta": b - a <= Delta,
        "b <= w_max": b <= w_max,
        "Delta <= w_max": Delta <= w_max,
        "eta < 1": eta < 1,
        "tau > 0": margin > 0,
        "4 G K exp(-tau^2 / (2 (V + w_max tau / 3))) <= eta / 2": K * failure_probability(margin) <= eta / 2,
    }


CLAIM = Claim(
    id="B2",
    title="BF-IO with geometric lengths, large batch",
    statement=(
        r"\mathbb{P}\left(I(k) \le (G-1)\,\Delta \text{ for } k \le K\right) \ge 1-\eta "
        r"\quad\text{where } 4GK\,e^{-\tau^2/(2V+\frac23 w_{\max}\tau)} \le \tfrac{\eta}{2},\; "
        r"\tau = \tfrac12\left(pB(b-a) - (1-p)(G-1)\Delta\right) > 0,\; V = p(1-p)Bw_{\max}^2"
    ),
    status="proved",
    direction="upper",
    tight=False,
    assumptions=(
        "bfio_policy",
        "empty_start",
        "overloaded",
        "rich_pool",
        "geometric_lengths",
        "independent_sizes_and_lengths",
        "common_drift",
        "large_batch",
    ),
    symbols={
        "G": "workers, at least 2",
        "B": "slots per worker",
        "K": "horizon, steps",
        "p": "probability that an active request ends a step",
        "a": "the pool has enough requests of this size or below, load",
        "b": "the pool has enough requests of this size or above, load",
        "Delta": "largest minus smallest size, load",
        "w_max": "bound on every load within the horizon, but for probability eta/2, load",
        "eta": "probability of a failure within the horizon",
    },
    expression=(G - 1) * Delta,
    domain=condition((p * B * (b - a) - (1 - p) * (G - 1) * Delta) / 2),
    source="this project; asymptotic form: arXiv 2601.17855",
    proof="docs/theory.md §3, B2",
    notes=(
        "the probability is that of a failure while the pool is rich, P(rich and failed) <= eta: among the "
        "runs whose pool stayed rich the share that fail may be eta / P(rich), since how many slots are free "
        "depends on the lengths; a pool that is rich whatever the lengths has no such question. What follows "
        "for the mean is B2-ratio, not eta·G·B·w_max: w_max bounds nothing on the event that fails"
    ),
    neighbour=Neighbour(
        statement=r"I(k) \le (G-1)\,\Delta \text{ for every batch } B",
        expression=(G - 1) * Delta,
        drops_domain=True,
        why=(
            "sizes uniform on 1..100, p = 0.02, unit growth, G = 16, B = 72, a pool rich in 25 and 75, where "
            "one step's refills don't make up for its noise: the mean is about 3.5 times (G-1)·Delta"
        ),
    ),
)
