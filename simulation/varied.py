"""The compiled engine of any other drift: one row per active request, one question to the process per step.

May import contracts, numpy, drift_processes and this room.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from drift_processes.base import checked_increments
from simulation._admission_kernel import open_step, show
from simulation._feed import Feed
from simulation._state import BROKEN, HAZARD, NOTHING, READY, Crew, Steps
from simulation._varied_kernel import admit_varied, grow_and_leave
from simulation.compiled import Engine
from simulation.foresight import Foresight
from simulation.policies.base import Policy
from simulation.settings import Settings, drift_stream
from simulation.system import System

__all__ = ["VariedEngine"]


class VariedEngine(Engine):
    """Holds the active requests in the order of admission, and sums loads anew: O(active) per step."""

    def __init__(self, feed: Feed, system: System, policy: Policy, settings: Settings) -> None:
        super().__init__(feed, system, policy, settings)
        self.crew = Crew.empty(system.capacity)
        self.drift_rng = drift_stream(settings.seed, self.drift)
        hazard = self.foresight == HAZARD
        longest = settings.longest_age(feed.first) if hazard else 1
        self.known = Foresight(
            self.drift, policy, settings.lookahead, workers=system.workers, longest_age=longest
        )

    def renew(self, step: int) -> None:
        """Ask the policy for its weights, and estimate the hazard."""
        self.known.renew(step, self.turnover(step))
        self.with_columns(self.known.growth, self.known.weights)

    def advance(self, step: int, end: int, block: Steps) -> tuple[int, int]:
        """Simulate steps up to ``end``."""
        floor, scratch, queues, requests = self.floor, self.scratch, self.queues, self.feed.requests
        for k in range(step, end):
            status = open_step(self.feed.more, self.cursor, self.clock, self.rule, floor, requests, queues)
            if status != READY:
                return k, int(status)
            n = 0 if self.rule.immediate else show(k, self.cursor, self.rule, floor, requests)
            if self.foresight != NOTHING and min(n, int(floor.free_total[0])) > 0:
                self._expect()
            if not admit_varied(
                k, k - step, n, self.cursor, self.clock, self.rule, self.pace, floor, requests, queues,
                self.crew, scratch, block, self.rng,
            ):  # fmt: skip
                return k, BROKEN
            self._grow(k)
        return end, READY

    def _grow(self, k: int) -> None:
        crew = self._active()
        grown = checked_increments(
            self.drift, step=k, age=crew["age"], size=crew["size"], load=crew["load"], rng=self.drift_rng,
            request=self.feed.number[crew["request"]], worker=crew["worker"], memory=crew["memory"],
        )  # fmt: skip
        if self.foresight == HAZARD:
            leaving = crew["age"] + 1 >= self.feed.requests.lengths[crew["request"]]
            self.known.watch(crew["age"], leaving)
        grow_and_leave(np.atleast_1d(np.array(grown)), self.floor, self.feed.requests, self.crew)

    def _active(self) -> dict[str, NDArray[Any]]:
        """Return the rows of the active requests; only a process's memory may be written to."""
        count = int(self.crew.number[0])
        rows = {name: column[:count] for name, column in self.crew._asdict().items() if name != "number"}
        for name, column in rows.items():
            column.flags.writeable = name == "memory"
        return rows

    def _expect(self) -> None:
        """Fill the departures expected in the window."""
        crew, believed = self._active(), self.feed.requests.believed
        found = self.known.departures(
            worker=crew["worker"], load=crew["load"], age=crew["age"],
            believed=believed[crew["request"]] if len(believed) else believed,
        )  # fmt: skip
        for mine, theirs in zip(
            found, (self.scratch.gone, self.scratch.lost, self.scratch.regrown), strict=True
        ):
            theirs[:] = mine

    def refill(self, step: int) -> None:
        """Take in the next chunk."""
        del step
        self.feed.refill(self.cursor, self.queues, self.crew.request[: int(self.crew.number[0])])
