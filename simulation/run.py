"""`Run`: what happened, step by step and request by request.

May import contracts, drift_processes, and from this room the lookahead, the metrics and the system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from contracts.pickling import anew
from drift_processes import Workload
from simulation.lookahead import Lookahead
from simulation.metrics import fairness_table, summary
from simulation.system import System

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Run"]


@dataclass(frozen=True, eq=False)
class Run:
    """A finished simulation of K steps and n requests. Arrays are read-only.

    Attributes
    ----------
    workload, system
        What was simulated.
    policy : str
        Name of the policy.
    binding : str
        ``"pooled"``: requests wait in one pool until a slot takes them; ``"immediate"``: each is bound to a
        worker when it arrives.
    seed : int or None
        Seed of all randomness; ``None``: none was given, and so nothing random was drawn.
    window : int
        How many waiting requests beyond the free slots a policy was shown.
    pool_limit : int or None
        The most waiting requests a policy was shown in all.
    max_load, total_load : (K,) float64
        max_g L_g and Σ_g L_g after admission, in units of load.
    active, admitted : (K,) int64
        Requests active in the step (after admission), and admitted in it.
    time_s : (K,) float64
        When each step begins, seconds. Where nothing runs and nobody waits, time passes between two steps.
    duration_s : (K,) float64
        Δt of each step, seconds.
    waiting, oldest_wait : (K,) int64
        Requests that have arrived and still wait after the admissions of the step, and the steps since the
        first of them was first shown.
    energy_j : (K,) float64
        Joules of all workers in each step.
    gap : (K,) float64
        Proven distance of each step's decision from the step's optimum (load; 0 where there was nothing to
        decide, NaN where the policy proves nothing).
    start, finish : (n,) int64
        First step of each request and the first step it is gone; -1 where that did not happen in the run.
    worker : (n,) int64
        Where each request ran; -1 if it was never admitted, or never bound where binding is immediate.
    shown : (n,) int64
        The step in which each request was first shown to the policy, -1 if it never was.
    wait : (n,) int64
        Steps from then to its admission, or to the end of the run if it still waits; 0 if never shown. In the
        overloaded regime everyone is there from the start, so only the time in view tells of starvation.
    wait_s, ttft_s : (n,) float64
        Seconds from the arrival of each request to its admission, and to its first token, the end of its
        first step. NaN where it was not admitted, or has no arrival time.
    tpot_s : (n,) float64
        Seconds per output token after the first: from the end of a request's first step to the end of its
        last, divided by the steps between. NaN where it did not finish, or has one step only.
    loads : (R, G) float64
        L_g of the first R steps, where recording was asked for.
    options : mapping
        What the policy was told beyond its name (`Policy.options`), read-only.
    lookahead : Lookahead
        What a policy with a horizon knew of completions.
    """

    workload: Workload
    system: System
    policy: str
    seed: int | None
    window: int
    pool_limit: int | None
    max_load: NDArray[np.float64]
    total_load: NDArray[np.float64]
    active: NDArray[np.int64]
    admitted: NDArray[np.int64]
    time_s: NDArray[np.float64]
    duration_s: NDArray[np.float64]
    energy_j: NDArray[np.float64]
    waiting: NDArray[np.int64]
    oldest_wait: NDArray[np.int64]
    gap: NDArray[np.float64]
    start: NDArray[np.int64]
    worker: NDArray[np.int64]
    shown: NDArray[np.int64]
    loads: NDArray[np.float64]
    binding: str = "pooled"
    options: Mapping[str, Any] = field(default_factory=dict)
    lookahead: Lookahead = field(default_factory=lambda: Lookahead("none"))
    finish: NDArray[np.int64] = field(init=False)
    wait: NDArray[np.int64] = field(init=False)
    wait_s: NDArray[np.float64] = field(init=False)
    ttft_s: NDArray[np.float64] = field(init=False)
    tpot_s: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        end = self.start + self.workload.lengths
        done = (self.start >= 0) & (end <= self.steps)
        put = object.__setattr__
        put(self, "finish", np.where(done, end, -1))
        until = np.where(self.start >= 0, self.start, self.steps)
        put(self, "options", MappingProxyType(dict(self.options)))
        put(self, "wait", np.where(self.shown >= 0, until - self.shown, 0))
        wait_s, ttft_s = (np.full(self.workload.requests, np.nan) for _ in range(2))
        if self.workload.arrival_s is not None:
            ran = np.flatnonzero(self.start >= 0)
            first, arrived = self.start[ran], self.workload.arrival_s[ran]
            wait_s[ran] = self.time_s[first] - arrived
            ttft_s[ran] = self.time_s[first] + self.duration_s[first] - arrived
        put(self, "wait_s", wait_s)
        put(self, "ttft_s", ttft_s)
        ends_s, tpot_s = self.time_s + self.duration_s, np.full(self.workload.requests, np.nan)
        more = np.flatnonzero(done & (self.workload.lengths > 1))
        spent_s = ends_s[end[more] - 1] - ends_s[self.start[more]]
        tpot_s[more] = spent_s / (self.workload.lengths[more] - 1)
        put(self, "tpot_s", tpot_s)
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def __reduce__(self) -> tuple[Any, ...]:
        return anew(self)

    @property
    def steps(self) -> int:
        """K, the number of steps."""
        return len(self.max_load)

    @property
    def is_clocked(self) -> bool:
        """Whether requests arrive one by one, at times of their own."""
        return self.workload.arrival_s is not None

    @property
    def imbalance(self) -> NDArray[np.float64]:
        """I(k) = G·max_g L_g - Σ_g L_g of every step, (K,) in units of load."""
        result: NDArray[np.float64] = self.system.workers * self.max_load - self.total_load
        return result

    def summary(self, *, warmup: int = 0) -> dict[str, float]:
        """Return the figures of the run over the steps from ``warmup`` on.

        Returns
        -------
        dict
            ``steps``; ``imbalance`` (mean I, load); ``imbalance_max``; ``idle_fraction`` (Σ I / Σ G·max L:
            share of the barrier's work capacity that idles); ``throughput`` (tokens/s, one token per active
            request and step); ``tpot_s`` (seconds per output token, averaged over tokens);
            ``energy_per_token_j``; ``step_s`` (mean Δt); ``admitted`` and ``finished`` (requests);
            ``longest_wait`` (steps in view, of requests admitted in these steps or still waiting at the end);
            ``tpot_s_p50``, ``_p90``, ``_p99`` (quantiles of `tpot_s` over the requests that finished in these
            steps; NaN where none did that has more than one step).

            Where requests arrive one by one also ``ttft_s_p50``, ``_p90``, ``_p99`` and ``wait_s_p50``,
            ``_p90``, ``_p99`` (quantiles over the requests admitted in these steps), ``longest_wait_s`` (as
            above, since arrival), ``queue`` and ``queue_max`` (requests waiting, mean over time and largest),
            ``occupancy`` (share of slots taken, mean over time) and ``empty_fraction`` (share of the time in
            which nothing runs). Time counts from the end of the step before, or from 0; without work it
            counts in ``throughput``, and in energy as idling.
        """
        return summary(self, checks.count("warmup", warmup, at_most=self.steps - 1))

    def fairness(self, *, groups: int = 10) -> pd.DataFrame:
        """Return how long requests waited by size: one row per group of sizes, deciles by default.

        Parameters
        ----------
        groups : int
            Groups of nearly as many requests each, cut at quantiles of the sizes; equal sizes stay together,
            so that there may be fewer groups.

        Returns
        -------
        pandas.DataFrame
            ``size_lo``, ``size_hi`` (both included), ``requests``, ``still_waiting`` (not admitted by the
            end), ``wait_p50``, ``wait_p90``, ``wait_p99``, ``longest``, in the ``unit`` of that column, those
            still waiting with what they have waited. Where requests arrive one by one of all that have
            arrived, in seconds since arrival; else of all that were ever shown, in steps in view.
        """
        return fairness_table(self, checks.count("groups", groups, at_least=1))

    def to_pandas(self) -> pd.DataFrame:
        """Return the per-step records as a data frame, one row per step."""
        import pandas as pd  # here: pandas takes half a second to import

        return pd.DataFrame(
            {
                "step": np.arange(self.steps),
                "max_load": self.max_load,
                "total_load": self.total_load,
                "imbalance": self.imbalance,
                "active": self.active,
                "admitted": self.admitted,
                "time_s": self.time_s,
                "duration_s": self.duration_s,
                "energy_j": self.energy_j,
                "waiting": self.waiting,
                "oldest_wait": self.oldest_wait,
            }
        )

    def __repr__(self) -> str:
        return (
            f"Run({self.policy}, G={self.system.workers}, B={self.system.slots}, {self.steps} steps, "
            f"mean imbalance {self.imbalance.mean():g})"
        )
