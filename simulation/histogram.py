"""`Histogram`: quantiles of a hundred million waits in 40 kB, to within one per cent.

May import numpy.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["Histogram"]

#: Neighbouring bins differ by this factor; a quantile is off by at most half of it.
FACTOR = 1.01

#: Smallest and largest value that has a bin of its own; 0 has one, too.
SMALLEST, LARGEST = 1e-9, 1e12

_BINS = math.ceil(math.log(LARGEST / SMALLEST) / math.log(FACTOR))


class Histogram:
    """Counts of non-negative values in bins of equal relative width (as HdrHistogram and DDSketch have them).

    References
    ----------
    C. Masson, J. E. Rim and H. K. Lee, "DDSketch: a fast and fully-mergeable quantile sketch with
    relative-error guarantees", PVLDB 12 (2019). Here the bins are fixed, since waits have known bounds.

    Examples
    --------
    >>> waits = Histogram()
    >>> waits.add(np.array([0.0, 1.0, 2.0, 100.0]))
    >>> waits.total, waits.largest, waits.quantile(0.5)
    (4, 100.0, 1.0)
    """

    def __init__(self) -> None:
        self._counts = np.zeros(_BINS + 1, dtype=np.int64)
        self.largest = 0.0

    @property
    def total(self) -> int:
        """How many values were added."""
        return int(self._counts.sum())

    def add(self, values: NDArray[np.float64]) -> None:
        """Count values, (n,), each >= 0."""
        if not len(values):
            return
        self.largest = max(self.largest, float(values.max()))
        place = np.zeros(len(values), dtype=np.int64)
        positive = values > 0
        steps = np.log(np.clip(values[positive], SMALLEST, LARGEST) / SMALLEST) / math.log(FACTOR)
        place[positive] = 1 + np.minimum(np.floor(steps + 0.5).astype(np.int64), _BINS - 1)
        self._counts += np.bincount(place, minlength=len(self._counts))

    def quantile(self, level: float) -> float:
        """Return the smallest value that at least this share of the values don't exceed; NaN without values.

        Exact for 0 and the largest, else within half a per cent.
        """
        total = self.total
        if not total:
            return math.nan
        place = int(np.searchsorted(np.cumsum(self._counts), max(level * total, 1.0), side="left"))
        value = 0.0 if place == 0 else SMALLEST * FACTOR ** (place - 1)
        return min(self._tidy(value), self.largest)

    @staticmethod
    def _tidy(value: float) -> float:
        """Return the whole number that a bin holds alone, where it does: waits in steps are whole."""
        whole = round(value)
        return float(whole) if whole > 0 and abs(value / whole - 1) <= (FACTOR - 1) / 2 else value
