"""The memory of `_fast_kernel`: what its compiled parts work in. May import numpy only."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK", "GROUP", "SLOT", "SPANS", "WORKER", "Workspace", "make_workspace"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Records = NDArray[np.void]

#: One distinct size in the pool: how many requests of it must be placed, are to be placed first, still wait;
#: and, in the first of every `BLOCK` groups, how many requests of the whole block still wait.
GROUP = np.dtype(
    [("value", "f8"), ("first", "i8"), ("must", "i8"), ("wanted", "i8"), ("left", "i8"), ("block", "i8")]
)

#: Groups are skipped in blocks of this many where none of them has a request waiting.
BLOCK = 32

#: One placed request: its group, and the next slot of the same worker (-1 at the end).
SLOT = np.dtype([("group", "i8"), ("next", "i8")])

#: One worker: its first slot, free slots left, S_g, and how much more it may take (negative if too heavy).
WORKER = np.dtype([("head", "i8"), ("room", "i8"), ("given", "f8"), ("margin", "f8")])

#: Most intervals of levels that the search keeps.
SPANS = 66


class Workspace(NamedTuple):
    """Arrays that the kernel works in, so that a step allocates nothing; contents mean nothing between calls.

    P = longest pool, G workers, C = H+1 columns.
    """

    ranked: Floats  # (P,) sizes ascending
    smallest: Floats  # (P+1,) prefix sums of ranked
    order: Ints  # (P,) requests by size, required first, then oldest first
    groups: Records  # (P+1,) GROUP, ascending in size
    slots: Records  # (P,) SLOT
    workers: Records  # (G,) WORKER
    trial: Ints  # (P,) an assignment being compared
    scratch: Ints  # (P,) for sorting
    rank: Ints  # (G,) workers in some order, or a heap of them
    key: Floats  # (G,) what they are ordered by
    base: Floats  # (G, C) load before sizes, growth of new requests included
    level: Floats  # (C,) what loads aim for
    top: Floats  # (C,) maxima reached
    units: Floats  # (G, C) dual weights
    home: Floats  # (G,) dual: units not spent
    window: Floats  # (4, C) dual: low, spare room, level, levels to aim for
    detour: Floats  # (C, C+1) dual: cost of detours
    via: Ints  # (C+1, C+1) dual: who takes them; last row: where to go next
    span: Floats  # (3, SPANS) search over levels: from, to, bound


def make_workspace(workers: int, horizon: int, max_pool: int) -> Workspace:
    """Return work arrays for steps of G = ``workers``, H = ``horizon`` and up to ``max_pool`` waiting."""
    pool, columns = max(max_pool, workers) + 1, horizon + 1
    return Workspace(
        ranked=np.zeros(pool),
        smallest=np.zeros(pool),
        order=np.zeros(pool, np.int64),
        groups=np.zeros(pool, GROUP),
        slots=np.zeros(pool, SLOT),
        workers=np.zeros(workers, WORKER),
        trial=np.zeros(pool, np.int64),
        scratch=np.zeros(pool, np.int64),
        rank=np.zeros(workers, np.int64),
        key=np.zeros(workers),
        base=np.zeros((workers, columns)),
        level=np.zeros(columns),
        top=np.zeros(columns),
        units=np.zeros((workers, columns)),
        home=np.zeros(workers),
        window=np.zeros((4, columns)),
        detour=np.zeros((columns, columns + 1)),
        via=np.zeros((columns + 1, columns + 1), np.int64),
        span=np.zeros((3, SPANS)),
    )
