"""What a claim assumes, checked on the run itself: each predicate says whether and why, with numbers.

Claims refer to predicates by name (`PREDICATES`); `unmet` lists those of a claim that fail on a run. May
import contracts, simulation, and from this room the claims and laws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from bounds.claim import Claim
from bounds.finding import Finding
from bounds.pool import pool_counts
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
    "non_decreasing_drift",
    "overloaded",
    "pool_fills_all",
    "rich_pool",
    "solved_to_optimality",
    "unmet",
]

#: Names of the policies that solve the integer program of a step.
BFIO_POLICIES = ("bfio", "bfio_exact")

#: Gap that counts as none where loads are not whole numbers, relative to G·max L: solvers have tolerances.
OPTIMALITY_ROUNDING = 1e-6


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


def fcfs_policy(run: Run) -> Finding:
    """Whether requests were admitted first come, first served, from one pool."""
    holds = run.policy == "fcfs" and run.binding == "pooled"
    return Finding("fcfs_policy", holds, f"the policy was {run.policy!r}, requests {run.binding}")


def bfio_policy(run: Run) -> Finding:
    """Whether each step posed the integer program of BF-IO(0), the only one the theorems speak of.

    The objective is the imbalance, no request is required, and the horizon is 0, or one under which every
    decision is the same: no completion is predicted, drift is common and every slot gets filled. How well the
    program was solved is another matter (`solved_to_optimality`): an imbalance within a bound confirms the
    bound whatever the solver, one beyond it refutes the bound only if every step was solved to optimality.
    """
    name = "bfio_policy"
    if run.policy not in BFIO_POLICIES or run.binding != "pooled":
        return Finding(name, False, f"the policy was {run.policy!r}, requests {run.binding}")
    told = {option: run.options.get(option, "unknown") for option in ("objective", "max_wait", "horizon")}
    for option, wanted in (("objective", "imbalance"), ("max_wait", None)):
        if told[option] != wanted:
            reason = f"the policy was {run.policy!r} with {option} = {told[option]!r}, must be {wanted!r}"
            return Finding(name, False, reason)
    if told["horizon"] != 0:
        words = f"the policy was {run.policy!r} with horizon = {told['horizon']!r}"
        because = _why_horizon_matters(run)
        if because:
            return Finding(name, False, f"{words}, must be 0: {because}")
        return Finding(name, True, f"{words}, which decides as 0 does, requests pooled")
    return Finding(name, True, f"the policy was {run.policy!r}, requests {run.binding}")


def _why_horizon_matters(run: Run) -> str:
    """Return why a horizon can change decisions, empty where every horizon decides alike (theory §1)."""
    if run.lookahead.kind != "none":
        return f"lookahead {run.lookahead.kind!r} predicts completions"
    if not common_drift(run).holds:
        return "drift is not common"
    short = np.flatnonzero((run.admitted > 0) & (run.active < run.system.capacity))
    if short.size:
        return f"slots stayed empty in step {short[0]}, and fuller workers grow faster"
    return ""


def solved_to_optimality(run: Run) -> Finding:
    """Whether every decision was proven optimal (``Run.gap``), up to rounding.

    The gap must be 0 where sizes and loads are whole numbers, else at most `OPTIMALITY_ROUNDING` of the
    barrier's work G·max L. No claim assumes it; a violation of a claim on BF-IO is one only if it holds.
    """
    name = "solved_to_optimality"
    whole = all((values == np.floor(values)).all() for values in (run.workload.sizes, run.total_load))
    room = (0.0 if whole else OPTIMALITY_ROUNDING) * run.system.workers * run.max_load
    open_steps = np.flatnonzero(~(run.gap <= room))
    if not open_steps.size:
        return Finding(name, True, f"the decisions of all {run.steps} steps were proven optimal")
    step = int(open_steps[0])
    more = f", the first of {open_steps.size} such steps" if open_steps.size > 1 else ""
    if np.isnan(run.gap[step]):
        return Finding(name, False, f"step {step}: policy {run.policy!r} proves nothing{more}")
    reason = f"step {step}: proven to be within {run.gap[step]:g} of the optimum only{more}"
    return Finding(name, False, reason)


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
            non_decreasing_drift,
            overloaded,
            pool_fills_all,
            rich_pool,
            solved_to_optimality,
        )
    }
)


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
    for name in given:
        known = name in claim.assumptions
        checks.check(known, f"options names {name!r}, which claim {claim.id} does not assume")
    for name in claim.assumptions:
        known = name in PREDICATES
        checks.check(known, f"claim {claim.id} assumes {name!r}, which is no predicate in PREDICATES")
    findings = [PREDICATES[name](run, **given.get(name, {})) for name in claim.assumptions]
    return [finding for finding in findings if not finding.holds]
