"""B0 (separation) on the optima of one step from any state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import ClassVar

from bounds.claims.b0_separation import CLAIM
from bounds.falsifier.adapter import Adapter
from bounds.falsifier.choices import Choose, Instance, Limits, several
from bounds.falsifier.fields import Field
from bounds.falsifier.formula import exact_bound
from bounds.falsifier.optimum import all_optima, loads_after
from bounds.falsifier.part import Number, Part, worst_of
from formulations import StepProblem

__all__ = ["Separation"]

LEFT = "G/(G-1)·(M - L_q) <= s_r - s_j, r left waiting and j new on q"
SWAP = "M - L_q <= s_i - s_j, i new on the only worker at M and j new on q"


class Separation(Adapter):
    """Loads and free slots of each worker, and sizes that wait; every optimum where there are few to try."""

    claim = "B0"
    fields: ClassVar[Mapping[str, Field]] = {
        "loads": Field(along="worker", fewest=2, longest=8, is_amount=True),
        "free": Field(along="worker", fewest=2, longest=8, at_most=8),
        "sizes": Field(along="request", longest=24, is_amount=True),
    }
    usual = Limits(workers=(2, 4), slots=(0, 2), spare=(0, 3), largest=(2, 5, 20, 1000))
    tiny = (
        Limits(workers=(2, 2), slots=(0, 1), spare=(0, 1), largest=(3,), ordered=True),
        Limits(workers=(2, 2), slots=(1, 2), spare=(0, 1), largest=(2,), ordered=True),
        Limits(workers=(3, 3), slots=(0, 1), spare=(0, 1), largest=(2,), ordered=True),
    )
    control = 0.99

    def build(self, choose: Choose, limits: Limits) -> Instance:
        """Return any state whatever: the claim assumes nothing of it."""
        workers, largest = choose(*limits.workers), limits.pick_largest(choose)
        free = [choose(*limits.slots) for _ in range(workers)]
        loads = several(choose, workers, 0, largest, ordered=limits.ordered)
        waiting = sum(free) + choose(*limits.spare)
        return {
            "loads": loads,
            "free": free,
            "sizes": several(choose, waiting, 0, largest, ordered=limits.ordered),
        }

    def parts(self, instance: Instance, beyond: Number) -> list[Part]:
        """Return the worst exchange with a request left waiting, and the worst swap."""
        del beyond  # an exchange is possible in an optimum or not, whatever its value is
        problem = StepProblem(instance["loads"], instance["free"], instance["sizes"])
        found: list[Part] = []
        for worker in all_optima(problem):
            loads = loads_after(problem, worker)
            for kind in (_left_waiting, _swaps):
                worst = worst_of(kind(loads, instance["sizes"], worker))
                found += [] if worst is None else [worst]
        return found


def _left_waiting(loads: list[Fraction], sizes: list[int], worker: list[int]) -> Iterator[Part]:
    top, workers = max(loads), len(loads)
    for (s_j, q), (s_r, place) in product(zip(sizes, worker, strict=True), repeat=2):
        if q >= 0 and place == -1 and loads[q] < top and s_r > s_j:
            needed = exact_bound(CLAIM, G=workers, M=top, L=loads[q])
            yield Part(LEFT, needed, Fraction(s_r - s_j))


def _swaps(loads: list[Fraction], sizes: list[int], worker: list[int]) -> Iterator[Part]:
    top = max(loads)
    if loads.count(top) > 1:
        return
    highest = loads.index(top)
    for (s_i, p), (s_j, q) in product(zip(sizes, worker, strict=True), repeat=2):
        if p == highest and q not in (-1, p) and s_i > s_j:
            yield Part(SWAP, top - loads[q], Fraction(s_i - s_j))
