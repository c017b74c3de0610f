"""`Feed`: hands requests to a compiled engine, all at once or chunk by chunk.

When a chunk is used up, those that are gone are forgotten and the rest is numbered anew, so that memory
holds the active requests, those that wait, and one chunk. May import contracts, numpy, drift_processes and
this room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes import Workload
from simulation._state import ARRIVED, HEAD, UNSEEN, Queues, Requests

__all__ = ["Feed"]

Believe = Callable[[NDArray[np.int64]], NDArray[np.int64]]


class Feed:
    """The requests at hand, and those to come.

    Parameters
    ----------
    chunks : iterable of Workload
        In the order of arrival, all of one drift process; at least one.
    believe : callable
        Lengths to the lengths that the policy believes, (0,) where it believes nothing.
    queues : bool
        Whether requests wait in queues of their workers.

    Attributes
    ----------
    first : Workload
        The first chunk.
    requests : Requests
        Those at hand.
    number : (n,) int64
        The place of each of them among all requests.
    handed : int
        Requests handed in so far.
    """

    def __init__(self, chunks: Iterable[Workload], believe: Believe, *, queues: bool) -> None:
        self._chunks = iter(chunks)
        self._believe, self._queues = believe, queues
        self.handed = 0
        self._coming = next(self._chunks, None)
        if self._coming is None:
            raise ValueError("chunks must hold at least one workload")
        self.first = self._coming
        self.number = np.zeros(0, dtype=np.int64)
        self.requests = self._take()

    @property
    def more(self) -> bool:
        """Whether requests are still to come."""
        return self._coming is not None

    def _take(self) -> Requests:
        """Return the coming chunk as requests that wait, and look at the one after it."""
        work = self._coming
        assert work is not None  # callers ask for more only where there is more
        self._coming = next(self._chunks, None)
        if self._coming is not None:
            self._check(work, self._coming)
        new = Requests.waiting(
            work.sizes, work.lengths, work.arrival_s, self._believe(work.lengths), queues=self._queues
        )
        self.number = np.concatenate([self.number, np.arange(self.handed, self.handed + work.requests)])
        self.handed += work.requests
        return new

    def _check(self, work: Workload, then: Workload) -> None:
        """Refuse a chunk that does not continue the one before it."""
        where = f"the chunk after request {self.handed + work.requests - 1}"
        checks.instance(where, then, Workload, "a Workload")
        checks.check(then.drift is work.drift, f"{where} must have the same drift object")
        clock = work.arrival_s is not None
        checks.check(
            (then.arrival_s is not None) == clock, f"{where} must {'' if clock else 'not '}have arrival_s"
        )
        if work.arrival_s is not None and then.arrival_s is not None:
            last, first = float(work.arrival_s[-1]), float(then.arrival_s[0])
            checks.check(first >= last, f"{where} must not start before {last:.12g} s, got {first:.12g} s")

    def refill(self, cursor: NDArray[np.int64], queues: Queues, held: NDArray[np.int64]) -> None:
        """Forget who is gone, number the rest anew and take in the next chunk.

        Parameters
        ----------
        cursor, queues
            Of the engine; brought up to date.
        held : (n,) int64
            The active requests, replaced by their new numbers; entries that stand for nobody are < 0.
        """
        old = self.requests
        active = held[held >= 0]
        head, known = int(cursor[HEAD]), len(old.sizes)
        if self._queues:  # those bound wait in queues, those after the head have not arrived
            waiting = np.flatnonzero((old.shown[:head] >= 0) & (old.start[:head] < 0))
            front = len(active) + len(waiting)
            rest = np.concatenate([waiting, np.arange(head, known)])
        else:
            rest, front = old.order[head:], len(active)
        kept = np.concatenate([active, rest])
        renamed = np.full(known + 1, -1, dtype=np.int64)  # the last entry answers for -1: nobody
        renamed[kept] = np.arange(len(kept))
        held[:] = renamed[held]
        for links in (queues.first, queues.last):
            links[:] = renamed[links]
        self.number = self.number[kept]
        new = self._take()
        columns = {
            name: np.concatenate([column[kept] if len(column) else column, getattr(new, name)])
            for name, column in old._asdict().items()
            if name != "order"
        }
        if self._queues:
            columns["behind"][: len(kept)] = renamed[old.behind[kept]]
        self.requests = Requests(**columns, order=np.arange(len(columns["sizes"])))
        moved = front - head
        cursor[HEAD] += moved
        cursor[UNSEEN] += moved
        cursor[ARRIVED] += moved
