"""The compiled engine's Python side: makes its memory, runs it block by block, gathers the records.

The inner loop is `simulation._engine_kernel.run_block`; `simulation.reference` is the readable twin of the
whole. May import contracts, numpy, drift_processes, formulations and this room.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from drift_processes import Workload
from drift_processes.base import checked_increments
from formulations.fast import default_trials
from simulation._engine_kernel import run_block
from simulation._refills_kernel import BALANCED, EMPTY, MEAN
from simulation._state import (
    BELIEFS,
    HAZARD,
    NOTHING,
    Ages,
    Calendar,
    Floor,
    Requests,
    Rule,
    Scratch,
    Steps,
    Window,
)
from simulation.departures import RENEWALS, AgeRecord, age_bounds, leave_table, regrowth_table
from simulation.lookahead import Lookahead, expected_growth
from simulation.policies._kernels import BALANCE
from simulation.policies.base import Policy
from simulation.reference import Records
from simulation.system import System

__all__ = ["simulate_compiled"]

#: Steps simulated between two visits to Python; long enough to hide the visit, short enough for Ctrl-C.
BLOCK_STEPS = 16_384

_REFILL_CODES = {"balanced": BALANCED, "mean": MEAN, "none": EMPTY}
_NOBODY = np.zeros(0, dtype=np.int64)


def simulate_compiled(
    workload: Workload,
    system: System,
    policy: Policy,
    *,
    steps: int | None,
    window: int,
    pool_limit: int | None,
    record_loads: int,
    lookahead: Lookahead,
    policy_rng: np.random.Generator,
    drift_rng: np.random.Generator,
    lookahead_rng: np.random.Generator,
) -> Records:
    """Run the model of docs/theory.md §1 under common drift; see `simulation.simulate` for the parameters."""
    longest = int(workload.lengths.max())
    longest = longest if steps is None else min(longest, steps)
    foresight = _foresight(policy, lookahead)
    beliefs = foresight == BELIEFS
    believed = lookahead.believed_lengths(workload.lengths, lookahead_rng) if beliefs else _NOBODY
    floor, calendar = Floor.empty(system), Calendar.empty(system.capacity, longest)
    requests = Requests.waiting(workload.sizes, workload.lengths, believed)
    seen = Window.empty(system, policy.horizon if beliefs else 0, longest if beliefs else 0)
    ages = Ages.empty(system, age_bounds(int(workload.lengths.max())) if foresight == HAZARD else _NOBODY)
    rule = _rule(policy, foresight, lookahead, system, window, pool_limit)
    power = (system.power.idle_w, system.power.busy_w - system.power.idle_w, system.power.exponent)
    shown = system.capacity + window if pool_limit is None else min(system.capacity + window, pool_limit)
    scratch = Scratch.make(system, min(shown, workload.requests), np.zeros(1), np.ones(1))
    cursor, growth, step, admitted = np.zeros(3, dtype=np.int64), 0.0, 0, 0
    blocks: list[Steps] = []
    while steps is None or step < steps:
        if step in RENEWALS:
            turnover = (admitted - int(floor.active.sum())) / (max(step, 1) * system.workers)
            weights = policy.weights(turnover)
            ahead = expected_growth(workload.drift, len(weights))
            scratch = _with_columns(scratch, system, ahead, weights)
            if foresight == HAZARD:
                ages = _with_hazard(ages, lookahead, ahead)
        end = min([step + BLOCK_STEPS, *(k for k in RENEWALS if k > step)])
        end = end if steps is None else min(steps, end)
        block = Steps.make(end - step, max(0, min(record_loads, end) - step), system.workers)
        increments = _common_increments(workload, step, end, drift_rng)
        reached, growth = run_block(
            step, end, workload.requests, cursor, growth, increments, rule, power, floor, requests, calendar,
            seen, ages, scratch, block, policy_rng,
        )  # fmt: skip
        blocks.append(block.first(reached - step))
        admitted += int(block.admitted.sum())
        step = reached
        if reached < end:
            break
    whole = Steps._make(np.concatenate(column) for column in zip(*blocks, strict=True))
    return Records(whole, requests.start, requests.worker, requests.shown)


def _foresight(policy: Policy, lookahead: Lookahead) -> int:
    if policy.kernel != BALANCE or policy.horizon == 0 or lookahead.kind == "none":
        return NOTHING
    return HAZARD if lookahead.kind == "hazard" else BELIEFS


def _rule(
    policy: Policy, foresight: int, lookahead: Lookahead, system: System, window: int, pool_limit: int | None
) -> Rule:
    return Rule(
        kernel=policy.kernel or 0,
        window=window,
        pool_limit=-1 if pool_limit is None else pool_limit,
        objective=policy.objective_code,
        trials=default_trials(system.workers),
        max_wait=-1 if policy.max_wait is None else policy.max_wait,
        foresight=foresight,
        refill=_REFILL_CODES[lookahead.refill],
    )


def _with_columns(
    scratch: Scratch, system: System, ahead: NDArray[np.float64], weights: NDArray[np.float64]
) -> Scratch:
    if len(weights) == len(scratch.weights):
        return scratch._replace(ahead=ahead, weights=weights)
    return Scratch.make(system, len(scratch.sizes), ahead, weights)


def _with_hazard(ages: Ages, lookahead: Lookahead, ahead: NDArray[np.float64]) -> Ages:
    record = AgeRecord(ages.exposure, ages.completed)
    leave = leave_table(ages.bounds, len(ahead), lengths=lookahead.lengths, record=record)
    return ages._replace(leave=leave, since=regrowth_table(leave, ahead))


def _common_increments(
    workload: Workload, start: int, end: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    drift = workload.drift
    low, high = drift.increment_range
    if low == high:  # nothing to ask: every step grows alike
        return np.full(end - start, float(low))
    none, ages = np.zeros(0), np.zeros(0, dtype=np.int64)
    return np.array(
        [
            checked_increments(drift, step=k, age=ages, size=none, load=none, rng=rng)
            for k in range(start, end)
        ]
    )
