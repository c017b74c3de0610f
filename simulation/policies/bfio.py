"""BF-IO: balance the future with integer optimisation (docs/theory.md §1), by either solver."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from formulations import OBJECTIVES, solve_exact
from formulations.fast import solve_fast
from simulation.policies._kernels import BALANCE
from simulation.policies.base import Policy, View

__all__ = ["Bfio", "BfioExact"]


#: Weights are whole numbers of these parts, so that objectives of whole workloads stay exact.
PARTS = 16

#: Exponent of the default weights; docs/lookahead.md has the measurements behind it.
TURNOVER_EXPONENT = 1 / 3


class Bfio(Policy):
    """Each step's integer program by `formulations.solve_fast`: certified, and within a decode step.

    Parameters
    ----------
    horizon : int
        H: balance the sum over this and the next H steps. What is known of them is the ``lookahead`` of
        `simulation.simulate`; where growth is common and no completion is foreseen, every H decides alike.
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
        self.horizon = checks.count("horizon", horizon)
        self.discount = None if discount is None else checks.number("discount", discount, above=0, at_most=1)
        self.objective = checks.choice("objective", objective, OBJECTIVES)
        self.objective_code = OBJECTIVES.index(objective)
        self.max_wait = None if max_wait is None else checks.count("max_wait", max_wait, at_least=1)

    def weights(self, turnover: float) -> NDArray[np.float64]:
        """Return the weights in whole `PARTS`, up to the last column that is worth half a part."""
        rate = TURNOVER_EXPONENT * turnover if self.discount is None else -math.log(self.discount)
        worth: NDArray[np.float64] = np.floor(PARTS * np.exp(-rate * np.arange(self.horizon + 1)) + 0.5)
        return worth[worth > 0] if rate > 0 else np.ones_like(worth)

    def assign(self, view: View) -> NDArray[np.int64]:
        """Solve the step's program."""
        found = solve_fast(view.problem(max_wait=self.max_wait), objective=self.objective)
        self.gap = found.gap / view.weights[0]
        return found.worker

    def __repr__(self) -> str:
        return f"Bfio(horizon={self.horizon}, discount={self.discount}, max_wait={self.max_wait})"


class BfioExact(Policy):
    """Each step's integer program by `formulations.solve_exact`: proven optimal, seconds per step at scale.

    Parameters
    ----------
    objective : str
        One of `formulations.OBJECTIVES`.
    time_limit_s : float, optional
        Per step; the best assignment found by then is used.
    model : str
        ``"assignment"`` or ``"by_size"``.
    """

    name = "bfio_exact"

    def __init__(
        self,
        *,
        objective: str = "imbalance",
        time_limit_s: float | None = None,
        model: str = "assignment",
    ) -> None:
        self.objective = objective
        self.time_limit_s = time_limit_s
        self.model = model

    def assign(self, view: View) -> NDArray[np.int64]:
        """Solve the step's program to optimality, or to the time limit."""
        return solve_exact(
            view.problem(), objective=self.objective, time_limit_s=self.time_limit_s, model=self.model
        ).worker
