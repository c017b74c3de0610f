"""The waiting pool of a run, rebuilt from who started when. May import numpy and `simulation.run`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.run import Run

__all__ = ["pool_counts"]


def pool_counts(
    run: Run, low: float, high: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return U, and how many sizes <= ``low`` and >= ``high`` the policy was shown, for every step.

    A request waits at step k if it has arrived by then and starts at k, later or never. Shown are the first
    min(U + window, pool_limit) that wait, in arrival order, U being the free slots before admission.

    Returns
    -------
    free, small, large : (K,) int64
        Counts are 0 in steps without a free slot, in which nobody is asked.
    """
    free = run.system.capacity - (run.active - run.admitted)
    number = run.workload.requests
    limit = number if run.pool_limit is None else run.pool_limit
    times = run.workload.arrival_s
    arrived = (
        np.full(run.steps, number) if times is None else np.searchsorted(times, run.time_s, side="right")
    )
    is_small, is_large = run.workload.sizes <= low, run.workload.sizes >= high
    small, large = np.zeros(run.steps, dtype=np.int64), np.zeros(run.steps, dtype=np.int64)
    # those ever shown and still waiting, in order, never more than are shown next: at most min(window,
    # pool_limit - U) stay behind; after them all from `unseen` on that have arrived wait too
    waiting = np.zeros(0, dtype=np.int64)
    unseen = 0
    for k in np.flatnonzero(free > 0):
        shown = min(int(free[k]) + run.window, limit)
        new = max(0, min(shown - len(waiting), int(arrived[k]) - unseen))
        waiting = np.concatenate([waiting, np.arange(unseen, unseen + new)])
        unseen += new
        small[k], large[k] = is_small[waiting].sum(), is_large[waiting].sum()
        waiting = waiting[run.start[waiting] != k]
    return free, small, large
