"""The filling lemma of B2 on states with a rich pool and a common level: construction and optimum."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from bounds.falsifier.adapter import Adapter
from bounds.falsifier.choices import Choose, Instance, Limits, several
from bounds.falsifier.fields import Field
from bounds.falsifier.optimum import optimum
from bounds.falsifier.part import Number, Part
from formulations import StepProblem
from simulation.policies.fill import common_levels, fill_to, two_kinds

__all__ = ["Filling"]

ABOVE = "max_g L_g - T <= 0, filled to a common level T"
BELOW = "T - min_g L_g < Δ, filled to a common level T"
OPTIMUM = "I <= (G-1)·Δ"


class Filling(Adapter):
    """Loads and free slots of each worker, sizes that wait, and the limits a < b of the two kinds."""

    claim = "filling"
    fields: ClassVar[Mapping[str, Field]] = {
        "loads": Field(along="worker", fewest=2, longest=8, is_amount=True),
        "free": Field(along="worker", fewest=2, longest=8, at_most=8),
        "sizes": Field(along="request", is_amount=True),
        "a": Field(is_amount=True),
        "b": Field(at_least=1, is_amount=True),
    }
    usual = Limits(workers=(2, 4), slots=(0, 2), spare=(0, 2), largest=(1, 2, 10, 100, 10_000))
    tiny = (
        Limits(workers=(2, 2), slots=(0, 1), spare=(0, 0), largest=(3,), ordered=True),
        Limits(workers=(2, 2), slots=(0, 2), spare=(0, 0), largest=(2,), ordered=True),
        Limits(workers=(3, 3), slots=(0, 1), spare=(0, 0), largest=(1,), ordered=True),
    )
    control = 0.9

    def build(self, choose: Choose, limits: Limits) -> Instance:
        """Return a state made backwards from a level T: ℓ_g lies between T - c_g·b and T - c_g·a."""
        largest = limits.pick_largest(choose)
        a = choose(0, largest - 1)
        b = choose(a + 1, largest)
        free = [choose(*limits.slots) for _ in range(choose(*limits.workers))]
        free[0] = max(free[0], 1)
        slots, level = sum(free), max(free) * b
        sizes = several(choose, slots, 0, a, ordered=limits.ordered)
        sizes += several(choose, slots, b, largest, ordered=limits.ordered)
        sizes += several(choose, choose(*limits.spare), 0, largest, ordered=limits.ordered)
        loads = [choose(level - c * b, level - c * a) for c in free]
        return {"loads": loads, "free": free, "sizes": sizes, "a": a, "b": b}

    def missing(self, instance: Instance) -> str:
        """Return whether the pool is not rich, or the intervals have nothing in common."""
        a, b, slots = instance["a"], instance["b"], sum(instance["free"])
        if not a < b:
            return f"a must be below b, got {a} and {b}"
        if not slots:
            return "no slot is free, so nothing is admitted"
        small, large = (int(kind.sum()) for kind in _kinds(instance))
        if min(small, large) < slots:
            return f"the pool is not rich: {slots} free slots, {small} sizes <= {a} and {large} sizes >= {b}"
        low, high = common_levels(*_state(instance), a, b)
        return "" if low <= high else f"no common level: one interval begins at {low:g}, one ends at {high:g}"

    def parts(self, instance: Instance, beyond: Number) -> list[Part]:
        """Return how far the construction stays below its level, and the optimum against the bound."""
        loads, free = _state(instance)
        sizes = np.array(instance["sizes"], dtype=np.float64)
        delta = Fraction(float(np.ptp(sizes)))
        low, high = common_levels(loads, free, instance["a"], instance["b"])
        kinds = two_kinds(sizes, int(free.sum()), instance["a"], instance["b"])
        parts = []
        for level in (low, (low + high) / 2, high):
            worker = fill_to(level, loads, free, sizes, *kinds)
            placed = worker >= 0
            after = loads + np.bincount(worker[placed], weights=sizes[placed], minlength=len(loads))
            parts.append(Part(ABOVE, Fraction(float(after.max() - level)), Fraction(0)))
            parts.append(Part(BELOW, Fraction(float(level - after.min())), delta, strict=True))
        bound = (len(loads) - 1) * delta
        best = optimum(StepProblem(loads, free, sizes), enough=beyond * bound)
        return [*parts, Part(OPTIMUM, Fraction(best.value), bound, proven=best.gap == 0)]


def _state(instance: Instance) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    return np.array(instance["loads"], dtype=np.float64), np.array(instance["free"], dtype=np.int64)


def _kinds(instance: Instance) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    sizes = np.array(instance["sizes"])
    return sizes <= instance["a"], sizes >= instance["b"]
