r"""T0: throughput is tokens over time, and time depends on the policy through the imbalance alone.

Statement
    throughput = N / (K·C + (κ/G)·(W + J) + (ν/G)·W), over K steps with N = Σ_k active requests,
    W = Σ_k Σ_g L_g(k) and J = Σ_k I(k).
Status
    exact: an identity, since max_g L_g = (Σ_g L_g + I)/G at every step.
Assumptions
    None beyond the model of a step's duration, C + κ·max_g L_g + ν·mean_g L_g.
Constants
    C seconds per step, κ seconds per unit of the largest load, ν seconds per unit of the mean load (0 in
    the published model and in docs/theory.md).
Proof
    docs/theory.md §4, T0.
Tight when
    Always, being an equality.
Source
    Chen et al., arXiv 2601.17855 (2026), for the model of the duration.
Example
    G = 2, loads (3, 1) for one step, 2 requests, C = 1, κ = 1, ν = 0: N = 2, W = 4, J = 2, 2/(1 + 3) = 1/2.
"""

from __future__ import annotations

import sympy

from bounds.claim import Claim, Neighbour

__all__ = ["CLAIM"]

G, K, N, C, kappa, nu, W, J = sympy.symbols("G K N C kappa nu W J", nonnegative=True)

CLAIM = Claim(
    id="T0",
    title="throughput from total work and total imbalance",
    statement=r"\frac{N}{\sum_k \Delta t(k)} = \frac{N}{K C + \frac{\kappa}{G}(W + J) + \frac{\nu}{G} W}",
    status="exact",
    direction="equal",
    tight=True,
    assumptions=(),
    symbols={
        "G": "workers",
        "K": "steps",
        "N": "tokens: active requests, summed over the steps",
        "C": "overhead of a step, seconds",
        "kappa": "seconds per unit of the largest load",
        "nu": "seconds per unit of the mean load",
        "W": "total load, summed over the steps, load",
        "J": "imbalance, summed over the steps, load",
    },
    expression=N / (K * C + kappa / G * (W + J) + nu / G * W),
    domain={"G >= 1": G >= 1, "K >= 1": K >= 1},
    source="arXiv 2601.17855 (model of the duration)",
    proof="docs/theory.md §4, T0",
    neighbour=Neighbour(
        statement=r"\frac{N}{\sum_k \Delta t(k)} = \frac{N}{K C + \frac{\kappa + \nu}{G} W}",
        expression=N / (K * C + (kappa + nu) / G * W),
        why="G = 2, loads (3, 1) for one step, C = kappa = 1, nu = 0: 2/(1 + 3) tokens/s, not 2/(1 + 2)",
    ),
)
