"""`Hunt`: what one stage of a search has tried and found. May import this package's data types."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from fractions import Fraction

from bounds.falsifier.adapter import Adapter
from bounds.falsifier.choices import Instance
from bounds.falsifier.optimum import Undecided
from bounds.falsifier.part import Number, Part, worst_of

__all__ = ["Hunt", "failing"]


@dataclass
class Hunt:
    """Instances of a claim tried one by one, up to the first that refutes it.

    Attributes
    ----------
    adapter : Adapter
    scale : float
        Factor of the larger side of each inequality.
    end : float
        When to give up, on the clock of `time.process_time`.
    tried, undecided : int
        Instances with an answer, and those whose optimum was not proven in time.
    worst : Fraction or float
        Largest ratio so far, to the unscaled bound.
    extremal : dict or None
        The first instance that reached it.
    part : Part or None
        The inequality in which it did.
    refuting : dict or None
        An instance on which an inequality fails.
    """

    adapter: Adapter
    scale: float
    end: float
    tried: int = 0
    undecided: int = 0
    worst: Number = field(default_factory=lambda: Fraction(0))
    extremal: Instance | None = None
    part: Part | None = None
    refuting: Instance | None = None

    @property
    def is_late(self) -> bool:
        """Whether the time is up."""
        return time.process_time() >= self.end

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be tried."""
        return self.refuting is not None or self.is_late

    def consider(self, instance: Instance, *, ties: bool = False) -> float:
        """Try an instance; return its ratio, 0 where it says nothing.

        With ``ties`` an instance that comes as close as the worst so far takes its place.
        """
        if self.adapter.missing(instance):
            return 0.0
        try:
            parts = self.adapter.parts(instance, self.worst)
        except Undecided:
            self.undecided += 1
            return 0.0
        self.tried += 1
        worst = worst_of(parts)
        if worst is None:
            return 0.0
        if worst.ratio > self.worst or (ties and worst.proven and worst.ratio == self.worst):
            self.worst, self.extremal, self.part = worst.ratio, instance, worst
        failed = failing(self.adapter, parts, self.scale)
        if failed is not None:
            self.refuting, self.part = instance, failed
        return float(worst.ratio)


def failing(adapter: Adapter, parts: list[Part], scale: float) -> Part | None:
    """Return the worst inequality that fails, None if all hold.

    One that is not proven can't fail, being no worse than one that was seen to hold.
    """
    return worst_of(part for part in parts if part.proven and part.fails(scale, adapter.rounding))
