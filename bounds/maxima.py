"""The expectation of the largest of several independent sums: E max = Σ_x (1 - F(x)^G).

Every step has an error bound, and their sum is added outward. May import contracts, drift_processes, numpy,
and the enclosures, lattices and sums of this room.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bounds.enclosure import Enclosure
from bounds.lattice import Lattice, exact_lattice, gather_onto, spread_onto
from bounds.sums import LARGEST_TRANSFORM, ROUNDING, fast_length, power_modulo, sum_window
from contracts import checks
from drift_processes import Law

__all__ = ["expected_maximum", "maximum_above_mean"]

#: An exact lattice is used up to this many points; beyond, coarser lattices are tried first.
QUICK_TRANSFORM = 2**21
#: Cells of the coarser lattices, tried in turn until the enclosure is as narrow as asked.
COARSE_CELLS = (2**10, 2**13, 2**16, 2**19, 2**21)


def expected_maximum(law: Law, *, copies: int, terms: int = 1, rtol: float = 1e-3) -> Enclosure:
    """Return E max(S_1, …, S_G), S_g independent sums of B independent copies of ``law``.

    Parameters
    ----------
    law : Law
    copies : int
        G >= 1.
    terms : int
        B >= 1.
    rtol : float
        Wanted width of the enclosure relative to E max - B·E Y (see `maximum_above_mean`).

    Examples
    --------
    Two dice: the larger one shows 161/36 on average.

    >>> value = expected_maximum(Law.uniform(1, 6), copies=2)
    >>> abs(value.mid - 161 / 36) < 1e-9, value.width < 1e-9
    (True, True)
    """
    above = maximum_above_mean(law, copies=copies, terms=terms, rtol=rtol)
    mean = terms * math.fsum(law.values * law.probabilities)
    slack = 4 * ROUNDING * mean
    return Enclosure(above.lo + mean - slack, above.hi + mean + slack)


def maximum_above_mean(law: Law, *, copies: int, terms: int = 1, rtol: float = 1e-3) -> Enclosure:
    """Return E max(S_1, …, S_G) - B·E Y, S_g independent sums of B independent copies of ``law`` = law of Y.

    Where the law lies on a lattice of manageable length the value is exact but for rounding, whatever
    ``rtol``. Otherwise lattices are refined until the enclosure between a law below and one above Y
    (`bounds.lattice`) is as narrow as asked, or the longest transform is reached: then the enclosure is wider
    than asked, and still contains the value.

    Parameters
    ----------
    law : Law
        Taken as it is: the tail of less than 2^-60 that the table of a geometric law leaves out is not
        accounted for (it would change the result by less than its rounding).
    copies, terms : int
        G >= 1, B >= 1.
    rtol : float
        Wanted relative width, > 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable.
    """
    checks.instance("law", law, Law, "a Law")
    number = checks.count("copies", copies, at_least=1)
    summands = checks.count("terms", terms, at_least=1)
    wanted = checks.number("rtol", rtol, above=0)
    if number == 1 or law.is_constant:
        return Enclosure.exactly(0.0)
    exact = exact_lattice(law, most_cells=LARGEST_TRANSFORM)
    if exact is not None:
        result = _between(law, exact, exact, number, summands, QUICK_TRANSFORM)
        if result is not None:
            return result
    return _refined(law, exact, number, summands, wanted)


def _refined(law: Law, exact: Lattice | None, copies: int, terms: int, rtol: float) -> Enclosure:
    best = None
    for cells in COARSE_CELLS:
        below, above = gather_onto(law, cells), spread_onto(law, cells)
        found = _between(law, below, above, copies, terms, LARGEST_TRANSFORM)
        if found is None:
            break
        best = found if best is None else Enclosure(max(best.lo, found.lo), min(best.hi, found.hi))
        if best.relative_width <= rtol:
            return best
    if exact is not None:
        best = _between(law, exact, exact, copies, terms, LARGEST_TRANSFORM) or best
    if best is None:
        raise ValueError(f"the sum of {terms} needs more than 2**24 points even coarsened, got {law!r}")
    return best


def _between(
    law: Law, below: Lattice, above: Lattice, copies: int, terms: int, most: int
) -> Enclosure | None:
    """Return the value enclosed by the laws ``below`` and ``above``; ``None`` if a window is too long."""
    mean = terms * math.fsum((law.values - above.base) * law.probabilities) / above.tick
    # every entry of a lattice law that is not exact is a running sum of probabilities
    added = 1 if below is above else len(law.values)
    upper = _largest(above.mass, copies, terms, most, added)
    lower = upper if below is above else _largest(below.mass, copies, terms, most, added)
    if upper is None or lower is None:
        return None
    # rounding of the mean and of positions on the lattice, in ticks
    slack = 64 * ROUNDING * terms * len(above.mass)
    lo = max(0.0, above.tick * (lower[0] - mean - slack))
    return Enclosure(lo, max(lo, above.tick * (upper[1] - mean + slack)))


def _largest(
    mass: NDArray[np.float64], copies: int, terms: int, most: int, added: int
) -> tuple[float, float] | None:
    """Return bounds on E max of ``copies`` sums of ``terms`` lattice variables, in ticks.

    With [low, high] the window, P(S outside) <= outside and E(low - S)⁺, E(S - high)⁺ <= outside:
    Σ_{x < low} (1 - F^G) lies in [low - outside, low], Σ_{x >= high} (1 - F^G) in [0, G·outside], and between
    them the tail P(S > x) is known up to ``error``; 1 - (1 - tail)^G is increasing in the tail.
    """
    low, high, outside = sum_window(mass, terms, copies)
    span = high - low
    if span + 1 > most:
        return None
    points = fast_length(span + 1)
    density, each = power_modulo(mass, terms, points)
    density = np.maximum(np.roll(density, -(low % points))[: span + 1], 0.0)
    tail = np.cumsum(density[:0:-1])[::-1]
    error = each * np.arange(span, 0, -1) + outside  # of the transform and the window,
    error += ROUNDING * (16 * terms + (span + terms * (added + 32)) * tail)  # of masses and running sum
    rounding = 4 * ROUNDING * span + 4 * ROUNDING * low
    lo = low - outside + _reached(tail - error, copies) - rounding
    hi = low + copies * outside + _reached(tail + error, copies) + rounding
    return lo, hi


def _reached(tail: NDArray[np.float64], copies: int) -> float:
    """Return Σ_x 1 - (1 - tail(x))^G."""
    with np.errstate(divide="ignore"):  # log 0 is meant: (1 - 1)^G = 0
        return float(-np.expm1(copies * np.log1p(-np.clip(tail, 0.0, 1.0))).sum())
