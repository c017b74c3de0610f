"""Who is expected to leave within the window, by worker and step: the readable version.

The compiled engine keeps the same numbers incrementally (`simulation._departures_kernel`,
`simulation._ages_kernel`). May import numpy, drift_processes and `simulation.lookahead`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drift_processes import Law

__all__ = [
    "RENEWALS",
    "AgeRecord",
    "Departures",
    "age_bounds",
    "believed_departures",
    "expected_departures",
    "leave_table",
]

#: Steps before which a policy is asked for its weights anew and the hazard is estimated anew.
RENEWALS = (0, *(2**n for n in range(40)))

#: Chances of leaving are kept in this many parts, so that sums of them times whole workloads are exact.
PARTS = 1024


class Departures(NamedTuple):
    """Expected departures up to each column, (G, K) each."""

    gone: NDArray[np.float64]  # how many
    lost: NDArray[np.float64]  # the load they would have in that column
    regrown: NDArray[np.float64]  # by how much their refills will have grown by then


def believed_departures(
    *,
    worker: NDArray[np.int64],
    load: NDArray[np.float64],
    age: NDArray[np.int64],
    believed: NDArray[np.int64],
    growth: NDArray[np.float64],
    workers: int,
) -> Departures:
    """Return the departures that follow from believed lengths (oracle, noisy).

    Parameters
    ----------
    worker, load, age, believed : (n,) arrays
        The active requests before admission; ``age`` counts the steps they have been active.
    growth : (K,) float64
        Expected cumulative growth.
    workers : int
    """
    result = Departures(*(np.zeros((workers, len(growth))) for _ in range(3)))
    left = believed - age  # the column in which each is believed gone; <= 0: that belief proved false
    for h in range(1, len(growth)):
        now = (left >= 1) & (left <= h)
        result.gone[:, h] = np.bincount(worker[now], minlength=workers)
        result.lost[:, h] = np.bincount(worker[now], weights=load[now] + growth[h], minlength=workers)
        regrown = growth[h] - growth[left[now]]
        result.regrown[:, h] = np.bincount(worker[now], weights=regrown, minlength=workers)
    return result


def expected_departures(
    *,
    worker: NDArray[np.int64],
    load: NDArray[np.float64],
    age: NDArray[np.int64],
    bounds: NDArray[np.int64],
    leave: NDArray[np.float64],
    growth: NDArray[np.float64],
    workers: int,
) -> Departures:
    """Return the departures expected under a hazard.

    Parameters
    ----------
    bounds, leave
        Age classes (`age_bounds`) and each class's chance to have left by each column (`leave_table`).
    """
    result = Departures(*(np.zeros((workers, len(growth))) for _ in range(3)))
    since = regrowth_table(leave, growth)
    kind = np.searchsorted(bounds, age, side="right") - 1
    for h in range(1, len(growth)):
        chance = leave[kind, h]
        result.gone[:, h] = np.bincount(worker, weights=chance, minlength=workers)
        result.lost[:, h] = np.bincount(worker, weights=chance * (load + growth[h]), minlength=workers)
        result.regrown[:, h] = np.bincount(worker, weights=since[kind, h], minlength=workers)
    return result


def age_bounds(longest: int) -> NDArray[np.int64]:
    """Return where age classes begin: 0, then two per octave, up to ``longest`` steps."""
    octaves = int(np.ceil(np.log2(max(longest, 2)))) + 1
    edges = np.concatenate([[0], np.floor(2 ** (np.arange(2 * octaves) / 2))]).astype(np.int64)
    return np.unique(edges[edges <= longest])


class AgeRecord(NamedTuple):
    """Steps spent in each age class, and completions in it."""

    exposure: NDArray[np.int64]
    completed: NDArray[np.int64]

    def survival(self, bounds: NDArray[np.int64], ages: int) -> NDArray[np.float64]:
        """Return the estimated P(o > a), a = 0..ages-1: the hazard is taken as constant within a class.

        The occurrence-exposure rate of a class leans by one step towards the rate over all ages.
        """
        everywhere = self.completed.sum() / max(self.exposure.sum(), 1)
        rate = (self.completed + everywhere) / (self.exposure + 1.0)
        kind = np.searchsorted(bounds, np.arange(ages), side="right") - 1
        stays = np.cumprod(1 - np.minimum(rate, 1.0)[kind])
        return np.concatenate([[1.0], stays[:-1]])


def leave_table(
    bounds: NDArray[np.int64], columns: int, *, lengths: Law | None, record: AgeRecord
) -> NDArray[np.float64]:
    """Return each age class's chance to have left by each column, (classes, K) in whole `PARTS`.

    P(left by h | in the class) = 1 - Σ_a S(a + h) / Σ_a S(a) over the ages a of the class, S(a) = P(o > a).
    """
    last = int(2 * bounds[-1] + 2)
    ages = last + columns
    if lengths is None:
        survival = record.survival(bounds, ages)
    else:
        known = lengths.survival()[:ages]
        survival = np.concatenate([known, np.zeros(ages - len(known))])
    edges = np.append(bounds, last)
    running = np.concatenate([[0.0], np.cumsum(survival)])
    alive = np.stack([running[edges[1:] + h] - running[edges[:-1] + h] for h in range(columns)], axis=1)
    stay = np.divide(alive, alive[:, :1], out=np.zeros_like(alive), where=alive[:, :1] > 0)
    stay[:, 0] = 1.0
    chance: NDArray[np.float64] = np.floor((1 - stay) * PARTS + 0.5) / PARTS
    return chance


def regrowth_table(leave: NDArray[np.float64], growth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by how much the refill of one request of each class is expected to have grown, (classes, K).

    A refill that comes in column t has grown by growth[h] - growth[t] in column h.
    """
    arrives = np.diff(leave, axis=1, prepend=0.0)
    result: NDArray[np.float64] = np.cumsum(arrives, axis=1) * growth - np.cumsum(arrives * growth, axis=1)
    return result
