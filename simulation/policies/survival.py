"""Survival-weighted routing: the oldest request where it overflows least over the steps it is likely to live.

May import contracts, numpy and `simulation.policies.base`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from simulation.policies.base import Policy, View

__all__ = ["Survival"]


class Survival(Policy):
    """Oldest request to the worker with the least Σ_h S(h)·max(s + d_h - m_g(h), 0); ties as in `LeastLoad`.

    S(h) = P(length > h) is the empirical one of the requests that have finished, d_h the growth expected in
    h steps, and m_g(h) = max_j L_j(h) - L_g(h) the margin by projected loads, in which a request of age a
    counts with its chance S(a + h) / S(a) to be there still. Those that wait in a worker's queue count as
    they are.

    Parameters
    ----------
    points : int
        Steps h at which the sum is evaluated. S(h) / E o is a law on h: it is cut into so many parts of equal
        weight, and each stands at its median.

    Notes
    -----
    Source: the rule Fast-Φ of a public study of BalanceRoute (DP-BalanceRouter). S is learnt anew whenever
    an eighth more requests have finished. Until one has nothing is known, and it decides as `LeastLoad` does.
    A request older than all that have finished is believed to end with this step; and since short requests
    finish first, S is too low at first, and workers full of long ones look lighter than they are.
    """

    name = "survival"

    def __init__(self, *, points: int = 4) -> None:
        self.points = checks.count("points", points, at_least=1)
        self.reset()

    @property
    def options(self) -> Mapping[str, Any]:
        """The arguments it was made with."""
        return {"points": self.points}

    def reset(self) -> None:
        """Know of no request that has finished."""
        self._finished: list[NDArray[np.int64]] = []
        self._seen, self._learnt = 0, 0
        self._stays = np.ones(1)  # S(0), S(1), …, and 0 beyond
        self._steps = np.zeros(1, dtype=np.int64)

    def watch(self, view: View) -> None:
        """Learn from the requests that have finished."""
        if not len(view.finished):
            return
        self._finished.append(view.finished)
        self._seen += len(view.finished)
        if 8 * self._seen >= 9 * self._learnt:
            self._learn(np.concatenate(self._finished))

    def _learn(self, lengths: NDArray[np.int64]) -> None:
        self._learnt = self._seen
        # S(h) for h = 0 .. longest - 1: the share of lengths above h
        self._stays = 1.0 - np.cumsum(np.bincount(lengths))[:-1] / len(lengths)
        levels = (np.arange(self.points) + 0.5) / self.points
        law = np.cumsum(self._stays)
        self._steps = np.minimum(np.searchsorted(law / law[-1], levels), len(law) - 1).astype(np.int64)

    def _survival(self, age: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return S at these ages, 0 beyond the longest that has finished."""
        inside = age < len(self._stays)
        return np.where(inside, self._stays[np.where(inside, age, 0)], 0.0)

    def _projected(self, view: View) -> NDArray[np.float64]:
        """Return the loads of the active requests expected at each point, (G, points)."""
        running, workers = view.running, len(view.active)
        columns = []
        for h in self._steps.tolist():
            if not self._learnt:
                chance = np.ones(len(running.age))
            else:
                now = self._survival(running.age)
                later = self._survival(running.age + h)
                chance = np.divide(later, now, out=np.full(len(now), float(h == 0)), where=now > 0)
            load = chance * (running.load + h * view.step_growth)
            columns.append(np.bincount(running.worker, weights=load, minlength=workers))
        return np.stack(columns, axis=1).astype(np.float64)

    def assign(self, view: View) -> NDArray[np.int64]:
        """Weigh every open worker for one request after the other."""
        worker = np.full(len(view.sizes), -1, dtype=np.int64)
        free = view.free_slots.copy()
        present = view.loads[:, 0] + view.queued_load
        loads = self._projected(view) + view.queued_load[:, None]
        growth = self._steps * view.step_growth
        stays = self._survival(self._steps) if self._learnt else np.ones(1)
        for i in range(view.admissions):
            margin = loads.max(axis=0) - loads
            # parts of equal weight: their plain sum is the whole up to a factor
            cost = np.maximum(view.sizes[i] + growth - margin, 0.0).sum(axis=1)
            g = min(np.flatnonzero(free), key=lambda j: (cost[j], present[j], j))
            worker[i] = g
            free[g] -= 1
            present[g] += view.sizes[i]
            loads[g] += stays * (view.sizes[i] + growth)
        return worker
