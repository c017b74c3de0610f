"""BF-IO: balance the future with integer optimisation (docs/theory.md §1), by either solver."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from formulations import MODELS, OBJECTIVES, Assignment, StepProblem, solve_exact
from formulations.fast import solve_fast
from simulation.policies._kernels import BALANCE
from simulation.policies.base import Policy, View

__all__ = ["Bfio", "BfioExact"]


#: Weights are whole numbers of these parts, so that objectives of whole workloads stay exact.
PARTS = 16

#: Exponent of the default weights; docs/lookahead.md has the measurements behind it.
TURNOVER_EXPONENT = 1 / 3


class _Balancing(Policy):
    """What both solvers of the step's program share: its options and its weights."""

    bindings = ("pooled",)

    def __init__(self, *, horizon: int, discount: float | None, objective: str, max_wait: int | None) -> None:
        self.horizon = checks.count("horizon", horizon)
        self.discount = None if discount is None else checks.number("discount", discount, above=0, at_most=1)
        self.objective = checks.choice("objective", objective, OBJECTIVES)
        self.objective_code = OBJECTIVES.index(objective)
        self.max_wait = None if max_wait is None else checks.count("max_wait", max_wait, at_least=1)

    @property
    def options(self) -> Mapping[str, Any]:
        """The arguments it was made with."""
        return {
            "horizon": self.horizon,
            "discount": self.discount,
            "objective": self.objective,
            "max_wait": self.max_wait,
        }

    def weights(self, turnover: float) -> NDArray[np.float64]:
        """Return the weights in whole `PARTS`, up to the last column that is worth half a part."""
        rate = TURNOVER_EXPONENT * turnover if self.discount is None else -math.log(self.discount)
        worth: NDArray[np.float64] = np.floor(PARTS * np.exp(-rate * np.arange(self.horizon + 1)) + 0.5)
        return worth[worth > 0] if rate > 0 else np.ones_like(worth)

    def solve(self, problem: StepProblem) -> Assignment:
        """Return the assignment of a step, with the bound that is proven."""
        raise NotImplementedError

    def assign(self, view: View) -> NDArray[np.int64]:
        """Solve the step's program, and keep the proven gap."""
        found = self.solve(view.problem(max_wait=self.max_wait))
        self.gap = found.gap / view.weights[0]
        return found.worker


class Bfio(_Balancing):
    """Each step's integer program by `formulations.solve_fast`: certified, and within a decode step.

    Where sizes are two at most, ``horizon`` is 0, loads are whole numbers and every slot gets filled, each
    decision is optimal (`formulations.solve_two_sizes`); elsewhere ``Run.gap`` says how near it is.

    Parameters
    ----------
    horizon : int
        H: balance the sum over this and the next H steps. What is known of them is the ``lookahead`` of
        `simulation.simulate`; where growth is common, every slot gets filled and no completion is foreseen,
        every H has the same optimum (near ties may fall differently: the search for H = 0 goes further).
    discount : float, optional
        A step h ahead is worth discount^h, in (0, 1]. Default: exp(-λh/3), λ the completions per worker and
        step so far; exp(-λh) is the chance that a worker gets no free slot, hence no new chance to correct,
        until then.
    objective : str
        One of `formulations.OBJECTIVES`.
    max_wait : int, optional
        A request shown for this many steps is admitted first. Default: no limit, and then the largest or the
        smallest sizes may wait for as long as others fit better.
    """

    name = "bfio"
    kernel = BALANCE

    def __init__(
        self,
        *,
        horizon: int = 0,
        discount: float | None = None,
        objective: str = "imbalance",
        max_wait: int | None = None,
    ) -> None:
        super().__init__(horizon=horizon, discount=discount, objective=objective, max_wait=max_wait)

    def solve(self, problem: StepProblem) -> Assignment:
        """Solve it in microseconds, near its optimum."""
        return solve_fast(problem, objective=self.objective)


class BfioExact(_Balancing):
    """Each step's integer program by `formulations.solve_exact`: proven optimal, seconds per step at scale.

    Parameters
    ----------
    horizon, discount, objective, max_wait
        As for `Bfio`.
    time_limit_s : float, optional
        Per step, > 0; the best assignment found by then is used, and ``Run.gap`` says how far from optimal it
        may be. Where none was found by then, `contracts.TimeLimit` ends the run.
    model : str
        One of `formulations.MODELS`.
    """

    name = "bfio_exact"

    def __init__(
        self,
        *,
        horizon: int = 0,
        discount: float | None = None,
        objective: str = "imbalance",
        max_wait: int | None = None,
        time_limit_s: float | None = None,
        model: str = "assignment",
    ) -> None:
        super().__init__(horizon=horizon, discount=discount, objective=objective, max_wait=max_wait)
        limited = time_limit_s is not None
        self.time_limit_s = checks.number("time_limit_s", time_limit_s, above=0) if limited else None
        self.model = checks.choice("model", model, MODELS)

    @property
    def options(self) -> Mapping[str, Any]:
        """The arguments it was made with."""
        return {**super().options, "time_limit_s": self.time_limit_s, "model": self.model}

    def solve(self, problem: StepProblem) -> Assignment:
        """Solve it to optimality, or to the time limit."""
        return solve_exact(
            problem, objective=self.objective, time_limit_s=self.time_limit_s, model=self.model
        )
