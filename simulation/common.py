"""The compiled engine of common drift: every request grows alike, so that one running sum serves all.

May import contracts, numpy, drift_processes and this room.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contracts import DriftError
from drift_processes import NoGrowth, UnitGrowth
from drift_processes.base import OutOfRange, checked_increments, describe_change
from simulation._ends_state import Ages, Calendar, Window
from simulation._engine_kernel import run_block
from simulation._feed import Feed
from simulation._state import BELIEFS, HAZARD, READY, Steps
from simulation.compiled import Engine
from simulation.departures import AgeRecord, age_bounds, leave_table, regrowth_table
from simulation.lookahead import expected_growth
from simulation.policies.base import Policy, checked_weights
from simulation.settings import Settings, drift_stream
from simulation.system import System

__all__ = ["CommonEngine"]

#: Growth that is the same in every step by the letter of its code: asked for once in a block of steps.
FIXED = (UnitGrowth.increments, NoGrowth.increments)

_NOBODY = np.zeros(0, dtype=np.int64)


class CommonEngine(Engine):
    """Keeps loads, ends and what is foreseen of them incrementally: O(G + events) per step."""

    def __init__(self, feed: Feed, system: System, policy: Policy, settings: Settings) -> None:
        super().__init__(feed, system, policy, settings)
        length, beliefs = int(feed.first.lengths.max()), self.foresight == BELIEFS
        horizon = policy.horizon if beliefs else 0
        self.calendar = Calendar.empty(system.capacity, self._longest(length))
        # ends beyond the last step, too, are foreseen from the steps before it
        self.window = Window.empty(system, horizon, self._longest(length, horizon) if beliefs else 0)
        hazard = self.foresight == HAZARD
        self.ages = Ages.empty(system, age_bounds(settings.longest_age(feed.first)) if hazard else _NOBODY)
        self.growth = np.zeros(2)
        self.increments = _Increments(feed, settings)

    def _longest(self, length: int, beyond: int = 0) -> int:
        """Return how far ahead an end can lie and still matter."""
        return length if self.settings.steps is None else min(length, self.settings.steps + beyond)

    def renew(self, step: int) -> None:
        """Ask the policy for its weights, and estimate the hazard."""
        weights = checked_weights(self.policy, self.turnover(step))
        ahead = expected_growth(self.drift, len(weights))
        self.with_columns(ahead, weights)
        if self.foresight == HAZARD:
            record = AgeRecord(self.ages.exposure, self.ages.completed)
            lengths = self.settings.lookahead.lengths
            leave = leave_table(self.ages.bounds, len(ahead), lengths=lengths, record=record)
            self.ages = self.ages._replace(leave=leave, since=regrowth_table(leave, ahead))

    def advance(self, step: int, end: int, block: Steps) -> tuple[int, int]:
        """Simulate steps up to ``end``, or to where the drift process fails."""
        grown = self.increments.until(step, end)
        reached, status = self._run(step, grown, block)
        self.increments.used(reached - step)
        if status != READY or reached == end:
            return reached, status
        # what it does wrong in this step matters only if there is such a step
        _, status = self._run(reached, np.zeros(1), Steps.make(1, 0, self.system.workers))
        if status == READY:
            self._fail(reached)
        return reached, status

    def _run(self, step: int, grown: NDArray[np.float64], block: Steps) -> tuple[int, int]:
        reached, status = run_block(
            step, step + len(grown), self.feed.more, self.cursor, self.clock, self.growth, grown, self.rule,
            self.pace, self.floor, self.feed.requests, self.queues, self.calendar, self.window, self.ages,
            self.scratch, block, self.rng,
        )  # fmt: skip
        return int(reached), int(status)

    def _fail(self, step: int) -> None:
        """Raise what the drift process did wrong in the step just run, naming a request active in it."""
        failure = self.increments.failure
        assert failure is not None  # it is why the increments end here
        if not isinstance(failure, OutOfRange):
            raise failure
        requests, held = self.feed.requests, self.calendar.request
        active = np.flatnonzero((held >= 0) & (requests.start[held] >= 0))
        active = active[requests.start[held[active]] + requests.lengths[held[active]] > step]
        slot = active[np.argmin(self.feed.number[held[active]])]
        r = held[slot]
        message = describe_change(
            self.drift, step=step, request=int(self.feed.number[r]), age=int(step - requests.start[r]),
            load=float(requests.sizes[r] + (self.growth[0] - self.calendar.growth[slot, 0])),
            change=failure.change,
        )  # fmt: skip
        raise DriftError(message) from None

    def refill(self, step: int) -> None:
        """Take in the next chunk, and make the calendars long enough for it."""
        self.calendar.request[self.floor.slot_stack[: self.floor.free_total[0]]] = -1
        self.feed.refill(self.cursor, self.queues, self.calendar.request)
        longest = self._longest(int(self.feed.requests.lengths.max()), self.policy.horizon)
        self.calendar = self.calendar._replace(ring=_longer(self.calendar.ring, step, longest))
        if self.foresight == BELIEFS:
            self.window = self.window._replace(ring=_longer(self.window.ring, step, longest))


def _longer(ring: NDArray[np.int64], step: int, longest: int) -> NDArray[np.int64]:
    """Return a ring of lists, one per future step, that reaches ``longest`` steps ahead of ``step``."""
    size = len(ring)
    if longest < size:
        return ring
    longer = np.full(longest + 1, -1, dtype=np.int64)
    ahead = np.arange(step, step + size)  # the steps that the present ring has lists for
    longer[ahead % len(longer)] = ring[ahead % size]
    return longer


class _Increments:
    """The growth of each step, asked for as far ahead as a block of steps needs it.

    What goes wrong in a step ahead is kept until the run gets there, if ever it does.
    """

    def __init__(self, feed: Feed, settings: Settings) -> None:
        self.drift = feed.first.drift
        self.rng = drift_stream(settings.seed, self.drift)
        self.memory = np.zeros(1)
        self.ahead: list[float] = []
        self.failure: Exception | None = None

    def until(self, step: int, end: int) -> NDArray[np.float64]:
        """Return the increments from ``step`` on, up to ``end`` or before the first that fails."""
        while len(self.ahead) < end - step and self.failure is None:
            try:
                grown = self._ask(step + len(self.ahead))
            except Exception as error:
                self.failure = error
                break
            missing = end - step - len(self.ahead)
            self.ahead += [grown] * (missing if type(self.drift).increments in FIXED else 1)
        return np.array(self.ahead[: end - step])

    def used(self, number: int) -> None:
        """Forget the increments of steps that are over."""
        del self.ahead[:number]

    def _ask(self, step: int) -> float:
        none, nobody = np.zeros(0), _NOBODY
        answer = checked_increments(
            self.drift, step=step, age=nobody, size=none, load=none, rng=self.rng, worker=nobody,
            memory=self.memory,
        )  # fmt: skip
        return float(answer)
