"""The main job: simulate, compare with the theory, and hand back tables.

Two runs per policy. The *serving* run has the lengths of the workload and is measured after a warm-up that is
derived from them; F0, F1, T0 and E0 speak of it. The *homogeneous* run gives every request the same length,
so that the rounds of claim B1 arise; B1 and its ratio speak of it. May import everything below this room.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bounds.assumptions import unmet
from bounds.claims import CLAIMS
from bounds.claims.b1_ratio import homogeneous_ratio
from bounds.claims.e0_energy import step_energy_bounds
from bounds.claims.f1_fcfs_lower import fcfs_lower_bound
from bounds.fcfs import fcfs_imbalance, slot_load_law, stationary_after
from bounds.intervals import batch_means
from drift_processes import JointLaw, Law, UnitGrowth, Workload
from experiments.scenario import Scenario
from simulation import Run, simulate, verify

__all__ = ["POLICIES_COMPARED", "Outcome", "reproduce"]

POLICIES_COMPARED = ("fcfs", "jsq", "bfio")

#: Confidence level of every interval of the report.
LEVEL = 0.99

#: Steps whose worker loads are kept for the picture.
PICTURE_STEPS = 400

#: The homogeneous run: steps per round, and rounds.
ROUND_STEPS = 8
ROUNDS = 200

#: Relative room for rounding in identities and bounds that hold step by step.
ROUNDING = 1e-9

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """Tables of one `reproduce`; their columns are documented in docs/results.md."""

    results: pd.DataFrame
    claims: pd.DataFrame
    loads: pd.DataFrame
    scenario: dict[str, Any]


class _Measured(NamedTuple):
    """A mean with its confidence interval, or a value that is known exactly."""

    mean: float
    lo: float
    hi: float


@dataclass(frozen=True)
class _Row:
    """One line of the claims table."""

    claim: str
    run: str
    policy: str
    applies: bool
    bound_lo: float
    bound_hi: float
    measured: float
    measured_lo: float
    measured_hi: float
    verdict: str
    reason: str


def reproduce(
    scenario: Scenario, *, check_runs: bool = False, progress: Progress = lambda _what: None
) -> Outcome:
    """Run the main job.

    Parameters
    ----------
    scenario : Scenario
    check_runs : bool
        Recompute every run by `simulation.verify`.
    progress : callable
        Told in words what begins.

    Raises
    ------
    TraceError, OSError
        If the trace can't be read.
    """
    progress("reading lengths")
    law, source, skipped = scenario.law()
    warmup = stationary_after(law.length_law)
    total = warmup + scenario.steps
    work = scenario.workload(law, source=source, total_steps=total)
    serving: dict[str, Run] = {}
    for policy in POLICIES_COMPARED:
        progress(f"{policy}: {total} steps")
        serving[policy] = simulate(
            work, scenario.system, policy, steps=total, seed=scenario.seed, record_loads=PICTURE_STEPS
        )
    homogeneous: dict[str, Run] = {}
    rounds = _homogeneous_workload(scenario, law)
    for policy in ("fcfs", "bfio"):
        progress(f"{policy}: {ROUNDS} homogeneous rounds")
        homogeneous[policy] = simulate(rounds, scenario.system, policy, steps=ROUNDS * ROUND_STEPS)
    if check_runs:
        for run in [*serving.values(), *homogeneous.values()]:
            progress(f"{run.policy}: verifying")
            verify(run)
    progress("evaluating claims")
    rows = [*_serving_claims(serving, law, warmup), *_homogeneous_claims(homogeneous, law.size_law)]
    settings = scenario.describe() | {"source": source, "skipped_rows": skipped, "warmup": warmup}
    return Outcome(
        results=pd.DataFrame(_result_rows(serving, warmup)),
        claims=pd.DataFrame([vars(row) for row in rows]),
        loads=_load_frame(serving),
        scenario=settings,
    )


def _homogeneous_workload(scenario: Scenario, law: JointLaw) -> Workload:
    capacity = scenario.workers * scenario.slots
    return Workload.synthetic(
        sizes=law.size_law,
        lengths=Law.constant(ROUND_STEPS),
        drift=UnitGrowth(),
        requests=(ROUNDS + 1) * capacity + 4 * scenario.workers,
        seed=scenario.seed,
    )


def _result_rows(runs: dict[str, Run], warmup: int) -> Iterator[dict[str, Any]]:
    baseline = runs["fcfs"].summary(warmup=warmup)["imbalance"]
    for policy, run in runs.items():
        figures = run.summary(warmup=warmup)
        interval = _mean(run.imbalance[warmup:])
        yield {
            "policy": policy,
            "imbalance": figures["imbalance"],
            "imbalance_lo": interval.lo,
            "imbalance_hi": interval.hi,
            "iir": baseline / figures["imbalance"] if figures["imbalance"] > 0 else math.inf,
            **{key: figures[key] for key in figures if key != "imbalance"},
        }


def _load_frame(runs: dict[str, Run]) -> pd.DataFrame:
    frames = []
    for policy, run in runs.items():
        steps, workers = run.loads.shape
        frames.append(
            pd.DataFrame(
                {
                    "policy": policy,
                    "step": np.repeat(np.arange(steps), workers),
                    "worker": np.tile(np.arange(workers), steps),
                    "load": run.loads.ravel(),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _serving_claims(runs: dict[str, Run], law: JointLaw, warmup: int) -> Iterator[_Row]:
    fcfs, bfio = runs["fcfs"], runs["bfio"]
    system, drift = fcfs.system, fcfs.workload.drift
    measured = _mean(fcfs.imbalance[warmup:])
    exact = fcfs_imbalance(law, None, drift, workers=system.workers, slots=system.slots)
    yield _judge("F0", "serving", fcfs, (exact.lo, exact.hi), measured)
    lowest = fcfs_lower_bound(slot_load_law(law, None, drift), workers=system.workers, slots=system.slots)
    yield _judge("F1", "serving", fcfs, (lowest, math.inf), measured)
    yield from map(_throughput_row, runs.values())
    yield from map(_energy_row, runs.values())
    top = (system.workers - 1) * law.size_law.span
    yield _judge("B1", "serving", bfio, (0.0, top), _known(float(bfio.imbalance.max())))


def _homogeneous_claims(runs: dict[str, Run], sizes: Law) -> Iterator[_Row]:
    fcfs, bfio = runs["fcfs"], runs["bfio"]
    system, drift = fcfs.system, fcfs.workload.drift
    # a round keeps its imbalance to its end, so that one value per round is all there is to average
    measured = _mean(fcfs.imbalance[::ROUND_STEPS])
    exact = fcfs_imbalance(
        sizes, Law.constant(ROUND_STEPS), drift, workers=system.workers, slots=system.slots
    )
    yield _judge("F0", "homogeneous", fcfs, (exact.lo, exact.hi), measured)
    top = (system.workers - 1) * sizes.span
    yield _judge("B1", "homogeneous", bfio, (0.0, top), _known(float(bfio.imbalance.max())))
    own = float(bfio.imbalance.mean())
    if not sizes.is_constant and own > 0:
        least = homogeneous_ratio(sizes, workers=system.workers, slots=system.slots).lo
        ratio = _Measured(measured.mean / own, measured.lo / own, measured.hi / own)
        yield _judge("B1-ratio", "homogeneous", bfio, (least, math.inf), ratio)


def _throughput_row(run: Run) -> _Row:
    """T0: step times recomputed from Σ L and I; measured is the largest relative deviation of a step."""
    system = run.system
    per_token = system.seconds_per_token / system.workers
    from_identity = system.step_overhead_s + per_token * (run.total_load + run.imbalance)
    deviation = float(np.abs(from_identity / run.duration_s - 1).max())
    return _judge("T0", "serving", run, (0.0, ROUNDING), _known(deviation))


def _energy_row(run: Run) -> _Row:
    """E0: means over the steps in the table, while the verdict asks every step to lie between its bounds."""
    power = run.system.power
    lower, upper = step_energy_bounds(
        run.duration_s,
        run.max_load,
        run.total_load,
        workers=run.system.workers,
        idle_w=power.idle_w,
        busy_w=power.busy_w,
        exponent=power.exponent,
    )
    bound = (float(lower.mean()), float(upper.mean()))
    row = _judge("E0", "serving", run, bound, _known(float(run.energy_j.mean())))
    outside = np.flatnonzero(
        (run.energy_j < lower * (1 - ROUNDING)) | (run.energy_j > upper * (1 + ROUNDING))
    )
    return replace(row, verdict="violated", reason=f"violated in step {outside[0]}") if outside.size else row


def _mean(values: NDArray[np.float64]) -> _Measured:
    interval = batch_means(values, level=LEVEL)
    return _Measured(interval.estimate, interval.lo, interval.hi)


def _known(value: float) -> _Measured:
    return _Measured(value, value, value)


def _judge(claim: str, run_name: str, run: Run, bound: tuple[float, float], measured: _Measured) -> _Row:
    failed = unmet(CLAIMS[claim], run)
    agrees = measured.lo <= bound[1] and measured.hi >= bound[0]
    verdict = "not applicable" if failed else "consistent" if agrees else "violated"
    return _Row(
        claim=claim,
        run=run_name,
        policy=run.policy,
        applies=not failed,
        bound_lo=bound[0],
        bound_hi=bound[1],
        measured=measured.mean,
        measured_lo=measured.lo,
        measured_hi=measured.hi,
        verdict=verdict,
        reason=failed[0].reason if failed else "",
    )
