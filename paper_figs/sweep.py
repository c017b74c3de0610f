"""What tables and figures are made from: the store of a sweep, or of `reproduce`, read once.

Imports `experiments.store`, `experiments.sweep_means`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from contracts import checks
from experiments.store import read_metadata, read_table
from experiments.sweep_means import paired_ratio, point_means

__all__ = ["KEYS", "NotInStore", "Sweep", "is_myopic", "policy_label", "read_sweep", "series_of"]

#: What tells points apart.
KEYS = ("workload", "drift", "workers", "slots", "arrivals", "load")

#: Columns of theory.parquet that are drawn or shown.
EXACT = ("f0_lo", "f0_hi", "separation_bound", "iir_bound", "iir_bound_claim", "b2_required_batch")

_POLICY_LABELS = {
    "fcfs": "FCFS",
    "jsq": "JSQ",
    "bfio": "BF-IO(0)",
    "least_load": "least load",
    "power_of_two": "power of two",
    "vllm_dp": "vLLM DP",
    "sglang_total_requests": "SGLang requests",
    "sglang_total_tokens": "SGLang tokens",
    "br0": "BR-0",
    "brh": "BR-H",
    "authors_bfio": "BF-IO, authors'",
}


def policy_label(name: str) -> str:
    """Return what a policy is called in print; a sweep's variants have labels of their own."""
    return _POLICY_LABELS.get(name, name)


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
        If the folder is not one, or nothing in it is done.
    """
    checks.instance("folder", folder, Path, "a Path")
    path = folder / "results.parquet"
    if not path.is_file():
        raise ValueError(f"{folder} holds no results.parquet; name the folder that `evenstep sweep` wrote")
    results, scenario = read_table(path), read_metadata(path)["scenario"]
    theory, loads = (_optional(folder / f"{name}.parquet") for name in ("theory", "loads"))
    if "policy" in results and "variant" not in results:
        return _of_reproduce(results, loads, scenario)
    missing = [name for name in (*KEYS, "point", "variant", "replication", "status") if name not in results]
    if missing:
        raise ValueError(f"{path} is no table of `evenstep sweep`: it has no column {missing[0]!r}")
    if not (results["status"] == "done").any():
        raise ValueError(f"{path}: no cell is done; run `evenstep sweep` with --resume")
    means = point_means(results)
    return Sweep(results, means[means["replications"] > 0], theory, loads, scenario)


def is_myopic(row: Any) -> bool:
    """Whether a row of the means is BF-IO(0), the policy that bounds speak of."""
    return row.policy in ("bfio", "bfio_exact") and row.horizon == 0 and row.binding == "pooled"


def series_of(row: Any) -> str:
    """Return the name of the curve of a variant as its horizon varies."""
    options = {name: value for name, value in json.loads(row.options).items() if name != "horizon"}
    words = [f"{name} = {value}" for name, value in options.items()]
    return ", ".join([str(row.lookahead), *words])


def _optional(path: Path) -> pd.DataFrame:
    return read_table(path) if path.is_file() else pd.DataFrame()


def _of_reproduce(results: pd.DataFrame, loads: pd.DataFrame, scenario: dict[str, Any]) -> Sweep:
    point: dict[str, Any] = {
        "point": 0, "workload": scenario["source"], "drift": "", "workers": scenario["workers"],
        "slots": scenario["slots"], "arrivals": "overloaded", "load": float("nan"),
    }  # fmt: skip
    labels = results["policy"].map(policy_label)
    same: dict[str, Any] = {"horizon": 0, "binding": "pooled", "options": "{}", "lookahead": "none"}
    means = results.assign(**point, **same, variant=labels, replications=1, warmup=scenario["warmup"])
    if len(loads):
        named = loads["policy"].map(policy_label)
        # all but the offered load, whose name is that of what the table holds
        loads = loads.assign(**{key: point[key] for key in point if key != "load"}, variant=named)
    return Sweep(results.iloc[:0], means, pd.DataFrame(), loads, scenario)
