"""`Foresight`: what a policy may know of the steps ahead, where every active request is at hand.

The engine of common drift keeps the same numbers incrementally (`simulation._departures_kernel`,
`simulation._ages_kernel`). May import contracts, numpy, drift_processes and this room.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from drift_processes import DriftProcess
from simulation.departures import (
    RENEWALS,
    AgeRecord,
    Departures,
    age_bounds,
    believed_departures,
    expected_departures,
    leave_table,
)
from simulation.lookahead import Lookahead, expected_growth
from simulation.policies.base import Policy, checked_weights

__all__ = ["Foresight"]


class Foresight:
    """The columns a policy asks for, and who is expected to leave by each of them.

    Parameters
    ----------
    drift, policy, lookahead
    workers : int
    longest_age : int
        The largest age a request can reach.

    Attributes
    ----------
    weights, growth : (K,) float64
        What each column is worth, and how far a request is expected to have grown by then.
    """

    def __init__(
        self, drift: DriftProcess, policy: Policy, lookahead: Lookahead, *, workers: int, longest_age: int
    ) -> None:
        self.drift, self.policy, self.lookahead, self.workers = drift, policy, lookahead, workers
        self.bounds = age_bounds(longest_age)
        self.record = AgeRecord(*(np.zeros(len(self.bounds), dtype=np.int64) for _ in range(2)))

    def renew(self, step: int, turnover: float) -> None:
        """Ask the policy for its weights and estimate the hazard, at steps 0, 1, 2, 4, 8, and so on.

        Parameters
        ----------
        step : int
        turnover : float
            Completions per worker and step so far.
        """
        if step not in RENEWALS:
            return
        self.weights = checked_weights(self.policy, turnover)
        self.growth = expected_growth(self.drift, len(self.weights))
        if self.lookahead.kind == "hazard":
            self.leave = leave_table(
                self.bounds, len(self.weights), lengths=self.lookahead.lengths, record=self.record
            )

    def departures(
        self,
        *,
        worker: NDArray[np.int64],
        load: NDArray[np.float64],
        age: NDArray[np.int64],
        believed: NDArray[np.int64],
    ) -> Departures:
        """Return who is expected to leave by each column; arrays of the active requests, (n,) each."""
        if self.lookahead.kind == "hazard":
            return expected_departures(
                worker=worker, load=load, age=age, growth=self.growth, workers=self.workers,
                bounds=self.bounds, leave=self.leave,
            )  # fmt: skip
        return believed_departures(
            worker=worker, load=load, age=age, growth=self.growth, workers=self.workers, believed=believed
        )

    def watch(self, age: NDArray[np.int64], leaving: NDArray[np.bool_]) -> None:
        """Record a step spent at each age, and who completed at it (ages before they are raised)."""
        kind = np.searchsorted(self.bounds, age, side="right") - 1
        self.record.exposure[:] += np.bincount(kind, minlength=len(self.bounds))
        self.record.completed[:] += np.bincount(kind[leaving], minlength=len(self.bounds))
