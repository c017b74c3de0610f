"""`simulate`: checks at the door, picks the compiled or the readable engine, returns a `Run`.

Which engine runs is a matter of speed only: a policy with a compiled twin goes to `simulation.common` or
`simulation.varied`, any other to `simulation.reference`; the results are the same, to the last bit where
workloads are whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes import Workload
from simulation._feed import Feed
from simulation._state import BELIEFS, Steps
from simulation.common import CommonEngine
from simulation.compiled import Engine, foresight_of, run_compiled
from simulation.lookahead import Lookahead, make_lookahead
from simulation.policies import make_policy
from simulation.policies.base import Policy
from simulation.reference import Records, simulate_readable
from simulation.run import Run
from simulation.settings import BINDINGS, LONGEST_RUN, RangeCheck, Settings
from simulation.system import System
from simulation.varied import VariedEngine

__all__ = ["make_engine", "make_settings", "simulate"]


def simulate(
    workload: Workload,
    system: System,
    policy: str | Policy,
    *,
    steps: int | None = None,
    seed: int | None = None,
    lookahead: str | Lookahead | None = None,
    binding: str = "pooled",
    window: int | None = None,
    pool_limit: int | None = None,
    record_loads: int = 0,
    readable: bool = False,
) -> Run:
    """Simulate the barrier-synchronised system of docs/theory.md §1.

    In each step requests are admitted, loads measured, active requests grow and age by one, and those that
    have stayed their length leave. Where the workload has arrival times a request takes part from the first
    step on that begins after it arrived; while nothing runs and nobody waits, time passes until the next one
    arrives.

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
    binding : {"pooled", "immediate"}
        ``pooled``: requests wait in one pool until a slot takes them (the paper). ``immediate``: each is
        bound to a worker when it arrives and waits there, first come, first served (today's routers).
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
    ([3.0, 7.0, 2.0, 5.0], [0, 0, 1, 2])
    """
    checks.instance("workload", workload, Workload, "a Workload")
    checks.instance("system", system, System, "a System")
    checks.instance("readable", readable, bool, "True or False")
    rule = make_policy(policy)
    settings = make_settings(
        system, rule, steps=steps, seed=seed, lookahead=lookahead, binding=binding, window=window,
        pool_limit=pool_limit, record_loads=record_loads,
    )  # fmt: skip
    RangeCheck(system, settings.steps).add(workload)
    rule.reset()
    if rule.kernel is None or readable:
        return _finish(simulate_readable(workload, system, rule, settings), workload, system, rule, settings)
    blocks: list[Steps] = []
    engine = make_engine([workload], system, rule, settings)
    run_compiled(engine, lambda _first, steps, _feed: blocks.append(steps))
    whole = Steps._make(np.concatenate(column) for column in zip(*blocks, strict=True))
    requests = engine.feed.requests
    records = Records(whole, requests.start, requests.worker, requests.shown)
    return _finish(records, workload, system, rule, settings)


def make_settings(
    system: System,
    policy: Policy,
    *,
    steps: int | None,
    seed: int | None,
    lookahead: str | Lookahead | None,
    binding: str,
    window: int | None,
    pool_limit: int | None,
    record_loads: int,
) -> Settings:
    """Return the settings of a run, each checked; see `simulate`."""
    settings = Settings(
        steps=None if steps is None else checks.count("steps", steps, at_least=1, at_most=LONGEST_RUN),
        window=4 * system.workers
        if window is None
        else checks.count("window", window, at_most=checks.EXACT_INTEGER_LIMIT),
        pool_limit=None
        if pool_limit is None
        else checks.count("pool_limit", pool_limit, at_least=1, at_most=checks.EXACT_INTEGER_LIMIT),
        record_loads=checks.count("record_loads", record_loads, at_most=checks.EXACT_INTEGER_LIMIT),
        lookahead=make_lookahead(lookahead),
        seed=None if seed is None else checks.seed_value("seed", seed),
        binding=checks.choice("binding", binding, BINDINGS),
    )
    when = {"pooled": "a slot is free", "immediate": "a request arrives"}
    checks.check(
        settings.binding in policy.bindings,
        f"policy {policy.name!r} can't decide when {when[settings.binding]}: "
        f"binding must be {' or '.join(map(repr, policy.bindings))}, got {settings.binding!r}",
    )
    if settings.is_immediate:
        for name, value in (("window", window), ("pool_limit", pool_limit)):
            checks.check(value is None, f"{name} is for a pool: it must be None where binding is 'immediate'")
    _check_seed(policy, settings)
    return settings


def make_engine(chunks: Iterable[Workload], system: System, policy: Policy, settings: Settings) -> Engine:
    """Return the compiled engine for the drift of these requests."""
    lookahead = settings.lookahead
    rng = settings.rng("lookahead", f"lookahead {lookahead.kind!r}")

    def believe(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
        believes = foresight_of(policy, lookahead) == BELIEFS
        return lookahead.believed_lengths(lengths, rng) if believes else np.zeros(0, dtype=np.int64)

    feed = Feed(chunks, believe, queues=settings.is_immediate)
    kind = CommonEngine if feed.first.drift.is_common else VariedEngine
    return kind(feed, system, policy, settings)


def _check_seed(policy: Policy, settings: Settings) -> None:
    """Refuse at the door who is known to draw random numbers; others are refused when they draw."""
    noisy = settings.lookahead.kind == "noisy"
    for who, draws in ((f"policy {policy.name!r}", policy.is_random), ("lookahead 'noisy'", noisy)):
        checks.check(
            settings.seed is not None or not draws, f"{who} draws random numbers: seed must be given"
        )


def _finish(records: Records, workload: Workload, system: System, policy: Policy, settings: Settings) -> Run:
    steps = records.steps
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
        duration_s=steps.duration_s,
        energy_j=steps.power_w * steps.duration_s,
        time_s=steps.time_s,
        waiting=steps.waiting,
        oldest_wait=steps.oldest,
        gap=steps.gap,
        start=records.start,
        worker=records.worker,
        shown=records.shown,
        loads=steps.loads,
        binding=settings.binding,
    )
