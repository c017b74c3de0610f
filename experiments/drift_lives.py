"""The growth of a few requests, simulated step by step, every answer of the process held to its contract.

It sees only states that a run can reach: ages that count up from 0, loads that are the size and all growth so
far, memory that is handed back. May import contracts, drift_processes, `simulation.pool` and
`experiments.drift_file`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from contracts import DriftError, stream
from drift_processes.base import checked_increments
from experiments.drift_file import NamedDrift, in_short, place_of
from simulation.pool import Active

__all__ = ["Life", "drive"]


class Life(NamedTuple):
    """One request of a run: its size, when it is admitted, how long it stays and where."""

    size: float
    admitted: int
    length: int
    worker: int


def drive(drift: NamedDrift, lives: Sequence[Life]) -> None:
    """Simulate the growth of these requests, and hold every answer of the process to the contract.

    Raises
    ------
    DriftError, ValueError
        As `experiments.drift_check.check_drift`.
    """
    coming = sorted(range(len(lives)), key=lambda i: lives[i].admitted)
    active = Active()
    common_memory = np.zeros(1)
    growth_of_age: dict[int, float] = {}
    rng = stream(0, "drift check")
    step = idle = 0
    while coming or len(active.request):
        if not len(active.request):  # a step without any request is none
            idle = max(idle, lives[coming[0]].admitted - step)
        while coming and lives[coming[0]].admitted <= step + idle:
            number = coming.pop(0)
            life = lives[number]
            active.add(np.array([number]), np.array([life.worker]), np.array([life.size]))
        question = _Question(drift, lives, active, step, common_memory)
        grown = question.answer(rng)
        if drift.process.grows_by_age:
            question.compare_ages(grown, growth_of_age)
        active.load = active.load + grown
        active.age = active.age + 1
        active.keep(active.age < np.array([lives[i].length for i in active.request]))
        step += 1


class _Question:
    """One call of ``increments``, as a run would make it."""

    def __init__(
        self,
        drift: NamedDrift,
        lives: Sequence[Life],
        active: Active,
        step: int,
        common_memory: NDArray[np.float64],
    ) -> None:
        self.drift, self.lives, self.step = drift, lives, step
        process = drift.process
        self.memory = common_memory if process.is_common else active.memory
        self.memory_before = self.memory.copy()
        self.rows = {
            "age": active.age,
            "size": np.array([lives[i].size for i in active.request]),
            "load": active.load,
            "request": active.request,
            "worker": active.worker,
        }
        for row in self.rows.values():
            row.flags.writeable = False
        self.seen = {name: row[:0] for name, row in self.rows.items()} if process.is_common else self.rows

    def answer(self, rng: np.random.Generator) -> float | NDArray[np.float64]:
        """Return the growth, and leave ``rng`` and the memory as a run would."""
        process, seen, memory = self.drift.process, self.seen, self.memory_before.copy()
        before = rng.bit_generator.state
        first = self._ask(seen, rng, memory)
        after, rng.bit_generator.state = rng.bit_generator.state, before
        try:
            grown = checked_increments(
                process, step=self.step, age=seen["age"], size=seen["size"], load=seen["load"], rng=rng,
                request=seen["request"], worker=seen["worker"], memory=self.memory,
            )  # fmt: skip
        except DriftError as error:
            raise DriftError(f"{error}{self._example()}") from None
        except (Exception, SystemExit) as error:  # the same question was answered a moment ago
            raise self._broken(f"raises {in_short(error)}, asked the same again") from None
        for place in np.flatnonzero(~np.isfinite(self.memory))[:1]:
            raise self._broken(f"leaves {self.memory[place]:g} in memory, which must stay finite")
        same = np.array_equal(np.asarray(first, dtype=np.float64), grown)
        if not (same and np.array_equal(memory, self.memory) and after == rng.bit_generator.state):
            raise self._broken(
                "answers differently, asked the same again: it must depend on its arguments and rng alone"
            )
        if process.growth_class == "per-request deterministic" and after != before:
            raise self._broken(f"draws random numbers, but declares growth_class = {process.growth_class!r}")
        if process.is_common:
            self._shown_requests(before, grown)
        return grown

    def compare_ages(self, grown: float | NDArray[np.float64], growth_of_age: dict[int, float]) -> None:
        """Hold the growth to what requests of the same age have grown by in this run, and add to that."""
        ages: Iterable[int] = self.rows["age"].tolist()
        for age, growth in zip(ages, np.broadcast_to(grown, self.rows["age"].shape).tolist(), strict=True):
            before = growth_of_age.setdefault(age, growth)
            if before != growth:
                raise DriftError(
                    f"{type(self.drift.process).__name__} declares grows_by_age, but requests of age {age} "
                    f"grow by {before:.12g} and by {growth:.12g}{self._example()}"
                )

    def _shown_requests(self, state: Any, grown: Any) -> None:
        """Ask a common process again, with requests in sight, which it has to ignore."""
        rng = np.random.Generator(np.random.PCG64())
        rng.bit_generator.state = state
        shown = np.asarray(self._ask(self.rows, rng, self.memory_before.copy()), dtype=np.float64)
        if shown.ndim or float(shown) != grown:
            raise self._broken(
                f"returns {np.array2string(shown, threshold=5)} where requests are in sight and {grown:g} "
                "where not: it declares is_common = True, and a run shows it none"
            )

    def _ask(
        self, rows: dict[str, NDArray[Any]], rng: np.random.Generator, memory: NDArray[np.float64]
    ) -> Any:
        """Return the bare answer; an exception becomes a line that says where it was raised."""
        process = self.drift.process
        more: dict[str, Any] = {"worker": rows["worker"]} if process.sees_workers else {}
        if process.has_memory:
            more["memory"] = memory
        try:
            raw = process.increments(
                step=self.step, age=rows["age"], size=rows["size"], load=rows["load"], rng=rng, **more
            )
        except DriftError:
            raise
        except (Exception, SystemExit) as error:
            what = "changes its input in place" if "read-only" in str(error) else f"raises {in_short(error)}"
            place = place_of(error, self.drift.file)
            raise self._broken(f"{what} ({place})" if place else what) from None
        if raw is None:
            raise self._broken("returns None, must return numbers")
        return raw

    def _broken(self, what: str) -> DriftError:
        return DriftError(
            f"{type(self.drift.process).__name__}.increments at step {self.step} {what}{self._example()}"
        )

    def _example(self) -> str:
        """Return the run in words."""
        if self.drift.process.is_common:
            return ""
        sizes = [f"{life.size:.12g}" for life in self.lives]
        if len(sizes) == 1:
            return f" [smallest example: one request of size {sizes[0]}]"
        admitted = ", ".join(str(life.admitted) for life in self.lives)
        return f" [smallest example: requests of sizes {', '.join(sizes)}, admitted at steps {admitted}]"
