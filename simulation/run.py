"""`Run`: what happened, step by step and request by request.

May import contracts, drift_processes, `simulation.lookahead` and `simulation.system`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes import Workload
from simulation.lookahead import Lookahead
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
        ``"pooled"``: requests wait in one pool until a slot takes them.
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
    duration_s : (K,) float64
        Δt of each step, seconds.
    energy_j : (K,) float64
        Joules of all workers in each step.
    gap : (K,) float64
        Proven distance of each step's decision from the step's optimum (load; 0 where there was nothing to
        decide, NaN where the policy proves nothing).
    start, finish : (n,) int64
        First step of each request and the first step it is gone; -1 where that did not happen in the run.
    worker : (n,) int64
        Where each request ran, -1 if never admitted.
    shown : (n,) int64
        The step in which each request entered the pool shown to the policy, -1 if it never did.
    wait : (n,) int64
        Steps from then to its admission, or to the end of the run if it still waits; 0 if never shown. In the
        overloaded regime everyone is there from the start, so only the time in view tells of starvation.
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
    duration_s: NDArray[np.float64]
    energy_j: NDArray[np.float64]
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

    def __post_init__(self) -> None:
        end = self.start + self.workload.lengths
        done = (self.start >= 0) & (end <= self.steps)
        put = object.__setattr__
        put(self, "finish", np.where(done, end, -1))
        until = np.where(self.start >= 0, self.start, self.steps)
        put(self, "options", MappingProxyType(dict(self.options)))
        put(self, "wait", np.where(self.shown >= 0, until - self.shown, 0))
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def steps(self) -> int:
        """K, the number of steps."""
        return len(self.max_load)

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
            share of the barrier's work capacity that idles); ``throughput`` (tokens/s); ``tpot_s`` (seconds
            per output token, averaged over tokens); ``energy_per_token_j``; ``step_s`` (mean Δt);
            ``admitted`` and ``finished`` (requests); ``longest_wait`` (steps).
        """
        first = checks.count("warmup", warmup, at_most=self.steps - 1)
        span = slice(first, None)
        tokens = float(self.active[span].sum())
        seconds = float(self.duration_s[span].sum())
        capacity = self.system.workers * float(self.max_load[span].sum())
        idle = float(self.imbalance[span].sum())
        return {
            "steps": self.steps - first,
            "imbalance": float(self.imbalance[span].mean()),
            "imbalance_max": float(self.imbalance[span].max()),
            "idle_fraction": _ratio(idle, capacity),
            "throughput": _ratio(tokens, seconds),
            "tpot_s": _ratio(float((self.active[span] * self.duration_s[span]).sum()), tokens),
            "energy_per_token_j": _ratio(float(self.energy_j[span].sum()), tokens),
            "step_s": float(self.duration_s[span].mean()),
            "admitted": int((self.start >= first).sum()),
            "finished": int((self.finish > first).sum()),
            "longest_wait": int(self.wait.max()),
        }

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
                "duration_s": self.duration_s,
                "energy_j": self.energy_j,
            }
        )

    def __repr__(self) -> str:
        return (
            f"Run({self.policy}, G={self.system.workers}, B={self.system.slots}, {self.steps} steps, "
            f"mean imbalance {self.imbalance.mean():g})"
        )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
