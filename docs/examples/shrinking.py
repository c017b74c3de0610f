"""A drift process with a mistake: at age 7 a request gives memory back, which no process may."""

import numpy as np

from drift_processes import DriftProcess


class Shrinking(DriftProcess):
    """Grows by 2 per step, and frees its scratch space at age 7."""

    increment_range = (0.0, 2.0)

    def increments(self, *, step, age, size, load, rng):
        return np.where(age == 7, -1.0, 2.0)
