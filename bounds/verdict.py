"""`Verdict`: what a check of a claim came to, and what is needed to say why. May import contracts only."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from contracts import checks

__all__ = ["WORDS", "Verdict"]

WORDS = ("holds", "refuted", "inconclusive", "not applicable")

Range = tuple[float, float]

#: Nothing is known.
UNKNOWN: Range = (-math.inf, math.inf)


@dataclass(frozen=True)
class Verdict:
    """What a check of a claim came to.

    Attributes
    ----------
    claim : str
        Id of the claim.
    word : {"holds", "refuted", "inconclusive", "not applicable"}
    reason : str
        Why, in words with numbers.
    level : float or None
        Error level: the probability that "holds" or "refuted" is wrong. None where nothing is left to chance,
        or where nothing bounds it (a search that found no counterexample).
    guarantee : str
        What that level means and rests on, in words; a level that is kept in the limit only says so.
    measured : (float, float)
        Range in which the measured quantity lies; infinite ends where nothing is known.
    bound : (float, float)
        Range that the claim allows.
    observations : int
        Independent replications, or instances tried.
    seed : int or None
        The seed from which all randomness derives.
    instance : mapping or None
        The extremal instance or counterexample, of JSON types.

    Raises
    ------
    TypeError, ValueError
        If a field is unusable.

    Examples
    --------
    >>> verdict = Verdict("B1", "refuted", "worst ratio 1.2", measured=(36, 36), bound=(0, 30))
    >>> print(verdict)
    B1 refuted: worst ratio 1.2 (measured 36, allowed [0, 30])
    >>> Verdict.from_dict(verdict.to_dict()) == verdict
    True
    """

    claim: str
    word: str
    reason: str
    level: float | None = None
    guarantee: str = ""
    measured: Range = UNKNOWN
    bound: Range = UNKNOWN
    observations: int = 0
    seed: int | None = None
    instance: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        for name in ("claim", "reason", "guarantee"):
            checks.instance(name, getattr(self, name), str, "a string")
        checks.choice("word", self.word, WORDS)
        put = object.__setattr__
        if self.level is not None:
            put(self, "level", checks.number("level", self.level, above=0, below=1))
        for name in ("measured", "bound"):
            put(self, name, ordered_range(name, getattr(self, name)))
        put(self, "observations", checks.count("observations", self.observations))
        if self.seed is not None:
            put(self, "seed", checks.seed_value("seed", self.seed))
        if self.instance is not None:
            put(self, "instance", _plain(self.instance))

    def __str__(self) -> str:
        facts = []
        if self.measured != UNKNOWN:
            facts.append(f"measured {_shown(self.measured)}")
        if self.bound != UNKNOWN:
            facts.append(f"allowed {_shown(self.bound)}")
        ends = [", ".join(facts)] if facts else []
        if self.observations:
            ends.append(f"{self.observations} observation{'s' if self.observations > 1 else ''}")
        if self.level is not None:
            ends.append(f"error level {self.level:g}")
        tail = f" ({'; '.join(ends)})" if ends else ""
        return f"{self.claim} {self.word}: {self.reason}{tail}"

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict in JSON types, an infinite end as None."""
        known = asdict(self)
        for name in ("measured", "bound"):
            known[name] = [end if math.isfinite(end) else None for end in known[name]]
        return known

    @classmethod
    def from_dict(cls, known: Mapping[str, Any]) -> Verdict:
        """Return the verdict that `to_dict` wrote.

        Raises
        ------
        TypeError, ValueError
            If a field is missing, unknown or unusable.
        """
        checks.instance("known", known, Mapping, "a mapping")
        names = [field.name for field in fields(cls)]
        for name in known:
            checks.check(name in names, f"a verdict has no field {name!r}; it has {', '.join(names)}")
        for name in names:
            checks.check(name in known, f"a verdict needs the field {name!r}")
        ranges = {name: _unpacked(known[name]) for name in ("measured", "bound")}
        return cls(**{**known, **ranges})


def ordered_range(name: str, value: Any) -> Range:
    """Return a range (lo, hi), or raise if it is not two numbers in order; ends may be infinite."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TypeError(f"{name} must be a pair (lo, hi), got {checks.shown(value)} ({type(value).__name__})")
    lo, hi = (end if end in UNKNOWN else checks.number(f"{name}[{i}]", end) for i, end in enumerate(value))
    checks.check(
        lo <= hi and lo < math.inf and hi > -math.inf, f"{name} must have lo <= hi, got [{lo:g}, {hi:g}]"
    )
    return lo, hi


def _unpacked(value: Any) -> Any:
    if not isinstance(value, tuple | list) or len(value) != 2:
        return value
    return tuple(end if known is None else known for known, end in zip(value, UNKNOWN, strict=True))


def _plain(instance: Any) -> dict[str, Any]:
    checks.instance("instance", instance, Mapping, "a mapping")
    try:
        copied = json.loads(json.dumps(dict(instance), allow_nan=False))
    except (TypeError, ValueError):
        copied = None
    wanted = "instance must be of JSON types: names are strings, rows are lists, numbers finite"
    checks.check(copied == dict(instance), wanted)
    return dict(copied)


def _shown(ends: Range) -> str:
    lo, hi = ends
    if lo == hi:
        return f"{lo:.6g}"
    if lo == -math.inf:
        return f"<= {hi:.6g}"
    return f">= {lo:.6g}" if hi == math.inf else f"[{lo:.6g}, {hi:.6g}]"
