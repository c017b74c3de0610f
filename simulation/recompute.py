"""The loads of a run recomputed from who ran where and when, without the engines.

Common drift: running sums over starts and ends, kept exact, so that nothing cancels. Drift that differs
between requests: every increment is asked for again, from the same random stream, with the same memory and
workers, and in the order in which requests were admitted, so a drift process must be a function of its
arguments and its ``rng``. May import contracts, numpy, drift_processes and `simulation.run`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from drift_processes import DriftProcess
from simulation.run import Run
from simulation.settings import drift_stream

__all__ = ["WorkerLoads", "held_by_step", "loads_by_worker"]

#: Relative room for a load that is not made of whole numbers: it depends on the order of summation.
ROUNDING = 1e-9

#: The same, relative to all that was added to a worker's load and taken from it again.
LEFT_BEHIND = 1e-13

#: Lanes of an exact running sum; each takes 51 bits.
LANES = 3


class WorkerLoads(NamedTuple):
    """L_g(k) of one worker, (K,), and by how much a true record may differ: 0 for whole numbers."""

    loads: NDArray[np.float64]
    room: NDArray[np.float64]


def held_by_step(run: Run, g: int) -> NDArray[np.float64]:
    """Return the number of requests on worker g in every step, (K,)."""
    _ids, first, last = _stays(run, g)
    opens = np.bincount(first, minlength=run.steps + 1)
    closes = np.bincount(last, minlength=run.steps + 1)
    return np.asarray(np.cumsum(opens - closes)[: run.steps], dtype=np.float64)


def loads_by_worker(run: Run) -> Iterator[WorkerLoads]:
    """Yield the loads of worker 0, 1, …, in order."""
    whole_sizes = _whole(run.workload.sizes)
    if not run.workload.drift.is_common:
        table = _replayed(run)
        exact = whole_sizes and _whole(table)
        yield from (WorkerLoads(loads, loads * (0.0 if exact else ROUNDING)) for loads in table)
        return
    growth = _cumulative_growth(run)
    exact = whole_sizes and _whole(growth)
    for g in range(run.system.workers):
        loads = _summed(run, g, growth)
        passed = run.workload.sizes[_stays(run, g)[0]].sum() + run.system.slots * growth
        yield WorkerLoads(loads, np.zeros(run.steps) if exact else ROUNDING * loads + LEFT_BEHIND * passed)


def _whole(values: NDArray[np.float64]) -> bool:
    return bool((values == np.floor(values)).all())


def _stays(run: Run, g: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the requests of worker g, and the first and one past the last step of each."""
    ids = np.flatnonzero((run.worker == g) & (run.start >= 0))
    first = run.start[ids]
    return ids, first, np.minimum(first + run.workload.lengths[ids], run.steps)


def running_sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the running sums of values whatever cancels in them.

    Each lane holds the leading bits of what the lanes before it left, as multiples of one power of two so
    large that no sum of them is rounded (the reproducible summation of Demmel and Nguyen, ARITH 2013).
    """
    result, rest = np.zeros(len(values)), values
    for _ in range(LANES):
        bound = float(np.abs(rest).sum())
        if bound < np.finfo(np.float64).tiny * 2.0**53:
            break
        unit = 2.0 ** (np.ceil(np.log2(bound)) - 51)
        lane = np.round(rest / unit) * unit
        result += np.cumsum(lane)
        rest = rest - lane
    return np.asarray(result + np.cumsum(rest), dtype=np.float64)


def _interval_sum(
    steps: int, first: NDArray[np.int64], last: NDArray[np.int64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return Σ over requests of weight·1[first <= k < last] for every step k, (steps,)."""
    when = np.concatenate([first, last])
    order = np.argsort(when, kind="stable")
    sums = np.concatenate([[0.0], running_sums(np.concatenate([weight, -weight])[order])])
    return sums[np.searchsorted(when[order], np.arange(steps), side="right")]


def _cumulative_growth(run: Run) -> NDArray[np.float64]:
    """Growth of a request active since step 0, at steps 0..K-1."""
    drift, rng = run.workload.drift, drift_stream(run.seed, run.workload.drift)
    nobody, memory = np.zeros(0, dtype=np.int64), np.zeros(1)
    steps = []
    for k in range(run.steps - 1):
        state = {"age": nobody, "size": np.zeros(0), "load": np.zeros(0), "worker": nobody}
        steps.append(float(_increments(drift, k, rng, memory, state)))
    return np.concatenate([[0.0], running_sums(np.array(steps))])


def _summed(run: Run, g: int, growth: NDArray[np.float64]) -> NDArray[np.float64]:
    ids, first, last = _stays(run, g)
    sizes = _interval_sum(run.steps, first, last, run.workload.sizes[ids])
    before = _interval_sum(run.steps, first, last, growth[first])
    return np.maximum(sizes + (held_by_step(run, g) * growth - before), 0.0)


def _replayed(run: Run) -> NDArray[np.float64]:
    """Return L_g(k), (G, K), with every increment asked for again."""
    workload, rng = run.workload, drift_stream(run.seed, run.workload.drift)
    table = np.zeros((run.system.workers, run.steps))
    ids = np.flatnonzero(run.start >= 0)
    ids = ids[np.argsort(run.start[ids], kind="stable")]  # in the order of admission
    edges = np.searchsorted(run.start[ids], np.arange(run.steps + 1))
    active, load, memory = ids[:0], np.zeros(0), np.zeros(0)
    for k in range(run.steps):
        new = ids[edges[k] : edges[k + 1]]
        active, load = np.concatenate([active, new]), np.concatenate([load, workload.sizes[new]])
        memory = np.concatenate([memory, np.zeros(len(new))])
        table[:, k] = np.bincount(run.worker[active], weights=load, minlength=run.system.workers)
        age = k - run.start[active]
        state = {"age": age, "size": workload.sizes[active], "load": load, "worker": run.worker[active]}
        grown = load + _increments(workload.drift, k, rng, memory, state)
        stays = age + 1 < workload.lengths[active]
        active, load, memory = active[stays], grown[stays], memory[stays]
    return table


def _increments(
    drift: DriftProcess,
    step: int,
    rng: np.random.Generator,
    memory: NDArray[np.float64],
    state: dict[str, NDArray[Any]],
) -> NDArray[np.float64]:
    """Ask a process as the engines do: it may write to its memory and to nothing else."""
    for column in state.values():
        column.flags.writeable = False
    worker = state.pop("worker")
    more = {"worker": worker} if drift.sees_workers else {}
    if drift.has_memory:
        more["memory"] = memory
    return np.asarray(drift.increments(step=step, rng=rng, **state, **more), dtype=np.float64)
