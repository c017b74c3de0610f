"""Power of two choices: two workers at random, the lighter one gets the request."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.policies._kernels import POWER_OF_TWO
from simulation.policies.base import Policy, View

__all__ = ["PowerOfTwo"]


class PowerOfTwo(Policy):
    """Two uniform workers with a free slot (drawn with replacement), the one with less load.

    Source: Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 2001. Ties go to
    the lower index.
    """

    name = "power_of_two"
    kernel = POWER_OF_TWO
    is_random = True

    def assign(self, view: View) -> NDArray[np.int64]:
        """Draw two workers per request."""
        worker = np.full(len(view.sizes), -1, dtype=np.int64)
        free, loads = view.free_slots.copy(), view.loads[:, 0] + view.queued_load
        for i in range(view.admissions):
            open_workers = np.flatnonzero(free)
            a = int(open_workers[int(view.rng.random() * len(open_workers))])
            b = int(open_workers[int(view.rng.random() * len(open_workers))])
            g = min(a, b, key=lambda j: (loads[j], j))
            worker[i] = g
            free[g] -= 1
            loads[g] += view.sizes[i]
        return worker
