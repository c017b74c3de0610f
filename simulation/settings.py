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

__all__ = ["LONGEST_RUN", "Settings", "check_range", "drift_stream"]

#: The most steps of one run: 5 GB of records.
LONGEST_RUN = 10**8

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


def check_range(workload: Workload, system: System, steps: int | None) -> None:
    """Raise ``ValueError`` unless a run ends in `LONGEST_RUN` steps and its sums stay below 2**53.

    Up to there sums of whole numbers are exact. What can pass through one sum is every size, and the growth
    of as many requests as can be active at once over the whole run.
    """
    longest = int(np.argmax(workload.lengths))
    if steps is None and workload.lengths[longest] > LONGEST_RUN:
        raise ValueError(
            f"steps must be given (at most {LONGEST_RUN}): "
            f"lengths[{longest}] = {workload.lengths[longest]} steps would outlast it"
        )
    limit = np.inf if steps is None else float(steps)
    drift, high = workload.drift, float(workload.drift.increment_range[1])
    stays = np.minimum(workload.lengths.astype(np.float64), limit)
    held = min(system.capacity, workload.requests)
    spent = held * min(float(stays.sum()), limit) if drift.is_common else float(stays.sum())
    total = float(workload.sizes.sum()) + high * spent
    checks.check(
        total < EXACT_INTEGER_LIMIT,
        f"sizes and growth must sum to less than 2**53, up to where whole numbers are exact: sizes sum to "
        f"{workload.sizes.sum():.4g}, and {type(drift).__name__} may add {high:.4g} in each of {spent:.4g} "
        "steps of requests",
    )
