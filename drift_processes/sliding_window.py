"""`SlidingWindow`: attention that forgets. Imports contracts, the base and the laws."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes.base import DriftProcess
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law
from drift_processes.no_growth import NoGrowth
from drift_processes.snapshots import check_round, profile_law

__all__ = ["SlidingWindow"]


class SlidingWindow(DriftProcess):
    """w(a) = max(size, min(size + a, window)): one unit per step until the load fills the window.

    Sliding-window attention keeps the last ``window`` tokens only (Mistral 7B, arXiv 2310.06825: 4096). A
    request that is admitted with a larger load keeps it; sizes may have to be cut to the window beforehand.

    Parameters
    ----------
    window : float
        In units of load, > 0.

    Examples
    --------
    >>> SlidingWindow(10).increments(load=np.array([3.0, 9.5, 10.0, 12.0])).tolist()
    [1.0, 0.5, 0.0, 0.0]
    """

    increment_range = (0.0, 1.0)
    growth_class = "per-request deterministic"

    def __init__(self, window: float) -> None:
        self.window = checks.number("window", window, above=0)

    def increments(self, *, load: NDArray[np.float64], **_state: Any) -> NDArray[np.float64]:
        """Return 1, or what is left to the window where that is less."""
        return np.clip(self.window - load, 0.0, 1.0)

    def snapshot(self, law: JointLaw) -> Law | None:
        """Return the law of Y (claim F0): min(size + age, window) for sizes below the window, else the size.

        ``None`` where the sizes below the window and 1 have no common lattice.

        Raises
        ------
        ValueError
            If a table would be too large.
        """
        small, large = _split(law, self.window)
        laws, shares = [], []
        if small is not None:
            free = np.ceil(self.window - small[0].size_law.support[0])
            grown = profile_law(small[0], lambda ages: np.minimum(ages, free))
            if grown is None:
                return None
            laws.append(self._cut(grown))
            shares.append(small[1])
        if large is not None:
            laws.append(NoGrowth().snapshot(large[0]))
            shares.append(large[1])
        return Law.mixture(laws, shares)

    def round_laws(self, sizes: Law, length: int) -> tuple[Law, ...]:
        """Return the law of the load at each age of a round of equal lengths.

        Raises
        ------
        ValueError
            If the tables would be too large.
        """
        low, values = sizes.support[0], sizes.values
        last = min(length - 1, max(0, int(np.ceil(self.window - low))))  # nothing grows from this age on
        check_round(length, (last + 1) * len(values))
        laws = [
            _merged(np.maximum(values, np.minimum(values + age, self.window)), sizes.probabilities)
            for age in range(last + 1)
        ]
        return (*laws, *[laws[-1]] * (length - 1 - last))

    def _cut(self, law: Law) -> Law:
        return _merged(np.minimum(law.values, self.window), law.probabilities)

    def __repr__(self) -> str:
        return f"SlidingWindow({self.window:.12g})"


def _merged(values: NDArray[np.float64], probabilities: NDArray[np.float64]) -> Law:
    points, place = np.unique(values, return_inverse=True)
    return Law(points, np.bincount(place.ravel(), weights=probabilities))


def _split(law: JointLaw, below: float) -> list[tuple[JointLaw, float] | None]:
    """Return the requests of sizes < ``below`` and the others, each with its share of a snapshot.

    The share is P(part)·E[o | part] / E o; ``None`` stands for an empty part.
    """
    if not law.factors:
        parts: list[tuple[JointLaw, float] | None] = []
        weight = law.probabilities * law.lengths
        for keep in (law.sizes < below, law.sizes >= below):
            chance = float(law.probabilities[keep].sum())
            if keep.any():
                part = JointLaw(law.sizes[keep], law.lengths[keep], law.probabilities[keep] / chance)
                parts.append((part, float(weight[keep].sum() / weight.sum())))
            else:
                parts.append(None)
        return parts
    sizes, lengths = law.factors
    pieces = [sizes.values < below, sizes.values >= below]
    chances = [float(sizes.probabilities[keep].sum()) for keep in pieces]
    return [
        (JointLaw.independent(Law(sizes.values[keep], sizes.probabilities[keep] / chance), lengths), chance)
        if keep.any()
        else None
        for keep, chance in zip(pieces, chances, strict=True)
    ]
