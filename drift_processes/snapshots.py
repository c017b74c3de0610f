"""Snapshot laws, P(Y ∈ ·) = Σ_a P(w(a) ∈ ·, o > a) / E o, on a lattice; here for growth fixed by the age.

What drift processes share to evaluate claim F0 (docs/theory.md §2); random growth is in
`drift_processes.walks`. May import contracts, numpy and the laws, and scipy where a function needs it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law

__all__ = [
    "LARGEST_TABLE",
    "Grid",
    "KnowsRounds",
    "active_sizes",
    "age_weights",
    "check_round",
    "convolve",
    "profile_law",
    "size_mass",
]

#: Longest table of loads a snapshot may need, in entries (8 bytes each).
LARGEST_TABLE = 50_000_000
#: Most updates of table entries, one per age and size, for pairs that depend on each other (some seconds).
MOST_UPDATES = 2_000_000_000
#: Values that are not whole numbers are tried as multiples of 2^-20.
BINARY_DIGITS = 20
#: Products up to which sums are formed directly, so that every entry is exact to rounding, however small.
DIRECT_PRODUCTS = 2**24
#: A factor with so few entries is always multiplied out directly.
FEW_ENTRIES = 32
#: Smaller probabilities are dropped: products of them leave the range of float64, and slow it down before.
SMALLEST = 2.0**-200


@runtime_checkable
class KnowsRounds(Protocol):
    """A drift process with known laws in rounds of equal lengths, where all requests have the same age."""

    def round_laws(self, sizes: Law, length: int) -> tuple[Law, ...] | None:
        """Return laws of the load of a request, up to growth that all share, whose mean is that of a round.

        That is one law for each age 0, …, ``length`` - 1, or one alone where all ages have the same.
        """


@dataclass(frozen=True)
class Grid:
    """The loads ``base + tick·j``, j = 0, 1, …, that hold all loads of a snapshot."""

    base: float
    tick: float

    @classmethod
    def of(cls, sizes: NDArray[np.float64], growth: NDArray[np.float64], reach: float) -> Grid | None:
        """Return the coarsest grid for these sizes, each grown by multiples of the entries of ``growth``.

        ``None`` where they are not all whole numbers, nor all multiples of 2^-20.

        Parameters
        ----------
        reach : float
            The largest growth of any request.

        Raises
        ------
        ValueError
            If the table of loads would not fit into memory.
        """
        # all of them are >= 0, so that the scaled ones are within int64 if the largest is
        both = np.concatenate([sizes, growth])
        digits = 0 if (both == np.floor(both)).all() else BINARY_DIGITS
        scaled = np.ldexp(both, digits)
        if scaled.max() >= 2.0**53 or (scaled != np.floor(scaled)).any():
            return None
        base = float(sizes.min())
        scaled[: len(sizes)] -= math.ldexp(base, digits)
        tick = math.ldexp(int(np.gcd.reduce(scaled.astype(np.int64))) or 1 << digits, -digits)
        top = float(sizes.max()) + reach
        fits = (top - base) / tick < LARGEST_TABLE
        checks.check(fits, f"loads up to {top:.15g} are too large for a table of the snapshot law")
        return cls(base, tick)

    def places(self, sizes: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return j of these loads."""
        return self.steps(sizes - self.base)

    def steps(self, growth: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return these differences of loads in ticks; they are exact, and so is the quotient."""
        return (growth / self.tick).astype(np.int64)

    def law(self, density: NDArray[np.float64]) -> Law:
        """Return the law proportional to ``density`` (j); loads of density 0 are none of its values."""
        held = np.flatnonzero(density > 0)
        return Law(self.base + self.tick * held, density[held] / density[held].sum())


def profile_law(law: JointLaw, growth: Callable[[NDArray[np.int64]], NDArray[np.float64]]) -> Law | None:
    """Return the snapshot law of w(a) = size + D(a), D the same for every request.

    Parameters
    ----------
    law : JointLaw
        An independent pair gives the convolution of the size with D(age), P(age = a) = P(o > a) / E o. A
        dependent pair (s, o) of probability q puts q / E o on each of s + D(0), …, s + D(o-1).
    growth : callable
        Takes the ages (n,) int64 0, 1, … and returns D of each, non-decreasing from D(0) = 0.

    Returns
    -------
    Law or None
        ``None`` where the loads lie on no lattice (`Grid.of`).

    Raises
    ------
    ValueError
        If a table would be too large.
    """
    sizes, lengths = law.size_law, law.length_law
    _check_longest(lengths)
    profile = np.asarray(growth(np.arange(int(lengths.support[1]))), dtype=np.float64)
    grid = Grid.of(sizes.values, profile, float(profile[-1]))
    if grid is None:
        return None
    steps = grid.steps(profile)
    if law.factors:
        grown = np.bincount(steps, weights=age_weights(lengths)).astype(np.float64)
        return grid.law(convolve(size_mass(grid, sizes), grown))
    places, active = active_sizes(law, grid)
    density = np.zeros(int(places[-1] + steps[-1]) + 1)
    for step, mass in zip(steps[::-1], active, strict=True):
        density[places + step] += mass
    return grid.law(density)


def age_weights(lengths: Law) -> NDArray[np.float64]:
    """Return P(age = a) = P(o > a) / E o for a = 0, 1, …, (longest,) float64."""
    survival = lengths.survival()
    survival /= survival.sum()
    return survival


def size_mass(grid: Grid, sizes: Law) -> NDArray[np.float64]:
    """Return the probabilities of the sizes along the grid."""
    mass = np.zeros(int(grid.places(sizes.values[-1:])[0]) + 1)
    mass[grid.places(sizes.values)] = sizes.probabilities
    return mass


def active_sizes(law: JointLaw, grid: Grid) -> tuple[NDArray[np.int64], Iterator[NDArray[np.float64]]]:
    """Return where the sizes of dependent pairs lie, and P(s, o > a) / E o, from the largest age down.

    Returns
    -------
    places : (m,) int64
        Ascending, on the grid.
    active : iterator of (m,) float64
        One array for a = longest-1, …, 0; it is changed in place from one to the next.
    """
    points, which = np.unique(law.sizes, return_inverse=True)
    longest = int(law.lengths.max())
    updates = longest * len(points)
    checks.check(
        updates <= MOST_UPDATES,
        f"{len(points)} sizes times {longest} ages are too many for the snapshot law of dependent pairs",
    )
    return grid.places(points), _active_masses(law, which.ravel(), longest, len(points))


def _active_masses(
    law: JointLaw, which: NDArray[np.intp], longest: int, number: int
) -> Iterator[NDArray[np.float64]]:
    order = np.argsort(-law.lengths, kind="stable")
    which, share = which[order], law.probabilities[order] / law.mean_length
    # counts[a]: pairs that stay longer than a; they come first
    counts = np.searchsorted(-law.lengths[order], -np.arange(longest + 1), side="left")
    mass = np.zeros(number)
    for age in range(longest - 1, -1, -1):
        new = slice(counts[age + 1], counts[age])
        np.add.at(mass, which[new], share[new])
        yield mass


def convolve(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the convolution of two arrays of numbers >= 0.

    Up to 2^24 products, and where one of the two has few entries, every entry is exact to rounding. Beyond,
    by fast transform: an entry is off by at most 24·log2(2N)·2^-53·‖a‖·‖b‖ (compare Higham, Accuracy and
    Stability of Numerical Algorithms, 2002, section 24.1), and those below it, which may be nothing but
    noise, become 0. What is lost thereby is of the order of the rounding of the whole.
    """
    result = np.zeros(len(a) + len(b) - 1)
    held_a, held_b = np.flatnonzero(a), np.flatnonzero(b)
    if not (len(held_a) and len(held_b)):
        return result
    start = held_a[0] + held_b[0]
    core_a, core_b = a[held_a[0] : held_a[-1] + 1], b[held_b[0] : held_b[-1] + 1]
    part = result[start : start + len(core_a) + len(core_b) - 1]
    if len(core_a) * len(core_b) <= DIRECT_PRODUCTS:
        part[:] = np.convolve(core_a, core_b)
    elif min(len(held_a), len(held_b)) <= FEW_ENTRIES:
        few, many = (core_a, core_b) if len(held_a) <= len(held_b) else (core_b, core_a)
        for i in np.flatnonzero(few):
            part[i : i + len(many)] += few[i] * many
    else:
        _convolve_fast(core_a, core_b, part)
    result[result < SMALLEST] = 0.0
    return result


def _convolve_fast(a: NDArray[np.float64], b: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    import scipy.signal  # here, because it takes half a second to import

    out[:] = scipy.signal.oaconvolve(a, b)
    noise = 24 * (math.log2(len(out)) + 1) * 2.0**-53 * np.linalg.norm(a) * np.linalg.norm(b)
    out[out < noise] = 0.0


def check_round(length: int, entries: int) -> None:
    """Raise ``ValueError`` where a table for every age of a round would take too many entries."""
    checks.check(entries <= LARGEST_TABLE, f"lengths of {length} are too large for a table of every age")


def _check_longest(lengths: Law) -> None:
    longest = lengths.support[1]
    checks.check(
        longest <= LARGEST_TABLE,
        f"lengths up to {longest:.15g} are too large for a table of the snapshot law",
    )
