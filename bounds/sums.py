"""The law of a sum of independent copies of a lattice law in float64, as a power in the frequency domain.

For certified numbers see `bounds.certified.measures`. May import contracts, drift_processes, numpy, scipy and
the lattices of this room.
"""

from __future__ import annotations

import math

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from bounds.lattice import exact_lattice
from contracts import checks
from drift_processes import Law

__all__ = ["LARGEST_TRANSFORM", "ROUNDING", "fast_length", "power_modulo", "sum_law"]

#: Longest transform, in points of 8 bytes; about 1 GB of working memory.
LARGEST_TRANSFORM = 2**24
#: Half a unit in the last place of 1.0.
ROUNDING = 2.0**-53


def sum_law(law: Law, terms: int) -> Law:
    """Return the law of the sum of ``terms`` independent copies.

    Parameters
    ----------
    law : Law
        On a lattice: whole numbers, or multiples of 2^-20.
    terms : int
        B >= 1.

    Returns
    -------
    Law
        Probabilities smaller than the rounding error of the transform (about 1e-14 divided by the standard
        deviation in lattice steps) are dropped.

    Raises
    ------
    ValueError
        If the law is on no such lattice, or the table would be longer than 2^24.

    Examples
    --------
    >>> sum_law(Law([0, 3], [0.5, 0.5]), 2).values.tolist()
    [0.0, 3.0, 6.0]
    """
    checks.instance("law", law, Law, "a Law")
    number = checks.count("terms", terms, at_least=1)
    if law.is_constant:
        return Law.constant(number * law.mean)
    lattice = exact_lattice(law, most_cells=(LARGEST_TRANSFORM - 1) // number)
    if lattice is None:
        raise ValueError(
            f"law must be on a lattice on which the sum of {number} has at most 2**24 points, got {law!r}"
        )
    top = number * (len(lattice.mass) - 1)
    density, error = power_modulo(lattice.mass, number, fast_length(top + 1))
    kept = np.flatnonzero(density[: top + 1] > error)
    weights = density[kept]
    return Law(number * lattice.base + lattice.tick * kept, weights / weights.sum())


def fast_length(points: int) -> int:
    """Return the next length >= ``points`` that a transform of real numbers is fast at."""
    return int(scipy.fft.next_fast_len(points, real=True))


def power_modulo(mass: NDArray[np.float64], terms: int, points: int) -> tuple[NDArray[np.float64], float]:
    """Return P(S ≡ x modulo ``points``) for x = 0..points-1, and a bound on the error of each entry.

    Error: an output of a fast transform is a sum over its inputs, each multiplied along one path of log2 N
    butterflies, so it is off by at most δ = 8·log2(N)·2^-53 times the sum of the inputs' magnitudes (Higham,
    Accuracy and Stability of Numerical Algorithms, 2002, section 24.1, gives 4.3 per butterfly). A value φ of
    the spectrum thus has error δ, its B-th power at most B·(δ + 3·2^-53)·(|φ| + δ)^(B-1), and the inverse
    transform averages these and adds its own δ times the average of |φ|^B.
    """
    padded = np.zeros(-(-len(mass) // points) * points)
    padded[: len(mass)] = mass
    wrapped = padded.reshape(-1, points).sum(axis=0)
    if terms == 1:
        return wrapped, 0.0
    delta = 8 * ROUNDING * (math.log2(points) + 1)
    spectrum = scipy.fft.rfft(wrapped)
    decay = float(((np.abs(spectrum) + delta) ** (terms - 1)).sum())
    density = scipy.fft.irfft(_integer_power(spectrum, terms), n=points)
    # the half spectrum counts twice
    return density, 2 * decay / points * (terms + 1) * (delta + 3 * ROUNDING)


def _integer_power(base: NDArray[np.complex128], exponent: int) -> NDArray[np.complex128]:
    """Return ``base ** exponent`` by repeated squaring: at most ``exponent`` roundings add up."""
    result = np.ones_like(base)
    while exponent:
        if exponent & 1:
            result = result * base
        exponent >>= 1
        if exponent:
            base = base * base
    return result
