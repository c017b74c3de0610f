r"""B4: the imbalance of BF-IO at serving sizes, where B2 and B3 don't speak.

Statement
    I(BF-IO(0)) <= c·(G - 1)·log G·w2/(b - a) on average, w2 = E Y² the second moment of the slot load, with
    one constant c where p·B <= 6 and s_max·p <= 2.
Status
    conjecture: seen in experiments, no proof. The heuristic is a reflected walk.
Assumptions
    BF-IO(0); empty start; overloaded; rich pool (a, b); lengths geometric and independent of sizes; common
    drift; p·B <= 6 and p·s_max <= 2.
Constants
    c between 0.3 and 1.1 in the experiments of docs/scaling.md with B <= 72 (p = 0.02, taking b - a = Δ), far
    smaller once p·B·(b-a) exceeds √(p·B·w2). With a rich pool it grows with G: 1.08 (0.97 to 1.20) at G = 32.
Proof
    docs/theory.md §3, B4: none. What is proved for every B is E I <= (G-1)·Δ + (2·(G-1)/p)·E (N - τ)^+
    (B2-ratio); at G = 64, B = 72, p = 0.02 it lies far above even the imbalance of FCFS.
Tight when
    Not known.
Source
    This project.
Example
    Sizes uniform on 1..100, p = 0.02, G = 64, B = 72: imbalance / ((G-1)·Δ·log G) = 0.97 was measured.
"""

from __future__ import annotations

import sympy

from bounds.claim import Claim, Neighbour

__all__ = ["CLAIM"]

G, w2, a, b, c = sympy.symbols("G w2 a b c", nonnegative=True)

CLAIM = Claim(
    id="B4",
    title="BF-IO at serving sizes",
    statement=(
        r"\mathbb{E} I \le c\,(G-1)\,\log G\;\frac{\mathbb{E}Y^2}{b-a} "
        r"\quad\text{where } pB \le 6,\; p\,s_{\max} \le 2"
    ),
    status="conjecture",
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
        "serving_size",
    ),
    symbols={
        "G": "workers, at least 2",
        "w2": "E Y², second moment of the slot load, load²",
        "a": "the pool has enough requests of this size or below, load",
        "b": "the pool has enough requests of this size or above, load",
        "c": "constant; 0.3 to 1.1 in the experiments of docs/scaling.md",
    },
    expression=c * (G - 1) * sympy.log(G) * w2 / (b - a),
    domain={"G >= 2": G >= 2, "a < b": a < b},
    source="this project",
    proof="docs/theory.md §3, B4",
    notes="no theorem: the constant and the range of p·B are read off experiments",
    neighbour=Neighbour(
        statement=r"\mathbb{E} I \le (G-1)\,(b-a)",
        expression=(G - 1) * (b - a),
        why=(
            "the bound of B1, without log G, carried over to geometric lengths: sizes uniform on 1..100, "
            "p = 0.02, G = 16, B = 72, a pool rich in 25 and 75, where b - a = 50: the mean is about 7 times "
            "(G-1)·50"
        ),
    ),
)
