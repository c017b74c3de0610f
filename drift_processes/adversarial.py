"""`Adversarial`: growth chosen against the balance. Imports contracts and the base."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes.base import DriftProcess

__all__ = ["SCHEDULES", "Adversarial"]

Schedule = Callable[..., Any]


def _heaviest_worker(*, load: NDArray[np.float64], worker: NDArray[np.int64], **_state: Any) -> Any:
    total = np.bincount(worker, weights=load)
    return (total == total.max())[worker]


def _lightest_worker(*, load: NDArray[np.float64], worker: NDArray[np.int64], **_state: Any) -> Any:
    total = np.bincount(worker, weights=load)[worker]  # so that workers without requests don't count
    return total == total.min()


def _largest(*, load: NDArray[np.float64], **_state: Any) -> Any:
    return load > np.median(load)


def _oldest(*, age: NDArray[np.int64], **_state: Any) -> Any:
    return age > np.median(age)


def _youngest(*, age: NDArray[np.int64], **_state: Any) -> Any:
    return age < np.median(age)


#: The schedules that have a name.
SCHEDULES: dict[str, Schedule] = {
    "heaviest_worker": _heaviest_worker,
    "lightest_worker": _lightest_worker,
    "largest": _largest,
    "oldest": _oldest,
    "youngest": _youngest,
}


class Adversarial(DriftProcess):
    """Increments chosen within [low, high] for each request, with the state of the system in view.

    The worst that heterogeneous drift in [δ_lo, δ_hi] may do (docs/theory.md §3, B2-heterogeneous); loads are
    then neither independent from slot to slot nor of a known law, so there is no snapshot.

    Parameters
    ----------
    schedule : str or callable
        Which requests grow by ``high`` while the others grow by ``low``: ``"heaviest_worker"`` and
        ``"lightest_worker"``, those on the workers whose requests have the largest or smallest total load;
        ``"largest"``, those of more than the median load; ``"oldest"`` and ``"youngest"``, those of more or
        less than the median age.
        Or a function f(*, step, age, size, load, worker, rng) that returns for each request the share, (n,)
        in [0, 1], of ``high - low`` by which it grows beyond ``low``.
    low, high : float
        0 <= low <= high, in units of load.

    Examples
    --------
    >>> drift = Adversarial("heaviest_worker")
    >>> state = {"load": np.array([5.0, 4.0, 8.0]), "worker": np.array([0, 0, 1]), "age": np.zeros(3)}
    >>> drift.increments(step=0, size=state["load"], rng=None, **state).tolist()
    [1.0, 1.0, 0.0]
    """

    sees_workers = True

    def __init__(self, schedule: str | Schedule, low: float = 0.0, high: float = 1.0) -> None:
        if callable(schedule):
            self.schedule = schedule
            self.growth_class = "per-request random"
            self._name = getattr(schedule, "__name__", type(schedule).__name__)
        else:
            checks.instance("schedule", schedule, str, "a name or a function")
            self.schedule = SCHEDULES[checks.choice("schedule", schedule, SCHEDULES)]
            self.growth_class = "per-request deterministic"
            self._name = repr(schedule)
        start = checks.number("low", low, at_least=0)
        end = checks.number("high", high, at_least=start)
        self.increment_range = (start, end)

    def increments(
        self,
        *,
        step: int,
        age: NDArray[np.int64],
        size: NDArray[np.float64],
        load: NDArray[np.float64],
        rng: np.random.Generator,
        **more: Any,
    ) -> NDArray[np.float64]:
        """Return low + share·(high - low), exactly ``low`` and ``high`` at the shares 0 and 1."""
        if not len(age):
            return np.zeros(0)
        share = self.schedule(step=step, age=age, size=size, load=load, worker=more["worker"], rng=rng)
        low, high = self.increment_range
        chosen = np.asarray(share)
        if chosen.dtype == np.bool_ and chosen.shape == age.shape:
            return np.where(chosen, high, low)
        given = checks.array(
            f"{self._name} at step {step}: share", chosen, shape=age.shape, at_least=0, at_most=1
        )
        # the two parts are each rounded: their sum may pass either end
        return np.where(given == 1, high, np.clip(low + given * (high - low), low, high))

    def __repr__(self) -> str:
        low, high = self.increment_range
        return f"Adversarial({self._name}, low={low:.12g}, high={high:.12g})"
