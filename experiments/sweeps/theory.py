"""What is known of one point without simulation: F0, F1, and the bounds of B1 and B2 where they apply.

May import contracts, drift_processes, bounds and the inputs of this package.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bounds.claims.b1_ratio import homogeneous_ratio
from bounds.claims.b2_ratio import large_batch_ratio
from bounds.claims.f1_fcfs_lower import fcfs_lower_bound
from bounds.enclosure import Enclosure
from bounds.fcfs import fcfs_imbalance, slot_load_laws
from bounds.large_batch import LargeBatch
from drift_processes import DriftProcess, JointLaw, Law
from experiments.sweeps.inputs import request_law, warmup_of
from experiments.sweeps.plan import Theory
from simulation import System

__all__ = ["ETA", "theory_of"]

#: η of B2: the probability allowed for a failure within a run.
ETA = 0.01


def theory_of(task: Theory) -> dict[str, Any] | None:
    """Return the numbers of a point, by column (docs/sweeps.md).

    The horizon K of B2 is that of the point's runs, warm-up included.

    Returns
    -------
    dict or None
        None where the law of a slot's load is not known.
    """
    point = task.point
    drift, law = point.drift.load(), request_law(point.workload, point.drift)
    sizes, system = law.size_law, point.system
    counts = {"workers": system.workers, "slots": system.slots}
    try:
        slot_laws = slot_load_laws(law, None, drift)
        f0 = fcfs_imbalance(law, None, drift, **counts)
    except ValueError:
        return None
    mean = math.fsum(each.mean for each in slot_laws) / len(slot_laws)
    variance = math.fsum(each.variance for each in slot_laws) / len(slot_laws)
    return {
        "mean_size": sizes.mean,
        "size_range": sizes.span,
        "mean_length": law.mean_length,
        "slot_mean": mean,
        "slot_second": math.fsum(each.variance + each.mean**2 for each in slot_laws) / len(slot_laws),
        "slot_sd": math.sqrt(variance),
        "f0_lo": f0.lo,
        "f0_hi": f0.hi,
        "f1": fcfs_lower_bound(slot_laws, **counts),
        "separation_bound": (system.workers - 1) * sizes.span,
        **_ratio_bound(law, drift, system, f0, warmup_of(task) + task.steps),
    }


def _ratio_bound(
    law: JointLaw, drift: DriftProcess, system: System, f0: Enclosure, total_steps: int
) -> dict[str, Any]:
    """Return the proved lower bound on IIR and its claim, and the batch from which on B2 speaks."""
    none = {"iir_bound": math.nan, "iir_bound_claim": "", "b2_required_batch": math.nan}
    sizes, lengths = law.size_law, law.length_law
    if sizes.is_constant:
        return none
    if lengths.is_constant and (drift.is_common or drift.grows_by_age):
        bound = homogeneous_ratio(sizes, workers=system.workers, slots=system.slots)
        return {**none, "iir_bound": bound.lo, "iir_bound_claim": "B1-ratio"}
    p, pool = lengths.success_probability, _pool(sizes)
    if p is None or pool is None or not (drift.is_common and law.factors):
        return none
    batch = LargeBatch(
        workers=system.workers, p=p, a=pool[0], b=pool[1], eta=ETA, steps=total_steps,
        s_min=sizes.support[0], s_max=sizes.support[1], growth=drift.increment_range[1],
    )  # fmt: skip
    found = {**none, "b2_required_batch": float(batch.required())}
    if not batch.holds(system.slots):
        return found
    least = large_batch_ratio(
        f0, workers=system.workers, slots=system.slots, p=p, a=pool[0], b=pool[1], size_range=sizes.span,
        s_max=sizes.support[1], growth=drift.increment_range[1],
    )  # fmt: skip
    return {**found, "iir_bound": least, "iir_bound_claim": "B2-ratio"}


def _pool(sizes: Law) -> tuple[float, float] | None:
    """Return the rich pool (a, b) that B2 is asked about: the quartiles of the sizes, None where equal."""
    reached = np.cumsum(sizes.probabilities)
    low, high = (float(sizes.values[np.searchsorted(reached, level)]) for level in (0.25, 0.75))
    return (low, high) if low < high else None
