"""`simulate`: checks at the door, picks the compiled or the readable engine, returns a `Run`.

Which engine runs is a matter of speed only: common drift and a compiled policy go to
`simulation.compiled`, everything else to `simulation.reference`; the results are
the same, to the last bit where workloads are whole numbers.
"""

from __future__ import annotations

from contracts import checks
from drift_processes import Workload
from simulation.compiled import simulate_compiled
from simulation.lookahead import Lookahead, make_lookahead
from simulation.policies import make_policy
from simulation.policies.base import Policy
from simulation.reference import Records, simulate_readable
from simulation.run import Run
from simulation.settings import LONGEST_RUN, Settings, check_range
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
        Stop after this many, at most 10**8. Default: when every request has left.
    seed : int, optional
        Needed exactly where the policy, the drift or the lookahead draws random numbers: without a seed the
        generator that they are handed raises when it is used.
    lookahead : str or Lookahead, optional
        What policies with a horizon know of completions: ``"none"`` (default), ``"oracle"``, ``"hazard"``,
        or a `simulation.Lookahead` with options.
    window : int, optional
        Waiting requests shown to the policy beyond the free slots, oldest first. Default: 4·G.
    pool_limit : int, optional
        The most waiting requests shown in all, those to be admitted included. Default: no limit.
    record_loads : int
        Keep the load of every worker for this many first steps (``Run.loads``).
    readable : bool
        Use the readable engine even where the compiled one would do: slower, and the same result to the last
        bit on whole numbers; otherwise rounding may break a tie differently.

    Returns
    -------
    Run

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable, the policy breaks a rule of the step, random numbers are drawn without a
        seed, or sizes and growth could sum to 2**53 or more.
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
    settings = Settings(
        steps=None if steps is None else checks.count("steps", steps, at_least=1, at_most=LONGEST_RUN),
        window=4 * system.workers if window is None else checks.count("window", window),
        pool_limit=None if pool_limit is None else checks.count("pool_limit", pool_limit, at_least=1),
        record_loads=checks.count("record_loads", record_loads),
        lookahead=make_lookahead(lookahead),
        seed=None if seed is None else checks.seed_value("seed", seed),
    )
    _check_seed(rule, settings)
    check_range(workload, system, settings.steps)
    rule.reset()
    compiled = rule.kernel is not None and workload.drift.is_common and not readable
    engine = simulate_compiled if compiled else simulate_readable
    return _finish(engine(workload, system, rule, settings), workload, system, rule, settings)


def _check_seed(policy: Policy, settings: Settings) -> None:
    """Refuse at the door who is known to draw random numbers; others are refused when they draw."""
    noisy = settings.lookahead.kind == "noisy"
    for who, draws in ((f"policy {policy.name!r}", policy.is_random), ("lookahead 'noisy'", noisy)):
        checks.check(
            settings.seed is not None or not draws, f"{who} draws random numbers: seed must be given"
        )


def _finish(records: Records, workload: Workload, system: System, policy: Policy, settings: Settings) -> Run:
    steps = records.steps
    mean = steps.total_load / system.workers
    duration = system.step_overhead_s + system.seconds_per_token * steps.max_load + system.mean_load_s * mean
    return Run(
        workload=workload,
        system=system,
        policy=policy.name,
        options=policy.options,
        lookahead=settings.lookahead,
        seed=settings.seed,
        window=settings.window,
        pool_limit=settings.pool_limit,
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
