"""Join the shortest queue, and join the lightest worker: both count, neither looks ahead."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.policies._kernels import JSQ, LEAST_LOAD
from simulation.policies.base import Policy, View

__all__ = ["JoinShortestQueue", "LeastLoad"]


class JoinShortestQueue(Policy):
    """Oldest request to the worker with the fewest requests; ties by lower load, then lower index."""

    name = "jsq"
    kernel = JSQ

    def assign(self, view: View) -> NDArray[np.int64]:
        """Place the oldest requests one at a time, counting each placement."""
        return _one_by_one(view, by_count=True)


class LeastLoad(Policy):
    """Oldest request to the worker with the least load; ties by lower index.

    The paper authors' code calls this JSQ; SGLang had it as ``minimum_tokens``.
    """

    name = "least_load"
    kernel = LEAST_LOAD

    def assign(self, view: View) -> NDArray[np.int64]:
        """Place the oldest requests one at a time, raising the load by each."""
        return _one_by_one(view, by_count=False)


def _one_by_one(view: View, *, by_count: bool) -> NDArray[np.int64]:
    worker = np.full(len(view.sizes), -1, dtype=np.int64)
    free, active = view.free_slots.copy(), view.active + view.queued
    loads = view.loads[:, 0] + view.queued_load
    for i in range(view.admissions):
        candidates = np.flatnonzero(free)
        g = min(candidates, key=lambda j: ((active[j] if by_count else 0), loads[j], j))
        worker[i] = g
        free[g] -= 1
        active[g] += 1
        loads[g] += view.sizes[i]
    return worker
