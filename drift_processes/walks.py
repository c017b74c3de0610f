"""`Walk`: the loads of requests that grow at random, step by step, possibly with a regime behind it.

May import contracts, numpy, the laws and `drift_processes.snapshots`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law
from drift_processes.snapshots import (
    Grid,
    active_sizes,
    age_weights,
    check_round,
    convolve,
    size_mass,
)

__all__ = ["Walk"]

#: Most ages times largest increment in ticks of the grid: beyond, a snapshot takes minutes.
LONGEST_WALK = 2**23
#: Most ages times cells of the table of sizes, for pairs that depend on each other.
MOST_CELLS = 2**31


@dataclass(frozen=True, eq=False)
class Walk:
    """Growth by independent increments that a hidden Markov chain of R regimes modulates.

    With z^x standing for a growth by x, M = Σ_m z^values[m]·weights[:, :, m] is an R×R matrix of measures,
    and D(a) follows initial · M^a · 1. R = 1 is a random walk with independent increments.

    Attributes
    ----------
    values : (m,) float64
        Possible increments, >= 0.
    weights : (R, R, m) float64
        From regime r: probability to grow by values[m] and to be in regime r' at the next step.
    initial : (R,) float64
        Law of the regime of a new request.
    """

    values: NDArray[np.float64]
    weights: NDArray[np.float64]
    initial: NDArray[np.float64]

    @classmethod
    def independent(cls, increment: Law) -> Walk:
        """Return the walk whose increments are independent draws from one law."""
        return cls(increment.values, increment.probabilities[None, None, :], np.ones(1))

    def snapshot(self, law: JointLaw) -> Law | None:
        """Return the law of Y of claim F0, Σ_a (sizes of those with o > a) * (law of D(a)) / E o.

        The sum is split in halves: that over the ages h..2h-1 is M^h applied to a sum over 0..h-1, with h a
        power of two. For independent sizes it is formed for a size of 0, and convolved with the sizes once.
        Where lengths are geometric the two halves are the same but for a factor. Nothing is approximated;
        rounding is that of `convolve` (for 4·10^5 ages the mean was off by 4e-11 of itself, for some
        thousands by 1e-13).

        Returns
        -------
        Law or None
            ``None`` where sizes and increments have no common lattice (`Grid.of`).

        Raises
        ------
        ValueError
            If a table would be too large.
        """
        sizes, lengths = law.size_law, law.length_law
        longest = int(lengths.support[1])
        grid = self._grid(sizes, longest)
        if grid is None:
            return None
        kernel = self._kernel(grid)
        work = longest * kernel.shape[2]
        checks.check(work <= LONGEST_WALK, f"{longest} ages are too many for the snapshot law of this growth")
        if law.factors:
            p = lengths.success_probability
            if p is not None:
                grown = self._mixed(_geometric_sum((1 - p) * kernel, longest)[0])
            else:
                ages = (np.array([weight]) for weight in age_weights(lengths)[::-1])
                grown = self._mixed(_sum_of_powers(kernel, ages, longest))
            return grid.law(convolve(size_mass(grid, sizes), grown))
        return grid.law(self._mixed(_sum_of_powers(kernel, _dense_sizes(law, grid), longest)))

    def round_laws(self, sizes: Law, length: int) -> tuple[Law, ...] | None:
        """Return the law of the load at each age 0, …, ``length`` - 1, or ``None`` without a lattice.

        Raises
        ------
        ValueError
            If the tables would be too large.
        """
        grid = self._grid(sizes, length)
        if grid is None:
            return None
        kernel = self._kernel(grid)
        mass = size_mass(grid, sizes)
        check_round(length, length * (len(mass) + length * kernel.shape[2]))
        row = self.initial[:, None]
        laws = []
        for _ in range(length):
            laws.append(grid.law(convolve(mass, row.sum(axis=0))))
            row = _apply(kernel.transpose(1, 0, 2), row)
        return tuple(laws)

    def _grid(self, sizes: Law, longest: int) -> Grid | None:
        return Grid.of(sizes.values, self.values, (longest - 1) * float(self.values.max()))

    def _kernel(self, grid: Grid) -> NDArray[np.float64]:
        """Return M along the grid, (R, R, largest increment + 1)."""
        steps = grid.steps(self.values)
        kernel = np.zeros((*self.weights.shape[:2], int(steps.max()) + 1))
        for m, step in enumerate(steps):  # two regimes may have the same increment
            kernel[:, :, step] += self.weights[:, :, m]
        return kernel

    def _mixed(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        mixed: NDArray[np.float64] = self.initial @ rows
        return mixed


def _dense_sizes(law: JointLaw, grid: Grid) -> Iterator[NDArray[np.float64]]:
    places, active = active_sizes(law, grid)
    cells, ages = int(places[-1]) + 1, int(law.lengths.max())
    checks.check(
        cells * ages <= MOST_CELLS,
        f"sizes over {cells} cells times {ages} ages are too many for the snapshot law of dependent pairs",
    )

    def spread() -> Iterator[NDArray[np.float64]]:
        for mass in active:
            dense = np.zeros(cells)
            dense[places] = mass
            yield dense

    return spread()


def _apply(matrix: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the product of an (R, R, k) and an (R, n) array of measures, (R, n + k - 1)."""
    result = np.zeros((len(matrix), rows.shape[1] + matrix.shape[2] - 1))
    for i, line in enumerate(matrix):
        for entry, row in zip(line, rows, strict=True):
            result[i] += convolve(entry, row)
    return result


def _product(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the product of two (R, R, ·) matrices of measures."""
    return np.stack([_apply(a, b[:, j]) for j in range(len(a))], axis=1)


def _sum_of_powers(
    kernel: NDArray[np.float64], masses: Iterator[NDArray[np.float64]], number: int
) -> NDArray[np.float64]:
    """Return Σ_{a < number} M^a · (Q_a, …, Q_a), where ``masses`` yields Q_a from the last down, (R, n)."""
    powers = [kernel]
    while 2 ** len(powers) < number:
        powers.append(_product(powers[-1], powers[-1]))

    def over(terms: int) -> NDArray[np.float64]:
        if terms == 1:
            return np.tile(next(masses), (len(kernel), 1))
        level = (terms - 1).bit_length() - 1
        late = _apply(powers[level], over(terms - 2**level))
        early = over(2**level)
        return _added(early, late)

    return over(number)


def _geometric_sum(
    kernel: NDArray[np.float64], number: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Σ_{a < number} K^a · 1, (R, n), and K^number, K the matrix of measures ``kernel``."""
    regimes = len(kernel)
    if number == 1:
        return np.ones((regimes, 1)), kernel
    half, power = _geometric_sum(kernel, number // 2)
    total = _added(half, _apply(power, half))
    power = _product(power, power)
    if number % 2:
        total = _added(np.ones((regimes, 1)), _apply(kernel, total))
        power = _product(kernel, power)
    return total, power


def _added(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    result = np.zeros((len(a), max(a.shape[1], b.shape[1])))
    result[:, : a.shape[1]] += a
    result[:, : b.shape[1]] += b
    return result
