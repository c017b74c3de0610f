"""`ThrottledGrowth`: a cache that grows in every r-th step only. Imports contracts, the base and the laws."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes.base import DriftProcess
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law
from drift_processes.snapshots import profile_law

__all__ = ["ThrottledGrowth"]


class ThrottledGrowth(DriftProcess):
    """D(a) = floor(a / rate): one unit more in every ``rate``-th step of the life of a request.

    A compressed or quantised KV cache, which takes ``rate`` tokens to grow by as much as a plain one does by
    one (for instance KIVI, 2-bit quantisation, arXiv 2402.02750). Requests admitted at different steps grow
    at different steps; ``rate`` = 1 is `drift_processes.UnitGrowth`.

    Parameters
    ----------
    rate : int
        Steps per unit of growth, 1 to 2^53.

    Examples
    --------
    >>> drift = ThrottledGrowth(3)
    >>> drift.increments(age=np.arange(7)).tolist()
    [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0]
    """

    grows_by_age = True

    def __init__(self, rate: int) -> None:
        self.rate = checks.count("rate", rate, at_least=1, at_most=checks.EXACT_INTEGER_LIMIT)
        self.is_common = self.rate == 1
        self.increment_range = (1.0 if self.is_common else 0.0, 1.0)
        self.growth_class = "constant" if self.is_common else "per-request deterministic"

    @property
    def mean_increment(self) -> float:
        """1 / rate."""
        return 1.0 / self.rate

    def increments(self, *, age: NDArray[np.int64], **_state: Any) -> float | NDArray[np.float64]:
        """Return 1 for the requests whose age after this step is a multiple of ``rate``."""
        if self.is_common:
            return 1.0
        grows: NDArray[np.bool_] = (age + 1) % self.rate == 0
        return grows.astype(np.float64)

    def snapshot(self, law: JointLaw) -> Law | None:
        """Return the law of Y = size + floor(age / rate) (claim F0); ``None`` without a lattice of loads."""
        return profile_law(law, lambda ages: (ages // self.rate).astype(np.float64))

    def __repr__(self) -> str:
        return f"ThrottledGrowth({self.rate})"
