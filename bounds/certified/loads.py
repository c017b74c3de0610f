"""The law of Y, the load of one slot, in integers: what `drift_processes` gives in float64, made certain.

Y = w(age) of a request in service, P(Y ∈ ·) = Σ_a P(w(a) ∈ ·, o > a) / E o (claim F0). May import contracts,
drift_processes and the measures and walks of this room.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bounds.certified.ages import age_law, check_lattice
from bounds.certified.measures import Measure, as_integers
from drift_processes import JointLaw, Law
from drift_processes.snapshots import BINARY_DIGITS, Grid

__all__ = [
    "Load",
    "dense_load",
    "given_load",
    "merged_load",
    "pair_scale",
    "paired_weights",
    "profile_load",
    "size_measure",
]

Growth = Callable[[NDArray[np.int64]], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Load:
    """A law of loads of which integers bound the probabilities from below.

    Attributes
    ----------
    unit : Fraction
        Loads are multiples of it, up to a shift of all.
    places : (m,) int64 or object
        Loads in units, ascending; none lies before the first or behind the last.
    weights : list of int
        weights[i] / scale is at most P(Y = places[i]); what is missing lies somewhere between the ends.
    scale : int
    cut, late : float
        The true load is larger by this much on average at most, and with this probability at most: ages
        beyond the last one are counted as that.
    inputs : int
        How many tables of probabilities in float64 it was made from (`bounds.maxima.ALLOWANCE`).
    """

    unit: Fraction
    places: NDArray[Any]
    weights: list[int]
    scale: int
    cut: float = 0.0
    late: float = 0.0
    inputs: int = 1

    def stride(self) -> int:
        """Return the largest step that all differences of loads are multiples of, 0 for a single load."""
        return int(np.gcd.reduce(self.places - self.places[0]))

    def points_of_sum(self, terms: int, step: int | None = None) -> float:
        """Return about how many points of a lattice the sum of ``terms`` takes: a guess, to choose a route.

        The lattice has the stride of the load, or another step.
        """
        stride = step or self.stride() or 1
        at = (self.places - self.places[0]).astype(np.float64)
        weights = np.array([w / self.scale for w in self.weights])
        mean = at @ weights
        deviation = math.sqrt(terms * float((at - mean) ** 2 @ weights))
        cells = float(at[-1]) / stride
        return min(terms * cells, 26 * deviation / stride + 2 * cells)

    def measure(self, stride: int) -> Measure:
        """Return the law on the lattice of this stride, from its smallest load on."""
        at = ((self.places - self.places[0]) // stride).astype(np.int64)
        dense = [0] * (int(at[-1]) + 1)
        for j, weight in zip(at.tolist(), self.weights, strict=True):
            dense[j] = weight
        return Measure.of(dense, self.scale, top=len(dense) - 1)


def given_load(law: Law, bits: int) -> Load:
    """Return a `Law` as it is: the law proportional to its table of float64 numbers, taken as exact."""
    weights, above = as_integers(law.probabilities, bits)
    unit, places = _in_units(law.values)
    return Load(unit, places, weights, sum(above))


def merged_load(values: NDArray[np.float64], weights: list[int], scale: int, **more: Any) -> Load:
    """Return the load with these values, which may repeat, and weights."""
    points, at = np.unique(values, return_inverse=True)
    total = [0] * len(points)
    for i, weight in zip(at.ravel().tolist(), weights, strict=True):
        total[i] += weight
    unit, places = _in_units(points)
    return Load(unit, places, total, scale, **more)


def _in_units(values: NDArray[np.float64]) -> tuple[Fraction, NDArray[Any]]:
    """Return a unit and the whole multiples of it that ``values`` are, exactly."""
    for digits in (0, BINARY_DIGITS):
        scaled = np.ldexp(values, digits)
        if scaled[-1] < 2.0**53 and (scaled == np.floor(scaled)).all():
            return Fraction(1, 2**digits), scaled.astype(np.int64)
    ratios = [Fraction(v) for v in values.tolist()]
    most = max(ratio.denominator for ratio in ratios)  # powers of two
    return Fraction(1, most), np.array([int(r * most) for r in ratios], dtype=object)


def dense_load(measure: Measure, unit: Fraction, *, inputs: int, cut: float = 0.0, late: float = 0.0) -> Load:
    """Return the load whose law in units is ``measure``."""
    kept = measure.coefficients()
    held = [j for j, c in enumerate(kept) if c]
    if len(held) < len(kept):
        kept = [c for c in kept if c]
    first = [measure.bottom] if not held or measure.start > measure.bottom else []
    last = [measure.top] if measure.top > (measure.start + held[-1] if held else measure.bottom) else []
    places = np.concatenate([first, measure.start + np.array(held, dtype=np.int64), last]).astype(np.int64)
    return Load(unit, places, [0] * len(first) + kept + [0] * len(last), measure.scale, cut, late, inputs)


def size_measure(grid: Grid, sizes: Law, bits: int) -> Measure:
    """Return the law of the sizes along the grid."""
    at = grid.places(sizes.values)
    floors, above = as_integers(sizes.probabilities, bits)
    dense = [0] * (int(at[-1]) + 1)
    for j, weight in zip(at.tolist(), floors, strict=True):
        dense[j] = weight
    return Measure.of(dense, sum(above), top=len(dense) - 1)


def profile_load(law: JointLaw, growth: Growth, increase: float, bits: int) -> Load | None:
    """Return the law of Y = size + D(age), D the same for every request; ``None`` without a common lattice.

    Parameters
    ----------
    law : JointLaw
    growth : callable
        Takes ages (n,) int64 and returns D of each.
    increase : float
        Most growth in a step.
    bits : int
    """
    ages = age_law(law.length_law, bits) if law.factors else None
    number = len(ages.weights) if ages else int(law.lengths.max())
    profile = np.asarray(growth(np.arange(number)), dtype=np.float64)
    values = law.size_law.values
    grid = Grid.of(values, profile, float(profile[-1]))
    if grid is None:
        return None
    steps = grid.steps(profile)
    top = int(grid.places(values[-1:])[0] + steps[-1])
    check_lattice(top)
    unit = Fraction(grid.tick)
    if ages is None:
        floors, above = as_integers(law.probabilities, bits)
        weights = paired_weights(grid.places(law.sizes), law.lengths, floors, steps)
        whole = Measure.of(weights, pair_scale(above, law.lengths), top=top)
        return dense_load(whole, unit, inputs=1)
    grown = [0] * (int(steps[-1]) + 1)
    for step, weight in zip(steps.tolist(), ages.weights, strict=True):
        grown[step] += weight
    growth_law = Measure.of(grown, ages.scale, top=len(grown) - 1)
    both = size_measure(grid, law.size_law, bits).plus(growth_law, bits)
    return dense_load(both, unit, cut=increase * ages.beyond, late=ages.late, inputs=2)


def paired_weights(
    places: NDArray[np.int64], lengths: NDArray[np.int64], weights: list[int], steps: NDArray[np.int64]
) -> list[int]:
    """Return the weights along the lattice of dependent pairs: q on each of s + D(0), …, s + D(o-1).

    That is linear in the q, so it is done for some digits of them at a time, few enough for int64.

    Parameters
    ----------
    places : (m,) int64
        Sizes in steps of the lattice.
    lengths : (m,) int64
    weights : list of m int
        The q.
    steps : (longest,) int64
        D of each age, in steps of the lattice.
    """
    digits = 62 - (len(weights) * len(steps)).bit_length()
    density = [0] * (int(places.max() + steps[-1]) + 1)
    for low in range(0, max(weights).bit_length(), digits):
        part = np.array([(w >> low) & ((1 << digits) - 1) for w in weights], dtype=np.int64)
        for j, c in enumerate(_paired(places, lengths, part, steps, len(density))):
            density[j] += c << low
    return density


def pair_scale(above: list[int], lengths: NDArray[np.int64]) -> int:
    """Return the scale of weights of pairs at every age: the sum of q·o, rounded up."""
    return sum(int(o) * w for o, w in zip(lengths.tolist(), above, strict=True))


def _paired(
    places: NDArray[np.int64],
    lengths: NDArray[np.int64],
    weights: NDArray[np.int64],
    steps: NDArray[np.int64],
    cells: int,
) -> list[int]:
    density = np.zeros(cells, dtype=np.int64)
    if (np.diff(steps) == 1).all():
        # one step at every age: what is there from s on ends o places later
        change = np.zeros(cells + 1, dtype=np.int64)
        np.add.at(change, places, weights)
        np.subtract.at(change, places + lengths, weights)
        return [int(c) for c in np.cumsum(change[:-1])]
    points, which = np.unique(places, return_inverse=True)
    order = np.argsort(-lengths, kind="stable")
    counts = np.searchsorted(-lengths[order], -np.arange(len(steps) + 1), side="left")
    present = np.zeros(len(points), dtype=np.int64)
    for age in range(len(steps) - 1, -1, -1):  # those that stay longer come first
        new = order[counts[age + 1] : counts[age]]
        np.add.at(present, which[new], weights[new])
        density[points + steps[age]] += present
    return [int(c) for c in density]
