"""Laws on an equally spaced lattice, and two ways to put any law onto one without losing the direction.

Both ways rest on stochastic orders. Write X <=cx Y if E f(X) <= E f(Y) for every convex f, and X <=icx Y if
that holds for every increasing convex f (Shaked and Shanthikumar, Stochastic Orders, 2007, chapters 3.A and
4.A). The largest of G sums of B numbers is increasing and convex in each of the numbers, so replacing
the law of one independent term after the other shows

    X <=icx Y   implies   E max over G of (B-fold sums of X)  <=  E max over G of (B-fold sums of Y).

`spread_onto` gives a law above in this order, `gather_onto` one below. Both work in whole numbers, so that
the order holds exactly and not up to rounding. May import contracts, drift_processes, numpy and
`bounds.certified`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bounds.certified.loads import Load
from bounds.certified.measures import Measure
from drift_processes import Law
from drift_processes.snapshots import BINARY_DIGITS

__all__ = ["Cells", "Lattice", "exact_lattice", "gather_onto", "spread_onto"]

#: Digits behind the point of a centre of mass, in cells.
FINE_BITS = 32


@dataclass(frozen=True, eq=False)
class Lattice:
    """The law of ``base + tick·J``, J in 0..m-1, in float64.

    Attributes
    ----------
    base, tick : float
        In units of load, tick > 0.
    mass : (m,) float64
        P(J = j), with sum 1 up to rounding.
    """

    base: float
    tick: float
    mass: NDArray[np.float64]


def exact_lattice(law: Law, *, most_cells: int) -> Lattice | None:
    """Return the coarsest lattice that holds every value of ``law`` exactly.

    ``None`` where the values are no multiples of 2^-20, where there is only one value, or where the lattice
    would need more than ``most_cells`` cells.
    """
    digits = 0 if law.is_integral else BINARY_DIGITS
    scaled = np.ldexp(law.values, digits)
    if law.is_constant or scaled[-1] >= 2.0**53 or (scaled != np.floor(scaled)).any():
        return None
    offset = scaled.astype(np.int64) - int(scaled[0])
    stride = int(np.gcd.reduce(offset))
    cells = int(offset[-1]) // stride
    if cells > most_cells:
        return None
    mass = np.zeros(cells + 1)
    mass[offset // stride] = law.probabilities
    return Lattice(float(law.values[0]), math.ldexp(stride, -digits), mass)


@dataclass(frozen=True, eq=False)
class Cells:
    """A load cut into cells of ``tick`` units from its smallest value on: what each holds, and where.

    Attributes
    ----------
    tick : int
        In units of the load.
    weights : list of int
        What is known to lie in each cell.
    moments : list of int
        The same, each times its distance in units from the lower end of its cell.
    scale : int
    """

    tick: int
    weights: list[int]
    moments: list[int]
    scale: int

    @classmethod
    def of(cls, load: Load, number: int) -> Cells:
        """Return at most ``number`` + 1 cells."""
        offset = load.places - load.places[0]
        tick = -(-int(offset[-1]) // number)
        cell = (offset // tick).astype(np.int64)
        within = (offset - tick * (offset // tick)).astype(object)
        weights: NDArray[Any] = np.array(load.weights, dtype=object)
        first = np.flatnonzero(np.diff(cell, prepend=-1))
        count = int(cell[-1]) + 1
        sums, moments = [0] * count, [0] * count
        for j, w, m in zip(
            cell[first].tolist(),
            np.add.reduceat(weights, first).tolist(),
            np.add.reduceat(weights * within, first).tolist(),
            strict=True,
        ):
            sums[j], moments[j] = int(w), int(m)
        return cls(tick, sums, moments, load.scale)


def spread_onto(cells: Cells) -> Measure:
    """Return a law U on the lattice of the ticks with Y <=cx U: each value split between its two neighbours.

    Given Y, U has it as its mean. The variance grows by at most tick²/4, so the error is of second order in
    the tick.
    """
    mass = [0] * (len(cells.weights) + 1)
    for j, (weight, moment) in enumerate(zip(cells.weights, cells.moments, strict=True)):
        mass[j] += weight - -(-moment // cells.tick)
        mass[j + 1] += moment // cells.tick
    return Measure.of(mass, cells.scale, top=len(mass) - 1)


def gather_onto(cells: Cells) -> tuple[Measure, Fraction]:
    """Return a law Z on the lattice with Z <=icx Y, and a bound on E Y - E Z in units of the load.

    Each cell is first gathered at its own centre of mass. Then, from the top down, the piece in hand at y
    is joined with as much of the next lower piece as balances it about the lattice point t just below y: c
    at y and c·(y - t)/(t - y') at y' have their mean at t. Replacing pieces by their mean is a conditional
    expectation, so by Jensen the result is below Y in the convex order. Whatever has to be rounded is
    rounded so that a mean is at t or above and moves down to it; what is left of the lowest piece, and what
    is missing, moves down as well: that lowers every increasing function. Where mass lies in every cell the
    error is of second order in the tick.
    """
    held = [j for j, weight in enumerate(cells.weights) if weight > 0][::-1]
    weights = [cells.weights[j] for j in held]
    centres = [
        (j << FINE_BITS) + (cells.moments[j] << FINE_BITS) // (cells.weights[j] * cells.tick) for j in held
    ]
    mass = _balanced(weights, centres, len(cells.weights))
    measure = Measure.of(mass, cells.scale, top=len(mass) - 1)
    had = sum(cells.moments) + cells.tick * sum(j * w for j, w in enumerate(cells.weights))
    has = cells.tick * sum(j * w for j, w in enumerate(mass))
    return measure, Fraction(had - has, cells.scale) + measure.missing * cells.tick


def _balanced(weights: list[int], centres: list[int], points: int) -> list[int]:
    """Gather pieces, given from the top down, at lattice points (see `gather_onto`)."""
    mass = [0] * points
    carried, place = weights[0], centres[0]
    for weight, centre in zip(weights[1:], centres[1:], strict=True):
        target = place >> FINE_BITS
        above, below = place - (target << FINE_BITS), (target << FINE_BITS) - centre
        wanted = carried * above // below
        if wanted <= weight:
            mass[target] += carried + wanted
            carried, place = weight - wanted, centre
        else:
            used = -(-weight * below // above)
            mass[target] += used + weight
            carried -= used
    mass[place >> FINE_BITS] += carried
    return mass
