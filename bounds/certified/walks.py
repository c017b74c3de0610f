"""The law of Y under random growth, in integers: powers of a matrix of polynomials.

The growth of age a follows initial · M^a · 1, M_rs = Σ_x P(grow by x and go on in regime s | regime r)·z^x;
one regime is a random walk (`drift_processes.walks`). May import python-flint, drift_processes and the
measures and loads of this room.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpz_poly

from bounds.certified.ages import age_law, check_lattice
from bounds.certified.loads import Load, dense_load, pair_scale, size_measure
from bounds.certified.measures import Measure, as_integers
from drift_processes import JointLaw, Law
from drift_processes.snapshots import Grid
from drift_processes.walks import Walk

__all__ = ["round_loads", "walk_load"]

Row = list[Any]
Matrix = list[Row]


def walk_load(law: JointLaw, walk: Walk, bits: int) -> Load | None:
    """Return the law of Y = size + growth so far; ``None`` where loads lie on no lattice."""
    high = float(walk.values.max())
    values = law.size_law.values
    ages = age_law(law.length_law, bits) if law.factors else None
    longest = len(ages.weights) if ages else int(law.lengths.max())
    grid = Grid.of(values, walk.values, (longest - 1) * high)
    if grid is None:
        return None
    reach = int(grid.steps(np.array([high]))[0]) * (longest - 1)
    check_lattice(reach + int(grid.places(values[-1:])[0]))
    kernel, initial = _kernel(walk, grid, bits), _rationals(walk.initial, bits)
    if ages is not None:
        rows = _sum_of_powers(kernel, (fmpz_poly([w]) for w in ages.weights[::-1]), longest, bits)
        grown = Measure(_mixed(initial, rows, bits), ages.scale, 0, 0, reach)
        both = size_measure(grid, law.size_law, bits).plus(grown, bits)
        return dense_load(both, Fraction(grid.tick), inputs=2, cut=high * ages.beyond, late=ages.late)
    masses, scale = _active(law, grid, bits)
    rows = _sum_of_powers(kernel, masses, longest, bits)
    top = reach + int(grid.places(values[-1:])[0])
    whole = Measure(_mixed(initial, rows, bits), scale, 0, 0, top)
    return dense_load(whole, Fraction(grid.tick), inputs=1)


def round_loads(sizes: Law, length: int, walk: Walk, bits: int) -> list[Load] | None:
    """Return the law of the load at each age of a round of equal lengths."""
    high = float(walk.values.max())
    grid = Grid.of(sizes.values, walk.values, (length - 1) * high)
    if grid is None:
        return None
    high_step = int(grid.steps(np.array([high]))[0])
    check_lattice(high_step * (length - 1) + int(grid.places(sizes.values[-1:])[0]))
    kernel, row = _kernel(walk, grid, bits), [fmpz_poly([w]) for w in _rationals(walk.initial, bits)]
    first = size_measure(grid, sizes, bits)
    turned = [list(column) for column in zip(*kernel, strict=True)]
    loads = []
    for age in range(length):
        grown = Measure(_added(row), 1 << bits, 0, 0, high_step * age)
        loads.append(dense_load(first.plus(grown, bits), Fraction(grid.tick), inputs=1))
        row = _apply(turned, row, bits)
    return loads


def _rationals(law: Any, bits: int) -> list[int]:
    """Return floor(2^bits·w / Σ w) of float64 numbers w, exactly."""
    exact = [Fraction(w) for w in law.tolist()]
    total = sum(exact)
    return [int(w * (1 << bits) / total) for w in exact]


def _kernel(walk: Walk, grid: Grid, bits: int) -> Matrix:
    """Return M with coefficients over 2^bits, every row normalised exactly."""
    steps = grid.steps(walk.values).tolist()
    regimes, _, number = walk.weights.shape
    matrix = []
    for r in range(regimes):
        flat = _rationals(walk.weights[r].ravel(), bits)
        row = []
        for s in range(regimes):
            dense = [0] * (max(steps) + 1)
            for m, step in enumerate(steps):
                dense[step] += flat[s * number + m]
            row.append(fmpz_poly(dense))
        matrix.append(row)
    return matrix


def _active(law: JointLaw, grid: Grid, bits: int) -> tuple[Iterator[Any], int]:
    """Return the sizes of those that stay longer than a, for a from the last down, and the scale."""
    floors, above = as_integers(law.probabilities, bits)
    lengths, places = law.lengths.tolist(), grid.places(law.sizes).tolist()
    scale = pair_scale(above, law.lengths)
    ending: dict[int, list[tuple[int, int]]] = {}
    for length, place, weight in zip(lengths, places, floors, strict=True):
        ending.setdefault(length, []).append((place, weight))

    def masses() -> Iterator[Any]:
        dense = [0] * (max(places) + 1)
        present = fmpz_poly(dense)
        for age in range(max(lengths) - 1, -1, -1):
            for place, weight in ending.get(age + 1, []):
                dense[place] += weight
            if age + 1 in ending:
                present = fmpz_poly(dense)
            yield present

    return masses(), scale


def _added(polys: Row) -> Any:
    total = fmpz_poly([])
    for poly in polys:
        total += poly
    return total


def _apply(matrix: Matrix, row: Row, bits: int) -> Row:
    return [_added([a * b for a, b in zip(line, row, strict=True)]) // (1 << bits) for line in matrix]


def _product(a: Matrix, b: Matrix, bits: int) -> Matrix:
    columns = [_apply(a, list(column), bits) for column in zip(*b, strict=True)]
    return [list(line) for line in zip(*columns, strict=True)]


def _mixed(initial: list[int], rows: Row, bits: int) -> Any:
    return _added([w * poly for w, poly in zip(initial, rows, strict=True)]) // (1 << bits)


def _sum_of_powers(kernel: Matrix, masses: Iterator[Any], number: int, bits: int) -> Row:
    """Return Σ_{a < number} M^a · (Q_a, …, Q_a), where ``masses`` yields Q_a from the last down."""
    powers = [kernel]
    while 2 ** len(powers) < number:
        powers.append(_product(powers[-1], powers[-1], bits))

    def over(terms: int) -> Row:
        if terms == 1:
            return [next(masses)] * len(kernel)
        level = (terms - 1).bit_length() - 1
        late = _apply(powers[level], over(terms - 2**level), bits)
        early = over(2**level)
        return [x + y for x, y in zip(early, late, strict=True)]

    return over(number)
