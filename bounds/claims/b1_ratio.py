r"""B1-ratio: how much BF-IO improves on FCFS at least, with equal decode lengths.

Statement
    IIR = (average I under FCFS) / (average I under BF-IO) >= G·(E max_g S_g - B·E s) / ((G - 1)·Δ),
    S_g independent B-fold sums of the size s.
Status
    proved: F0 divided by B1.
Assumptions
    Those of F0 for the FCFS run and of B1 for the BF-IO run, on requests of the same law: sizes independent
    and identically distributed, all lengths equal, drift common or by age alone, empty start, every slot
    full. The predicates listed are those that both runs must meet; the policy of each is a matter of course.
Constants
    Δ = largest minus smallest possible size, > 0.
Proof
    docs/theory.md §3, B1-ratio. The average under FCFS is an average over independent rounds, so it tends to
    F0; the average under BF-IO is at most (G-1)·Δ.
Tight when
    In the limit G → ∞: two-point sizes, exactly G·B requests in sight, the larger with probability
    log(G·B)/(G·B); then E I/Δ >= G - 1/B - log(G·B) (docs/worst_case.md).
Source
    This project; Chen et al., arXiv 2601.17855 (2026), state IIR = Ω(√(B log G)).
Example
    Sizes uniform on 1..100, G = 64, B = 72: IIR >= 5.9; it grows as √(2·B·log G)·(σ_s/Δ)·G/(G-1).
"""

from __future__ import annotations

import sympy

from bounds.claim import Claim, Neighbour
from bounds.enclosure import Enclosure
from bounds.maxima import maximum_above_mean
from contracts import checks
from drift_processes import Law

__all__ = ["CLAIM", "homogeneous_ratio"]

G, B, M, mu, Delta = sympy.symbols("G B M mu Delta", positive=True)

CLAIM = Claim(
    id="B1-ratio",
    title="improvement over FCFS with equal decode lengths",
    statement=(r"\mathrm{IIR} \ge \frac{G\left(\mathbb{E}\max_g S_g - B\,\mathbb{E}s\right)}{(G-1)\,\Delta}"),
    status="proved",
    direction="lower",
    tight=False,
    assumptions=(
        "empty_start",
        "homogeneous_lengths",
        "common_drift_in_rounds",
        "iid_sizes",
        "pool_fills_all",
        "overloaded",
    ),
    symbols={
        "G": "workers, at least 2",
        "B": "slots per worker",
        "M": "E max_g S_g, expected largest of G independent B-fold sums of the size, load",
        "mu": "E s, mean size, load",
        "Delta": "largest minus smallest possible size, load, > 0",
    },
    expression=G * (M - B * mu) / ((G - 1) * Delta),
    domain={"G >= 2": G >= 2, "B >= 1": B >= 1},
    source="this project; asymptotic form: arXiv 2601.17855",
    proof="docs/theory.md §3, B1-ratio",
    neighbour=Neighbour(
        statement=(
            r"\mathrm{IIR} \ge \frac{4G\left(\mathbb{E}\max_g S_g - B\,\mathbb{E}s\right)}{(G-1)\,\Delta}"
        ),
        expression=4 * G * (M - B * mu) / ((G - 1) * Delta),
        why=(
            "two workers of one slot, sizes 0 or 1 with equal chance, a policy that is shown no more "
            "requests than slots: it can't choose, so the ratio is 1, not 2"
        ),
    ),
)


def homogeneous_ratio(sizes: Law, *, workers: int, slots: int, rtol: float = 1e-3) -> Enclosure:
    """Return the right-hand side of the claim: IIR is at least its ``lo``.

    Parameters
    ----------
    sizes : Law
        Law of the sizes, not constant.
    workers, slots : int
        G >= 2 and B >= 1.
    rtol : float
        As in `bounds.fcfs_imbalance`.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable.

    Examples
    --------
    >>> round(homogeneous_ratio(Law.uniform(1, 100), workers=64, slots=72).lo, 2)
    5.88
    """
    checks.instance("sizes", sizes, Law, "a Law")
    count = checks.count("workers", workers, at_least=2)
    checks.check(not sizes.is_constant, f"sizes must not be constant, got {sizes.mean:g} only: no imbalance")
    terms = checks.count("slots", slots, at_least=1)
    above = maximum_above_mean(sizes, copies=count, terms=terms, rtol=rtol)
    return above * count / ((count - 1) * sizes.span)
