"""A template. Copy and change it, then run: evenstep drift my_drift.py:MyDrift --param x=3."""

import numpy as np

from drift_processes import DriftProcess


class MyDrift(DriftProcess):
    """A request grows by x per step until it is ten steps old, and by 1 from then on."""

    growth_class = "per-request deterministic"
    grows_by_age = True

    def __init__(self, x: float = 2.0) -> None:
        if not x >= 1:
            raise ValueError(f"x must be >= 1, got {x}")
        self.x = x
        self.increment_range = (1.0, x)

    def increments(self, *, step, age, size, load, rng):
        return np.where(age < 10, self.x, 1.0)
