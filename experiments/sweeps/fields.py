"""The kinds of values that a scenario may hold, with their limits. May import `experiments.scenario`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from experiments.scenario import LARGEST_SYSTEM, LONGEST_RUN

__all__ = [
    "MOST", "Count", "Label", "Number", "Positive", "SomeHorizons", "SomeLoads", "SomeSlots", "SomeWorkers",
    "Steps", "Whole",
]  # fmt: skip

#: Longest list of anything: a slip of the finger is told at once.
MOST = 1000


def _several(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else (value,)


Whole = Annotated[int, Field(strict=True, ge=0)]
Count = Annotated[int, Field(strict=True, ge=1)]
Steps = Annotated[int, Field(strict=True, ge=1, le=LONGEST_RUN)]
Slots = Annotated[int, Field(strict=True, ge=1, le=LARGEST_SYSTEM)]
Workers = Annotated[int, Field(strict=True, ge=2, le=LARGEST_SYSTEM)]
Number = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
Load = Annotated[float, Field(strict=True, gt=0, le=10, allow_inf_nan=False)]
Label = Annotated[str, Field(min_length=1, max_length=80)]
SomeSlots = Annotated[tuple[Slots, ...], BeforeValidator(_several), Field(min_length=1, max_length=MOST)]
SomeWorkers = Annotated[tuple[Workers, ...], BeforeValidator(_several), Field(min_length=1, max_length=MOST)]
SomeLoads = Annotated[tuple[Load, ...], BeforeValidator(_several), Field(min_length=1, max_length=MOST)]
SomeHorizons = Annotated[tuple[Whole, ...], BeforeValidator(_several), Field(min_length=1, max_length=MOST)]
