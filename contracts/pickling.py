"""Pickling of frozen dataclasses whose fields Python can't pickle as they are. Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from types import MappingProxyType
from typing import Any

__all__ = ["anew"]


def anew(value: Any) -> tuple[Callable[..., Any], tuple[type, dict[str, Any]]]:
    """Return what ``__reduce__`` of a dataclass returns so that it is made anew from its arguments.

    Read-only mappings, which can't be pickled, travel as dicts; the constructor makes them read-only
    again, and arrays with them.
    """
    given = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
    plain = {name: dict(part) if isinstance(part, MappingProxyType) else part for name, part in given.items()}
    return _made, (type(value), plain)


def _made(kind: type, given: dict[str, Any]) -> Any:
    return kind(**given)
