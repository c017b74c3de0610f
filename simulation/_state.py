"""The compiled engine's memory, as named tuples of arrays that numba understands.

G workers, B slots, n requests. Imports numpy and `simulation.system`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.system import System

__all__ = [
    "ARRIVED",
    "BELIEFS",
    "BROKEN",
    "HAZARD",
    "HEAD",
    "HUNGRY",
    "NOTHING",
    "OVER",
    "READY",
    "TURN",
    "UNSEEN",
    "Crew",
    "Floor",
    "Pace",
    "Queues",
    "Requests",
    "Rule",
    "Steps",
]

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]


#: What is known of completions: nothing, believed lengths, or a hazard.
NOTHING, BELIEFS, HAZARD = range(3)

#: How a step begins: it can go on, all is done, more requests must be handed in first, or a rule was broken.
READY, OVER, HUNGRY, BROKEN = range(4)

#: Places in the cursor: the first request in the order of arrival that is neither admitted nor bound, the
#: worker whose turn it is, the first request never shown, and the first that has not arrived.
HEAD, TURN, UNSEEN, ARRIVED = range(4)


def _none(number: int) -> _Ints:
    return np.full(number, -1, dtype=np.int64)


class Rule(NamedTuple):
    """How the policy decides; numbers only."""

    kernel: int
    window: int
    pool_limit: int  # -1: no limit
    objective: int
    trials: int  # levels the solver may try in a step
    max_wait: int  # -1: nobody is required
    foresight: int  # NOTHING, BELIEFS or HAZARD
    refill: int  # as in `simulation._refills_kernel`
    immediate: bool  # requests are bound to a worker when they arrive
    refresh_s: float  # how old a report of the workers may become


class Pace(NamedTuple):
    """How long a step takes, and the power drawn in it."""

    overhead_s: float
    seconds_per_token: float
    mean_load_s: float
    idle_w: float
    swing_w: float
    exponent: float

    @classmethod
    def of(cls, system: System) -> Pace:
        """Return the constants of a system."""
        power = system.power
        return cls(
            float(system.step_overhead_s), float(system.seconds_per_token), float(system.mean_load_s),
            float(power.idle_w), float(power.busy_w - power.idle_w), float(power.exponent),
        )  # fmt: skip


class Floor(NamedTuple):
    """The workers, and which slots are free: a stack whose height is ``free_total[0]``."""

    loads: _Floats
    rest: _Floats  # (G,) what rounding took from each load
    active: _Ints
    free: _Ints
    slot_stack: _Ints
    free_total: _Ints

    @classmethod
    def empty(cls, system: System) -> Floor:
        """All slots free."""
        capacity = system.capacity
        return cls(
            loads=np.zeros(system.workers),
            rest=np.zeros(system.workers),
            active=np.zeros(system.workers, dtype=np.int64),
            free=np.full(system.workers, system.slots, dtype=np.int64),
            slot_stack=np.arange(capacity),
            free_total=np.array([capacity]),
        )


class Requests(NamedTuple):
    """One entry per request; ``start``, ``worker`` and ``shown`` are results."""

    sizes: _Floats
    lengths: _Ints
    arrival_s: _Floats  # (0,) where all wait from the start
    believed: _Ints  # length the policy believes, (0,) where it believes nothing
    order: _Ints  # the order in which they wait: that of arrival, without those admitted before the cursor
    start: _Ints
    worker: _Ints
    shown: _Ints
    behind: _Ints  # who waits behind each in its worker's queue, -1: nobody; (0,) where there are no queues

    @classmethod
    def waiting(
        cls, sizes: _Floats, lengths: _Ints, arrival_s: _Floats | None, believed: _Ints, *, queues: bool
    ) -> Requests:
        """Nobody has started."""
        number = len(sizes)
        return cls(
            sizes=np.array(sizes),
            lengths=np.array(lengths),
            arrival_s=np.zeros(0) if arrival_s is None else np.array(arrival_s),
            believed=np.array(believed),
            order=np.arange(number),
            start=_none(number),
            worker=_none(number),
            shown=_none(number),
            behind=_none(number if queues else 0),
        )


class Queues(NamedTuple):
    """The workers' own queues of requests bound on arrival; linked by ``Requests.behind``."""

    first: _Ints
    last: _Ints
    number: _Ints
    load: _Floats  # Σ of their sizes
    report: _Floats  # (G, 2) what a router that sees reports only was told, and has added itself since
    report_s: _Floats  # (1,) when it was told

    @classmethod
    def empty(cls, workers: int) -> Queues:
        """Nobody waits, and nothing was ever reported."""
        first, last, number = _none(workers), _none(workers), np.zeros(workers, dtype=np.int64)
        return cls(first, last, number, np.zeros(workers), np.zeros((workers, 2)), np.full(1, -np.inf))


class Crew(NamedTuple):
    """The active requests where each grows in its own way: the first ``number[0]`` entries, oldest first."""

    number: _Ints
    request: _Ints
    worker: _Ints
    age: _Ints
    size: _Floats
    load: _Floats
    memory: _Floats

    @classmethod
    def empty(cls, capacity: int) -> Crew:
        """Nobody is active."""
        none, request, worker, age = (np.zeros(n, dtype=np.int64) for n in (1, *[capacity] * 3))
        size, load, memory = (np.zeros(capacity) for _ in range(3))
        return cls(none, request, worker, age, size, load, memory)


class Steps(NamedTuple):
    """What is recorded of each step of a block."""

    max_load: _Floats
    total_load: _Floats
    active: _Ints
    power_w: _Floats
    admitted: _Ints
    gap: _Floats
    time_s: _Floats  # when the step began
    duration_s: _Floats
    waiting: _Ints  # requests that have arrived and are not admitted
    oldest: _Ints  # steps since the first of them was first shown
    loads: _Floats  # (R, G) of the first R steps

    @classmethod
    def make(cls, steps: int, kept: int, workers: int) -> Steps:
        """Return room for a block."""
        return cls(
            max_load=np.zeros(steps),
            total_load=np.zeros(steps),
            active=np.zeros(steps, dtype=np.int64),
            power_w=np.zeros(steps),
            admitted=np.zeros(steps, dtype=np.int64),
            gap=np.zeros(steps),
            time_s=np.zeros(steps),
            duration_s=np.zeros(steps),
            waiting=np.zeros(steps, dtype=np.int64),
            oldest=np.zeros(steps, dtype=np.int64),
            loads=np.zeros((kept, workers)),
        )

    def first(self, steps: int) -> Steps:
        """Return the records of the first ``steps`` steps."""
        return Steps._make(values[:steps] for values in self)
