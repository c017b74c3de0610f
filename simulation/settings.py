"""`Settings`: what both engines are told besides the workload, the system and the policy.

May import contracts, numpy, drift_processes and `simulation.lookahead`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from contracts import checks, stream
from contracts.checks import EXACT_INTEGER_LIMIT
from drift_processes import DriftProcess, Workload
from simulation.lookahead import Lookahead
from simulation.system import System

__all__ = ["BINDINGS", "LONGEST_RUN", "RangeCheck", "Settings", "drift_stream"]

#: The most steps of one run: 9 GB of records.
LONGEST_RUN = 10**8

#: When a request is bound to a worker: when a slot takes it, or when it arrives.
BINDINGS = ("pooled", "immediate")

#: The oldest age in the tables of a hazard, steps.
OLDEST_AGE = 10**7


@dataclass(frozen=True)
class Settings:
    """How a run goes; see `simulation.simulate` for the meaning of each."""

    steps: int | None
    window: int
    pool_limit: int | None
    record_loads: int
    lookahead: Lookahead
    seed: int | None
    binding: str = "pooled"

    @property
    def is_immediate(self) -> bool:
        """Whether requests are bound to a worker when they arrive."""
        return self.binding == "immediate"

    def longest_age(self, workload: Workload) -> int:
        """Return the largest age a request can reach in this run, for the age classes of a hazard.

        Raises
        ------
        ValueError
            If a hazard is asked for and ages reach further than its tables can.
        """
        longest = int(workload.lengths.max())
        reached = longest if self.steps is None else min(longest, self.steps)
        if self.lookahead.kind == "hazard" and reached > OLDEST_AGE:
            raise ValueError(
                f"lookahead 'hazard' keeps ages up to {OLDEST_AGE} steps, this run may reach {reached}; "
                "give fewer steps or cut the longest lengths"
            )
        return reached

    def rng(self, name: str, who: str) -> np.random.Generator:
        """Return the random stream of this name; without a seed, one that raises when it is used.

        Parameters
        ----------
        name : {"policy", "lookahead"}
        who : str
            Who is handed the stream, for the message.
        """
        return _stream(self.seed, name, who)


def drift_stream(seed: int | None, drift: DriftProcess) -> np.random.Generator:
    """Return the random stream of the drift process."""
    return _stream(seed, "drift", f"drift {type(drift).__name__}")


def _stream(seed: int | None, name: str, who: str) -> np.random.Generator:
    return _Unseeded(who) if seed is None else stream(seed, name)


class _Unseeded(np.random.Generator):
    """Stands in for a generator where no seed was given: nobody needs to declare that he draws."""

    def __init__(self, who: str) -> None:
        super().__init__(np.random.PCG64(0))
        self._who = who

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_"):
            return super().__getattribute__(name)
        raise ValueError(f"{self._who} draws random numbers: seed must be given")


class RangeCheck:
    """Sees to it that the sums of a run stay below 2**53, up to where sums of whole numbers are exact.

    What can pass through one sum is every size, and the growth of as many requests as can be active at once
    over the whole run. Requests are added chunk by chunk.

    Parameters
    ----------
    system : System
    steps : int or None
        The most steps of the run; ``None``: until every request has left, which `LONGEST_RUN` must allow.
    """

    def __init__(self, system: System, steps: int | None) -> None:
        self.system, self.steps = system, steps
        self.sizes, self.stays, self.requests = 0.0, 0.0, 0

    def add(self, workload: Workload) -> None:
        """Count the requests of a chunk in.

        Raises
        ------
        ValueError
            If a length outlasts the longest run, or the sums could reach 2**53.
        """
        longest = int(np.argmax(workload.lengths))
        if self.steps is None and workload.lengths[longest] > LONGEST_RUN:
            raise ValueError(
                f"steps must be given (at most {LONGEST_RUN}): "
                f"lengths[{self.requests + longest}] = {workload.lengths[longest]} steps would outlast it"
            )
        limit = np.inf if self.steps is None else float(self.steps)
        self.requests += workload.requests
        self.sizes += float(workload.sizes.sum())
        self.stays += float(np.minimum(workload.lengths.astype(np.float64), limit).sum())
        drift, high = workload.drift, float(workload.drift.increment_range[1])
        held = min(self.system.capacity, self.requests)
        spent = held * min(self.stays, limit) if drift.is_common else self.stays
        checks.check(
            self.sizes + high * spent < EXACT_INTEGER_LIMIT,
            "sizes and growth must sum to less than 2**53, up to where whole numbers are exact: sizes sum to "
            f"{self.sizes:.4g}, and {type(drift).__name__} may add {high:.4g} in each of {spent:.4g} "
            "steps of requests",
        )
