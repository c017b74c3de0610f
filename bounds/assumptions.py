"""What a claim assumes, checked on the run itself: each predicate says whether and why, with numbers.

Claims refer to predicates by name (`PREDICATES`); `unmet` lists those of a claim that fail on a run. May
import contracts, simulation, and from this room the claims and laws.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from bounds.claim import Claim
from bounds.finding import Finding
from bounds.policy_assumptions import bfio_policy, fcfs_policy, solved_to_optimality, spread_policy
from bounds.pool import pool_counts
from bounds.regime_assumptions import large_batch, large_batch_spread, no_overhead, serving_size
from bounds.workload_assumptions import (
    aperiodic_lengths,
    aperiodic_or_equal_lengths,
    common_drift,
    common_drift_in_rounds,
    fixed_increments,
    geometric_lengths,
    homogeneous_lengths,
    iid_sizes,
    independent_sizes_and_lengths,
    known_load_law,
    non_decreasing_drift,
)
from contracts import checks
from simulation.run import Run

__all__ = [
    "PREDICATES",
    "Finding",
    "aperiodic_lengths",
    "aperiodic_or_equal_lengths",
    "bfio_policy",
    "common_drift",
    "common_drift_in_rounds",
    "empty_start",
    "fcfs_policy",
    "fixed_increments",
    "geometric_lengths",
    "homogeneous_lengths",
    "iid_sizes",
    "independent_sizes_and_lengths",
    "known_load_law",
    "large_batch",
    "large_batch_spread",
    "no_overhead",
    "non_decreasing_drift",
    "overloaded",
    "pool_fills_all",
    "rich_pool",
    "serving_size",
    "solved_to_optimality",
    "spread_policy",
    "unmet",
]


def overloaded(run: Run, *, warmup: int = 0, until: int | None = None) -> Finding:
    """Whether every slot was full after each admission, in steps ``warmup`` to ``until`` (exclusive)."""
    last = run.steps if until is None else checks.count("until", until, at_least=1, at_most=run.steps)
    first = checks.count("warmup", warmup, at_most=last - 1)
    slots = run.system.capacity
    short = first + np.flatnonzero(run.active[first:last] < slots)
    if not short.size:
        return Finding("overloaded", True, f"all {slots} slots were full in steps {first}..{last - 1}")
    step = int(short[0])
    empty = slots - int(run.active[step])
    more = f", the first of {short.size} such steps" if short.size > 1 else ""
    return Finding("overloaded", False, f"step {step}: {empty} of {slots} slots stayed empty{more}")


def rich_pool(run: Run, *, a: float, b: float) -> Finding:
    """Whether with U free slots the pool shown held >= U requests of size <= a and >= U of size >= b.

    Checked in every step with U > 0. The pool is rebuilt from who started when (`bounds.pool`).
    """
    low = checks.number("a", a, at_least=0)
    high = checks.number("b", b, above=low)
    if run.binding != "pooled":
        reason = f"requests were bound by {run.binding!r} on arrival, so there was no common pool"
        return Finding("rich_pool", False, reason)
    free, small, large = pool_counts(run, low, high)
    poor = np.flatnonzero((small < free) | (large < free))
    if not poor.size:
        reason = f"every step with U free slots showed at least U sizes <= {low:g} and U sizes >= {high:g}"
        return Finding("rich_pool", True, reason)
    step = int(poor[0])
    more = f", the first of {poor.size} such steps" if poor.size > 1 else ""
    reason = (
        f"step {step}: {free[step]} free slots, but {small[step]} sizes <= {low:g} and {large[step]} "
        f"sizes >= {high:g} in the pool{more}"
    )
    return Finding("rich_pool", False, reason)


def empty_start(run: Run) -> Finding:
    """Whether no request was active before step 0."""
    held, new = int(run.active[0]), int(run.admitted[0])
    return Finding("empty_start", held == new, f"{held} requests were active in step 0, {new} of them new")


def pool_fills_all(run: Run) -> Finding:
    """Whether there are requests enough to fill every slot once."""
    number, slots = run.workload.requests, run.system.capacity
    return Finding("pool_fills_all", number >= slots, f"{number} requests for {slots} slots")


#: Name to predicate, as `Claim.assumptions` has them.
PREDICATES: Mapping[str, Callable[..., Finding]] = MappingProxyType(
    {
        predicate.__name__: predicate
        for predicate in (
            aperiodic_lengths,
            aperiodic_or_equal_lengths,
            bfio_policy,
            common_drift,
            common_drift_in_rounds,
            empty_start,
            fcfs_policy,
            fixed_increments,
            geometric_lengths,
            homogeneous_lengths,
            iid_sizes,
            independent_sizes_and_lengths,
            known_load_law,
            large_batch,
            large_batch_spread,
            no_overhead,
            non_decreasing_drift,
            overloaded,
            pool_fills_all,
            rich_pool,
            serving_size,
            solved_to_optimality,
            spread_policy,
        )
    }
)


def _needed(predicate: Callable[..., Finding]) -> set[str]:
    """Return the keywords without which a predicate can't be asked."""
    parameters = inspect.signature(predicate).parameters.values()
    return {each.name for each in parameters if each.kind is each.KEYWORD_ONLY and each.default is each.empty}


def unmet(claim: Claim, run: Run, *, options: Mapping[str, Mapping[str, Any]] | None = None) -> list[Finding]:
    """Return the assumptions of a claim that fail on a run; empty where the claim applies.

    Parameters
    ----------
    claim : Claim
    run : Run
    options : mapping, optional
        Predicate name to its keyword arguments, for instance ``{"overloaded": {"warmup": 200}}``.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable, or the claim names a predicate that does not exist.
    """
    checks.instance("claim", claim, Claim, "a Claim")
    checks.instance("run", run, Run, "a Run")
    given = {} if options is None else options
    checks.instance("options", given, Mapping, "a mapping of predicates to their arguments")
    for name in given:
        known = name in claim.assumptions
        checks.check(known, f"options names {name!r}, which claim {claim.id} does not assume")
    for name in claim.assumptions:
        known = name in PREDICATES
        checks.check(known, f"claim {claim.id} assumes {name!r}, which is no predicate in PREDICATES")
        missing = _needed(PREDICATES[name]) - set(given.get(name, {}))
        listed = ", ".join(sorted(missing))
        checks.check(not missing, f"options for {name!r} must give {listed}: claim {claim.id} assumes it")
    findings = [PREDICATES[name](run, **given.get(name, {})) for name in claim.assumptions]
    return [finding for finding in findings if not finding.holds]
