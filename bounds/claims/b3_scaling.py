r"""B3: the published growth of the improvement with B and G.

Statement
    IIR = Ω(√(B·log G)): there is a constant c > 0 with IIR >= c·√(B·log G) for all large enough B.
Status
    asymptotic: published without constants.
Assumptions
    Overloaded, sizes independent and identically distributed, drift common and non-decreasing; lengths
    equal, geometric, or of any law with a finite mean, each of which the paper treats.
Constants
    c is unspecified; for geometric lengths it is recalled as proportional to p·σ_snap/s_max.
Proof
    docs/theory.md §3, B3: not reproduced. With explicit constants B1-ratio proves it for equal lengths, and
    B2-ratio for geometric ones where B is large enough for G; neither covers pB of order 1.
Tight when
    Not known to be.
Source
    Chen, Bu, Song, Lu, Ye and Zhou, arXiv 2601.17855 (2026).
Example
    Four times the batch doubles the bound. Sizes uniform on 1..100, p = 0.02, B = 72: measured ratios are
    4.6, 3.5 and 3.1 at G = 4, 16 and 64, so growth with log G is not visible there, while growth with B is.
"""

from __future__ import annotations

import sympy

from bounds.claim import Claim, Neighbour

__all__ = ["CLAIM"]

G, B, c = sympy.symbols("G B c", positive=True)

CLAIM = Claim(
    id="B3",
    title="published scaling",
    statement=r"\mathrm{IIR} = \Omega\left(\sqrt{B \log G}\right)",
    status="asymptotic",
    direction="lower",
    tight=False,
    assumptions=("empty_start", "overloaded", "iid_sizes", "non_decreasing_drift", "common_drift"),
    symbols={
        "G": "workers, at least 2",
        "B": "slots per worker",
        "c": "unspecified constant, > 0, the same for all B and G",
    },
    expression=c * sympy.sqrt(B * sympy.log(G)),
    domain={"G >= 2": G >= 2, "B >= 1": B >= 1},
    source="arXiv 2601.17855",
    proof="docs/theory.md §3, B3",
    notes=(
        "no finite number of measurements refutes a statement with an unspecified constant; what is tested "
        "is the exponents fitted over a grid. The order of the limits matters: B first. The exponent of B is "
        "no constant either: near 1/2 at p·B <= 3, above 1 where the batch approaches that of B2"
    ),
    neighbour=Neighbour(
        statement=r"\mathrm{IIR} = \Omega\left(\sqrt{B\,G}\right)",
        expression=c * sympy.sqrt(B * G),
        why=(
            "a wrong exponent: sizes uniform on 1..100, p = 0.02, unit growth, B = 72: from G = 4 to G = 64 "
            "the ratio does not grow at all, and this asks for a factor of 4"
        ),
    ),
)
