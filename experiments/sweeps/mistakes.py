"""Mistakes in a scenario: which key, and in which line of the file.

May import contracts and the schema.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from contracts import checks

__all__ = ["Mistake", "Place", "first_mistake", "key_words", "line_of", "nearest"]

#: Path of a key: names of tables and keys, and places in lists.
Place = tuple[str | int, ...]


class Mistake(ValueError):
    """A scenario that can't be used: the key ``place``, and what would be right there."""

    def __init__(self, place: Place, what: str) -> None:
        super().__init__(f"{key_words(place)}: {what}" if place else what)
        self.place, self.what = place, what


def key_words(place: Place) -> str:
    """Return a place as one writes it: ``variants[1].options``."""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return words.removeprefix(".")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` with the nearest known word, else the list of them."""
    names = list(known)
    found = difflib.get_close_matches(word, names, n=1)
    return f"; did you mean {found[0]!r}?" if found else f"; there are {', '.join(names)}"


def first_mistake(error: ValidationError, model: type[BaseModel]) -> Mistake:
    """Return the first mistake that validation found, in the words of this toolkit.

    An unknown key comes first: a key that is missing is often that one, misspelt.
    """
    errors = error.errors(include_url=False)
    found = min(errors, key=lambda each: each["type"] != "extra_forbidden")
    place: Place = found["loc"]
    kind, given = found["type"], found.get("input")
    if kind == "extra_forbidden":
        known = _keys(model, place[:-1])
        return Mistake(place, f"is no key of a scenario{nearest(str(place[-1]), known)}")
    if kind == "missing":
        return Mistake(place, "is missing")
    if kind == "value_error":
        return Mistake(place, str(found["ctx"]["error"]).strip())
    if kind in ("model_type", "dict_type"):
        return Mistake(place, f"must be a table, got {checks.shown(given)}")
    if kind == "too_short":
        least = found["ctx"]["min_length"]
        return Mistake(
            place, f"must have at least {least} value{'s' if least > 1 else ''}, got {len(given or ())}"
        )
    if kind == "string_pattern_mismatch":
        return Mistake(
            place, f"must be letters, digits, '.', '_' and '-' (at most 80), got {checks.shown(given)}"
        )
    words = found["msg"].replace("Input should be", "must be").replace("String should", "must")
    return Mistake(place, f"{words[0].lower()}{words[1:]}, got {checks.shown(given)}")


def _keys(model: type[BaseModel], place: Place) -> list[str]:
    """Return the keys that the table at this place may have."""
    for part in place:
        if isinstance(part, str):
            model = _table_in(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _table_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_table_in(each) for each in get_args(annotation))
    return next((each for each in found if each is not None), None)


def line_of(text: str, place: Place) -> int | None:
    """Return the line of a TOML text in which a key begins, or else the table that should have it.

    A key is complete at the end of the shortest part of the text, cut after a line, that is TOML by itself
    and has it; it begins after the longest such part before.
    """
    for length in range(len(place), 0, -1):
        line = _first_line(text.splitlines(), place[:length])
        if line is not None:
            return line
    return None


def _first_line(lines: list[str], place: Place) -> int | None:
    begins = 1
    for end in range(1, len(lines) + 1):
        try:
            table: Any = tomllib.loads("\n".join(lines[:end]) + "\n")
        except tomllib.TOMLDecodeError:
            continue
        if _has(table, place):
            return begins
        begins = end + 1
    return None


def _has(table: Any, place: Place) -> bool:
    for part in place:
        try:
            table = table[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
