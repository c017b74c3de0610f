"""How long a run started empty needs to forget its start: the ages of slots as a renewal process.

May import contracts, drift_processes, numpy and scipy.
"""

from __future__ import annotations

import math

import numpy as np
import scipy.signal
from numpy.typing import NDArray

from contracts import checks
from drift_processes import Law

__all__ = ["Unsettled", "common_divisor", "likely_starts", "stationary_after"]

#: The first attempt looks this many steps ahead, each further one twice as far.
FIRST_STEPS = 1024
#: Distances are computed to about 1e-12.
SMALLEST_TOLERANCE = 1e-9


class Unsettled(ValueError):
    """The ages of a slot are still far from their stationary law after as many steps as one looks ahead."""


def common_divisor(lengths: Law) -> int:
    """Return the largest number that divides every possible length; 1 for aperiodic lengths."""
    checks.instance("lengths", lengths, Law, "a Law")
    return int(np.gcd.reduce(lengths.values.astype(np.int64)))


def likely_starts(lengths: Law, *, steps: int, slots: int) -> float:
    """Return what the number of requests that so many full slots start in so many steps hardly ever exceeds.

    Ten standard deviations of a Poisson number above Lorden's bound on the mean: a slot starts at most
    K / E o + E o² / (E o)² requests in K steps, and slots are independent. What a request does after the last
    step is no matter, so lengths o are cut there: one far longer would make the second term needlessly large.

    References
    ----------
    G. Lorden, "On excess over the boundary", Annals of Mathematical Statistics 41 (1970) 520-527.

    Examples
    --------
    A slot of one-step requests starts one in each step; allowed for are 101 and ten times the root of it.

    >>> math.ceil(likely_starts(Law.constant(1), steps=100, slots=1))
    202
    """
    cut = np.minimum(lengths.values, steps)
    mean = float(cut @ lengths.probabilities)
    per_slot = steps / mean + float(cut**2 @ lengths.probabilities) / mean**2
    total = slots * per_slot
    return total + 10 * math.sqrt(total)


def stationary_after(lengths: Law, *, tolerance: float = 1e-3, limit: int = 2**20) -> int:
    """Return the step from which on the age of a slot is within ``tolerance`` of its stationary law.

    Under FCFS from an empty start each slot is a renewal process that starts at step 0. With u_k the
    probability that a request starts in a given slot at step k (u_0 = 1, u_k = Σ_j P(o = j)·u_{k-j}),
    P(age = a at step k) = u_{k-a}·P(o > a), and the stationary law is P(o > a) / E o. The distance is the
    total variation, half the sum of absolute differences. It never grows again, since the age is a Markov
    chain: the first step within the tolerance is the answer. For geometric lengths the distance at step k is
    (1-p)^(k+1).

    Parameters
    ----------
    lengths : Law
        On whole numbers >= 1, aperiodic.
    tolerance : float
        In [1e-9, 1).
    limit : int
        Look at no more than this many steps.

    Returns
    -------
    int
        The warm-up of a run, in steps.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable, or the lengths are periodic (their ages never settle).
    Unsettled
        If ``limit`` steps are not enough; a `ValueError`.

    Examples
    --------
    >>> stationary_after(Law.geometric(0.5), tolerance=0.01)
    6
    """
    checks.instance("lengths", lengths, Law, "a Law")
    low = lengths.support[0]
    checks.check(lengths.is_integral and low >= 1, f"lengths must be whole numbers >= 1, got {low:g}")
    wanted = checks.number("tolerance", tolerance, at_least=SMALLEST_TOLERANCE, below=1)
    most = checks.count("limit", limit, at_least=1)
    period = common_divisor(lengths)
    checks.check(period == 1, f"lengths must be aperiodic, got only multiples of {period}: ages never settle")
    steps = min(FIRST_STEPS, most)
    while True:
        distance = _distance(lengths, steps)
        settled = np.flatnonzero(distance <= wanted)
        if settled.size:
            return int(settled[0])
        if steps == most:
            raise Unsettled(
                f"lengths need more than limit = {most} steps to settle within {wanted:g}: "
                f"the distance is then still {distance[-1]:.3g}"
            )
        steps = min(2 * steps, most)


def _distance(lengths: Law, steps: int) -> NDArray[np.float64]:
    """Return the total variation distance at steps 0..steps-1, (steps,) float64."""
    survival = _survival(lengths, steps)
    rate = 1.0 / lengths.mean
    excess = np.abs(_renewals(lengths, steps) - rate)
    reached = scipy.signal.fftconvolve(excess, survival)[:steps]
    # ages above k can't occur at step k; Σ_a P(o > a) = E o
    beyond = np.maximum(lengths.mean - np.cumsum(survival), 0.0)
    distance: NDArray[np.float64] = 0.5 * (reached + rate * beyond)
    return distance


def _survival(lengths: Law, steps: int) -> NDArray[np.float64]:
    """Return P(o > a) for a = 0..steps-1: no longer than asked, however long the longest length is."""
    mass = np.zeros(steps + 1)
    within = lengths.values <= steps
    mass[lengths.values[within].astype(np.int64)] = lengths.probabilities[within]
    beyond = float(lengths.probabilities[~within].sum())
    survival: NDArray[np.float64] = np.cumsum(mass[:0:-1])[::-1] + beyond
    return survival


def _renewals(lengths: Law, steps: int) -> NDArray[np.float64]:
    """Return u_k for k = 0..steps-1: the power series 1 / (1 - Σ_j P(o = j)·z^j), by Newton's iteration.

    If g agrees with 1/a in its first n terms, then g·(2 - a·g) agrees in 2n.
    """
    series = np.zeros(max(steps, 2))
    within = lengths.values < len(series)
    series[lengths.values[within].astype(np.int64)] = -lengths.probabilities[within]
    series[0] = 1.0
    inverse = np.ones(1)
    while len(inverse) < steps:
        known = min(2 * len(inverse), steps)
        correction = -scipy.signal.fftconvolve(series[:known], inverse)[:known]
        correction[0] += 2.0
        inverse = scipy.signal.fftconvolve(inverse, correction)[:known]
    return inverse
