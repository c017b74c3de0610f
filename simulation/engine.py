"""`simulate`: checks at the door, picks the compiled or the readable engine, returns a `Run`.

Which engine runs is a matter of speed only: common drift and a compiled policy go to
`simulation._engine_kernel`, everything else to `simulation.reference`; the results are the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks, stream
from drift_processes import Workload
from drift_processes.base import checked_increments
from formulations.fast import default_trials
from simulation._engine_kernel import run_block
from simulation._state import Calendar, Floor, Requests, Rule, Scratch, Steps, Window
from simulation.lookahead import Lookahead, expected_growth, make_lookahead
from simulation.policies import make_policy
from simulation.policies._kernels import BALANCE
from simulation.policies.base import Policy
from simulation.reference import Records, simulate_readable
from simulation.run import Run
from simulation.system import System

__all__ = ["simulate"]

_NOTHING = np.zeros(0, dtype=np.int64)

#: Steps simulated between two visits to Python; long enough to hide the visit, short enough for Ctrl-C.
BLOCK_STEPS = 16_384


def simulate(
    workload: Workload,
    system: System,
    policy: str | Policy,
    *,
    steps: int | None = None,
    seed: int | None = None,
    lookahead: str | Lookahead | None = None,
    window: int | None = None,
    pool_limit: int | None = None,
    record_loads: int = 0,
    readable: bool = False,
) -> Run:
    """Simulate the barrier-synchronised system of docs/theory.md §1.

    In each step requests are admitted, loads measured, active requests grow and age by one, and those that
    have stayed their length leave.

    Parameters
    ----------
    workload : Workload
    system : System
    policy : str or Policy
        A name from `simulation.POLICIES`, or an object with options.
    steps : int, optional
        Stop after this many. Default: when every request has left.
    seed : int, optional
        For policies and drift processes that draw random numbers; they need one.
    lookahead : str or Lookahead, optional
        What policies with a horizon know of completions: ``"none"`` (default), ``"oracle"``, or an object.
    window : int, optional
        Waiting requests shown to the policy beyond the free slots, oldest first. Default: 4·G.
    pool_limit : int, optional
        The most waiting requests shown in all, those to be admitted included. Default: no limit.
    record_loads : int
        Keep the load of every worker for this many first steps (``Run.loads``).
    readable : bool
        Use the readable engine even where the compiled one would do; same result, slower.

    Returns
    -------
    Run

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable, or the policy breaks a rule of the step.
    DriftError
        If the drift process breaks its own declaration.

    Examples
    --------
    >>> from drift_processes import UnitGrowth
    >>> run = simulate(Workload([7, 4, 1, 4], [2, 1, 2, 2], UnitGrowth()), System(2, 1), "fcfs")
    >>> run.imbalance.tolist(), run.start.tolist()
    ([3.0, 7.0, 3.0, 5.0], [0, 0, 1, 2])
    """
    checks.instance("workload", workload, Workload, "a Workload")
    checks.instance("system", system, System, "a System")
    rule = make_policy(policy)
    limit = None if steps is None else checks.count("steps", steps, at_least=1)
    beyond = 4 * system.workers if window is None else checks.count("window", window)
    pool = None if pool_limit is None else checks.count("pool_limit", pool_limit, at_least=1)
    kept = checks.count("record_loads", record_loads)
    run_seed = None if seed is None else checks.seed_value("seed", seed)
    foresight = make_lookahead(lookahead)
    rule.reset()
    arguments: dict[str, Any] = {
        "steps": limit,
        "window": beyond,
        "pool_limit": pool,
        "record_loads": kept,
        "lookahead": foresight,
        "policy_rng": stream(run_seed or 0, "policy"),
        "drift_rng": stream(run_seed or 0, "drift"),
        "lookahead_rng": stream(run_seed or 0, "lookahead"),
    }
    compiled = rule.kernel is not None and workload.drift.is_common and not readable
    engine = _simulate_compiled if compiled else simulate_readable
    records = engine(workload, system, rule, **arguments)
    return _finish(records, workload, system, rule, run_seed, beyond, pool)


def _finish(
    records: Records,
    workload: Workload,
    system: System,
    policy: Policy,
    seed: int | None,
    window: int,
    pool_limit: int | None,
) -> Run:
    steps = records.steps
    mean = steps.total_load / system.workers
    duration = system.step_overhead_s + system.seconds_per_token * steps.max_load + system.mean_load_s * mean
    return Run(
        workload=workload,
        system=system,
        policy=policy.name,
        seed=seed,
        window=window,
        pool_limit=pool_limit,
        max_load=steps.max_load,
        total_load=steps.total_load,
        active=steps.active,
        admitted=steps.admitted,
        duration_s=duration,
        energy_j=steps.power_w * duration,
        gap=steps.gap,
        start=records.start,
        worker=records.worker,
        shown=records.shown,
        loads=steps.loads,
    )


def _simulate_compiled(
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
    horizon = policy.horizon
    ahead = expected_growth(workload.drift, horizon)
    foreseen = policy.kernel == BALANCE and horizon > 0 and lookahead.kind != "none"
    believed = lookahead.predicted_lengths(workload.lengths, lookahead_rng) if foreseen else _NOTHING
    longest = int(workload.lengths.max())
    longest = longest if steps is None else min(longest, steps)
    limit = workload.requests if pool_limit is None else pool_limit
    floor = Floor.empty(system)
    requests = Requests.waiting(workload.sizes, workload.lengths, believed)
    calendar = Calendar.empty(system.capacity, longest)
    seen = Window.empty(system, horizon, longest)
    scratch = Scratch.make(system, min(workload.requests, system.capacity + window, limit), ahead)
    rule = Rule(
        kernel=policy.kernel or 0,
        window=window,
        pool_limit=-1 if pool_limit is None else pool_limit,
        objective=policy.objective_code,
        trials=default_trials(system.workers),
        max_wait=-1 if policy.max_wait is None else policy.max_wait,
        refill=foreseen and lookahead.refill,
    )
    power = (system.power.idle_w, system.power.busy_w - system.power.idle_w, system.power.exponent)
    cursor, growth, step = np.zeros(3, dtype=np.int64), 0.0, 0
    blocks: list[Steps] = []
    while steps is None or step < steps:
        end = step + BLOCK_STEPS if steps is None else min(steps, step + BLOCK_STEPS)
        kept = max(0, min(record_loads, end) - step)
        block = Steps.make(end - step, kept, system.workers)
        increments = _common_increments(workload, step, end, drift_rng)
        reached, growth = run_block(
            step, end, workload.requests, cursor, growth, increments, rule, power, floor, requests, calendar,
            seen, scratch, block, policy_rng,
        )  # fmt: skip
        blocks.append(block.first(reached - step))
        step = reached
        if reached < end:
            break
    whole = Steps._make(np.concatenate(column) for column in zip(*blocks, strict=True))
    return Records(whole, requests.start, requests.worker, requests.shown)


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
