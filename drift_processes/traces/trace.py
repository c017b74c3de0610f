"""`Trace`: the requests of a trace file as plain arrays. May import numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Trace"]


@dataclass(frozen=True, eq=False)
class Trace:
    """What a trace file says about its requests; no text of any prompt or answer.

    Attributes
    ----------
    prompt_tokens : (n,) int64
        Tokens of each prompt, from 1 to 2**53. Read-only, like the other arrays.
    output_tokens : (n,) int64
        Tokens of each answer, from 1 to 2**53.
    arrival_s : (n,) float64 or None
        Arrival times in seconds, non-decreasing, the first is 0. ``None`` where the format has no times.
    skipped_rows : int
        Unusable rows that were left out.
    format : str
        ``"parquet"``, ``"csv"``, ``"burstgpt"``, ``"azure"``, ``"mooncake"`` or ``"authors"``.
    """

    prompt_tokens: NDArray[np.int64]
    output_tokens: NDArray[np.int64]
    arrival_s: NDArray[np.float64] | None
    skipped_rows: int
    format: str

    def __repr__(self) -> str:
        times = "no times" if self.arrival_s is None else f"{self.arrival_s[-1]:g} s"
        skipped = f", {self.skipped_rows} rows skipped" if self.skipped_rows else ""
        return f"Trace({len(self.prompt_tokens)} requests, {times}, {self.format}{skipped})"
