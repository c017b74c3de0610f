"""`simulate`: checks at the door, picks the compiled or the readable engine, returns a `Run`.

Which engine runs is a matter of speed only: common drift and a compiled policy go to
`simulation.compiled`, everything else to `simulation.reference`; the results are the same.
"""

from __future__ import annotations

from typing import Any

from contracts import checks, stream
from drift_processes import Workload
from simulation.compiled import simulate_compiled
from simulation.lookahead import Lookahead, make_lookahead
from simulation.policies import make_policy
from simulation.policies.base import Policy
from simulation.reference import Records, simulate_readable
from simulation.run import Run
from simulation.system import System

__all__ = ["simulate"]


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
    engine = simulate_compiled if compiled else simulate_readable
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
