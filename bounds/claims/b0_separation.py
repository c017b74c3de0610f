r"""B0: what a step of BF-IO leaves waiting would not have fitted in.

Statement
    With M = max_g L_g, let worker q have L_q < M and hold a request j admitted in this step. Then every
    request r that could have been admitted and still waits has s_r <= s_j or
    s_r - s_j >= G/(G-1)·(M - L_q).
Status
    proved; deterministic, no law is assumed.
Assumptions
    BF-IO(0), each step solved to optimality (without that an exception refutes nothing).
Constants
    G/(G-1). With 1 in its place (and > for >=) it is the form that needs no calculation.
Proof
    docs/theory.md §3, B0: put r in the place of j. The sum rises by x = s_r - s_j and the maximum to
    max(M, L_q + x), so the imbalance changes by G·(x - (M - L_q))^+ - x, which is negative for
    0 < x < G/(G-1)·(M - L_q).
Tight when
    Equality: both choices have the same imbalance. G = 2, B = 1, sizes 10, 9 admitted and 11 waiting.
Source
    This project; a separation argument of the kind used by Chen et al., arXiv 2601.17855 (2026).
Example
    G = 3, loads 10, 10, 9 after admission, the last worker's new request of size 9: no 10 is left waiting,
    since 10 - 9 < 3/2.
"""

from __future__ import annotations

import sympy

from bounds.claim import Claim, Neighbour

__all__ = ["CLAIM"]

G, M, L = sympy.symbols("G M L", nonnegative=True)

CLAIM = Claim(
    id="B0",
    title="separation",
    statement=(
        r"s_r > s_j \;\Rightarrow\; s_r - s_j \ge \tfrac{G}{G-1}\,(M - L_q) "
        r"\quad\text{for } j \text{ new on } q,\; r \text{ left waiting}"
    ),
    status="proved",
    direction="lower",
    tight=True,
    assumptions=("bfio_policy",),
    symbols={
        "G": "workers, at least 2",
        "M": "largest load of the step, load",
        "L": "load of a worker below it that holds a new request, load",
    },
    expression=G * (M - L) / (G - 1),
    domain={"G >= 2": G >= 2, "M >= L": M >= L},
    source="this project",
    proof="docs/theory.md §3, B0",
    neighbour=Neighbour(
        statement=r"s_r > s_j \;\Rightarrow\; s_r - s_j \ge \tfrac{2G}{G-1}\,(M - L_q)",
        expression=2 * G * (M - L) / (G - 1),
        why=(
            "three workers of one slot, sizes 9, 10, 10, 11: BF-IO(0) admits 9, 10, 10 (imbalance 1) and "
            "leaves 11 waiting; 11 - 9 = 2 lies below 2·3/2·(10 - 9) = 3"
        ),
    ),
)
