"""Power and energy of one step (docs/theory.md §4), the readable version of what the engines record.

May import numpy and `simulation.system`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.system import PowerModel

__all__ = ["step_power_w"]


def step_power_w(loads: NDArray[np.float64], power: PowerModel) -> float:
    """Return the power of all workers in a step, watts: Σ_g idle + (busy - idle)·(L_g / max L)^γ.

    Parameters
    ----------
    loads : (G,) float64
        L_g. If all are zero every worker idles.
    power : PowerModel
    """
    top = loads.max()
    if top <= 0:
        return power.idle_w * len(loads)
    swing = power.busy_w - power.idle_w
    return float((power.idle_w + swing * (loads / top) ** power.exponent).sum())
