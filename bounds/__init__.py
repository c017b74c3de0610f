"""Laws, claims, assumptions and intervals: what is known about the imbalance, and when it applies.

Names load on first use, so that ``import bounds`` costs nothing: the claims need sympy, the assumptions the
simulator, and neither needs the other.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bounds.assumptions import PREDICATES, unmet
    from bounds.certified_quantile import fcfs_imbalance_quantile
    from bounds.checker import CHECKED, Setting, check, check_control
    from bounds.claim import Claim, Neighbour
    from bounds.claims import CLAIMS
    from bounds.claims.b1_ratio import homogeneous_ratio
    from bounds.claims.b2_ratio import mean_excess
    from bounds.claims.e0_energy import step_energy_bounds
    from bounds.claims.f1_fcfs_lower import fcfs_lower_bound
    from bounds.confidence import decide
    from bounds.enclosure import Enclosure
    from bounds.falsifier import falsify
    from bounds.fcfs import fcfs_imbalance
    from bounds.finding import Finding
    from bounds.growth import Growth, fcfs_growth
    from bounds.intervals import Interval, batch_count, batch_means, independent_mean, memory_steps
    from bounds.large_batch import LargeBatch, required_batch
    from bounds.maxima import expected_maximum
    from bounds.renewal import Unsettled, common_divisor, stationary_after
    from bounds.sums import sum_law
    from bounds.verdict import Verdict

__all__ = [
    "CHECKED",
    "CLAIMS",
    "PREDICATES",
    "Claim",
    "Enclosure",
    "Finding",
    "Growth",
    "Interval",
    "LargeBatch",
    "Neighbour",
    "Setting",
    "Unsettled",
    "Verdict",
    "batch_count",
    "batch_means",
    "check",
    "check_control",
    "common_divisor",
    "decide",
    "expected_maximum",
    "falsify",
    "fcfs_growth",
    "fcfs_imbalance",
    "fcfs_imbalance_quantile",
    "fcfs_lower_bound",
    "homogeneous_ratio",
    "independent_mean",
    "mean_excess",
    "memory_steps",
    "required_batch",
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
    "Growth": "bounds.growth",
    "Interval": "bounds.intervals",
    "LargeBatch": "bounds.large_batch",
    "Neighbour": "bounds.claim",
    "Unsettled": "bounds.renewal",
    "batch_count": "bounds.intervals",
    "batch_means": "bounds.intervals",
    "common_divisor": "bounds.renewal",
    "expected_maximum": "bounds.maxima",
    "fcfs_growth": "bounds.growth",
    "fcfs_imbalance": "bounds.fcfs",
    "fcfs_imbalance_quantile": "bounds.certified_quantile",
    "CHECKED": "bounds.checker",
    "Setting": "bounds.checker",
    "Verdict": "bounds.verdict",
    "check": "bounds.checker",
    "check_control": "bounds.checker",
    "decide": "bounds.confidence",
    "falsify": "bounds.falsifier",
    "fcfs_lower_bound": "bounds.claims.f1_fcfs_lower",
    "homogeneous_ratio": "bounds.claims.b1_ratio",
    "independent_mean": "bounds.intervals",
    "mean_excess": "bounds.claims.b2_ratio",
    "memory_steps": "bounds.intervals",
    "required_batch": "bounds.large_batch",
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
