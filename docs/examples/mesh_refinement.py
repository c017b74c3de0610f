"""Adaptive mesh refinement under bulk-synchronous time stepping.

The domain of a simulation is cut into patches; a worker holds B of them, and every time step ends at a
barrier. Where a steep front runs through a patch its mesh is refined, and stays so for as long as the patch
lives.
"""

import numpy as np

from drift_processes import DriftProcess, Law


class MeshRefinement(DriftProcess):
    """In each step a front meets a patch with probability ``p`` and adds ``cells``, ``levels`` times at most.

    The load of a patch is its number of cells: ``size`` at first, size + cells·k after k refinements.
    """

    growth_class = "per-request random"

    def __init__(self, p: float = 0.1, cells: int = 16, levels: int = 4) -> None:
        if not 0 < p <= 1:
            raise ValueError(f"p must be in (0, 1], got {p}")
        if cells < 1 or levels < 1:
            raise ValueError(f"cells and levels must be >= 1, got {cells} and {levels}")
        self.p, self.cells, self.levels = p, cells, levels
        self.increment_range = (0.0, float(cells))

    def increments(self, *, step, age, size, load, rng):
        refined = np.rint((load - size) / self.cells)  # k, read off the load: nothing need be remembered
        met = rng.random(len(age)) < self.p
        return np.where(met & (refined < self.levels), float(self.cells), 0.0)

    def snapshot(self, law):
        """Return the law of size + cells·k at a random age, P(age = a) = P(o > a) / E o."""
        if not law.factors:
            return None  # sizes and lengths depend on each other: not worked out here
        sizes, lengths = law.factors
        now = np.zeros(self.levels + 1)  # the law of k at age a
        now[0] = 1.0
        mass = np.zeros(self.levels + 1)
        for alive in lengths.survival():
            mass += alive * now
            met = self.p * now[:-1]
            now[:-1] -= met
            now[1:] += met
        values = np.add.outer(sizes.values, self.cells * np.arange(self.levels + 1.0))
        weights = np.outer(sizes.probabilities, mass / mass.sum())
        points, place = np.unique(values, return_inverse=True)
        return Law(points, np.bincount(place.ravel(), weights=weights.ravel()))
