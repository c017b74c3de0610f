"""Workloads that the benchmarks share, by name. Imports drift_processes only."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from drift_processes import JointLaw, Law, UnitGrowth, Workload, published_laws

_BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "traces"

#: Names of `workload`; those of traces need the folder named by EVENSTEP_TRACES.
SYNTHETIC = ("uniform", "lognormal", "normal")


def trace_path(name: str) -> Path | None:
    """Return the file of a published trace, None where it is not at hand."""
    path = Path(os.environ.get("EVENSTEP_TRACES") or _BESIDE) / f"{name}.parquet"
    return path if path.exists() else None


def normal_pairs(number: int, seed: int) -> Workload:
    """Return the paper authors' synthetic requests: bivariate normal, rejected below zero, rounded, >= 1.

    Means 3200 and 1200, deviations 2600 and 700, correlation -0.1 (Load-Balancing-Release).
    """
    rng = np.random.default_rng(seed)
    shared = -0.1 * 2600 * 700
    pairs = rng.multivariate_normal([3200, 1200], [[2600**2, shared], [shared, 700**2]], 4 * number)
    kept = np.maximum(np.round(pairs[(pairs >= 0).all(axis=1)]), 1)[:number]
    return Workload(kept[:, 0], kept[:, 1], UnitGrowth(), source="normal")


def workload(name: str, number: int, seed: int) -> Workload:
    """Return ``number`` requests of a synthetic law or drawn from a trace (else from its published laws)."""
    if name == "normal":
        return normal_pairs(number, seed)
    if name in SYNTHETIC:
        sizes = Law.uniform(1, 100) if name == "uniform" else lognormal(median=500, sigma=1.2)
        return Workload.synthetic(
            sizes=sizes,
            lengths=Law.geometric(0.02),
            drift=UnitGrowth(),
            requests=number,
            seed=seed,
            source=name,
        )
    path = trace_path(name)
    if path is not None:
        return Workload.from_trace(path, requests=number, seed=seed)
    law = JointLaw.independent(*published_laws(name))
    return Workload.synthetic(sizes=law, drift=UnitGrowth(), requests=number, seed=seed, source=name)


def lognormal(*, median: float, sigma: float) -> Law:
    """Return a lognormal law rounded to whole numbers, cut at 40 times its median."""
    values = np.arange(1, int(40 * median))
    weights = np.exp(-((np.log(values / median)) ** 2) / (2 * sigma**2)) / values
    return Law(values, weights / weights.sum())
