"""The figures of a run: what a barrier costs, what a request notices, and who waits.

`Sums` are what the figures of the steps are made of; they add up, so that a run may be summed block by block.
May import numpy, `simulation.system`; pandas where a table is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation.system import System

if TYPE_CHECKING:
    import pandas as pd

    from simulation._state import Steps
    from simulation.run import Run

__all__ = ["LEVELS", "Sums", "by_size", "fairness_table", "quantiles", "summary", "waits_so_far"]

#: Levels of the quantiles, in per cent.
LEVELS = (50, 90, 99)


@dataclass(frozen=True)
class Sums:
    """Sums over steps; those that end in ``_s`` are weighted by the duration of the step."""

    steps: int = 0
    imbalance: float = 0.0
    imbalance_max: float = 0.0
    capacity: float = 0.0  # G·max L
    tokens: float = 0.0
    joules: float = 0.0
    busy_s: float = 0.0
    empty_s: float = 0.0  # time between steps, in which nothing runs
    token_s: float = 0.0
    waiting_s: float = 0.0
    waiting_max: int = 0

    @classmethod
    def of(
        cls,
        records: Run | Steps,
        energy_j: NDArray[np.float64],
        workers: int,
        *,
        first: int,
        ended_s: float = 0.0,
    ) -> Sums:
        """Return the sums of the steps from row ``first`` on, at least one, and of the time before each.

        ``ended_s`` is when the step before row 0 ended.
        """
        span = slice(first, None)
        ends_s = np.concatenate([[ended_s], records.time_s + records.duration_s])
        between_s = (records.time_s - ends_s[:-1])[span]
        imbalance = workers * records.max_load[span] - records.total_load[span]
        active, seconds, waiting = records.active[span], records.duration_s[span], records.waiting[span]
        return cls(
            steps=len(imbalance),
            imbalance=float(imbalance.sum()),
            imbalance_max=float(imbalance.max()),
            capacity=workers * float(records.max_load[span].sum()),
            tokens=float(active.sum()),
            joules=float(energy_j[span].sum()),
            busy_s=float(seconds.sum()),
            empty_s=float(between_s.sum()),
            token_s=float((active * seconds).sum()),
            waiting_s=float((waiting * seconds).sum()),
            waiting_max=int(waiting.max()),
        )

    def __add__(self, other: Sums) -> Sums:
        both = {f.name: (getattr(self, f.name), getattr(other, f.name)) for f in fields(self)}
        return Sums(
            **{name: max(pair) if name.endswith("_max") else pair[0] + pair[1] for name, pair in both.items()}
        )

    def figures(self, system: System) -> dict[str, float]:
        """Return the figures of `simulation.Run.summary` that follow from sums over steps."""
        joules = self.joules + self.empty_s * system.power.idle_w * system.workers
        return {
            "steps": self.steps,
            "imbalance": ratio(self.imbalance, self.steps),
            "imbalance_max": self.imbalance_max,
            "idle_fraction": ratio(self.imbalance, self.capacity),
            "throughput": ratio(self.tokens, self.busy_s + self.empty_s),
            "tpot_s": ratio(self.token_s, self.tokens),
            "energy_per_token_j": ratio(joules, self.tokens),
            "step_s": ratio(self.busy_s, self.steps),
        }

    def service(self, system: System) -> dict[str, float]:
        """Return those that mean something where requests arrive one by one."""
        seconds = self.busy_s + self.empty_s
        return {
            "queue": ratio(self.waiting_s, seconds),
            "queue_max": self.waiting_max,
            "occupancy": ratio(self.token_s, seconds) / system.capacity,
            "empty_fraction": ratio(self.empty_s, seconds),
        }


def summary(run: Run, first: int) -> dict[str, float]:
    """Return the figures of the steps from ``first`` on; see `simulation.Run.summary`."""
    sums = Sums.of(run, run.energy_j, run.system.workers, first=first)
    admitted = run.start >= first
    figures = sums.figures(run.system) | {
        "admitted": int(admitted.sum()),
        "finished": int((run.finish > first).sum()),
        "longest_wait": int(run.wait[admitted | (run.start < 0)].max(initial=0)),
    }
    tpot_s = run.tpot_s[run.finish > first]
    figures |= quantiles("tpot_s", tpot_s[~np.isnan(tpot_s)])
    if not run.is_clocked:
        return figures
    for name in ("ttft_s", "wait_s"):
        figures |= quantiles(name, getattr(run, name)[admitted])
    here, waits_s = waits_so_far(run)
    figures["longest_wait_s"] = float(waits_s[admitted[here] | (run.start[here] < 0)].max(initial=0.0))
    return figures | sums.service(run.system)


def quantiles(name: str, values: NDArray[np.float64]) -> dict[str, float]:
    """Return the quantiles of `LEVELS` under names like ``wait_s_p50``; NaN where there are no values.

    Each is one of the values: the smallest that so many of them don't exceed.
    """
    levels = [level / 100 for level in LEVELS]
    found = np.quantile(values, levels, method="inverted_cdf") if len(values) else [math.nan] * 3
    return {f"{name}_p{level}": float(value) for level, value in zip(LEVELS, found, strict=True)}


def by_size(sizes: NDArray[np.float64], groups: int) -> NDArray[np.float64]:
    """Return the sizes up to which each group but the last reaches, each group nearly as large.

    Equal sizes stay together, so that there may be fewer groups.
    """
    if not len(sizes):
        return np.zeros(0)
    levels = np.arange(1, groups) / groups
    edges = np.unique(np.quantile(sizes, levels, method="lower"))
    return np.asarray(edges[edges < sizes.max()], dtype=np.float64)


def fairness_table(run: Run, groups: int) -> pd.DataFrame:
    """Return `simulation.Run.fairness`."""
    import pandas as pd  # here: pandas takes half a second to import

    return pd.DataFrame(_fairness_rows(run, groups))


def waits_so_far(run: Run) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return who has been here, and how long each waited for admission or, still waiting, until the end.

    Where requests arrive one by one all that arrived by the last step, in seconds since arrival; else all
    that were ever shown, in steps in view.
    """
    arrival_s = run.workload.arrival_s
    if arrival_s is None:
        here = np.flatnonzero(run.shown >= 0)
        return here, run.wait[here].astype(np.float64)
    here = np.flatnonzero(arrival_s <= run.time_s[-1])
    end_s = float(run.time_s[-1] + run.duration_s[-1])
    return here, np.where(run.start[here] >= 0, run.wait_s[here], end_s - arrival_s[here])


def _fairness_rows(run: Run, groups: int) -> Iterator[dict[str, Any]]:
    here, waits = waits_so_far(run)
    sizes, left = run.workload.sizes[here], run.start[here] < 0
    group = np.searchsorted(by_size(sizes, groups), sizes, side="left")
    for j in np.unique(group):
        mine = group == j
        yield {
            "size_lo": float(sizes[mine].min()),
            "size_hi": float(sizes[mine].max()),
            "requests": int(mine.sum()),
            "still_waiting": int((mine & left).sum()),
            **quantiles("wait", waits[mine]),
            "longest": float(waits[mine].max()),
            "unit": "s" if run.is_clocked else "steps",
        }


def ratio(part: float, whole: float) -> float:
    """Return part / whole, 0 where the whole is 0."""
    return part / whole if whole > 0 else 0.0
