"""T0 (throughput from work and imbalance) on what a run records, both ways round since it is an identity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from bounds.claims.t0_throughput import CLAIM
from bounds.falsifier.adapter import Adapter
from bounds.falsifier.choices import Choose, Instance, Limits, several
from bounds.falsifier.fields import Field
from bounds.falsifier.part import Number, Part
from drift_processes import UnitGrowth, Workload
from simulation import System, simulate

__all__ = ["Throughput"]

UPPER = "throughput <= N / (K·C + κ/G·(W + J) + ν/G·W)"
LOWER = "N / (K·C + κ/G·(W + J) + ν/G·W) <= throughput"


class Throughput(Adapter):
    """Workers, slots, requests with their lengths, and what a step takes in milliseconds."""

    claim = "T0"
    fields: ClassVar[Mapping[str, Field]] = {
        "workers": Field(at_least=1, at_most=8),
        "slots": Field(at_least=1, at_most=8),
        "sizes": Field(along="request", fewest=1, is_amount=True),
        "lengths": Field(along="request", fewest=1, at_least=1, at_most=64),
        "overhead_ms": Field(at_least=1, at_most=10_000),
        "per_load_ms": Field(at_most=10_000),
        "per_mean_load_ms": Field(at_most=10_000),
    }
    usual = Limits(workers=(1, 4), slots=(1, 3), spare=(0, 8), largest=(1, 10, 1000))
    tiny = (
        Limits(workers=(1, 2), slots=(1, 1), spare=(0, 1), largest=(1,), ordered=True),
        Limits(workers=(2, 2), slots=(2, 2), spare=(0, 0), largest=(1,), ordered=True),
    )
    control = 0.99
    rounding = 1e-9

    def build(self, choose: Choose, limits: Limits) -> Instance:
        """Return a workload, served to its end, and a model of the duration."""
        workers, slots = choose(*limits.workers), choose(*limits.slots)
        number = workers * slots + choose(*limits.spare)
        slowest = 1 if limits.ordered else 50
        return {
            "workers": workers,
            "slots": slots,
            "sizes": several(choose, number, 0, limits.pick_largest(choose), ordered=limits.ordered),
            "lengths": several(choose, number, 1, 2 if limits.ordered else 4, ordered=limits.ordered),
            "overhead_ms": choose(1, slowest + 1),
            "per_load_ms": choose(0, slowest),
            "per_mean_load_ms": choose(0, slowest),
        }

    def parts(self, instance: Instance, beyond: Number) -> list[Part]:
        """Return the identity as two inequalities, in tokens per second."""
        del beyond
        cost = {name: instance[f"{name}_ms"] / 1000 for name in ("overhead", "per_load", "per_mean_load")}
        system = System(
            instance["workers"], instance["slots"], overhead_s=cost["overhead"],
            seconds_per_token=cost["per_load"], mean_load_s=cost["per_mean_load"],
        )  # fmt: skip
        work = Workload(instance["sizes"], instance["lengths"], UnitGrowth())
        run = simulate(work, system, "fcfs", record_loads=int(work.lengths.sum()))
        tokens, total = float(work.lengths.sum()), float(run.loads.sum())
        imbalance = float((run.loads.max(axis=1, keepdims=True) - run.loads).sum())
        said = CLAIM.evaluate(
            G=system.workers, K=run.steps, N=tokens, C=cost["overhead"], kappa=cost["per_load"],
            nu=cost["per_mean_load"], W=total, J=imbalance,
        )  # fmt: skip
        seen = run.summary()["throughput"]
        return [Part(UPPER, seen, said), Part(LOWER, said, seen)]
