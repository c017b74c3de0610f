"""The lines of the claims table: each claim evaluated on the run it speaks of.

May import everything below this room.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bounds.assumptions import solved_to_optimality, unmet
from bounds.claims import CLAIMS
from bounds.claims.b1_ratio import homogeneous_ratio
from bounds.claims.e0_energy import step_energy_bounds
from bounds.claims.f1_fcfs_lower import fcfs_lower_bound
from bounds.enclosure import Enclosure
from bounds.fcfs import fcfs_imbalance, slot_load_laws
from bounds.finding import Finding
from bounds.intervals import independent_mean
from drift_processes import DriftProcess, JointLaw, Law
from experiments.judging import ROUNDING, ClaimRow, Measured, estimated, judge, known, unjudged
from experiments.replications import Replicas
from experiments.settling import Settling
from simulation import Run, System
from simulation.recompute import loads_by_worker

__all__ = ["fcfs_claims", "round_claims", "serving_claims"]

#: Points of the lattice of a worker's load up to which F0 takes well below a second whatever the precision.
EXACT_POINTS = 2_000_000


def fcfs_claims(
    system: System, law: JointLaw, drift: DriftProcess, settling: Settling, replicas: Replicas | None
) -> Iterator[ClaimRow]:
    """F0 and F1 on the replications of FCFS; ``None`` where the lengths don't allow them."""
    if replicas is None or replicas.measured is None:
        verdict, reason = (
            (settling.verdict, settling.reason) if replicas is None else ("inconclusive", replicas.reason)
        )
        for claim in ("F0", "F1"):
            yield unjudged(claim, "replicas", "fcfs", verdict, reason)
        return
    run = ("replicas", "fcfs")
    if replicas.failed:
        for claim in ("F0", "F1"):
            reason = replicas.failed[0].reason
            yield unjudged(claim, *run, "not applicable", reason, measured=replicas.measured)
        return
    loads = slot_load_laws(law, None, drift)
    exact = _exact(law, drift, system, loads)
    yield judge("F0", *run, (exact.lo, exact.hi), replicas.measured, failed=[])
    lowest = fcfs_lower_bound(loads, workers=system.workers, slots=system.slots)
    if lowest > 0:
        yield judge("F1", *run, (lowest, math.inf), replicas.measured, failed=[])
        return
    equal = all(load.is_constant for load in loads)
    why = "all loads are equal" if equal else "too few slots for the skewness of their loads"
    reason = f"the bound is void (0): {why}"
    yield unjudged("F1", *run, "not applicable", reason, bound=(0.0, math.inf), measured=replicas.measured)


def serving_claims(runs: Mapping[str, Run], sizes: Law, warmup: int) -> Iterator[ClaimRow]:
    """T0 and E0 on every run, B1 on BF-IO's."""
    for run in runs.values():
        yield _throughput_row(run, warmup)
    yield from map(_energy_row, runs.values())
    yield _largest_imbalance_row("serving", runs["bfio"], sizes)


def round_claims(runs: Mapping[str, Run], sizes: Law, round_steps: int) -> Iterator[ClaimRow]:
    """F0, B1 and their ratio on rounds of equal lengths."""
    fcfs, bfio = runs["fcfs"], runs["bfio"]
    # the steps of a round depend on each other, and under common drift are all alike; rounds don't
    of_fcfs, of_bfio = (
        estimated(independent_mean(run.imbalance.reshape(-1, round_steps).mean(axis=1)))
        for run in (fcfs, bfio)
    )
    yield _exact_row(fcfs, sizes, round_steps, of_fcfs, unmet(CLAIMS["F0"], fcfs))
    yield _largest_imbalance_row("rounds", bfio, sizes)
    row = ("B1-ratio", "rounds", "bfio")
    failed = unmet(CLAIMS["B1-ratio"], bfio)
    if failed:
        yield unjudged(*row, "not applicable", failed[0].reason)
    elif sizes.is_constant:
        yield unjudged(*row, "not applicable", f"all sizes are {sizes.mean:g}: there is no imbalance")
    elif of_fcfs.mean == of_bfio.mean == 0:
        reason = "neither policy had any imbalance in any round: the ratio has no value"
        yield unjudged(*row, "not applicable", reason)
    else:
        system = bfio.system
        least = homogeneous_ratio(sizes, workers=system.workers, slots=system.slots).lo
        # BF-IO's own mean is that of this run; the claim allows it to be anything up to (G-1)·Δ
        measured = of_fcfs.over(known(of_bfio.mean)) if of_bfio.mean > 0 else known(math.inf)
        yield _blamed_on_the_claim(judge(*row, (least, math.inf), measured, failed=[]), bfio)


def _exact(law: JointLaw, drift: DriftProcess, system: System, loads: Sequence[Law]) -> Enclosure:
    """Return F0, to six digits where the loads of a slot lie on a lattice that is short enough for that."""
    short = max(load.span for load in loads) * system.slots <= EXACT_POINTS
    return fcfs_imbalance(
        law, None, drift, workers=system.workers, slots=system.slots, rtol=1e-6 if short else 1e-3
    )


def _exact_row(
    fcfs: Run, sizes: Law, round_steps: int, measured: Measured, failed: list[Finding]
) -> ClaimRow:
    row = ("F0", "rounds", "fcfs")
    if failed:
        return unjudged(*row, "not applicable", failed[0].reason, measured=measured)
    system, drift = fcfs.system, fcfs.workload.drift
    law = JointLaw.independent(sizes, Law.constant(round_steps))
    exact = _exact(law, drift, system, slot_load_laws(law, None, drift))
    return judge(*row, (exact.lo, exact.hi), measured, failed=[])


def _largest_imbalance_row(name: str, bfio: Run, sizes: Law) -> ClaimRow:
    top = CLAIMS["B1"].evaluate(G=bfio.system.workers, Delta=sizes.span)
    measured = known(float(bfio.imbalance.max()))
    row = judge("B1", name, "bfio", (0.0, top), measured, failed=unmet(CLAIMS["B1"], bfio))
    return _blamed_on_the_claim(row, bfio)


def _blamed_on_the_claim(row: ClaimRow, bfio: Run) -> ClaimRow:
    """Leave open what an unproven decision may have caused: the claims speak of optimal ones."""
    if row.verdict != "violated":
        return row
    solved = solved_to_optimality(bfio)
    if solved.holds:
        return row
    return replace(row, verdict="inconclusive", reason=f"{row.reason}, but {solved.reason}")


def _throughput_row(run: Run, warmup: int) -> ClaimRow:
    """T0 with tokens and work counted from the requests, held against the run's clock."""
    system = run.system
    ran = run.start >= 0
    start = run.start[ran]
    first = np.maximum(start, warmup)
    stay = np.maximum(np.minimum(start + run.workload.lengths[ran], run.steps) - first, 0)
    formula = CLAIMS["T0"].evaluate(
        G=system.workers,
        K=run.steps - warmup,
        N=int(stay.sum()),
        C=system.step_overhead_s,
        kappa=system.seconds_per_token,
        nu=system.mean_load_s,
        W=_work(run, warmup, first - start, stay),
        J=float(run.imbalance[warmup:].sum()),
    )
    measured = known(run.summary(warmup=warmup)["throughput"])
    return judge("T0", "serving", run.policy, (formula, formula), measured, failed=unmet(CLAIMS["T0"], run))


def _work(run: Run, warmup: int, age: NDArray[np.int64], stay: NDArray[np.int64]) -> float:
    """Return Σ_k Σ_g L_g(k) from ``warmup`` on, not from the engine's records but from the requests.

    Growth by one fixed amount d has a formula: Σ (size + d·(age + j)) for j = 0..stay-1. Any other is asked
    for again, from the same random stream and by code that shares nothing with the engine.
    """
    least, most = run.workload.drift.increment_range
    if least != most:
        return sum(float(worker.loads[warmup:].sum()) for worker in loads_by_worker(run))
    sizes = run.workload.sizes[run.start >= 0]
    work = stay * (sizes + least * age) + least * stay * (stay - 1) / 2
    return float(work.sum())


def _energy_row(run: Run) -> ClaimRow:
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
    measured = known(float(run.energy_j.mean()))
    row = judge("E0", "serving", run.policy, bound, measured, failed=unmet(CLAIMS["E0"], run))
    outside = np.flatnonzero(
        (run.energy_j < lower * (1 - ROUNDING)) | (run.energy_j > upper * (1 + ROUNDING))
    )
    return replace(row, verdict="violated", reason=f"violated in step {outside[0]}") if outside.size else row
