"""Laws, claims, assumptions and intervals: what is known about the imbalance, and when it applies.

Names load on first use, so that ``import bounds`` costs nothing: the claims need sympy, the assumptions the
simulator, and neither needs the other.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bounds.assumptions import PREDICATES, unmet
    from bounds.claim import Claim
    from bounds.claims import CLAIMS
    from bounds.claims.b1_ratio import homogeneous_ratio
    from bounds.claims.e0_energy import step_energy_bounds
    from bounds.claims.f1_fcfs_lower import fcfs_lower_bound
    from bounds.enclosure import Enclosure
    from bounds.fcfs import fcfs_imbalance
    from bounds.finding import Finding
    from bounds.intervals import Interval, batch_count, batch_means, independent_mean, memory_steps
    from bounds.maxima import expected_maximum
    from bounds.renewal import Unsettled, common_divisor, stationary_after
    from bounds.sums import sum_law

__all__ = [
    "CLAIMS",
    "PREDICATES",
    "Claim",
    "Enclosure",
    "Finding",
    "Interval",
    "Unsettled",
    "batch_count",
    "batch_means",
    "common_divisor",
    "expected_maximum",
    "fcfs_imbalance",
    "fcfs_lower_bound",
    "homogeneous_ratio",
    "independent_mean",
    "memory_steps",
    "stationary_after",
    "step_energy_bounds",
    "sum_law",
    "unmet",
]

_HOME = {
    "CLAIMS": "bounds.claims",
    "PREDICATES": "bounds.assumptions",
    "Claim": "bounds.claim",
    "Enclosure": "bounds.enclosure",
    "Finding": "bounds.finding",
    "Interval": "bounds.intervals",
    "Unsettled": "bounds.renewal",
    "batch_count": "bounds.intervals",
    "batch_means": "bounds.intervals",
    "common_divisor": "bounds.renewal",
    "expected_maximum": "bounds.maxima",
    "fcfs_imbalance": "bounds.fcfs",
    "fcfs_lower_bound": "bounds.claims.f1_fcfs_lower",
    "homogeneous_ratio": "bounds.claims.b1_ratio",
    "independent_mean": "bounds.intervals",
    "memory_steps": "bounds.intervals",
    "stationary_after": "bounds.renewal",
    "step_energy_bounds": "bounds.claims.e0_energy",
    "sum_law": "bounds.sums",
    "unmet": "bounds.assumptions",
}


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'bounds' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
