r"""B2-heterogeneous: B2 where requests grow differently, by delta_lo to delta_hi per step.

Statement
    As B2, with τ = (p·B·(b-a) - (1-p)·[(G-1)·Δ + B·(δ_hi - δ_lo)])/2: with probability at least 1 - η,
    I(k) <= (G - 1)·Δ at every step k = 0..K. It needs p·(b-a) > (1-p)·(δ_hi - δ_lo).
Status
    proved.
Assumptions
    Those of B2 but for common drift. Growth may depend on everything up to the step, and on chance that is
    independent of which requests end in it.
Constants
    As B2; w_max is built with δ_hi.
Proof
    docs/theory.md §3, B2-heterogeneous: loads after growth lie within L_g + B·δ_lo and L_g + B·δ_hi, which
    widens the gap of two intervals by (1-p)·B·(δ_hi - δ_lo).
Tight when
    Not known to be; growth that sees where a request runs may use the whole range.
Source
    This project.
Example
    G = 4, p = 1/2, a = 25, b = 75, sizes 1..100, growth 0 to 10, K = 200, η = 0.01: B = 11617.
"""

from __future__ import annotations

from dataclasses import replace

import sympy

from bounds.claim import Neighbour
from bounds.claims.b2_geometric import CLAIM as COMMON
from bounds.claims.b2_geometric import B, Delta, G, a, b, condition, p

__all__ = ["CLAIM"]

gap = sympy.Symbol("gap", nonnegative=True)

CLAIM = replace(
    COMMON,
    id="B2-heterogeneous",
    title="B2 where growth differs between requests",
    statement=(
        r"\mathbb{P}\left(I(k) \le (G-1)\,\Delta \text{ for } k \le K\right) \ge 1-\eta "
        r"\quad\text{as B2 with } "
        r"\tau = \tfrac12\left(pB(b-a) - (1-p)\left[(G-1)\Delta + B(\delta_{hi}-\delta_{lo})\right]\right)"
    ),
    assumptions=tuple(name for name in COMMON.assumptions if name != "common_drift"),
    symbols={**COMMON.symbols, "gap": "largest minus smallest growth of a request per step, load"},
    domain={
        "p (b - a) > (1 - p) gap": p * (b - a) > (1 - p) * gap,
        **condition((p * B * (b - a) - (1 - p) * ((G - 1) * Delta + B * gap)) / 2),
    },
    source="this project",
    proof="docs/theory.md §3, B2-heterogeneous",
    neighbour=Neighbour(
        statement=r"I(k) \le (G-1)\,\Delta \text{ for every batch and every range of growth}",
        expression=(G - 1) * Delta,
        drops_domain=True,
        why=(
            "two workers, p = 1/2, all sizes 1 or 2, requests on worker 0 grow by 10 per step and those on "
            "worker 1 not at all: step 1 finds them about 5·B apart, and refills reach B/2"
        ),
    ),
)
