"""What `evenstep reproduce` writes, small and by hand, with names that a page must escape."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from bounds.verdict import Verdict
from experiments.checking import Checked, write_verdicts
from experiments.paper_section import Asked, Section, write_section
from experiments.store import write_table
from tests.paper_figs.stores import MACHINE, POINTS, loads, results, theory

SOURCE = 'my <script>alert("x")</script> & co'

#: Load by policy, step and worker.
LOADS = {"fcfs": ((10.0, 4.0), (12.0, 6.0), (5.0, 9.0)), "bfio": ((7.0, 7.5), (9.0, 8.0), (8.0, 8.0))}

VERDICTS = (
    Verdict("B1", "holds", "no counterexample <b>", measured=(2, 2), bound=(0, 2), observations=2256, seed=1),
    Verdict(
        "F1", "refuted", "the mean lies outside", level=0.01, guarantee="bounded", measured=(100, 200),
        bound=(300.5, math.inf), observations=64, seed=1,
    ),
)  # fmt: skip


def write_reproduction_files(folder: Path) -> Path:
    """Write the tables of one workload; return the folder."""
    scenario = {
        "source": SOURCE, "trace": "my trace.csv", "workers": 2, "slots": 4, "steps": 400, "seed": 3,
        "skip_bad_rows": True, "verified_runs": 0, "skipped_rows": 2, "warmup": 10, "replicas": 32,
        "replica_steps": 90,
    }  # fmt: skip
    policies = pd.DataFrame(
        {
            "policy": ["fcfs", "bfio"], "imbalance": [14212.04, 3641.5],
            "imbalance_lo": [14000.0, math.nan], "imbalance_hi": [14424.08, math.nan], "iir": [1.0, 3.9028],
            "idle_fraction": [0.1658, 0.0015],
            "throughput": [49252.4, 56620.1], "tpot_s": [0.02339, 0.02035],
            "energy_per_token_j": [0.11824, 0.11296], "steps": [400, 400],
        }
    )  # fmt: skip
    claims = pd.DataFrame(
        {
            "claim": ["F0", "B1"], "run": ["replicas", "serving"], "policy": ["fcfs", "bfio"],
            "applies": [True, False], "bound_lo": [14100.0, 0.0], "bound_hi": [14100.0, 111510.0],
            "measured": [14212.0, 86786.0],
            "measured_lo": [14000.0, 86786.0], "measured_hi": [14424.0, 86786.0],
            "verdict": ["consistent", "not applicable"], "reason": ["", "lengths range from 6 to 1899"],
        }
    )  # fmt: skip
    moves = pd.DataFrame(
        {"policy": policy, "step": step, "worker": worker, "load": load}
        for policy, steps in LOADS.items()
        for step, pair in enumerate(steps)
        for worker, load in enumerate(pair)
    )
    for name, table in (("results", policies), ("claims", claims), ("loads", moves)):
        write_table(folder / f"{name}.parquet", table, scenario=scenario)
    return folder


def write_section_files(folder: Path) -> Path:
    """Write a section of one sweep and two verdicts; return its folder."""
    scenario = {
        "name": "hand-quick", "title": "by hand </script>", "seed": 5, "steps": 2000, "replications": 3,
        "points": [{"system": MACHINE}] * len(POINTS),
    }  # fmt: skip
    for name, table in (("results", results()), ("theory", theory()), ("loads", loads())):
        write_table(folder / "sweeps" / "hand" / f"{name}.parquet", table, scenario=scenario)
    done = [Checked(verdict, is_control=False) for verdict in VERDICTS]
    write_verdicts(folder / "checks", done, scale=1.0, seed=1)
    section = Section(("hand",), {"traces": "no folder"}, (), Asked(), VERDICTS, ("B2",), {"numpy": "2.0"})
    write_section(folder, section)
    return folder
