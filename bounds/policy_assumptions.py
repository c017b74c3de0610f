"""Assumptions on the policy of a run, and on how well its programs were solved.

Each takes the run and returns a `Finding`. May import simulation, numpy, and from this room the findings.
"""

from __future__ import annotations

import numpy as np

from bounds.finding import Finding
from bounds.workload_assumptions import common_drift
from simulation.run import Run

__all__ = []

#: Names of the policies that solve the integer program of a step.
BFIO_POLICIES = ("bfio", "bfio_exact")

#: Gap that counts as none where loads are not whole numbers, relative to G·max L: solvers have tolerances.
OPTIMALITY_ROUNDING = 1e-6


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
    return _program("bfio_policy", run, objective="imbalance")


def spread_policy(run: Run) -> Finding:
    """Whether each step minimised max - min of the loads, as B2-spread has it; otherwise as `bfio_policy`."""
    return _program("spread_policy", run, objective="spread")


def _program(name: str, run: Run, *, objective: str) -> Finding:
    if run.policy not in BFIO_POLICIES or run.binding != "pooled":
        return Finding(name, False, f"the policy was {run.policy!r}, requests {run.binding}")
    told = {option: run.options.get(option, "unknown") for option in ("objective", "max_wait", "horizon")}
    for option, wanted in (("objective", objective), ("max_wait", None)):
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
