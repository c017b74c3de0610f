"""A small store of a sweep, written by hand, that has the data for every table and every figure."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.store import write_table

NAN = math.nan

#: Workload, drift, G, B, arrivals, load of each point.
POINTS = [
    ("50_50 & co", "unit", 2, 4, "overloaded", NAN),
    ("50_50 & co", "unit", 2, 16, "overloaded", NAN),
    ("50_50 & co", "unit", 4, 4, "overloaded", NAN),
    ("50_50 & co", "unit", 4, 16, "overloaded", NAN),
    ("50_50 & co", "none", 4, 16, "overloaded", NAN),
    ("50_50 & co", "unit", 4, 16, "poisson", 0.7),
    ("50_50 & co", "unit", 4, 16, "poisson", 0.9),
]

#: Label, policy, horizon; imbalance and joules of three replications at point 0; n + 1 times that at point n.
VARIANTS: list[tuple[str, str, int, tuple[float, ...], tuple[float, ...]]] = [
    ("FCFS", "fcfs", 0, (100, 110, 120), (1000, 1010, 1020)),
    ("BF-IO(0)", "bfio", 0, (11, 10, 12), (800, 805, 815)),
    ("BF-IO(5)", "bfio", 5, (5, 6, 5.5), (790, 800, 805)),
]

MACHINE = {
    "overhead_s": 0.0, "mean_load_s": 0.0, "power": {"idle_w": 100.0, "busy_w": 400.0, "exponent": 0.7},
}  # fmt: skip


def results() -> pd.DataFrame:
    """Return results.parquet."""
    rows = []
    for point, keys in enumerate(POINTS):
        for label, policy, horizon, imbalances, joules in VARIANTS:
            for replication, (imbalance, energy) in enumerate(zip(imbalances, joules, strict=True)):
                row = _identification(point, keys) | {
                    "variant": label, "policy": policy, "options": json.dumps({"horizon": horizon}),
                    "binding": "pooled", "lookahead": "oracle" if horizon else "none", "horizon": horizon,
                    "replication": replication, "seed": 7, "steps": 2000, "warmup": 9,
                    "status": "done", "error": "",
                }  # fmt: skip
                rows.append(row | _figures(imbalance, energy, point + 1, is_clocked=not math.isnan(keys[-1])))
    return pd.DataFrame(rows)


def _identification(point: int, keys: tuple[Any, ...]) -> dict[str, Any]:
    names = ("workload", "drift", "workers", "slots", "arrivals", "load")
    return {"scenario": "hand", "point": point, **dict(zip(names, keys, strict=True))}


def _figures(imbalance: float, energy: float, times: int, *, is_clocked: bool) -> dict[str, float]:
    imbalance *= times
    found = {
        "imbalance": imbalance, "idle_fraction": imbalance / 2000, "throughput": 56789 - imbalance,
        "tpot_s": 0.02 + imbalance / 1e5, "energy_per_token_j": energy / 4000, "energy_j": energy * times,
        "tokens": 4000.0 * times, "work": 1000.0 * times, "idle_work": 10.0 * imbalance,
    }  # fmt: skip
    waits = ("ttft_s_p50", "ttft_s_p90", "ttft_s_p99", "wait_s_p50", "wait_s_p99")
    return found | {
        name: imbalance / 1000 * (1 + place) if is_clocked else NAN for place, name in enumerate(waits)
    }


def with_variant(
    frame: pd.DataFrame, variant: str, *, times: float, options: dict[str, Any] | None = None, **columns: Any
) -> pd.DataFrame:
    """Return results with one variant more: BF-IO(0) with so many times its imbalance, and other columns."""
    rows = frame[frame["variant"] == "BF-IO(0)"]
    columns |= {"variant": variant, "imbalance": rows["imbalance"] * times}
    if options is not None:
        columns["options"] = json.dumps(options)
    return pd.concat([frame, rows.assign(**columns)], ignore_index=True)


def theory() -> pd.DataFrame:
    """Return theory.parquet: at point n F0 = 108·(n+1), (G-1)Δ = 15·(n+1); a bound on IIR at B = 16."""
    rows = []
    for point, keys in enumerate(POINTS[:5]):
        is_large = keys[3] == 16
        rows.append(
            _identification(point, keys)
            | {
                "f0_lo": 108.0 * (point + 1), "f0_hi": 108.0 * (point + 1),
                "separation_bound": 15.0 * (point + 1),
                "iir_bound": 6.5 if is_large else NAN, "iir_bound_claim": "B2-ratio" if is_large else "",
                "b2_required_batch": 12.0,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def loads() -> pd.DataFrame:
    """Return loads.parquet: two workers of point 0 for three steps."""
    by_variant = {"FCFS": ((10, 4), (12, 6), (5, 9)), "BF-IO(0)": ((7, 7), (9, 8), (8, 8))}
    return pd.DataFrame(
        _identification(0, POINTS[0]) | {"variant": variant, "step": step, "worker": worker, "load": load}
        for variant, steps in by_variant.items()
        for step, pair in enumerate(steps)
        for worker, load in enumerate(pair)
    )


def write_store(folder: Path, *, only: tuple[int, ...] = tuple(range(len(POINTS))), **changed: Any) -> Path:
    """Write the store, or these points of it; a table can be replaced, and one that is None is left out."""
    tables = {"results": results(), "theory": theory(), "loads": loads()} | changed
    scenario = {"points": [{"system": MACHINE}] * len(POINTS)}
    for name, table in tables.items():
        if table is not None:
            write_table(folder / f"{name}.parquet", table[table["point"].isin(only)], scenario=scenario)
    return folder
