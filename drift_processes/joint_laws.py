"""`JointLaw`: the distribution of a pair (size, length) whose parts may depend on each other.

May import contracts, numpy, the laws and the tables behind them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from contracts import checks
from drift_processes.copula import check_correlated, gaussian_copula_table
from drift_processes.guide_table import GuideTable
from drift_processes.laws import Law

__all__ = ["JointLaw"]


@dataclass(frozen=True, eq=False, init=False)
class JointLaw:
    """A distribution of pairs (size, length) that may depend on each other.

    Parameters
    ----------
    sizes : (m,) array_like of float
        Size of each atom, >= 0.
    lengths : (m,) array_like of int
        Length of each atom in steps, >= 1.
    probabilities : (m,) array_like of float
        Each >= 0, with sum 1 up to rounding (1e-9); normalised. Equal pairs are merged.

    Examples
    --------
    >>> pairs = JointLaw([10, 20], [3, 1], [0.5, 0.5])
    >>> pairs.mean_length, pairs.size_law.mean
    (2.0, 15.0)
    """

    sizes: NDArray[np.float64]
    lengths: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    #: The two marginals where the pair is independent, else None.
    factors: tuple[Law, Law] | None = None

    def __init__(self, sizes: ArrayLike, lengths: ArrayLike, probabilities: ArrayLike) -> None:
        size = checks.array("sizes", sizes, shape=(None,), at_least=0)
        checks.check(len(size) > 0, "sizes must not be empty")
        length = checks.array("lengths", lengths, shape=(len(size),), integral=True, at_least=1)
        weight = checks.array("probabilities", probabilities, shape=(len(size),), at_least=0)
        total = checks.sums_to_one("probabilities", weight)
        order = np.lexsort((length, size))
        size, length, weight = size[order], length[order], weight[order]
        first = np.concatenate([[True], (np.diff(size) != 0) | (np.diff(length) != 0)])
        merged = np.add.reduceat(weight, np.flatnonzero(first)) / total
        keep = merged > 0
        for name, array in (
            ("sizes", size[first][keep]),
            ("lengths", length[first][keep]),
            ("probabilities", merged[keep]),
        ):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @classmethod
    def empirical(cls, sizes: ArrayLike, lengths: ArrayLike) -> JointLaw:
        """Return the law that puts equal weight on each observed pair."""
        size = checks.array("sizes", sizes, shape=(None,), at_least=0)
        number = max(len(size), 1)
        return cls(size, lengths, np.full(len(size), 1.0 / number))

    @classmethod
    def independent(cls, sizes: Law, lengths: Law) -> JointLaw:
        """Return the law of an independent size and length.

        The marginals are kept as they are (`factors`); the table of pairs is not spelt out, since it can be
        large, so ``sizes``, ``lengths`` and ``probabilities`` are empty.
        """
        _check_marginals(sizes, lengths)
        law = cls.__new__(cls)
        empty = np.zeros(0)
        for name, value in (
            ("sizes", empty),
            ("lengths", empty.astype(np.int64)),
            ("probabilities", empty),
            ("factors", (sizes, lengths)),
        ):
            object.__setattr__(law, name, value)
        return law

    @classmethod
    def correlated(cls, sizes: Law, lengths: Law, rho: float) -> JointLaw:
        """Return a law with these marginals whose parts depend on each other through a Gaussian copula.

        That is the law of (F⁻¹(Φ(U)), G⁻¹(Φ(V))), F and G the distribution functions of the marginals and
        (U, V) normal with means 0, variances 1 and correlation ``rho``: long prompts tend to have long
        answers where rho > 0, short ones where rho < 0. The marginals are kept, up to rounding; a geometric
        length ends with its table.

        Parameters
        ----------
        sizes, lengths : Law
            The marginals; lengths on 1, 2, …
        rho : float
            -0.999 to 0.999; the correlation of the normal pair, above that of size and length in magnitude.

        Raises
        ------
        ValueError
            If the table of pairs would have more than 4,000,000 entries.

        Notes
        -----
        Nelsen, An Introduction to Copulas, 2nd edition, 2006, section 2.3 (Sklar's construction).

        Examples
        --------
        >>> pairs = JointLaw.correlated(Law.uniform(1, 4), Law([1, 9], [0.5, 0.5]), 0.5)
        >>> pairs, round(pairs.size_law.mean, 12)
        (JointLaw(8 pairs, mean length 5), 2.5)
        """
        _check_marginals(sizes, lengths)
        strength = check_correlated(len(sizes.values), len(lengths.values), rho)
        table = gaussian_copula_table(sizes.probabilities, lengths.probabilities, strength)
        size = np.repeat(sizes.values, len(lengths.values))
        return cls(size, np.tile(lengths.values, len(sizes.values)), table.ravel())

    @property
    def size_law(self) -> Law:
        """The marginal law of the size at admission."""
        return self.factors[0] if self.factors else _marginal(self.sizes, self.probabilities)

    @property
    def length_law(self) -> Law:
        """The marginal law of the number of steps."""
        if self.factors:
            return self.factors[1]
        return _marginal(self.lengths.astype(np.float64), self.probabilities)

    @property
    def mean_length(self) -> float:
        """E o, in steps."""
        return self.length_law.mean

    def sample(self, number: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return ``number`` independent pairs: sizes (number,) float64 and lengths (number,) int64."""
        if self.factors:
            size = self.factors[0].sample(number, rng)
            return size, self.factors[1].sample(number, rng).astype(np.int64)
        size, length = self._guide.draw(number, rng, self.sizes, self.lengths)
        return size, length

    @cached_property
    def _guide(self) -> GuideTable:
        return GuideTable(self.probabilities)

    def __repr__(self) -> str:
        if self.factors:
            return f"JointLaw.independent({self.factors[0]!r}, {self.factors[1]!r})"
        return f"JointLaw({len(self.sizes)} pairs, mean length {self.mean_length:g})"


def _check_marginals(sizes: Law, lengths: Law) -> None:
    checks.instance("sizes", sizes, Law, "a Law")
    checks.instance("lengths", lengths, Law, "a Law")
    low = lengths.support[0]
    checks.check(lengths.is_integral and low >= 1, f"lengths must be whole numbers >= 1, got {low:g}")


def _marginal(values: NDArray[np.float64], weights: NDArray[np.float64]) -> Law:
    points, place = np.unique(values, return_inverse=True)
    return Law(points, np.bincount(place.ravel(), weights=weights))
