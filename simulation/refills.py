"""What fills the slots that departures free, in a prediction: the readable version.

`simulation._refills_kernel` is the compiled twin. May import numpy and `simulation.departures`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.departures import Departures

__all__ = ["BISECTIONS", "PoolSizes", "predicted_loads"]

#: Halvings of the interval in which the balanced level lies; few enough that whole workloads stay exact.
BISECTIONS = 16


class PoolSizes:
    """Smallest, largest and mean size of the requests shown; the mean is whole where all sizes are.

    Parameters
    ----------
    sizes : (N,) float64, N >= 1
    """

    def __init__(self, sizes: NDArray[np.float64]) -> None:
        self.smallest, self.largest = float(sizes.min()), float(sizes.max())
        self.whole = bool((sizes == np.floor(sizes)).all())
        mean = float(sizes.sum()) / len(sizes)
        self.mean = float(np.floor(mean + 0.5)) if self.whole else mean


def predicted_loads(
    *,
    loads: NDArray[np.float64],
    active: NDArray[np.int64],
    free: NDArray[np.int64],
    growth: NDArray[np.float64],
    departures: Departures,
    pool: PoolSizes,
    refill: str,
) -> NDArray[np.float64]:
    """Return ℓ̂_g(h), the load of the requests now on each worker and of refills, h steps ahead.

    Parameters
    ----------
    loads, active, free : (G,) arrays
        Present load, requests and free slots of each worker.
    growth : (K,) float64
        Expected cumulative growth.
    departures : Departures
    pool : PoolSizes
    refill : {"balanced", "mean", "none"}
        See `simulation.lookahead.Lookahead`.

    Returns
    -------
    (G, K) float64

    Notes
    -----
    *balanced*: in column h worker g will hold what stays, what this step is expected to add (it fills towards
    the level that the heaviest must reach, as far as the pool's sizes allow) and refills for ``gone[g]``
    departures of between ``smallest`` and ``largest`` each. One level T for all is sought such that filling
    every such worker up to T takes refills of the mean size in total.
    """
    stays = loads[:, None] + active[:, None] * growth[None, :] - departures.lost
    if refill == "none":
        return np.asarray(stays, dtype=np.float64)
    if refill == "mean":
        return np.asarray(stays + departures.gone * pool.mean + departures.regrown, dtype=np.float64)
    result = stays.copy()
    top = float((loads + free * pool.smallest).max())
    added = np.clip(top - loads, free * pool.smallest, free * pool.largest)
    for h in range(1, len(growth)):
        gone = departures.gone[:, h]
        if not gone.any():
            continue
        rest = stays[:, h] + departures.regrown[:, h] + added + free * growth[h]
        level = _level(rest, gone, pool)
        sizes = np.clip(level - rest, gone * pool.smallest, gone * pool.largest)
        result[:, h] += np.where(gone > 0, departures.regrown[:, h] + sizes, 0.0)
    return result


def _level(rest: NDArray[np.float64], gone: NDArray[np.float64], pool: PoolSizes) -> float:
    """Return the T at which refills take the mean size in total."""
    some = gone > 0
    rest, gone = rest[some], gone[some]
    low, high = float((rest + gone * pool.smallest).min()), float((rest + gone * pool.largest).max())
    budget = float(gone.sum()) * pool.mean
    for _ in range(BISECTIONS):
        level = 0.5 * (low + high)
        need = np.clip(level - rest, gone * pool.smallest, gone * pool.largest).sum()
        if need > budget:
            high = level
        else:
            low = level
    return float(np.floor(low)) if pool.whole else low
