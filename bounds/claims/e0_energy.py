r"""E0: the energy of a step, enclosed by its duration and its relative imbalance.

Statement
    With D = P_max - P_idle and M the largest load of the step,
    T·(G·P_max - D·I/M) <= e <= T·(G·P_max - γ·D·I/M).
Status
    proved.
Assumptions
    None beyond the model of power: a worker at utilisation u = L_g / M draws P_idle + D·u^γ, 0 < γ <= 1.
Constants
    P_idle, P_max in watts; γ.
Proof
    docs/theory.md §4, E0: u <= u^γ <= 1 - γ·(1 - u) for 0 <= u <= 1, and Σ_g (1 - u_g) = I/M.
Tight when
    γ = 1, or I = 0; the lower side also where every worker is at 0 or at M.
Source
    This project; the model of power is that of Chen et al., arXiv 2601.17855 (2026).
Example
    G = 2, loads (2, 0), T = 1 s, P_idle = 100, P_max = 400, γ = 0.7: I/M = 1, e = 500, within [500, 590].
"""

from __future__ import annotations

import numpy as np
import sympy
from numpy.typing import ArrayLike, NDArray

from bounds.claim import Claim, Neighbour
from contracts import checks

__all__ = ["CLAIM", "step_energy_bounds"]

G, T, I_M, P_idle, P_max, gamma = sympy.symbols("G T I_M P_idle P_max gamma", nonnegative=True)

CLAIM = Claim(
    id="E0",
    title="energy of a step",
    statement=(
        r"\Delta t\left(G P_{\max} - (P_{\max}-P_{\mathrm{idle}})\tfrac{I}{M}\right) \le e \le "
        r"\Delta t\left(G P_{\max} - \gamma (P_{\max}-P_{\mathrm{idle}})\tfrac{I}{M}\right)"
    ),
    status="proved",
    direction="between",
    tight=True,
    assumptions=(),
    symbols={
        "G": "workers",
        "T": "duration of the step, seconds",
        "I_M": "I/M, imbalance over the largest load; G where no load is positive",
        "P_idle": "power of an idle worker, watts",
        "P_max": "power of a worker at full utilisation, watts",
        "gamma": "exponent of the utilisation, in (0, 1]",
    },
    expression=T * (G * P_max - gamma * (P_max - P_idle) * I_M),
    lower=T * (G * P_max - (P_max - P_idle) * I_M),
    domain={
        "G >= 1": G >= 1,
        "I_M <= G": I_M <= G,
        "P_max >= P_idle": P_max >= P_idle,
        "gamma > 0": gamma > 0,
        "gamma <= 1": gamma <= 1,
    },
    source="this project; model of power: arXiv 2601.17855",
    proof="docs/theory.md §4, E0",
    neighbour=Neighbour(
        statement=(
            r"e \le \Delta t\left(G P_{\max} - "
            r"\tfrac{1+\gamma}{2} (P_{\max}-P_{\mathrm{idle}})\tfrac{I}{M}\right)"
        ),
        expression=T * (G * P_max - (1 + gamma) / 2 * (P_max - P_idle) * I_M),
        why=(
            "G = 2, loads (10, 9), T = 1 s, P_idle = 100, P_max = 400, gamma = 0.7: e = 778.7, and it asks "
            "for at most 774.5"
        ),
    ),
)


#: Largest duration, load and power: no product of them leaves float64.
LARGEST = 1e75


def step_energy_bounds(
    duration_s: ArrayLike,
    max_load: ArrayLike,
    total_load: ArrayLike,
    *,
    workers: int,
    idle_w: float,
    busy_w: float,
    exponent: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both sides of the claim for every step of a run.

    A step without any load has u = 0 on every worker, so I/M is taken as G there.

    Parameters
    ----------
    duration_s, max_load, total_load : (K,) array_like of float
        As recorded in a `simulation.Run`: seconds, max_g L_g and Σ_g L_g.
    workers : int
        G >= 1.
    idle_w, busy_w, exponent : float
        P_idle <= P_max in watts, and γ in (0, 1].

    Returns
    -------
    lower, upper : (K,) float64
        Joules of all workers.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable.

    Examples
    --------
    >>> sides = step_energy_bounds([1], [2], [2], workers=2, idle_w=100, busy_w=400, exponent=0.7)
    >>> [float(side[0]) for side in sides]
    [500.0, 590.0]
    """
    seconds = checks.array("duration_s", duration_s, shape=(None,), at_least=0, at_most=LARGEST, axes="(K,)")
    shape, axes = (len(seconds),), f"(K,) = ({len(seconds)},)"
    top = checks.array("max_load", max_load, shape=shape, at_least=0, at_most=LARGEST, axes=axes)
    total = checks.array("total_load", total_load, shape=shape, at_least=0, at_most=LARGEST, axes=axes)
    count = checks.count("workers", workers, at_least=1, at_most=checks.EXACT_INTEGER_LIMIT)
    idle = checks.number("idle_w", idle_w, at_least=0)
    busy = checks.number("busy_w", busy_w, at_least=idle, at_most=LARGEST)
    power = checks.number("exponent", exponent, above=0, at_most=1)
    beyond = np.flatnonzero(total > count * top * (1 + 1e-9))
    if beyond.size:
        i = int(beyond[0])
        raise ValueError(
            f"total_load[{i}] must be <= workers * max_load[{i}] = {count * top[i]:g}, got {total[i]:g}"
        )
    used = np.where(top > 0, total / np.where(top > 0, top, 1.0), 0.0)
    shortfall = (busy - idle) * (count - used)
    return seconds * (count * busy - shortfall), seconds * (count * busy - power * shortfall)
