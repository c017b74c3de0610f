"""What a search may spend, and what it came to. May import contracts, verdicts and this package's types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bounds.falsifier.choices import Instance
from bounds.falsifier.counterexample import Counterexample, ranges_of, words_of
from bounds.falsifier.part import Number, Part
from bounds.verdict import Verdict
from contracts import checks

__all__ = ["Budget", "Falsification", "Stage"]


@dataclass(frozen=True)
class Budget:
    """How much a search may try.

    Attributes
    ----------
    random, guided, exhaustive : int
        Instances of each stage; of the last it is a limit, since it ends when everything tiny was tried.
    seconds : float
        Of the processor, for the whole search of a claim: other work on the machine changes no verdict.
    """

    random: int = 500
    guided: int = 500
    exhaustive: int = 5000
    seconds: float = 11.0

    def __post_init__(self) -> None:
        for name in ("random", "guided", "exhaustive"):
            checks.count(name, getattr(self, name))
        checks.number("seconds", self.seconds, above=0)


@dataclass(frozen=True)
class Stage:
    """What one stage did.

    Attributes
    ----------
    name : str
        One of `bounds.falsifier.stages.STAGES`.
    tried, undecided : int
        Instances with an answer, and those whose optimum was not proven in time.
    is_whole : bool
        Whether all that was planned was tried; not where a counterexample or the clock ended it.
    ratio : Fraction or float
        Largest smaller / larger side seen, to the claim itself whatever the scale.
    instance : dict or None
        The instance that reached it.
    """

    name: str
    tried: int
    undecided: int
    is_whole: bool
    ratio: Number
    instance: Instance | None


@dataclass(frozen=True)
class Falsification:
    """What a search for a counterexample came to.

    Attributes
    ----------
    claim : str
    scale : float
        Factor of the larger side of each inequality.
    seed : int
    stages : tuple of Stage
        Those that ran; a counterexample ends the search.
    part : Part or None
        The inequality that fails on the counterexample or comes closest to it.
    instance : dict or None
        The counterexample, or the instance that comes closest to one; shrunk.
    counterexample : Counterexample or None
    """

    claim: str
    scale: float
    seed: int
    stages: tuple[Stage, ...]
    part: Part | None
    instance: Instance | None
    counterexample: Counterexample | None

    @property
    def ratio(self) -> float:
        """Largest ratio of the two sides of the claim, the bound scaled: above 1 it is refuted."""
        return 0.0 if self.part is None else float(self.part.ratio) / self.scale

    @property
    def tried(self) -> int:
        """Instances tried in all."""
        return sum(stage.tried for stage in self.stages)

    @property
    def verdict(self) -> Verdict:
        """Refuted; or holds, as far as a whole search can tell; or inconclusive where it was cut short."""
        known: dict[str, Any] = {"observations": self.tried, "seed": self.seed, "instance": self.instance}
        if self.part is not None:
            known |= ranges_of(self.part, self.scale)
        if self.counterexample is not None and self.part is not None:
            reason = f"an instance breaks {words_of(self.part, self.scale)}"
            return Verdict(claim=self.claim, word="refuted", reason=reason, **known)
        counts = ", ".join(f"{stage.name} {stage.tried}" for stage in self.stages)
        cut = self._cut_short()
        if cut:
            return Verdict(claim=self.claim, word="inconclusive", reason=f"{cut} ({counts})", **known)
        reason = f"no counterexample, worst ratio {self.ratio:.6g} ({counts})"
        return Verdict(claim=self.claim, word="holds", reason=reason, **known)

    def _cut_short(self) -> str:
        undecided = sum(stage.undecided for stage in self.stages)
        if undecided:
            return f"no optimum was proven in time for {undecided} of {self.tried + undecided} instances"
        if not self.tried:
            return "no instance was tried"
        short = [stage.name for stage in self.stages if not stage.is_whole]
        return f"a limit ended the {short[0]} search before all of it was tried" if short else ""
