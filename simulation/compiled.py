"""The compiled engine's Python side: makes its memory, runs it block by block, gathers the records.

The inner loop is `simulation._engine_kernel.run_block`; `simulation.reference` is the readable twin of the
whole. May import contracts, numpy, drift_processes, formulations and this room.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contracts import InvariantBroken, stream
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
from simulation.policies.base import Policy, checked_weights
from simulation.reference import Records
from simulation.settings import Settings, drift_stream
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
    settings: Settings,
) -> Records:
    """Run the model of docs/theory.md §1 under common drift.

    Raises
    ------
    InvariantBroken
        If a kernel broke a rule of the step (that no worker gets more than it has free slots, and as many
        are placed as can be): a defect of the kernel, never of the input.
    """
    steps, lookahead = settings.steps, settings.lookahead
    drift_rng = drift_stream(settings.seed, workload.drift)
    # kernels of policies that draw no random numbers are handed a generator all the same
    policy_rng = settings.rng("policy", policy.name) if policy.is_random else stream(0, "policy")
    length = int(workload.lengths.max())
    longest = length if steps is None else min(length, steps)
    foresight = _foresight(policy, lookahead)
    beliefs = foresight == BELIEFS
    lookahead_rng = settings.rng("lookahead", f"lookahead {lookahead.kind!r}")
    believed = lookahead.believed_lengths(workload.lengths, lookahead_rng) if beliefs else _NOBODY
    floor, calendar = Floor.empty(system), Calendar.empty(system.capacity, longest)
    requests = Requests.waiting(workload.sizes, workload.lengths, believed)
    horizon = policy.horizon if beliefs else 0
    # ends beyond the last step, too, are foreseen from the steps before it
    seen = Window.empty(system, horizon, min(length, longest + horizon) if beliefs else 0)
    ages = Ages.empty(system, age_bounds(settings.longest_age(workload)) if foresight == HAZARD else _NOBODY)
    rule = _rule(policy, foresight, system, settings)
    power = (system.power.idle_w, system.power.busy_w - system.power.idle_w, system.power.exponent)
    shown = min(system.capacity + settings.window, settings.pool_limit or workload.requests)
    scratch = Scratch.make(system, min(shown, workload.requests), np.zeros(1), np.ones(1))
    cursor, growth, step, admitted = np.zeros(3, dtype=np.int64), np.zeros(2), 0, 0
    blocks: list[Steps] = []
    while steps is None or step < steps:
        if step in RENEWALS:
            turnover = (admitted - int(floor.active.sum())) / (max(step, 1) * system.workers)
            weights = checked_weights(policy, turnover)
            ahead = expected_growth(workload.drift, len(weights))
            scratch = _with_columns(scratch, system, ahead, weights)
            if foresight == HAZARD:
                ages = _with_hazard(ages, lookahead, ahead)
        end = min([step + BLOCK_STEPS, *(k for k in RENEWALS if k > step)])
        end = end if steps is None else min(steps, end)
        block = Steps.make(end - step, max(0, min(settings.record_loads, end) - step), system.workers)
        increments = _common_increments(workload, step, end, drift_rng)
        reached, sound = run_block(
            step, end, workload.requests, cursor, growth, increments, rule, power, floor, requests, calendar,
            seen, ages, scratch, block, policy_rng,
        )  # fmt: skip
        if not sound:
            raise InvariantBroken(
                f"step {reached}: the kernel of policy {policy.name!r} broke a rule of the step"
            )
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


def _rule(policy: Policy, foresight: int, system: System, settings: Settings) -> Rule:
    return Rule(
        kernel=policy.kernel or 0,
        window=settings.window,
        pool_limit=-1 if settings.pool_limit is None else settings.pool_limit,
        objective=policy.objective_code,
        trials=default_trials(system.workers),
        max_wait=-1 if policy.max_wait is None else policy.max_wait,
        foresight=foresight,
        refill=_REFILL_CODES[settings.lookahead.refill],
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
    # where every step grows alike, one question per block tells whether the process keeps to its declaration
    asked = range(start, start + 1 if low == high else end)
    none, ages = np.zeros(0), np.zeros(0, dtype=np.int64)
    grown = [checked_increments(drift, step=k, age=ages, size=none, load=none, rng=rng) for k in asked]
    return np.full(end - start, float(low)) if low == high else np.array(grown)
