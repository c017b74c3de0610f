r"""F1: an explicit lower bound on the imbalance under first come, first served.

Statement
    For every t > 0 with q = 1 - Φ(t) - ε > 0, where ε = 0.4748·ρ/(σ³·√B) and q0 = 1/2 - ε:
    E I >= G·σ·√B·[ t·(1 - (1 - q)^G) - (1 - q0)^(G-1) / 2 ].
Status
    proved.
Assumptions
    Those of F0, whose value is bounded from below.
Constants
    0.4748, the Berry-Esseen constant of Shevtsova (2011). σ² = Var Y, ρ = E|Y - EY|³. The function below
    maximises over t; where no t > 0 has q > 0 (B too small for the skewness) the bound is void: 0.
Proof
    docs/theory.md §2, F1: the maximum exceeds t with the stated probability, and its negative part needs all
    G sums below their mean. q > 0 implies q0 > 0, since the normal tail at t > 0 is below 1/2.
Tight when
    Never. The bound divided by the exact value tends to 1 as first B and then G grow, very slowly in G
    (`bounds.fcfs_growth`).
Source
    This project. I. G. Shevtsova, arXiv 1111.6554 (2011), for the constant.
Example
    Sizes uniform on 1..100, Y = size, G = 64, B = 72: 0.48 of the exact value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import scipy.optimize
import scipy.special
import sympy

from bounds.balls import decide, enclose
from bounds.claim import Claim, Neighbour
from bounds.claims.f0_fcfs import CLAIM as EXACT
from bounds.enclosure import Enclosure
from contracts import checks
from drift_processes import Law

__all__ = ["BERRY_ESSEEN", "CLAIM", "fcfs_lower_bound"]

#: Shevtsova's constant for identically distributed terms.
BERRY_ESSEEN = 0.4748

G, B, sigma, rho, t = sympy.symbols("G B sigma rho t", positive=True)

_gap = sympy.Rational(4748, 10000) * rho / (sigma**3 * sympy.sqrt(B))
_above = sympy.erfc(t / sympy.sqrt(2)) / 2 - _gap
_above_mean = sympy.Rational(1, 2) - _gap

#: The bound itself, in the symbols of the claim.
BOUND = G * sigma * sympy.sqrt(B) * (t * (1 - (1 - _above) ** G) - (1 - _above_mean) ** (G - 1) / 2)

CLAIM = Claim(
    id="F1",
    title="explicit lower bound under FCFS",
    statement=(
        r"\mathbb{E} I \ge G\sigma\sqrt{B}\left[t\left(1-(1-q)^G\right)-\tfrac12(1-q_0)^{G-1}\right],\quad "
        r"q=\bar\Phi(t)-\varepsilon>0,\; q_0=\tfrac12-\varepsilon,\; "
        r"\varepsilon=\frac{0.4748\,\rho}{\sigma^3\sqrt{B}}"
    ),
    status="proved",
    direction="lower",
    tight=False,
    assumptions=EXACT.assumptions,
    symbols={
        "G": "workers",
        "B": "slots per worker",
        "sigma": "standard deviation of the slot load Y, load",
        "rho": "E|Y - EY|³, load³",
        "t": "any number > 0 with q > 0",
    },
    expression=BOUND,
    domain={"G >= 1": G >= 1, "B >= 1": B >= 1, "q > 0": _above > 0},
    source="this project; Berry-Esseen constant: Shevtsova 2011",
    proof="docs/theory.md §2, F1",
    neighbour=Neighbour(
        statement=r"\text{five times the bound}",
        expression=5 * BOUND,
        why="sizes uniform on 1..100, Y = size, B = 72: the bound is 0.26 of the value at G = 4 already",
    ),
)


def fcfs_lower_bound(load: Law | Sequence[Law], *, workers: int, slots: int) -> float:
    """Return F1 maximised over t: a number that E I under FCFS is never below, rounding included.

    Parameters
    ----------
    load : Law or sequence of Law
        Law of Y, the load of one slot, or one for each phase (`bounds.fcfs.slot_load_laws`): each bounds the
        imbalance of its phase, and the result is their mean.
    workers, slots : int
        G >= 1 and B >= 1.

    Returns
    -------
    float
        In units of load; 0 where the bound says nothing.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable.

    Examples
    --------
    >>> round(fcfs_lower_bound(Law.uniform(1, 100), workers=64, slots=72))
    17635
    >>> fcfs_lower_bound(Law.uniform(1, 100), workers=64, slots=1)
    0.0
    """
    checks.instance("load", load, (Law, Sequence), "a Law or a list of laws")
    phases = [load] if isinstance(load, Law) else list(load)
    checks.check(len(phases) > 0, "load must not be empty")
    for i, phase in enumerate(phases):
        checks.instance(f"load[{i}]", phase, Law, "a Law")
    count = checks.count("workers", workers, at_least=1, at_most=checks.EXACT_INTEGER_LIMIT)
    terms = checks.count("slots", slots, at_least=1, at_most=checks.EXACT_INTEGER_LIMIT)
    lowest = [_lower_bound(phase, count, terms) for phase in phases]
    if len(lowest) == 1:
        return lowest[0]
    return max(0.0, (Enclosure.exactly(math.nextafter(math.fsum(lowest), -math.inf)) / len(lowest)).lo)


def _lower_bound(load: Law, count: int, terms: int) -> float:
    deviation, skew = _shape(load)
    gap = BERRY_ESSEEN * skew / math.sqrt(terms)
    if count == 1 or deviation == 0 or gap >= 0.5:
        return 0.0
    found = scipy.optimize.minimize_scalar(
        lambda level: -_bracket(level, gap, count),
        bounds=(0.0, -float(scipy.special.ndtri(gap))),
        method="bounded",
        options={"xatol": 1e-10},
    )
    # whatever t the search ends at, the bound there is proved; so only this one is evaluated with certainty
    numbers = {"G": count, "B": terms, "sigma": 1, "rho": skew, "t": float(found.x)}
    if decide(_above > 0, numbers) is not True:
        return 0.0
    value = enclose(BOUND, numbers)
    return 0.0 if value is None else max(0.0, (value * deviation).lo)


def _shape(load: Law) -> tuple[float, float]:
    """Return a number that σ is not below, and one that ρ/σ³ is not above; (0, inf) where σ may be 0.

    Sums of n positive terms in float64 are right within a factor 1 ± n·2^-53, in whatever order they are
    added; a dozen more roundings per term, and the tables of a law being rounded themselves, are counted in.
    """
    room = (len(load.values) + 64) * 2.0**-51
    scale = math.sqrt(load.variance)
    if scale == 0:
        return 0.0, math.inf
    # about the mean and scaled, both roughly: the mean left over is taken off below
    away = (load.values - load.mean) / scale
    off = (abs(float(away @ load.probabilities)) + room) * (1 + room)
    variance = (1 - room) * float(away**2 @ load.probabilities) - off**2
    if variance <= 0:
        return 0.0, math.inf
    # Minkowski: the third moment about the true mean, from the one about the rough mean
    third = ((1 + room) * float(np.abs(away) ** 3 @ load.probabilities)) ** (1 / 3) + off
    skew = third**3 / variance**1.5 * (1 + room)
    return scale * math.sqrt(variance) * (1 - room), skew


def _bracket(level: float, gap: float, workers: int) -> float:
    """Return t·(1 - (1 - q)^G) - (1 - q0)^(G-1) / 2 at t = ``level``."""
    above = max(float(scipy.special.ndtr(-level)) - gap, 0.0)
    reached = -math.expm1(workers * math.log1p(-above))
    return level * reached - 0.5 * (0.5 + gap) ** (workers - 1)
