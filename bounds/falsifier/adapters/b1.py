"""B1 (equal decode lengths) on the decision that begins a round.

One decision is all there is to the claim: a round starts from empty workers with whatever is in the pool,
and drift adds the same to every worker until it ends, which leaves I(k) as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from bounds.claims.b1_homogeneous import CLAIM
from bounds.falsifier.adapter import Adapter
from bounds.falsifier.choices import Choose, Instance, Limits, several
from bounds.falsifier.fields import Field
from bounds.falsifier.formula import exact_bound
from bounds.falsifier.optimum import optimum
from bounds.falsifier.part import Number, Part
from formulations import StepProblem

__all__ = ["EqualLengths"]

WORDS = "I <= (G-1)·Δ"


class EqualLengths(Adapter):
    """Workers, slots and the sizes of a pool that fills them all."""

    claim = "B1"
    fields: ClassVar[Mapping[str, Field]] = {
        "workers": Field(at_least=2, at_most=16),
        "slots": Field(at_least=1, at_most=16),
        "sizes": Field(along="request", is_amount=True),
    }
    usual = Limits(workers=(2, 4), slots=(1, 3), spare=(0, 3), largest=(1, 3, 10, 100, 10_000))
    tiny = (
        Limits(workers=(2, 2), slots=(1, 1), spare=(0, 2), largest=(4,), ordered=True),
        Limits(workers=(2, 2), slots=(2, 2), spare=(0, 2), largest=(4,), ordered=True),
        Limits(workers=(3, 3), slots=(1, 1), spare=(0, 2), largest=(4,), ordered=True),
        Limits(workers=(2, 2), slots=(3, 3), spare=(0, 1), largest=(3,), ordered=True),
        Limits(workers=(4, 4), slots=(1, 1), spare=(0, 1), largest=(3,), ordered=True),
        Limits(workers=(3, 3), slots=(2, 2), spare=(0, 1), largest=(3,), ordered=True),
    )
    control = 0.99

    def build(self, choose: Choose, limits: Limits) -> Instance:
        """Return a pool of at least G·B requests."""
        workers, slots = choose(*limits.workers), choose(*limits.slots)
        waiting = workers * slots + choose(*limits.spare)
        sizes = several(choose, waiting, 0, limits.pick_largest(choose), ordered=limits.ordered)
        return {"workers": workers, "slots": slots, "sizes": sizes}

    def missing(self, instance: Instance) -> str:
        """Return whether the pool is too small for all slots."""
        slots, waiting = instance["workers"] * instance["slots"], len(instance["sizes"])
        return "" if waiting >= slots else f"the pool must fill all {slots} slots, it has {waiting} requests"

    def parts(self, instance: Instance, beyond: Number) -> list[Part]:
        """Return the least imbalance of the round against the bound."""
        sizes, workers = instance["sizes"], instance["workers"]
        problem = StepProblem([0] * workers, [instance["slots"]] * workers, sizes)
        bound = exact_bound(CLAIM, G=workers, Delta=max(sizes) - min(sizes))
        best = optimum(problem, enough=beyond * bound)
        return [Part(WORDS, Fraction(best.value), bound, proven=best.gap == 0)]
