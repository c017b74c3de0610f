"""One cell of a sweep: simulate, and hand back its figures. Runs on any worker; writes nothing.

May import contracts, simulation and the inputs of this package.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from drift_processes import Workload
from experiments.capacity import offered_load
from experiments.sweeps.inputs import clocked, overloaded, request_law, warmup_of, window_of
from experiments.sweeps.plan import Cell, Point
from simulation import Run, simulate

__all__ = ["run_cell"]

#: A warm-up that follows from the lengths takes at most this share of a trace that ends before the steps do.
LARGEST_WARMUP_SHARE = 0.25
#: Figures by column (docs/sweeps.md), and the loads (R, G) of the first R steps where they were asked for.
Measured = tuple[dict[str, float], NDArray[np.float64]]


def run_cell(cell: Cell) -> Measured:
    """Simulate one cell.

    Raises
    ------
    Exception
        Whatever the policy, the drift or the inputs raise.
    """
    point = cell.point
    drift = point.drift.load()
    law = request_law(point.workload, point.drift)
    warmup = warmup_of(cell)
    policy, lookahead = cell.variant.make()
    is_overloaded = point.arrival.kind == "overloaded"
    make = overloaded if is_overloaded else clocked
    work = make(cell, law, drift, warmup + cell.steps)

    def run_for(steps: int) -> Run:
        return simulate(
            work, point.system, policy, steps=steps, seed=cell.seed, lookahead=lookahead,
            binding=cell.variant.binding, window=window_of(cell, law), record_loads=cell.record_loads,
        )  # fmt: skip

    run = run_for(warmup + cell.steps)
    if is_overloaded:
        _refuse_starved(run)
        return _result(run, warmup, math.nan)
    assert work.arrival_s is not None
    ends = int(np.searchsorted(run.time_s, work.arrival_s[-1], side="right"))
    if ends < run.steps:  # after the last arrival the system only drains
        run = run_for(ends)
        if point.arrival.kind == "trace" and cell.warmup is None:
            warmup = min(warmup, int(run.steps * LARGEST_WARMUP_SHARE))
    if run.steps <= warmup:
        raise ValueError(
            f"the requests were used up after {run.steps} steps, within the warm-up of {warmup}: lower warmup"
        )
    return _result(run, warmup, _load(point, work))


def _load(point: Point, work: Workload) -> float:
    """Return the offered load: the scenario's, or that of a trace's own pace; NaN if it isn't known."""
    if point.arrival.load is not None:
        return point.arrival.load
    try:
        load = offered_load(work, point.system)
    except ValueError:
        return math.nan
    return load if math.isfinite(load) else math.nan


def _refuse_starved(run: Run) -> None:
    """Raise where a slot stayed empty although everyone waits from the start: the pool was too small."""
    starved = np.flatnonzero(run.active < run.system.capacity)
    if run.binding == "pooled" and starved.size:
        raise ValueError(f"the pool ran out at step {starved[0]}: the regime was not overloaded")


def _result(run: Run, warmup: int, load: float) -> Measured:
    span = slice(warmup, None)
    totals, largest = run.total_load[span], run.max_load[span]
    figures = {
        "load": load,
        "warmup": warmup,
        **run.summary(warmup=warmup),
        "total_load": float(totals.mean()),
        "max_load": float(largest.mean()),
        "energy_j": float(run.energy_j[span].sum()),
        "tokens": float(run.active[span].sum()),
        "work": float(totals.sum()),
        "idle_work": float(run.imbalance[span].sum()),
    }
    return figures, run.loads
