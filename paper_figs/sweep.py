"""What tables and figures are made from: the store of a sweep, or of `reproduce`, read once.

Imports `experiments.store`, `experiments.sweep_means` and the names of the policies.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from contracts import checks
from experiments.store import read_metadata, read_table
from experiments.sweep_means import IDENTIFICATION, paired_ratio, point_means
from experiments.sweeps.variants import policy_name

__all__ = ["KEYS", "NotInStore", "Sweep", "is_myopic", "myopic", "options_apart", "read_sweep"]

#: What tells points apart.
KEYS = ("workload", "drift", "workers", "slots", "arrivals", "load")

#: Columns of theory.parquet that are drawn or shown.
EXACT = ("f0_lo", "f0_hi", "separation_bound", "iir_bound", "iir_bound_claim", "b2_required_batch")

#: Sums over the steps of a run, and the mean imbalance: what ratios and bounds are made from.
_SUMS = ("imbalance", "energy_j", "work", "idle_work")
#: Other figures of every run, and of those in which requests arrive by the clock.
_ALWAYS = ("idle_fraction", "throughput", "tpot_s", "energy_per_token_j")
_CLOCKED = ("ttft_s_p50", "ttft_s_p90", "ttft_s_p99", "wait_s_p50", "wait_s_p99")

#: Columns of results.parquet of a sweep, and of one of `reproduce`.
_SWEPT = (*IDENTIFICATION, "replication", "seed", "steps", "warmup", "status", "error", *_SUMS, *_ALWAYS)
_REPRODUCED = ("policy", "steps", "imbalance", "iir", *_ALWAYS)

#: Columns of loads.parquet beside what says whose they are.
_TRAJECTORY = ("step", "worker", "load")


class NotInStore(ValueError):
    """The store lacks what a table or a figure needs; the message says what."""


@dataclass(frozen=True)
class Sweep:
    """A store in memory.

    Attributes
    ----------
    results : pandas.DataFrame
        One row per cell (docs/sweeps.md); empty for a store of `reproduce`.
    means : pandas.DataFrame
        Of `experiments.sweep_means.point_means`: one row per point and variant.
    theory, loads : pandas.DataFrame
        One row per point, one per step and worker; empty where the store has none.
    scenario : dict
        From the metadata.
    """

    results: pd.DataFrame
    means: pd.DataFrame
    theory: pd.DataFrame
    loads: pd.DataFrame
    scenario: dict[str, Any]

    def overloaded(self) -> pd.DataFrame:
        """Return the means of the points at which everyone waits from the start.

        Raises
        ------
        NotInStore
            If there is none.
        """
        part = self.means[self.means["arrivals"] == "overloaded"]
        if part.empty:
            raise NotInStore("it has no overloaded point")
        return part

    def with_theory(self, means: pd.DataFrame) -> pd.DataFrame:
        """Return rows of the means with the exact numbers of their points, NaN where none are known."""
        known = self.theory.reindex(columns=["point", *EXACT]).set_index("point")
        found = means.join(known.astype({"iir_bound_claim": object}), on="point")
        return found.assign(iir_bound_claim=found["iir_bound_claim"].fillna(""))

    def cells(self, point: int, variant: str) -> pd.DataFrame:
        """Return the cells that are done at a point, by replication."""
        part = self.results[(self.results["point"] == point) & (self.results["variant"] == variant)]
        return part[part["status"] == "done"].set_index("replication").sort_index()

    def ratio(self, point: int, above: str, below: str, figure: str) -> tuple[float, float, float]:
        """Return the ratio of a figure of two variants, from the same replications, and its interval.

        See `experiments.sweep_means.paired_ratio`.
        """
        pairs = pd.concat([self.cells(point, variant)[figure] for variant in (above, below)], axis=1).dropna()
        return paired_ratio(pairs.iloc[:, 0], pairs.iloc[:, 1])

    def machine(self, point: int) -> dict[str, Any]:
        """Return the constants of the system at a point, as `simulation.System` calls them."""
        found: dict[str, Any] = self.scenario["points"][point]["system"]
        return found


def read_sweep(folder: Path) -> Sweep:
    """Read the store of `evenstep sweep`, or of `evenstep reproduce`.

    Raises
    ------
    TypeError, ValueError
        If the folder is not one, nothing in it is done, or a table lacks a column or a number.
    """
    checks.instance("folder", folder, Path, "a Path")
    path = folder / "results.parquet"
    if not path.is_file():
        raise ValueError(f"{folder} holds no results.parquet; name the folder that `evenstep sweep` wrote")
    scenario = read_metadata(path)["scenario"]
    if "source" in scenario:
        return _of_reproduce(folder, scenario)
    results = _read(path, _SWEPT)
    if not (results["status"] == "done").any():
        raise ValueError(f"{path}: no cell is done; run `evenstep sweep` with --resume")
    if (results["arrivals"] != "overloaded").any():
        _refuse_incomplete(path, results, _CLOCKED)
    _refuse_not_finite(path, results)
    means = point_means(results)
    theory = _read(folder / "theory.parquet", ("point", *EXACT))
    place = ("point", "workload", "drift", "workers", "slots", "variant")
    loads = _read(folder / "loads.parquet", (*place, *_TRAJECTORY))
    return Sweep(results, means[means["replications"] > 0], theory, loads, scenario)


def _read(path: Path, columns: Sequence[str], made_by: str = "sweep") -> pd.DataFrame:
    """Return a table with these columns, an empty one if it is not there."""
    if not path.is_file():
        return pd.DataFrame()
    frame = read_table(path)
    _refuse_incomplete(path, frame, columns, made_by)
    return frame


def _refuse_incomplete(
    path: Path, frame: pd.DataFrame, columns: Sequence[str], made_by: str = "sweep"
) -> None:
    missing = [name for name in columns if name not in frame]
    if missing:
        raise ValueError(f"{path} is no table of `evenstep {made_by}`: it has no column {missing[0]!r}")


def _refuse_not_finite(path: Path, results: pd.DataFrame) -> None:
    """Refuse a run that is done and has no number where every run has one."""
    done = results[results["status"] == "done"]
    for name in _SUMS:
        for row in done[~np.isfinite(done[name])].to_dict("records"):
            whose = f"point {row['point']}, {row['variant']}, replication {row['replication']}"
            raise ValueError(f"{path}: {name} of {whose} must be finite, got {row[name]}")


def is_myopic(row: Any) -> bool:
    """Whether a row of the means is BF-IO(0) as bounds speak of it: `bounds` calls it ``bfio_policy``.

    It balances the imbalance and nothing else, and admits whom it likes.
    """
    options = json.loads(row.options)
    return (
        row.policy in ("bfio", "bfio_exact")
        and row.horizon == 0
        and row.binding == "pooled"
        and options.get("objective", "imbalance") == "imbalance"
        and options.get("max_wait") is None
    )


def myopic(means: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of BF-IO(0), the first of each point: two solvers of it would hide each other."""
    return means[means.apply(is_myopic, axis=1)].drop_duplicates("point")


def options_apart(row: Any) -> str:
    """Return the options of a variant apart from its horizon, in words."""
    options = {name: value for name, value in json.loads(row.options).items() if name != "horizon"}
    return ", ".join(f"{name}={value}" for name, value in options.items())


def _of_reproduce(folder: Path, scenario: dict[str, Any]) -> Sweep:
    results = _read(folder / "results.parquet", _REPRODUCED, "reproduce")
    loads = _read(folder / "loads.parquet", ("policy", *_TRAJECTORY), "reproduce")
    point: dict[str, Any] = {
        "point": 0, "workload": scenario["source"], "drift": "", "workers": scenario["workers"],
        "slots": scenario["slots"], "arrivals": "overloaded", "load": float("nan"),
    }  # fmt: skip
    labels = results["policy"].map(policy_name)
    same: dict[str, Any] = {"horizon": 0, "binding": "pooled", "options": "{}", "lookahead": "none"}
    means = results.assign(**point, **same, variant=labels, replications=1, warmup=scenario["warmup"])
    if len(loads):
        named = loads["policy"].map(policy_name)
        # all but the offered load, whose name is that of what the table holds
        loads = loads.assign(**{key: point[key] for key in point if key != "load"}, variant=named)
    return Sweep(results.iloc[:0], means, pd.DataFrame(), loads, scenario)
