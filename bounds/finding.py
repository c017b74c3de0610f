"""`Finding`: whether an assumption holds, and why. Imports nothing."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True)
class Finding:
    """Whether an assumption holds on a run.

    Attributes
    ----------
    name : str
        Of the predicate.
    holds : bool
    reason : str
        Why, in words with numbers.
    """

    name: str
    holds: bool
    reason: str
