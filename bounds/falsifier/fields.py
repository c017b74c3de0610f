"""What an instance consists of: whole numbers and lists of them, each with its range.

The ranges serve twice: an instance read from a file is held to them, and shrinking goes down to them. May
import contracts and `bounds.falsifier.choices`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bounds.falsifier.choices import Instance
from contracts import checks

__all__ = ["LARGEST", "LONGEST", "Field", "checked_instance"]

#: Up to this exact solvers prove optima of whole numbers (`formulations.solve_exact`).
LARGEST = 1_000_000

#: Entries of a list; larger steps take long to solve.
LONGEST = 64


@dataclass(frozen=True)
class Field:
    """A whole number, or a list of whole numbers, from ``at_least`` to ``at_most``.

    Attributes
    ----------
    at_least, at_most : int
    along : str
        What a list has one entry for, ``"worker"`` for instance; lists along the same have equal lengths.
        Empty for a single number.
    fewest, longest : int
        Entries of a list.
    is_amount : bool
        Whether it is in units of load, so that it shrinks together with others that are.
    """

    at_least: int = 0
    at_most: int = LARGEST
    along: str = ""
    fewest: int = 0
    longest: int = LONGEST
    is_amount: bool = False


def checked_instance(fields: Mapping[str, Field], raw: Any) -> Instance:
    """Return an instance read from somewhere, each number held to its range.

    Raises
    ------
    TypeError, ValueError
        Naming the first entry that is missing, unknown or unusable.
    """
    checks.instance("instance", raw, dict, "an object")
    for name in fields:
        checks.check(name in raw, f"instance lacks {name!r}; it needs {', '.join(fields)}")
    for name in raw:
        checks.check(name in fields, f"instance has no entry {name!r}; it has {', '.join(fields)}")
    instance: Instance = {
        name: _checked(f"instance.{name}", field, raw[name]) for name, field in fields.items()
    }
    firsts: dict[str, str] = {}
    for name, field in fields.items():
        first = firsts.setdefault(field.along, name)
        wanted = len(instance[first]) if field.along else 0
        if field.along and len(instance[name]) != wanted:
            raise ValueError(
                f"instance.{name} must have as many entries as instance.{first} ({wanted}, one per "
                f"{field.along}), got {len(instance[name])}"
            )
    return instance


def _checked(name: str, field: Field, value: Any) -> int | list[int]:
    if not field.along:
        return checks.count(name, value, at_least=field.at_least, at_most=field.at_most)
    checks.instance(name, value, list, "a list")
    number = len(value)
    if not field.fewest <= number <= field.longest:
        raise ValueError(f"{name} must have {field.fewest} to {field.longest} entries, got {number}")
    return [
        checks.count(f"{name}[{i}]", entry, at_least=field.at_least, at_most=field.at_most)
        for i, entry in enumerate(value)
    ]
