"""Which law of Y belongs to which drift process, in integers.

May import numpy, drift_processes, and the measures, loads and walks of this room.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bounds.certified.ages import age_law
from bounds.certified.loads import (
    Load,
    given_load,
    merged_load,
    pair_scale,
    paired_weights,
    profile_load,
)
from bounds.certified.measures import Measure, as_integers
from bounds.certified.walks import round_loads, walk_load
from drift_processes import (
    CommonGrowth,
    DriftProcess,
    JointLaw,
    Law,
    NoGrowth,
    RandomIncrements,
    RegimeSwitching,
    SaturatingGrowth,
    SlidingWindow,
    SpeculativeDecoding,
    ThrottledGrowth,
    UnitGrowth,
)
from drift_processes.snapshots import Grid
from drift_processes.walks import Walk

__all__ = ["certified_loads"]


def certified_loads(joint: JointLaw, drift: DriftProcess, laws: Sequence[Law], bits: int) -> list[Load]:
    """Return the law of Y in each phase, in integers.

    Parameters
    ----------
    joint : JointLaw
        Of sizes and lengths.
    drift : DriftProcess
        The processes of `drift_processes` are worked out anew. The law of any other, and of a subclass, is
        taken as it computed it.
    laws : sequence of Law
        The same laws in float64 (`bounds.fcfs.slot_load_laws`), which say how many phases there are.
    bits : int
        Of the integers.
    """
    loads = (
        _rounds(joint, drift, laws, bits)
        if joint.length_law.is_constant
        else _phases(joint, drift, laws, bits)
    )
    if loads is not None:
        return loads
    once = {id(law): law for law in laws}
    given = {key: given_load(law, bits) for key, law in once.items()}
    return [given[id(law)] for law in laws]


def _phases(joint: JointLaw, drift: DriftProcess, laws: Sequence[Law], bits: int) -> list[Load] | None:
    high = float(drift.increment_range[1])
    load: Load | None = None
    if type(drift) is NoGrowth or (type(drift) is CommonGrowth and not drift.repeat):
        load = _sizes_only(joint, bits)
    elif type(drift) is UnitGrowth:
        load = profile_load(joint, lambda ages: ages.astype(np.float64), high, bits)
    elif type(drift) is CommonGrowth:
        return _common(joint, drift.steps[: len(laws)], bits)
    elif type(drift) is ThrottledGrowth:
        rate = drift.rate
        load = profile_load(joint, lambda ages: (ages // rate).astype(np.float64), high, bits)
    elif type(drift) is SaturatingGrowth:
        load = profile_load(joint, drift.growth, high, bits)
    elif type(drift) is SlidingWindow:
        load = _windowed(joint, drift.window, bits)
    else:
        walk = _walk(drift)
        load = None if walk is None else walk_load(joint, walk, bits)
    return None if load is None else [load]


def _rounds(joint: JointLaw, drift: DriftProcess, laws: Sequence[Law], bits: int) -> list[Load] | None:
    """Return the laws at each age of a round of equal lengths; ``None``: take the given ones."""
    if len(laws) == 1:
        return None
    sizes, length = joint.size_law, len(laws)
    walk = _walk(drift)
    if walk is not None:
        return round_loads(sizes, length, walk, bits)
    if type(drift) is not SlidingWindow:
        return None
    floors, above = as_integers(sizes.probabilities, bits)
    loads: dict[int, Load] = {}  # ages that have the same law
    for age, law in enumerate(laws):
        if id(law) not in loads:
            grown = np.maximum(sizes.values, np.minimum(sizes.values + age, drift.window))
            loads[id(law)] = merged_load(grown, floors, sum(above))
    return [loads[id(law)] for law in laws]


def _walk(drift: DriftProcess) -> Walk | None:
    if type(drift) is RandomIncrements:
        return None if drift.law is None else Walk.independent(drift.law)
    if type(drift) is SpeculativeDecoding:
        return Walk.independent(drift.tokens_per_step)
    if type(drift) is RegimeSwitching:
        low, high = drift.increment_range
        if low == high:
            return Walk.independent(Law.constant(low))
        weights = drift.transition[:, :, None] * np.eye(len(drift.growth))[:, None, :]
        return None if drift.is_common else Walk(drift.growth, weights, drift.initial)
    return None


def _sizes_only(joint: JointLaw, bits: int) -> Load:
    """Return the law of Y = size, each pair weighted by how long it stays."""
    if joint.factors:
        return given_load(joint.factors[0], bits)
    floors, above = as_integers(joint.probabilities, bits)
    lengths = joint.lengths.tolist()
    scale = sum(w * o for w, o in zip(above, lengths, strict=True))
    return merged_load(joint.sizes, [w * o for w, o in zip(floors, lengths, strict=True)], scale)


def _common(joint: JointLaw, steps: NDArray[np.float64], bits: int) -> list[Load] | None:
    """Return the law at the steps k ≡ 0, 1, … modulo the period (`CommonGrowth.snapshots`)."""
    loads = []
    for phase in range(len(steps)):
        backwards = np.roll(steps[::-1], phase)
        load = profile_load(joint, partial(_grown, backwards), float(steps.max()), bits)
        if load is None:
            return None
        loads.append(load)
    return loads


def _grown(increments: NDArray[np.float64], ages: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(np.resize(increments, len(ages) - 1))])[ages]


def _windowed(joint: JointLaw, window: float, bits: int) -> Load | None:
    """Return the law of min(size + age, window) for sizes below the window, of the size for the others."""
    values = joint.size_law.values
    small = values[values < window]
    if not len(small):
        return _sizes_only(joint, bits)
    free = float(np.ceil(window - small[0]))
    grid = Grid.of(small, np.array([0.0, 1.0]), free)
    if grid is None:
        return None
    if joint.factors:
        return _windowed_independent(joint, grid, window, free, bits)
    below = joint.sizes < window
    floors, above = as_integers(joint.probabilities, bits)
    steps = grid.steps(np.minimum(np.arange(float(joint.lengths.max())), free))
    small_floors = [w for w, kept in zip(floors, below.tolist(), strict=True) if kept]
    weights = paired_weights(grid.places(joint.sizes[below]), joint.lengths[below], small_floors, steps)
    lengths, scale = joint.lengths.tolist(), pair_scale(above, joint.lengths)
    loads = np.minimum(grid.base + grid.tick * np.arange(len(weights)), window)
    others = [w * o for w, o, in_part in zip(floors, lengths, below.tolist(), strict=True) if not in_part]
    return merged_load(np.concatenate([loads, joint.sizes[~below]]), [*weights, *others], scale)


def _windowed_independent(joint: JointLaw, grid: Grid, window: float, free: float, bits: int) -> Load:
    sizes = joint.size_law
    below = sizes.values < window
    floors, above = as_integers(sizes.probabilities, bits)
    at = grid.places(sizes.values[below]).tolist()
    dense = [0] * (at[-1] + 1)
    for j, weight in zip(at, floors, strict=False):  # the small sizes come first
        dense[j] = weight
    ages = age_law(joint.length_law, bits)
    steps = grid.steps(np.minimum(np.arange(float(len(ages.weights))), free))
    grown = [0] * (int(steps[-1]) + 1)
    for step, weight in zip(steps.tolist(), ages.weights, strict=True):
        grown[step] += weight
    part = Measure.of(dense, sum(above), top=len(dense) - 1).plus(
        Measure.of(grown, ages.scale, top=len(grown) - 1), bits
    )
    kept = part.coefficients()
    loads = np.minimum(grid.base + grid.tick * (part.start + np.arange(len(kept))), window)
    others = [
        w * part.scale // sum(above) for w, in_part in zip(floors, below.tolist(), strict=True) if not in_part
    ]
    ends = np.minimum(grid.base + grid.tick * np.array([0, len(dense) + len(grown) - 2]), window)
    values = np.concatenate([loads, sizes.values[~below], ends])
    return merged_load(values, [*kept, *others, 0, 0], part.scale, cut=ages.beyond, late=ages.late, inputs=2)
