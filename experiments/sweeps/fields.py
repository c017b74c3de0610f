"""The kinds of values that a scenario may hold, with their limits. May import `experiments.scenario`."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from experiments.scenario import LARGEST_SYSTEM, LONGEST_RUN

__all__ = [
    "LEAST_RATE", "MOST", "Count", "Label", "Number", "Pool", "Rate", "SomeHorizons", "SomeLoads",
    "SomeSlots", "SomeWorkers", "Stay", "Steps", "Whole", "WholeSteps",
]  # fmt: skip

T = TypeVar("T")

#: Longest list of anything: a slip of the finger is told at once.
MOST = 1000

#: Phases have rates relative to each other, from 0 on; the largest is no smaller than this.
LEAST_RATE = 1e-9


def _different(values: tuple[Any, ...]) -> tuple[Any, ...]:
    twice = [value for place, value in enumerate(values) if value in values[:place]]
    if twice:
        raise ValueError(f"must be different values, got {twice[0]} twice")
    return values


def _several(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else (value,)


Whole = Annotated[int, Field(strict=True, ge=0)]
Count = Annotated[int, Field(strict=True, ge=1)]
Steps = Annotated[int, Field(strict=True, ge=1, le=LONGEST_RUN)]
WholeSteps = Annotated[int, Field(strict=True, ge=0, le=LONGEST_RUN)]
Slots = Annotated[int, Field(strict=True, ge=1, le=LARGEST_SYSTEM)]
Workers = Annotated[int, Field(strict=True, ge=2, le=LARGEST_SYSTEM)]
#: A constant of the machine: loads are below 2^53, so that no sum over the longest run leaves float64.
Number = Annotated[float, Field(strict=True, ge=0, le=1e12)]
Pool = Annotated[float, Field(strict=True, gt=0, le=1e6)]
Rate = Annotated[float, Field(strict=True, ge=0, le=1e9)]
Stay = Annotated[float, Field(strict=True, ge=1e-6, le=1e9)]
Load = Annotated[float, Field(strict=True, gt=0, le=10)]
Label = Annotated[str, Field(min_length=1, max_length=80)]
Several = Annotated[
    tuple[T, ...],
    BeforeValidator(_several),
    Field(min_length=1, max_length=MOST),
    AfterValidator(_different),
]
SomeSlots = Several[Slots]
SomeWorkers = Several[Workers]
SomeLoads = Several[Load]
SomeHorizons = Several[Whole]
