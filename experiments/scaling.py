"""BF-IO(0) over a grid of B and G: the runs behind the study of claims B2, B3 and B4.

Independent runs for each (G, B), sizes of a given law, lengths geometric, one unit of growth per step; FCFS
needs no simulation, F0 is exact. May import everything below this room.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bounds.intervals import memory_steps
from bounds.pool import pool_counts
from contracts import checks, stream
from drift_processes import Law, UnitGrowth, Workload
from simulation import Run, System, simulate

__all__ = ["Effort", "Setting", "measure"]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One law of sizes and lengths, and the grid of systems that it is measured on.

    Parameters
    ----------
    name : str
    sizes : Law
        At least two different sizes.
    p : float
        Probability that a request ends a step, in (0, 1).
    a, b : float
        The rich pool that B2 is asked about, s_min <= a < b <= s_max.
    workers, slots : tuple of int
        The G >= 2 and the B >= 1.
    """

    name: str
    sizes: Law
    p: float
    a: float
    b: float
    workers: tuple[int, ...]
    slots: tuple[int, ...]

    def __post_init__(self) -> None:
        checks.instance("sizes", self.sizes, Law, "a Law")
        checks.number("p", self.p, above=0, below=1)
        low, high = self.sizes.support
        checks.check(low < high, f"sizes must have at least two values, got {low:g} only")
        checks.number("a", self.a, at_least=low)
        checks.number("b", self.b, above=self.a, at_most=high)
        for name, numbers, least in (("workers", self.workers, 2), ("slots", self.slots, 1)):
            checks.check(len(numbers) > 0, f"{name} must not be empty")
            for i, number in enumerate(numbers):
                checks.count(f"{name}[{i}]", number, at_least=least)

    @property
    def size_range(self) -> float:
        """Δ = s_max - s_min, load."""
        low, high = self.sizes.support
        return high - low

    @property
    def load_variance(self) -> float:
        """σ_snap², the variance of the load of a slot under FCFS, load²."""
        return self.sizes.variance + (1 - self.p) / self.p**2

    @property
    def load_square(self) -> float:
        """w2 = E Y², its second moment, load²."""
        return self.load_variance + (self.sizes.mean + (1 - self.p) / self.p) ** 2

    def described(self) -> dict[str, Any]:
        """Return it in JSON-able words, for the store."""
        low, high = self.sizes.support
        return {
            "name": self.name,
            "sizes": {"values": len(self.sizes.values), "s_min": low, "s_max": high},
            "p": self.p,
            "a": self.a,
            "b": self.b,
            "workers": list(self.workers),
            "slots": list(self.slots),
        }


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How much is simulated for each point of the grid.

    Parameters
    ----------
    replications : int
        Independent runs, at least 2.
    shortest, longest : int
        Steps of a run after the warm-up, at least and at most.
    slot_steps : float
        G·B·steps of a run that are aimed at in between.
    pool : float
        Waiting requests shown beyond the free slots, as a multiple of the G·p·B that end in a step; never
        fewer than 4·G.
    warmup : int, optional
        Steps before those measured. Default: `bounds.memory_steps` of the lengths.
    """

    replications: int = 8
    shortest: int = 400
    longest: int = 4000
    slot_steps: float = 2e7
    pool: float = 8.0
    warmup: int | None = None

    def __post_init__(self) -> None:
        checks.count("replications", self.replications, at_least=2)
        checks.count("shortest", self.shortest, at_least=1)
        checks.count("longest", self.longest, at_least=self.shortest)
        checks.number("slot_steps", self.slot_steps, above=0)
        checks.number("pool", self.pool, at_least=0)
        if self.warmup is not None:
            checks.count("warmup", self.warmup)

    def steps(self, workers: int, slots: int) -> int:
        """Return the steps measured in a run."""
        return min(max(math.ceil(self.slot_steps / (workers * slots)), self.shortest), self.longest)

    def described(self) -> dict[str, Any]:
        """Return it in JSON-able words."""
        return asdict(self)


def measure(setting: Setting, effort: Effort, *, seed: int) -> pd.DataFrame:
    """Simulate BF-IO(0) on the grid.

    Returns
    -------
    pandas.DataFrame
        One row per run: ``setting``, ``G``, ``B``, ``replication``, ``steps`` (measured), ``total`` (with
        the warm-up), ``imbalance`` (mean I, load), ``idle_steps`` (share of the steps with I > 0) and
        ``rich_steps`` (share of all steps, and ``rich_measured`` of those measured, whose pool was rich in
        (a, b); first replication, else NaN).

    Raises
    ------
    RuntimeError
        If a run is not overloaded throughout.
    """
    rows = []
    for workers in setting.workers:
        for slots in setting.slots:
            seeds = stream(seed, f"scaling {setting.name} {workers} {slots}")
            for i, one in enumerate(seeds.integers(2**31, size=effort.replications)):
                run = _run(setting, effort, workers, slots, int(one))
                steps = effort.steps(workers, slots)
                part = run.imbalance[-steps:]
                found = {
                    "setting": setting.name,
                    "G": workers,
                    "B": slots,
                    "replication": i,
                    "steps": steps,
                    "total": run.steps,
                    "imbalance": float(part.mean()),
                    "idle_steps": float((part > 0).mean()),
                }
                rich = _rich(run, setting) if i == 0 else np.array([math.nan])
                rows.append(
                    {**found, "rich_steps": rich.mean(), "rich_measured": rich[-steps:].mean()},
                )
    return pd.DataFrame(rows)


def _run(setting: Setting, effort: Effort, workers: int, slots: int, seed: int) -> Run:
    lengths, capacity = Law.geometric(setting.p), workers * slots
    warmup = memory_steps(lengths) if effort.warmup is None else effort.warmup
    total = warmup + effort.steps(workers, slots)
    ended = setting.p * capacity * total
    window = max(4 * workers, math.ceil(effort.pool * setting.p * capacity))
    # enough but for a probability of about 1e-15: eight deviations of the number that end
    requests = capacity + window + math.ceil(ended + 8 * math.sqrt(ended) + 8)
    work = Workload.synthetic(
        sizes=setting.sizes, lengths=lengths, drift=UnitGrowth(), requests=requests, seed=seed
    )
    run = simulate(work, System(workers, slots), "bfio", steps=total, window=window)
    if int(run.active.min()) < capacity:
        raise RuntimeError(f"G = {workers}, B = {slots}: the pool ran out")
    return run


def _rich(run: Run, setting: Setting) -> NDArray[np.float64]:
    """Return for each step whether the pool shown was rich, 1 or 0."""
    free, small, large = pool_counts(run, setting.a, setting.b)
    return ((small >= free) & (large >= free)).astype(np.float64)
