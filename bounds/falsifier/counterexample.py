"""A counterexample as a file, and its replay: everything about it is computed anew from the instance.

May import contracts and this package.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from bounds.falsifier.adapters import ADAPTERS
from bounds.falsifier.choices import Instance
from bounds.falsifier.fields import checked_instance
from bounds.falsifier.hunt import failing
from bounds.falsifier.optimum import Undecided
from bounds.falsifier.part import Part, worst_of
from bounds.verdict import Verdict
from contracts import checks
from contracts.files import named, write_bytes

__all__ = ["SCHEMA", "Counterexample", "load_counterexample", "replay", "save_counterexample"]

#: Raised by one whenever an entry of the file changes its meaning.
SCHEMA = 1

#: No counterexample comes near it.
LARGEST_FILE = 1_000_000

KEYS = ("schema", "claim", "scale", "seed", "instance")


@dataclass(frozen=True)
class Counterexample:
    """An instance on which a claim fails, its bounds multiplied by ``scale``.

    Attributes
    ----------
    claim : str
        One of `bounds.falsifier.ADAPTERS`.
    scale : float
        Factor of the larger side of each inequality of the claim; 1 is the claim itself.
    seed : int
        Of the search that found it; a replay doesn't need it.
    instance : dict
        Whole numbers and lists of them, by name.

    Raises
    ------
    TypeError, ValueError
        If an entry is unusable.
    """

    claim: str
    scale: float
    seed: int
    instance: Instance

    def __post_init__(self) -> None:
        put = object.__setattr__
        checks.choice("claim", self.claim, tuple(ADAPTERS))
        put(self, "scale", checks.number("scale", self.scale, above=0))
        put(self, "seed", checks.seed_value("seed", self.seed))
        put(self, "instance", checked_instance(ADAPTERS[self.claim].fields, self.instance))

    def to_dict(self) -> dict[str, Any]:
        """Return it in JSON types."""
        return {"schema": SCHEMA, **{name: getattr(self, name) for name in KEYS[1:]}}

    def check(self) -> Verdict:
        """Return what the instance says: refuted, holds, not applicable or inconclusive."""
        adapter = ADAPTERS[self.claim]
        absent = adapter.missing(self.instance)
        if absent:
            return self._verdict("not applicable", absent)
        try:
            parts = adapter.parts(self.instance, Fraction(-1))
        except Undecided as problem:
            return self._verdict("inconclusive", str(problem))
        failed = failing(adapter, parts, self.scale)
        if failed is None:
            return self._verdict("holds", "the instance is no counterexample", worst_of(parts))
        return self._verdict("refuted", f"the instance breaks {words_of(failed, self.scale)}", failed)

    def _verdict(self, word: str, reason: str, part: Part | None = None) -> Verdict:
        known = {} if part is None else ranges_of(part, self.scale)
        return Verdict(
            claim=self.claim, word=word, reason=reason, observations=1, seed=self.seed,
            instance=self.instance, **known,
        )  # fmt: skip


def words_of(part: Part, scale: float) -> str:
    """Return an inequality in words, with the factor of its larger side."""
    return part.words if scale == 1 else f"{part.words} with {scale:g} times the larger side"


def ranges_of(part: Part, scale: float) -> dict[str, Any]:
    """Return an inequality in numbers: the smaller side measured, the scaled larger one the bound."""
    measured, allowed = float(part.smaller), scale * float(part.larger)
    return {"measured": (measured, measured), "bound": (-math.inf, allowed)}


def save_counterexample(path: str | Path, found: Counterexample) -> None:
    """Write a counterexample so that the file is there whole or not at all."""
    checks.instance("found", found, Counterexample, "a Counterexample")
    write_bytes(Path(path), (json.dumps(found.to_dict(), indent=2) + "\n").encode())


def load_counterexample(path: str | Path) -> Counterexample:
    """Read what `save_counterexample` wrote.

    Raises
    ------
    ValueError
        If the file is not there, not JSON, or an entry is missing, unknown or unusable.
    """
    checks.instance("path", path, (str, os.PathLike), "a str or a Path")
    source = Path(path)
    checks.check(source.is_file(), f"{named(source)} is not a file")
    size = source.stat().st_size
    checks.check(size <= LARGEST_FILE, f"{named(source)} has {size} bytes, at most {LARGEST_FILE} are read")
    try:
        return _parsed(source.read_bytes())
    except (TypeError, ValueError, RecursionError) as problem:
        raise ValueError(f"{named(source)}: {problem}") from None


def replay(path: str | Path) -> Verdict:
    """Return whether a saved counterexample still refutes its claim, recomputed from the instance.

    Raises
    ------
    ValueError
        As `load_counterexample`.
    """
    return load_counterexample(path).check()


def _parsed(content: bytes) -> Counterexample:
    try:
        raw = json.loads(content.decode("utf-8"))
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        raise ValueError(f"not JSON: {problem.msg} in {where}") from None
    except UnicodeDecodeError:
        raise ValueError("not JSON: not even UTF-8") from None
    except RecursionError:
        raise ValueError("not a counterexample: nested too deeply") from None
    checks.check(isinstance(raw, dict), "not a counterexample: it must be an object")
    if "schema" in raw and (type(raw["schema"]) is not int or raw["schema"] != SCHEMA):
        raise ValueError(f"schema must be {SCHEMA}, which this version reads, got {raw['schema']!r}")
    for name in KEYS:
        checks.check(name in raw, f"{name!r} is missing; needed are {', '.join(KEYS)}")
    for name in raw:
        checks.check(name in KEYS, f"{name!r} is unknown; known are {', '.join(KEYS)}")
    return Counterexample(**{name: raw[name] for name in KEYS[1:]})
