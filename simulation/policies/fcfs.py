"""First come, first served, and round robin: sizes are never looked at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.policies._kernels import FCFS as FCFS_KERNEL
from simulation.policies.base import Policy, View

__all__ = ["Fcfs", "RoundRobin"]


class Fcfs(Policy):
    """Oldest waiting requests to free slots, workers visited in turn: the paper's baseline.

    The turn goes on where the last step's ended, so that no worker is favoured while slots stay empty.
    """

    name = "fcfs"
    kernel = FCFS_KERNEL
    bindings: tuple[str, ...] = ("pooled",)

    def __init__(self) -> None:
        self._turn = 0

    def reset(self) -> None:
        """Start with worker 0."""
        self._turn = 0

    def assign(self, view: View) -> NDArray[np.int64]:
        """Deal the oldest requests to workers in turn, passing over full ones."""
        worker = np.full(len(view.sizes), -1, dtype=np.int64)
        free = view.free_slots.copy()
        workers = len(free)
        for i in range(view.admissions):
            while free[self._turn] == 0:
                self._turn = (self._turn + 1) % workers
            worker[i] = self._turn
            free[self._turn] -= 1
            self._turn = (self._turn + 1) % workers
        return worker


class RoundRobin(Fcfs):
    """The next worker with a free slot; with immediate binding the next worker, free or not.

    With one common pool this is `Fcfs` under another name.
    """

    name = "round_robin"
    bindings = ("pooled", "immediate")
