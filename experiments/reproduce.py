"""The main job: simulate, compare with the theory, and hand back tables.

Three kinds of run. The *serving* runs have the lengths of the workload and are measured after a warm-up that
is derived from them; T0 and E0 speak of them. The *replicas* are independent runs of FCFS on the same law,
for F0 and F1. The *rounds* give every request the same length, so that the rounds of claim B1 arise. May
import everything below this room.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from drift_processes import JointLaw, Law, Workload
from experiments.claim_rows import fcfs_claims, round_claims, serving_claims
from experiments.judging import Measured
from experiments.replications import Replicas, replicate_fcfs
from experiments.scenario import Requests, Scenario
from experiments.settling import Settling, settle, table_interval
from simulation import Run, simulate, verify

__all__ = ["POLICIES_COMPARED", "Outcome", "reproduce", "stages"]

POLICIES_COMPARED = ("fcfs", "jsq", "bfio")

#: The two policies that claim B1 and its ratio speak of.
POLICIES_OF_ROUNDS = ("fcfs", "bfio")

#: Steps whose worker loads are kept for the picture.
PICTURE_STEPS = 400

#: Steps per round, and rounds.
ROUND_STEPS = 8
ROUNDS = 200

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """Tables of one `reproduce`; their columns are documented in docs/results.md.

    ``slot_load`` is the mean load of a slot in the replicas, None where it was not measured.
    """

    results: pd.DataFrame
    claims: pd.DataFrame
    loads: pd.DataFrame
    scenario: dict[str, Any]
    slot_load: Measured | None = None


def stages(*, check_runs: bool, policies: Sequence[str] = POLICIES_COMPARED) -> int:
    """Return how often `reproduce` reports progress."""
    runs = len(policies) + len(POLICIES_OF_ROUNDS)
    return runs * (2 if check_runs else 1) + 2


def reproduce(
    scenario: Scenario,
    *,
    requests: Requests | None = None,
    policies: Sequence[str] = POLICIES_COMPARED,
    phases: int = 1,
    check_runs: bool = False,
    progress: Progress = lambda _what: None,
) -> Outcome:
    """Run the main job.

    Parameters
    ----------
    scenario : Scenario
    requests : Requests, optional
        ``scenario.requests()``, where that has been called already.
    policies : sequence of str
        The policies compared, ``"fcfs"`` and ``"bfio"`` among them.
    phases : int
        Steps after which the growth repeats itself: of ``Outcome.slot_load`` whole periods are measured.
    check_runs : bool
        Recompute every run by `simulation.verify`.
    progress : callable
        Told in words what begins.

    Raises
    ------
    TraceError, OSError
        If the trace can't be read.
    ValueError
        If the scenario needs more requests than fit into memory.
    InvariantBroken
        If ``check_runs`` finds a difference.
    """
    drawn = scenario.requests() if requests is None else requests
    law = drawn.law
    settling = settle(law.length_law, steps=scenario.steps)
    serving = _serve(scenario, drawn, settling, policies, progress)
    rounds = _homogeneous_rounds(scenario, law, progress)
    progress("fcfs: replications")
    replicas = (
        None
        if settling.verdict
        else replicate_fcfs(scenario, law, settling, phases=phases, check_runs=check_runs)
    )
    checked = [*serving.values(), *rounds.values()] if check_runs else []
    for run in checked:
        progress(f"{run.policy}: verifying")
        verify(run)
    progress("evaluating claims")
    rows = [
        *fcfs_claims(scenario.system, law, scenario.drift, settling, replicas),
        *serving_claims(serving, law.size_law, settling.warmup),
        *round_claims(rounds, law.size_law, ROUND_STEPS),
    ]
    number = replicas.number if replicas else 0
    return Outcome(
        results=pd.DataFrame(_result_rows(serving, settling)),
        claims=pd.DataFrame([vars(row) for row in rows]),
        loads=_load_frame(serving),
        scenario=_settings(scenario, drawn, settling, replicas)
        | {"verified_runs": len(checked) + number if check_runs else 0},
        slot_load=replicas.slot_load if replicas else None,
    )


def _settings(
    scenario: Scenario, drawn: Requests, settling: Settling, replicas: Replicas | None
) -> dict[str, Any]:
    return scenario.describe() | {
        "source": drawn.source,
        "skipped_rows": drawn.skipped_rows,
        "warmup": settling.warmup,
        "settled": settling.memory is not None,
        "replicas": replicas.number if replicas else 0,
        "replica_steps": replicas.steps if replicas else 0,
    }


def _serve(
    scenario: Scenario, drawn: Requests, settling: Settling, policies: Sequence[str], progress: Progress
) -> dict[str, Run]:
    total = settling.warmup + scenario.steps
    work = scenario.workload(drawn.law, source=drawn.source, total_steps=total, seed=scenario.seed)
    runs = {}
    for policy in policies:
        progress(f"{policy}: {total:,} steps")
        runs[policy] = simulate(
            work, scenario.system, policy, steps=total, seed=scenario.seed, record_loads=PICTURE_STEPS
        )
    return runs


def _homogeneous_rounds(scenario: Scenario, law: JointLaw, progress: Progress) -> dict[str, Run]:
    capacity = scenario.workers * scenario.slots
    work = Workload.synthetic(
        sizes=law.size_law,
        lengths=Law.constant(ROUND_STEPS),
        drift=scenario.drift,
        requests=scenario.affordable((ROUNDS + 1) * capacity + 4 * scenario.workers),
        seed=scenario.seed,
    )
    runs = {}
    for policy in POLICIES_OF_ROUNDS:
        progress(f"{policy}: {ROUNDS} homogeneous rounds")
        steps = ROUNDS * ROUND_STEPS
        runs[policy] = simulate(work, scenario.system, policy, steps=steps, seed=scenario.seed)
    return runs


def _result_rows(runs: dict[str, Run], settling: Settling) -> Iterator[dict[str, Any]]:
    baseline = runs["fcfs"].summary(warmup=settling.warmup)["imbalance"]
    for policy, run in runs.items():
        figures = run.summary(warmup=settling.warmup)
        low, high = table_interval(run, settling)
        own = figures["imbalance"]
        yield {
            "policy": policy,
            "imbalance": own,
            "imbalance_lo": low,
            "imbalance_hi": high,
            "iir": 1.0 if policy == "fcfs" else _ratio(baseline, own),
            **{key: figures[key] for key in figures if key != "imbalance"},
        }


def _ratio(baseline: float, own: float) -> float:
    """Return IIR; NaN for 0/0, which says nothing."""
    if own > 0:
        return baseline / own
    return math.inf if baseline > 0 else math.nan


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
