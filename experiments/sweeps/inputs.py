"""The requests of a cell: the law they are drawn from, how many, and the pace at which they arrive.

May import contracts, drift_processes, simulation, bounds and this package's plan.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from bounds.renewal import likely_starts
from contracts import checks
from drift_processes import (
    Arrivals,
    DriftProcess,
    JointLaw,
    MarkovModulatedArrivals,
    PoissonArrivals,
    Workload,
    published_laws,
    read_trace,
)
from drift_processes.workload_parts import lengths_in_steps
from experiments.capacity import capacity_per_s, offered_load
from experiments.law_words import law_of
from experiments.scenario import LARGEST_WORKLOAD
from experiments.settling import settle
from experiments.sweeps.plan import Arrival, Cell, Theory
from experiments.sweeps.resolve import DriftChoice, WorkloadChoice

__all__ = ["clocked", "overloaded", "request_law", "warmup_of", "window_of"]

#: Steps may last so many times longer than balanced ones before the requests of a run are used up.
SLOWEST = 2.0

#: Seed of the steps that a trace's output tokens become under a random drift: they are part of the law.
LENGTHS_SEED = 0


@lru_cache(maxsize=2)  # the cells of a point follow each other, and the laws of traces are large
def request_law(workload: WorkloadChoice, drift: DriftChoice) -> JointLaw:
    """Return the law of the pairs (size, length in steps).

    Raises
    ------
    TraceError, OSError, ValueError
        If the trace can't be read, or the drift can't turn its output tokens into lengths.
    """
    if workload.published is not None:
        return JointLaw.independent(*published_laws(workload.published))
    if workload.path is not None:
        trace = read_trace(workload.path, skip_bad_rows=workload.skip_bad_rows)
        return JointLaw.empirical(
            trace.prompt_tokens, lengths_in_steps(drift.load(), trace.output_tokens, LENGTHS_SEED)
        )
    assert workload.sizes is not None  # one of the three is given
    assert workload.lengths is not None
    return JointLaw.independent(law_of("sizes", workload.sizes), law_of("lengths", workload.lengths))


@lru_cache(maxsize=8)
def _settled(workload: WorkloadChoice, drift: DriftChoice, steps: int) -> int:
    return settle(request_law(workload, drift).length_law, steps=steps).warmup


def warmup_of(task: Cell | Theory) -> int:
    """Return the steps to leave out: those of the scenario, else as many as the lengths need to settle."""
    if task.warmup is not None:
        return task.warmup
    return _settled(task.point.workload, task.point.drift, task.steps)


def window_of(cell: Cell, law: JointLaw) -> int | None:
    """Return how many waiting requests a policy is shown beyond the free slots; None: the default."""
    if cell.pool is None or cell.variant.binding != "pooled":
        return None
    return _pool_window(cell, law)


def _pool_window(cell: Cell, law: JointLaw) -> int:
    system, pool = cell.point.system, cell.pool or 0.0
    return max(4 * system.workers, math.ceil(pool * system.capacity / law.mean_length))


def overloaded(cell: Cell, law: JointLaw, drift: DriftProcess, total_steps: int) -> Workload:
    """Draw requests that all wait from the start, more than the steps can use.

    Raises
    ------
    ValueError
        If they would not fit into memory.
    """
    system = cell.point.system
    starts = likely_starts(law.length_law, steps=total_steps, slots=system.capacity)
    # the same number for every variant, so that all draw the same requests
    number = math.ceil(starts) + 4 * system.workers + _pool_window(cell, law)
    return Workload.synthetic(sizes=law, drift=drift, requests=_affordable(number), seed=cell.seed)


def clocked(cell: Cell, law: JointLaw, drift: DriftProcess, total_steps: int) -> Workload:
    """Draw requests that arrive one by one at the point's load, or take the trace with its own times.

    Raises
    ------
    ValueError
        If they would not fit into memory, or the load is that of an unknown capacity.
    """
    point = cell.point
    arrival, load = point.arrival, point.arrival.load
    if arrival.kind == "trace":
        assert point.workload.path is not None  # the plan saw that it has times
        work = Workload.from_trace(
            point.workload.path, drift=drift, seed=cell.seed, skip_bad_rows=point.workload.skip_bad_rows
        )
        if load is None:
            return work
        own = offered_load(work, point.system)
        checks.check(math.isfinite(own), "a load needs arrivals at more than one time")
        pace = load / own
        assert work.arrival_s is not None
        return Workload(work.sizes, work.lengths, drift, arrival_s=work.arrival_s / pace, source=work.source)
    assert load is not None  # the schema asks for it
    rate = load * capacity_per_s(law, drift, point.system)
    seconds = SLOWEST * total_steps * point.system.capacity / (law.mean_length * rate / load)
    number = _affordable(math.ceil(rate * seconds) + 8 * point.system.workers)
    return Workload.synthetic(
        sizes=law, drift=drift, requests=number, arrivals=arrivals_at(arrival, rate), seed=cell.seed
    )


def arrivals_at(arrival: Arrival, rate: float) -> Arrivals:
    """Return the arrival process of this mean rate, in requests per second."""
    if arrival.kind == "poisson":
        return PoissonArrivals(rate)
    shape, stays = np.array(arrival.burst_rates), np.array(arrival.burst_stays_s)
    mean = float(shape @ stays / stays.sum())
    return MarkovModulatedArrivals(rates=shape * (rate / mean), mean_stays_s=stays)


def _affordable(requests: int) -> int:
    if requests > LARGEST_WORKLOAD:
        raise ValueError(
            f"needs {requests:,} requests, more than the {LARGEST_WORKLOAD:,} that fit into memory: lower "
            "workers, slots or steps"
        )
    return requests
