"""`NoGrowth`: jobs of constant workload, as in classic bulk-synchronous programs.

Imports the base and the laws.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from drift_processes.base import DriftProcess
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law

__all__ = ["NoGrowth"]


class NoGrowth(DriftProcess):
    """D = 0: the workload of a request stays at its size (Valiant's bulk-synchronous model, CACM 1990)."""

    increment_range = (0.0, 0.0)
    is_common = True
    growth_class = "constant"

    def increments(self, **_state: Any) -> float:
        """Return 0."""
        return 0.0

    def snapshot(self, law: JointLaw) -> Law:
        """Return the law of Y = size, each pair weighted by how long it stays (claim F0)."""
        if law.factors:
            return law.factors[0]
        weight = law.probabilities * law.lengths
        values, place = np.unique(law.sizes, return_inverse=True)
        return Law(values, np.bincount(place.ravel(), weights=weight / weight.sum()))
