r"""F0: the exact long-run imbalance under first come, first served.

Statement
    E I = G·(E max_g S_g - B·E Y), with S_1, …, S_G independent B-fold sums of Y, the stationary load of one
    slot: P(Y ∈ ·) = Σ_{a >= 0} P(w(a) ∈ ·, o > a) / E o. Where the law of Y goes through phases, the mean of
    that over them.
Status
    exact: an identity. The number is computed by `bounds.fcfs.fcfs_imbalance`.
Assumptions
    FCFS; overloaded; sizes, lengths and growth independent and identically distributed from request to
    request (size and length of one request may depend on each other), or growth a fixed common sequence that
    repeats itself, whose period has the phases; lengths aperiodic with a finite mean, or all equal from an
    empty start, in which case the ages of a round are the phases, and Y is the size alone where requests of
    one age grow alike.
Constants
    None. The law of Y enters through M = E max_g S_g and mu = E Y.
Proof
    docs/theory.md §2, F0. FCFS never looks at sizes, so each slot is a renewal process of its own: the next
    request to fill it is independent of everything before.
Tight when
    Always, being an equality.
Source
    This project; the model is that of Chen et al., arXiv 2601.17855 (2026).
Example
    Two workers of one slot, sizes 0 or 1 with equal chance: M = 3/4, mu = 1/2, E I = 2·(3/4 - 1/2) = 1/2.
"""

from __future__ import annotations

import sympy

from bounds.claim import Claim, Neighbour

__all__ = ["CLAIM"]

G, B, M, mu = sympy.symbols("G B M mu", nonnegative=True)

CLAIM = Claim(
    id="F0",
    title="exact imbalance under FCFS",
    statement=r"\mathbb{E} I = G\left(\mathbb{E}\max_g S_g - B\,\mathbb{E}Y\right)",
    status="exact",
    direction="equal",
    tight=True,
    assumptions=(
        "fcfs_policy",
        "empty_start",
        "overloaded",
        "iid_sizes",
        "aperiodic_or_equal_lengths",
        "known_load_law",
    ),
    symbols={
        "G": "workers",
        "B": "slots per worker",
        "M": "E max_g S_g, expected largest of G independent B-fold sums of the slot load, load",
        "mu": "E Y, mean load of a slot, load",
    },
    expression=G * (M - B * mu),
    domain={"G >= 1": G >= 1, "B >= 1": B >= 1},
    source="this project; model: arXiv 2601.17855",
    proof="docs/theory.md §2, F0",
    neighbour=Neighbour(
        statement=r"\mathbb{E} I = \tfrac{G}{2}\left(\mathbb{E}\max_g S_g - B\,\mathbb{E}Y\right)",
        expression=G * (M - B * mu) / 2,
        why="two workers of one slot, sizes 0 or 1 with equal chance: E I = 1/2, not 1/4",
    ),
)
