"""`Totals`: the figures of a run summed up block by block, in memory of fixed size.

May import contracts, numpy, and from this room the metrics, the histogram and the system; pandas where a
table is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from simulation._feed import Feed
from simulation._state import Steps
from simulation.histogram import Histogram
from simulation.metrics import LEVELS, Sums, by_size
from simulation.system import System

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Totals"]

#: Most means of neighbouring steps that are kept; when there are more, pairs are joined.
MOST_BATCHES = 4096

#: Groups of sizes in the table of fairness.
GROUPS = 10


class Totals:
    """What a streamed run amounts to.

    Attributes
    ----------
    requests : int
        Requests handed in.
    batch_steps : int
        Steps that each entry of ``imbalance_batches`` is the mean of.
    """

    def __init__(self, system: System, sizes: NDArray[np.float64], *, warmup: int, clocked: bool) -> None:
        self._system, self._warmup, self._clocked = system, warmup, clocked
        self.requests = 0
        self.batch_steps = 1
        self._sums = Sums()
        self._batches: list[float] = []
        self._rest: list[NDArray[np.float64]] = []
        self._edges = by_size(sizes, GROUPS)
        groups = len(self._edges) + 1
        self._waits = [Histogram() for _ in range(groups)]
        self._sizes = [(np.inf, -np.inf) for _ in range(groups)]
        self._waiting = [0] * groups
        self._first_token, self._seconds = Histogram(), Histogram()
        self._admitted, self._longest = 0, 0
        self._carried = 0  # active at the warm-up, before its admissions
        self._last_s, self._end_s = 0.0, 0.0
        self._active = 0

    @property
    def imbalance_batches(self) -> NDArray[np.float64]:
        """Mean imbalance of consecutive batches of ``batch_steps`` steps after the warm-up, at most 4,096.

        For `bounds.batch_means`; steps that fill no batch are left out.
        """
        return np.array(self._batches)

    def add(self, first_step: int, steps: Steps, columns: Mapping[str, NDArray[Any]]) -> None:
        """Take a block of steps and the requests admitted in it."""
        ended_s, self._end_s = self._end_s, float(steps.time_s[-1] + steps.duration_s[-1])
        self._last_s = float(steps.time_s[-1])
        skipped = min(max(self._warmup - first_step, 0), len(steps.active))
        if skipped == len(steps.active):
            return
        if self._warmup >= first_step:
            self._carried = int(steps.active[skipped] - steps.admitted[skipped])
        energy_j, workers = steps.power_w * steps.duration_s, self._system.workers
        self._sums += Sums.of(steps, energy_j, workers, first=skipped, ended_s=ended_s)
        self._batch(self._system.workers * steps.max_load[skipped:] - steps.total_load[skipped:])
        self._admitted += int(steps.admitted[skipped:].sum())
        counted = columns["start"] >= self._warmup
        sizes, waits = columns["size"][counted], columns["wait"][counted]
        self._longest = max(self._longest, int(waits.max(initial=0)))
        if self._clocked:
            self._seconds.add(columns["wait_s"][counted])
            self._first_token.add(columns["ttft_s"][counted])
        self._group(sizes, columns["wait_s"][counted] if self._clocked else waits)

    def close(self, feed: Feed, active: int) -> None:
        """Count those that still wait or run at the end.

        Raises
        ------
        ValueError
            If the run was over before the warm-up was.
        """
        checks.check(
            self._sums.steps > 0, f"warmup = {self._warmup} steps, but all requests had left by then"
        )
        self.requests, self._active = feed.handed, active
        requests = feed.requests
        left = np.flatnonzero((requests.start < 0) & (requests.shown >= 0))
        waits = (self._warmup + self._sums.steps - requests.shown[left]).astype(np.float64)
        self._longest = max(self._longest, int(waits.max(initial=0)))
        if self._clocked:
            left = np.flatnonzero((requests.start < 0) & (requests.arrival_s <= self._last_s))
            waits = self._end_s - requests.arrival_s[left]
        group = np.searchsorted(self._edges, requests.sizes[left], side="left")
        self._waiting = np.bincount(group, minlength=len(self._waiting)).tolist()
        self._group(requests.sizes[left], waits)

    def _group(self, sizes: NDArray[np.float64], waits: NDArray[Any]) -> None:
        """Count requests and their waits in their groups of sizes."""
        group = np.searchsorted(self._edges, sizes, side="left")
        for j in np.unique(group):
            mine = group == j
            low, high = self._sizes[j]
            self._sizes[j] = (min(low, float(sizes[mine].min())), max(high, float(sizes[mine].max())))
            self._waits[j].add(waits[mine].astype(np.float64))

    def _batch(self, imbalance: NDArray[np.float64]) -> None:
        """Append to the batch means, and join pairs of them where there are too many."""
        self._rest.append(imbalance)
        values = np.concatenate(self._rest)
        full = len(values) // self.batch_steps * self.batch_steps
        self._batches += values[:full].reshape(-1, self.batch_steps).mean(axis=1).tolist()
        rest = values[full:]
        while len(self._batches) > MOST_BATCHES:
            odd = self._batches[-1:] if len(self._batches) % 2 else []
            pairs = np.array(self._batches[: len(self._batches) - len(odd)]).reshape(-1, 2)
            # a batch without a partner goes back among the steps that fill none
            rest = np.concatenate([np.full(self.batch_steps, odd[0]), rest]) if odd else rest
            self._batches = pairs.mean(axis=1).tolist()
            self.batch_steps *= 2
        self._rest = [rest]

    def summary(self) -> dict[str, float]:
        """Return the figures of `simulation.Run.summary`, over the steps after the warm-up.

        All but the quantiles of TPOT: they need the time of every step that an active request has seen.
        """
        figures = self._sums.figures(self._system) | {
            "admitted": self._admitted,
            "finished": self._carried + self._admitted - self._active,
            "longest_wait": self._longest,
        }
        if not self._clocked:
            return figures
        for name, seen in (("ttft_s", self._first_token), ("wait_s", self._seconds)):
            figures |= _quantiles(name, seen)
        figures["longest_wait_s"] = max(waits.largest for waits in self._waits)
        return figures | self._sums.service(self._system)

    def fairness(self) -> pd.DataFrame:
        """Return the table of `simulation.Run.fairness`, of the requests admitted after the warm-up.

        Deciles are those of the sizes in the first chunk.
        """
        import pandas as pd  # here: pandas takes half a second to import

        return pd.DataFrame(self._fairness_rows())

    def _fairness_rows(self) -> Iterator[dict[str, Any]]:
        for waits, (low, high), waiting in zip(self._waits, self._sizes, self._waiting, strict=True):
            if low > high:
                continue  # nobody of these sizes was admitted or waits
            yield {
                "size_lo": low,
                "size_hi": high,
                "requests": waits.total,
                "still_waiting": waiting,
                **_quantiles("wait", waits),
                "longest": waits.largest,
                "unit": "s" if self._clocked else "steps",
            }

    def __repr__(self) -> str:
        return f"Totals({self.requests} requests, {self._sums.steps} steps)"


def _quantiles(name: str, seen: Histogram) -> dict[str, float]:
    return {f"{name}_p{level}": seen.quantile(level / 100) for level in LEVELS}
