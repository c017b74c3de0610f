"""A uniform worker with a free slot for each request."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.policies._kernels import RANDOM
from simulation.policies.base import Policy, View

__all__ = ["RandomChoice"]


class RandomChoice(Policy):
    """Oldest request to a worker drawn uniformly from those with a free slot."""

    name = "random"
    kernel = RANDOM
    is_random = True

    def assign(self, view: View) -> NDArray[np.int64]:
        """Draw one worker per request."""
        worker = np.full(len(view.sizes), -1, dtype=np.int64)
        free = view.free_slots.copy()
        for i in range(view.admissions):
            open_workers = np.flatnonzero(free)
            g = open_workers[int(view.rng.random() * len(open_workers))]
            worker[i] = g
            free[g] -= 1
        return worker
