"""What a policy sees (`View`) and what it must do (`Policy.assign`).

A policy of one's own subclasses `Policy` and overrides `assign`; nothing else is needed. May import
contracts, formulations and numpy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from formulations import StepProblem

__all__ = ["Policy", "Running", "View", "checked_weights"]


def _none() -> NDArray[np.int64]:
    return np.zeros(0, dtype=np.int64)


class Running(NamedTuple):
    """The active requests, one entry each, in the order of admission.

    Attributes
    ----------
    worker : (n,) int64
    age : (n,) int64
        Steps each has been active.
    load : (n,) float64
        Its present load.
    """

    worker: NDArray[np.int64]
    age: NDArray[np.int64]
    load: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class View:
    """The state a policy decides on: what is known before the admissions of one step.

    Attributes
    ----------
    step : int
        k.
    loads : (G, K) float64
        Predicted load of the continuing requests at k, k+1, …; column 0 is the present load, exactly.
    active : (G,) int64
        Requests on each worker.
    free_slots : (G,) int64
    sizes : (N,) float64
        Waiting requests shown, in arrival order.
    waited : (N,) int64
        Steps since each of them was first shown.
    growth : (K,) float64
        Cumulative growth of a request admitted now.
    weights : (K,) float64
        What the policy said each column is worth.
    rng : numpy.random.Generator
        The policy's own random stream; without a seed it raises when it is used.
    queued : (G,) int64
        Requests that wait in each worker's own queue; 0 where requests wait in one pool.
    queued_load : (G,) float64
        Σ of their sizes.
    time_s : float
        When the step begins.
    step_growth : float
        By how much a request is expected to grow in a step.
    running : Running
        The active requests one by one.
    finished : (m,) int64
        Lengths of the requests whose last step was the one before.

    Notes
    -----
    With immediate binding the requests shown are those that arrived since the last step, ``free_slots`` has
    room for all of them on every worker (their queues), and only column 0 of ``loads`` is there.
    """

    step: int
    loads: NDArray[np.float64]
    active: NDArray[np.int64]
    free_slots: NDArray[np.int64]
    sizes: NDArray[np.float64]
    waited: NDArray[np.int64]
    growth: NDArray[np.float64]
    weights: NDArray[np.float64]
    rng: np.random.Generator
    queued: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    queued_load: NDArray[np.float64] = field(default_factory=lambda: np.zeros(1))
    time_s: float = 0.0
    step_growth: float = 0.0
    running: Running = field(default_factory=lambda: Running(_none(), _none(), np.zeros(0)))
    finished: NDArray[np.int64] = field(default_factory=_none)

    @property
    def admissions(self) -> int:
        """U = min(number shown, number of free slots): exactly as many must be placed."""
        return int(min(len(self.sizes), self.free_slots.sum()))

    def problem(self, *, max_wait: int | None = None) -> StepProblem:
        """Return the decision as a `formulations.StepProblem`.

        With ``max_wait`` the requests that waited that many steps are required, the oldest of them where
        there are more than slots.
        """
        required = None
        if max_wait is not None:
            late = self.waited >= max_wait
            required = late & (np.cumsum(late) <= self.admissions)
        return StepProblem(
            self.loads, self.free_slots, self.sizes, self.growth, weights=self.weights, required=required
        )


class Policy:
    """A rule that fills free slots with waiting requests, step by step.

    Attributes
    ----------
    name : str
        As it appears in tables.
    kernel : int or None
        Code of the compiled twin in `simulation.policies._kernels`; ``None`` runs `assign` itself. A subclass
        that overrides `assign` without naming a kernel has none.
    bindings : tuple of str
        Which of "pooled" and "immediate" it can decide under; see `simulation.simulate`.
    horizon : int
        H, how many future columns of ``View.loads`` the policy wants.
    is_random : bool
        Whether it draws random numbers, so that a run without a seed is refused before it starts.
    gap : float
        Proven distance of the last decision from the step's optimum, in units of load; NaN where the policy
        proves nothing.
    objective_code, max_wait, refresh_s
        Settings of the compiled twin, where the policy has them.
    """

    name: str = "policy"
    kernel: int | None = None
    bindings: tuple[str, ...] = ("pooled", "immediate")
    horizon: int = 0
    is_random: bool = False
    gap: float = math.nan
    objective_code: int = 0
    max_wait: int | None = None
    refresh_s: float = 0.0

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        checks.instance(f"{cls.__name__}.bindings", cls.bindings, tuple, "a tuple of words")
        if {"assign", "solve", "watch"} & vars(cls).keys() and "kernel" not in vars(cls):
            cls.kernel = None  # an inherited twin would decide differently

    @property
    def options(self) -> Mapping[str, Any]:
        """What the policy was told beyond its name, by argument; kept in ``Run.options``."""
        return {}

    def reset(self) -> None:
        """Forget what was learnt in an earlier run; called once before the first step."""

    def weights(self, turnover: float) -> NDArray[np.float64]:
        """Return what each column of the window is worth, (K,) with 1 <= K <= H + 1; K columns are predicted.

        Parameters
        ----------
        turnover : float
            Completions per worker and step so far. Asked at step 0 (0.0 then) and at 1, 2, 4, 8, and so on.
        """
        del turnover
        return np.ones(self.horizon + 1)

    def watch(self, view: View) -> None:
        """Look at the beginning of a step, before anyone is bound or admitted: called in every step.

        The view shows no requests and only the present loads. Most policies have nothing to learn from it.
        """
        del view

    def assign(self, view: View) -> NDArray[np.int64]:
        """Return the worker of each request shown, (N,) int64, -1 for those left waiting.

        Exactly ``view.admissions`` requests must be placed, and no worker gets more than it has free slots.
        """
        raise NotImplementedError(f"{type(self).__name__} must override assign(view)")

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.options.items())
        return f"{type(self).__name__}({told})"


def checked_weights(policy: Policy, turnover: float) -> NDArray[np.float64]:
    """Return ``policy.weights(turnover)`` after holding it to its contract: 1 to H + 1 numbers > 0.

    Raises
    ------
    ValueError, TypeError
        Naming the policy and what is wrong.
    """
    name = f"weights of policy {policy.name!r}"
    weights = checks.array(name, policy.weights(turnover), shape=(None,), axes="(K,)")
    most = policy.horizon + 1
    checks.check(
        1 <= len(weights) <= most, f"{name} must have 1 to H + 1 = {most} entries, got {len(weights)}"
    )
    checks.check(bool((weights > 0).all()), f"{name} must be > 0, got {weights.min():g}")
    return np.array(weights, dtype=np.float64)
