"""How each number of the report was made: command, scenario, seed, versions, file and column.

All of it comes from the metadata of the files. Imports `paper_figs.report`, `paper_figs.columns`.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from paper_figs.columns import FIGURES
from paper_figs.report import Origin
from paper_figs.table import Formula, Table

__all__ = [
    "DRAWN",
    "reproduce_command",
    "sweep_command",
    "sweep_origin",
    "table_columns",
    "versions_in_words",
]

_KEYS = {"workload": "workload", "drift": "drift", "G": "workers", "B": "slots", "arrivals": "arrivals"}
_KEYS |= {"load": "load", "policy": "variant", "H": "horizon"}
_KEYS |= {"policy, lookahead": "policy, options, lookahead, binding"}

#: By head of a column: the columns of the store behind it.
_DERIVED = {
    "F0, exact": "theory.parquet: f0_lo, f0_hi (middle)",
    "IIR at least": "theory.parquet: iir_bound",
    "proved by": "theory.parquet: iir_bound_claim",
    r"I/I_{H=0}": "results.parquet: imbalance, over that of horizon 0",
    "saved": "results.parquet: energy_j, 1 - (variant / FCFS)",
    "proved at least": "results.parquet: work, idle_work, in E-saving",
}

_BOUNDS = "theory.parquet: iir_bound, f0_lo, separation_bound"

#: By name of a figure: the columns of the store behind it.
DRAWN = {
    "loads": "loads.parquet: step, worker, load",
    "scaling_b": f"results.parquet: imbalance (IIR) by slots; {_BOUNDS}",
    "scaling_g": f"results.parquet: imbalance (IIR) by workers; {_BOUNDS}",
    "horizon": "results.parquet: imbalance by horizon",
    "drift": "results.parquet: imbalance (IIR) by drift",
    "energy": "results.parquet: energy_j, work, idle_work",
    "production": "results.parquet: ttft_s_p99 by load",
    "regimes": "results.parquet: imbalance by workers, slots; theory.parquet: f0_lo, b2_required_batch",
}


def table_columns(table: Table, *, single_run: bool) -> list[tuple[str, str]]:
    """Return for each column of a table of `paper_figs.artefacts` what it was drawn from.

    Parameters
    ----------
    table : Table
    single_run : bool
        Whether the store is one of `reproduce`, with one run per policy and its own intervals.
    """
    by_head = {shown.head: name for name, shown in FIGURES.items()}
    found = []
    for column in table.columns:
        head = column.head.latex if isinstance(column.head, Formula) else column.head
        if head in by_head:
            found.append(
                (head, f"results.parquet: {_figure(by_head[head], column.has_intervals, single_run)}")
            )
        elif head in _DERIVED:
            found.append((head, _DERIVED[head]))
        else:
            found.append((head, f"results.parquet: {_key(head, single_run)}"))
    return found


def _key(head: str, single_run: bool) -> str:
    return "policy" if single_run and head == "policy" else _KEYS[head]


def _figure(name: str, has_interval: bool, single_run: bool) -> str:
    if single_run:
        return f"{name}, {name}_lo, {name}_hi" if has_interval else name
    if name == "iir":
        return "imbalance, of FCFS over the variant's; means over replications, Fieller's interval"
    return f"{name}, mean over replications" + ("; Student's interval" if has_interval else "")


def reproduce_command(scenario: Mapping[str, Any]) -> str:
    """Return the command that a store of `reproduce` was made by."""
    words = ["evenstep", "reproduce"]
    # the shipped quantiles have a name and no file
    if "published quantiles" not in str(scenario["source"]):
        words += ["--trace", str(scenario["trace"])]
    for name in ("workers", "slots", "steps", "seed"):
        words += [f"--{name}", str(scenario[name])]
    words += ["--skip-bad-rows"] * bool(scenario["skip_bad_rows"])
    words += ["--verify"] * bool(scenario["verified_runs"])
    return shlex.join(words)


def sweep_command(scenario: Mapping[str, Any]) -> str:
    """Return the command that the store of a sweep was made by; its scenario's name says whether quickly."""
    name = str(scenario["name"])
    quick = ["--quick"] * name.endswith("-quick")
    return shlex.join(["evenstep", "sweep", name.removesuffix("-quick"), *quick])


def sweep_origin(
    scenario: Mapping[str, Any],
    versions: Mapping[str, str],
    results: pd.DataFrame,
    columns: Sequence[tuple[str, str]],
) -> Origin:
    """Return how something was made that was drawn from the store of a sweep."""
    failed = int((results["status"] == "failed").sum())
    seeds = sorted(set(results["seed"]))
    settings = {
        "scenario": f"{scenario['name']}: {results['point'].nunique()} points, {len(results)} runs"
        + (f", of which {failed} failed" if failed else ""),
        "seed": f"{scenario['seed']}; of the runs: {seeds[0]} … ({len(seeds)} different ones, column seed)",
        "replications": str(scenario["replications"]),
        "steps": f"{scenario['steps']:,} measured, after the warm-up in column warmup",
        "versions": versions_in_words(versions),
    }
    return Origin(sweep_command(scenario), settings, columns, scenario)


def versions_in_words(versions: Mapping[str, str]) -> str:
    """Return versions as one line."""
    return ", ".join(f"{name} {number}" for name, number in versions.items())
