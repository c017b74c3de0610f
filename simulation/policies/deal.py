"""Layered dealing: the construction in the proof of claim B1 (docs/theory.md §3) as a policy.

Sizes are sorted and dealt in layers, one request to each worker and layer, so that no layer spreads the loads
by more than the sizes differ. It is a witness, not a contender: it shows that an assignment within the bound
exists, which the optimum of BF-IO can then only improve on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.policies.base import Policy, View

__all__ = ["Deal"]


class Deal(Policy):
    """The oldest requests in decreasing order of size, the largest of a layer to the least loaded worker.

    A layer has one request for each worker that still has a free slot. Where all workers have the same number
    of free slots and enough requests wait, loads differ afterwards by no more than they did before, or by no
    more than the sizes admitted do, whichever is more; so from empty workers I <= (G-1)·Δ (claim B1).

    Notes
    -----
    Elsewhere nothing is proven. Workers whose slots are full drop out of the later layers, and where too few
    requests wait, the last layer goes to the least loaded. Ties go to the older request and the lower index.
    """

    name = "deal"
    bindings = ("pooled",)

    def assign(self, view: View) -> NDArray[np.int64]:
        """Deal layer by layer."""
        worker = np.full(len(view.sizes), -1, dtype=np.int64)
        free, loads = view.free_slots.copy(), view.loads[:, 0].copy()
        left = np.argsort(-view.sizes[: view.admissions], kind="stable")
        while len(left):
            open_workers = np.flatnonzero(free)
            lightest = open_workers[np.argsort(loads[open_workers], kind="stable")]
            layer, left = left[: len(lightest)], left[len(lightest) :]
            given_to = lightest[: len(layer)]
            worker[layer] = given_to
            loads[given_to] += view.sizes[layer]
            free[given_to] -= 1
        return worker
