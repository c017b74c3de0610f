"""BalanceRoute: put the oldest request where it overflows the heaviest worker's load least.

Source: Bu, Lyu, Chen, Song, Liang, Gurung, Fan, Ye and Zhou, "Tackling the Data-Parallel Load Balancing
Bottleneck in LLM Serving", arXiv 2605.06113 (2026). A request of size s on worker g scores
F_g = α·s - β·max(s - m_g, 0) there, with the margin m_g = max_j L_j - L_g, or a discounted sum of such terms
over predicted loads. Which request is placed next is fixed here, the oldest, so that α·s is the same for all
workers and β > 0 only scales the rest: neither changes a choice, and neither is an option. May import
contracts, numpy and `simulation.policies`' base and codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from simulation.policies._kernels import BRH, LEAST_LOAD
from simulation.policies.base import Policy, View

__all__ = ["BalanceRoute0", "BalanceRouteH"]


class BalanceRoute0(Policy):
    """BR-0: oldest request to the worker where it scores most; ties by lower load, then lower index.

    Notes
    -----
    The overflow max(s - m_g, 0) never falls as L_g rises, so that the lightest worker always scores most: one
    request at a time, BR-0 decides as `LeastLoad` does, whose compiled twin it shares. What can set it apart
    is which request comes next, and that is left to the order of arrival here.
    """

    name = "br0"
    kernel = LEAST_LOAD

    def assign(self, view: View) -> NDArray[np.int64]:
        """Score every open worker for one request after the other."""
        loads = (view.loads[:, 0] + view.queued_load)[:, None]
        return least_overflow(view, loads, np.zeros(1), np.ones(1))


class BalanceRouteH(Policy):
    """BR-H: as BR-0 with the overflow summed over predicted loads, Σ_h γ^h·max(s - m_{g,h}, 0).

    Parameters
    ----------
    horizon : int
        H, steps ahead. What is predicted to complete in them is the ``lookahead`` of `simulation.simulate`;
        the paper's prediction takes completions out and puts nothing in their place, which is
        ``Lookahead(kind, refill="none")``.
    discount : float
        γ in (0, 1].

    Notes
    -----
    A request counts with its present size in all columns, as in the paper; once it is placed, its worker's
    predicted loads rise by what it will have grown to. Pooled only: nothing is predicted of requests that
    wait in a worker's own queue.
    """

    name = "brh"
    kernel = BRH
    bindings = ("pooled",)

    def __init__(self, *, horizon: int = 10, discount: float = 0.9) -> None:
        self.horizon = checks.count("horizon", horizon)
        self.discount = checks.number("discount", discount, above=0, at_most=1)

    @property
    def options(self) -> Mapping[str, Any]:
        """The arguments it was made with."""
        return {"horizon": self.horizon, "discount": self.discount}

    def weights(self, turnover: float) -> NDArray[np.float64]:
        """Return γ^h."""
        del turnover
        return np.asarray(self.discount ** np.arange(self.horizon + 1), dtype=np.float64)

    def assign(self, view: View) -> NDArray[np.int64]:
        """Score every open worker for one request after the other."""
        return least_overflow(view, view.loads.copy(), view.growth, view.weights)


def least_overflow(
    view: View, loads: NDArray[np.float64], growth: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the worker of each request; ``loads`` (G, K) are raised by what is placed."""
    worker = np.full(len(view.sizes), -1, dtype=np.int64)
    free, top = view.free_slots.copy(), loads.max(axis=0)
    for i in range(view.admissions):
        cost = np.zeros(len(free))
        for h, weight in enumerate(weights):  # summed in this order, as the compiled twin does
            cost += weight * np.maximum(view.sizes[i] - (top[h] - loads[:, h]), 0.0)
        g = min(np.flatnonzero(free), key=lambda j: (cost[j], loads[j, 0], j))
        worker[i] = g
        free[g] -= 1
        loads[g] += view.sizes[i] + growth
        top = np.maximum(top, loads[g])
    return worker
