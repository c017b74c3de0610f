"""`SaturatingGrowth`: growth that slows down. Imports contracts, the base and the laws."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes.base import DriftProcess
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law
from drift_processes.snapshots import profile_law

__all__ = ["SaturatingGrowth"]


class SaturatingGrowth(DriftProcess):
    """D(a) = floor(cap·(1 - 2^(-a/half_life)) + 1/2): concave growth towards ``cap``, in whole units.

    Work that appears faster at first than later: a KV cache that evicts more and more as it grows (for
    instance H2O, arXiv 2306.14048), a refinement that converges. Half of the growth that is left comes within
    ``half_life`` steps.

    Parameters
    ----------
    cap : float
        What D tends to, before rounding; 0 to 2^40.
    half_life : float
        In steps, 0.01 to 10^6.

    Examples
    --------
    >>> drift = SaturatingGrowth(cap=8, half_life=1)
    >>> drift.growth(np.arange(6)).tolist(), drift.increment_range
    ([0.0, 4.0, 6.0, 7.0, 8.0, 8.0], (0.0, 4.0))
    """

    growth_class = "per-request deterministic"
    grows_by_age = True

    def __init__(self, cap: float, half_life: float) -> None:
        self.cap = checks.number("cap", cap, at_least=0, at_most=2.0**40)
        # so bounded, later steps are smaller than the first by far more than float64 rounds
        self.half_life = checks.number("half_life", half_life, at_least=0.01, at_most=1e6)
        # a stretch of length x holds at most ceil(x) points at which D jumps, and the first is the longest
        self.increment_range = (0.0, float(np.ceil(self._exact(np.ones(1))[0])))

    def growth(self, age: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return D of each age."""
        return np.floor(self._exact(age) + 0.5)

    def increments(self, *, age: NDArray[np.int64], **_state: Any) -> NDArray[np.float64]:
        """Return D(age + 1) - D(age)."""
        return self.growth(age + 1) - self.growth(age)

    def _exact(self, age: NDArray[Any]) -> NDArray[np.float64]:
        exact: NDArray[np.float64] = self.cap * (1.0 - np.exp2(-age / self.half_life))
        return exact

    def snapshot(self, law: JointLaw) -> Law | None:
        """Return the law of Y = size + D(age) (claim F0); ``None`` without a lattice of loads."""
        return profile_law(law, self.growth)

    def __repr__(self) -> str:
        return f"SaturatingGrowth(cap={self.cap:.12g}, half_life={self.half_life:.12g})"
