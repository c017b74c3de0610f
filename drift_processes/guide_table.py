"""`GuideTable`: fast draws from a table of probabilities by inversion. May import numpy only.

A draw is the first entry whose cumulative probability exceeds a uniform number u. The unit interval is cut
into equal cells; where a cell lies inside one entry, a look-up answers, and only the rest is searched
(Chen and Asau, On generating random variates from an empirical distribution, AIIE Transactions 6, 1974).
What is drawn is therefore exactly what a search alone would draw.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["GuideTable"]

#: Cells per entry, and the most cells in all (4 bytes each): more of them leave less to search.
CELLS_PER_ENTRY = 64
MOST_CELLS = 2**20
#: Draws handled at once, so that their intermediate arrays stay in the processor's cache.
BLOCK = 2**15
#: Stands for a cell that holds the border of two entries.
OPEN = -1


class GuideTable:
    """The entries 0..m-1 with given probabilities, ready to be drawn.

    Parameters
    ----------
    probabilities : (m,) float64
        Each >= 0, with a positive sum.
    """

    def __init__(self, probabilities: NDArray[np.float64]) -> None:
        cumulative = np.cumsum(probabilities)
        self._cumulative = cumulative / cumulative[-1]
        # a power of two, so that u * cells is exact and a cell holds the very numbers between its two edges
        self._cells = min(MOST_CELLS, 1 << (CELLS_PER_ENTRY * len(cumulative) - 1).bit_length())
        self._guide: NDArray[np.int32] | None = None

    def draw(self, number: int, rng: np.random.Generator, *columns: NDArray) -> list[NDArray]:
        """Return ``number`` independent draws from ``columns``, each (m,); each takes one uniform number."""
        drawn = [np.empty(number, column.dtype) for column in columns]
        # to fill the guide takes about a search per cell
        if self._guide is None and number >= self._cells:
            self._guide = self._filled()
        for start in range(0, number, BLOCK):
            picks = self._picks(rng.random(min(BLOCK, number - start)))
            for column, out in zip(columns, drawn, strict=True):
                np.take(column, picks, out=out[start : start + BLOCK], mode="clip")
        return drawn

    def _picks(self, uniform: NDArray[np.float64]) -> NDArray[np.intp]:
        if self._guide is None:
            return np.searchsorted(self._cumulative, uniform, side="right")
        picks = self._guide[(uniform * self._cells).astype(np.intp)].astype(np.intp)
        searched = np.flatnonzero(picks == OPEN)
        picks[searched] = np.searchsorted(self._cumulative, uniform[searched], side="right")
        return picks

    def _filled(self) -> NDArray[np.int32]:
        edges = np.arange(self._cells + 1) / self._cells
        first = np.searchsorted(self._cumulative, edges[:-1], side="right")
        last = np.searchsorted(self._cumulative, edges[1:], side="left")
        return np.where(first == last, first, OPEN).astype(np.int32)
