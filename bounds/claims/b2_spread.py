r"""B2-spread: minimising the spread of loads needs a batch that hardly grows with G.

Statement
    As B2, for the policy that minimises max_g L_g - min_g L_g, with τ = (p·B·(b-a) - (1-p)·Δ)/2: with
    probability at least 1 - η, max_g L_g - min_g L_g <= Δ, and so I(k) <= (G - 1)·Δ, at every step k = 0..K.
Status
    proved.
Assumptions
    Those of B2 with the spread as the objective of each step, solved to optimality.
Constants
    As B2.
Proof
    docs/theory.md §3, B2-spread: the filling lemma leaves a spread below Δ, so the optimum does, and Δ takes
    the place of (G-1)·Δ in what a step inherits.
Tight when
    Not known to be.
Source
    This project.
Example
    p = 1/2, a = 25, b = 75, sizes 1..100, unit growth, K = 200, η = 0.01: B = 785 at G = 4 and 1137 at
    G = 256, where B2 needs 792 and 1999.
"""

from __future__ import annotations

from dataclasses import replace

from bounds.claim import Neighbour
from bounds.claims.b2_geometric import CLAIM as IMBALANCE
from bounds.claims.b2_geometric import B, Delta, G, a, b, condition, p

__all__ = ["CLAIM"]

_SAME = {"bfio_policy": "spread_policy", "large_batch": "large_batch_spread"}

CLAIM = replace(
    IMBALANCE,
    id="B2-spread",
    title="B2 for the policy that minimises the spread",
    statement=(
        r"\mathbb{P}\left(I(k) \le (G-1)\,\Delta \text{ for } k \le K\right) \ge 1-\eta "
        r"\quad\text{as B2 with } "
        r"\tau = \tfrac12\left(pB(b-a) - (1-p)\Delta\right)"
    ),
    assumptions=tuple(_SAME.get(name, name) for name in IMBALANCE.assumptions),
    domain=condition((p * B * (b - a) - (1 - p) * Delta) / 2),
    source="this project",
    proof="docs/theory.md §3, B2-spread",
    notes=IMBALANCE.notes.split(". What follows")[0],
    neighbour=Neighbour(
        statement=r"I(k) \le (G-1)\,\Delta \text{ for every batch } B",
        expression=(G - 1) * Delta,
        drops_domain=True,
        why=(
            "sizes uniform on 1..100, p = 0.02, unit growth, G = 16, B = 72: one worker out of reach of its "
            "refills makes the spread, and with it the imbalance, larger than the bound"
        ),
    ),
)
