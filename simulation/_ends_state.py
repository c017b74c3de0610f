"""The compiled engine's memory of who leaves when: the calendar of true ends, and what is believed of them.

G workers, B slots, J age classes, H steps of lookahead. Imports numpy and `simulation.system`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.system import System

__all__ = ["Ages", "Calendar", "Window"]

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]


def _none(number: int) -> _Ints:
    return np.full(number, -1, dtype=np.int64)


class Calendar(NamedTuple):
    """Who leaves when: ``ring[step % size]`` heads a list of slots, ``chain`` links them."""

    ring: _Ints
    chain: _Ints
    request: _Ints  # (G·B,) who holds the slot, or held it last
    growth: _Floats  # (G·B, 2) running growth when it came, and what rounding took from it

    @classmethod
    def empty(cls, capacity: int, longest: int) -> Calendar:
        """Nobody leaves."""
        return cls(_none(longest + 1), _none(capacity), _none(capacity), np.zeros((capacity, 2)))


class Window(NamedTuple):
    """What is believed to end in each of the next H steps, by worker; column = step modulo H + 1."""

    ends: _Ints  # (G, H+1) how many
    weight: _Floats  # (G, H+1) their Σ size - growth at admission
    ring: _Ints  # a calendar of believed ends beyond the window
    chain: _Ints
    base: _Floats  # (G·B,) size - growth at admission
    worker: _Ints  # (G·B,)

    @classmethod
    def empty(cls, system: System, horizon: int, longest: int) -> Window:
        """Nothing is believed to end."""
        shape, capacity = (system.workers, horizon + 1), system.capacity
        return cls(
            ends=np.zeros(shape, dtype=np.int64),
            weight=np.zeros(shape),
            ring=_none(max(longest, horizon) + 1),
            chain=_none(capacity),
            base=np.zeros(capacity),
            worker=np.zeros(capacity, dtype=np.int64),
        )


class Ages(NamedTuple):
    """Active requests by worker and age class (`simulation.departures.age_bounds`), J classes."""

    bounds: _Ints  # (J,)
    held: _Ints  # (G, J) how many
    weight: _Floats  # (G, J) their Σ size - growth at admission
    total: _Ints  # (J,) over all workers
    exposure: _Ints  # (J,) request-steps spent so far
    completed: _Ints  # (J,)
    leave: _Floats  # (J, K) chance to have left by each column
    since: _Floats  # (J, K) expected growth of the refill by then
    ring: _Ints  # who moves to the next class when: doubly linked lists of slots
    next: _Ints
    last: _Ints
    due: _Ints  # (G·B,) the list a slot is in, -1: none
    kind: _Ints
    base: _Floats
    worker: _Ints

    @classmethod
    def empty(cls, system: System, bounds: _Ints) -> Ages:
        """Nobody is active."""
        capacity, classes = system.capacity, len(bounds)
        gap = int(np.diff(bounds).max()) if classes > 1 else 1
        return cls(
            bounds=bounds,
            held=np.zeros((system.workers, classes), dtype=np.int64),
            weight=np.zeros((system.workers, classes)),
            total=np.zeros(classes, dtype=np.int64),
            exposure=np.zeros(classes, dtype=np.int64),
            completed=np.zeros(classes, dtype=np.int64),
            leave=np.zeros((classes, 1)),
            since=np.zeros((classes, 1)),
            ring=_none(gap + 1),
            next=_none(capacity),
            last=_none(capacity),
            due=_none(capacity),
            kind=np.zeros(capacity, dtype=np.int64),
            base=np.zeros(capacity),
            worker=np.zeros(capacity, dtype=np.int64),
        )
