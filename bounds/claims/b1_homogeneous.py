r"""B1: with equal decode lengths BF-IO keeps the imbalance below (G-1)·Δ at every step.

Statement
    I(k) <= (G - 1)·Δ at every step k, with Δ the range of the sizes in the pool.
Status
    proved; deterministic, no law of sizes is assumed.
Assumptions
    BF-IO(0) solved to optimality; empty start; all lengths equal; drift common, or by age alone, which is the
    same here since all requests of a round have one age; every slot full after each admission, so that every
    round starts from a pool of at least G·B requests.
Constants
    None but Δ, the largest minus the smallest size.
Proof
    docs/theory.md §3, B1: any G·B requests, dealt in B layers of G, the largest of a layer to the least
    loaded worker, leave all loads within Δ; the optimum is at least as good, and loads then grow alike.
Tight when
    The pool is one request of size s_max and G·B - 1 of size s_min: every assignment has I = (G-1)·Δ.
Source
    This project; Chen et al., arXiv 2601.17855 (2026), state the asymptotic form.
Example
    G = 16, sizes 1..100: I <= 15·99 = 1485.
"""

from __future__ import annotations

import sympy

from bounds.claim import Claim, Neighbour

__all__ = ["CLAIM"]

G, Delta = sympy.symbols("G Delta", nonnegative=True)

CLAIM = Claim(
    id="B1",
    title="BF-IO with equal decode lengths",
    statement=r"I(k) \le (G-1)\,\Delta \quad\text{for every } k",
    status="proved",
    direction="upper",
    tight=True,
    assumptions=(
        "bfio_policy",
        "empty_start",
        "homogeneous_lengths",
        "common_drift_in_rounds",
        "pool_fills_all",
        "overloaded",
    ),
    symbols={"G": "workers", "Delta": "largest minus smallest size, load"},
    expression=(G - 1) * Delta,
    domain={"G >= 1": G >= 1},
    source="this project; asymptotic form: arXiv 2601.17855",
    proof="docs/theory.md §3, B1",
    neighbour=Neighbour(
        statement=r"I(k) \le \tfrac12\,(G-1)\,\Delta \quad\text{for every } k",
        expression=(G - 1) * Delta / 2,
        why="two workers of one slot, sizes 1 and 0 in the pool: I = 1, not 1/2",
    ),
)
