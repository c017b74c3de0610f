"""Laws on an equally spaced lattice, and two ways to put any law onto one without losing the direction.

Both ways rest on stochastic orders. Write X <=cx Y if E f(X) <= E f(Y) for every convex f, and X <=icx Y if
that holds for every increasing convex f (Shaked and Shanthikumar, Stochastic Orders, 2007, chapters 3.A and
4.A). The largest of G sums of B numbers is increasing and convex in each of the numbers, so replacing
the law of one independent term after the other shows

    X <=icx Y   implies   E max over G of (B-fold sums of X)  <=  E max over G of (B-fold sums of Y).

`spread_onto` gives a law above in this order, `gather_onto` one below. May import contracts, drift_processes
and numpy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drift_processes import Law

__all__ = ["Lattice", "exact_lattice", "gather_onto", "split_positions", "spread_onto"]

#: Values that are not whole numbers are tried as multiples of 2^-20.
BINARY_DIGITS = 20


@dataclass(frozen=True, eq=False)
class Lattice:
    """The law of ``base + tick·J``, J in 0..m-1.

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


def split_positions(
    position: NDArray[np.float64], weight: NDArray[np.float64], points: int
) -> NDArray[np.float64]:
    """Split each weight between the two whole numbers beside its position, keeping the mean.

    Parameters
    ----------
    position, weight : (n,) float64
        Positions in [0, points - 1].

    Returns
    -------
    (points,) float64
        A law above the given one in the convex order: given the old value, the new one has it as its mean.
    """
    below = np.floor(position).astype(np.int64)
    share = position - below
    mass = np.zeros(points + 1)
    mass += np.bincount(below, weights=weight * (1.0 - share), minlength=points + 1)
    mass += np.bincount(below + 1, weights=weight * share, minlength=points + 1)
    return mass[:points]


def spread_onto(law: Law, cells: int) -> Lattice:
    """Return a lattice law U with Y <=cx U: each value split between its two neighbours on the lattice.

    The variance grows by at most tick²/4, so the error is of second order in the tick.
    """
    tick = law.span / cells
    position = np.minimum((law.values - law.values[0]) / tick, cells)
    return Lattice(float(law.values[0]), tick, split_positions(position, law.probabilities, cells + 1))


def gather_onto(law: Law, cells: int) -> Lattice:
    """Return a lattice law Z with Z <=icx Y: pieces of mass gathered at points where they balance.

    Each cell is first gathered at its own centre of mass. Then, from the top down, the piece in hand at y is
    joined with as much of the next lower piece as balances it about the lattice point t just below y: c at y
    and c·(y - t)/(t - y') at y' have their mean at t. Replacing pieces by their mean is a conditional
    expectation, so by Jensen the result is below Y in the convex order. What is left of the lowest piece is
    moved down to its lattice point, which lowers every increasing function. Where mass lies in every cell
    the error is of second order in the tick.
    """
    tick = law.span / cells
    position = np.minimum((law.values - law.values[0]) / tick, cells)
    cell = np.floor(position).astype(np.int64)
    weight = np.bincount(cell, weights=law.probabilities)
    moment = np.bincount(cell, weights=law.probabilities * position)
    held = np.flatnonzero(weight)
    # a rounded centre of mass must not leave its cell
    centre = np.clip(moment[held] / weight[held], held, np.nextafter(held + 1.0, 0.0))
    mass = _balanced(weight[held][::-1].tolist(), centre[::-1].tolist(), cells + 1)
    return Lattice(float(law.values[0]), tick, mass)


def _balanced(weights: list[float], centres: list[float], points: int) -> NDArray[np.float64]:
    """Gather pieces, given from the top down, at lattice points (see `gather_onto`)."""
    mass = np.zeros(points)
    carried, place = weights[0], centres[0]
    for weight, centre in zip(weights[1:], centres[1:], strict=True):
        target = math.floor(place)
        above, below = place - target, target - centre
        wanted = carried * above / below
        if wanted <= weight:
            mass[target] += carried + wanted
            carried, place = weight - wanted, centre
        else:
            used = weight * below / above
            mass[target] += used + weight
            carried -= used
    mass[math.floor(place)] += carried
    return mass
