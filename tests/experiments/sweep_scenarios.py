"""Scenarios of sweeps for tests: small ones, and drift processes that misbehave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.sweeps.plan import Plan, make_plan
from experiments.sweeps.scenario import SweepScenario

__all__ = ["SMALL", "TABLES", "bytes_of", "drift_file", "small", "small_plan"]

TABLES = ("results", "theory", "loads")

#: 2 points, 3 variants, 2 replications: 12 cells and 2 theories.
SMALL = """\
title = "for tests"
seed = 5
steps = 60
warmup = 20
replications = 2
record_loads = 3

[[workloads]]
sizes = "uniform:1:100"
lengths = "geometric:0.2"

[system]
workers = [2, 3]
slots = 4

[[variants]]
policy = "fcfs"

[[variants]]
policy = "bfio"
horizon = [0, 3]
lookahead = "oracle"
"""

#: Grows by one, and does something before; ``age.size`` is G·B, so that it can tell systems apart.
DRIFT = """\
import os, signal, time
from pathlib import Path
from drift_processes import DriftProcess

class Odd(DriftProcess):
    increment_range = (1.0, 1.0)
    grows_by_age = True

    def increments(self, *, step, age, size, load, rng):
        {action}
        return 1.0
"""


def small(**changes: Any) -> SweepScenario:
    """Return the small scenario as a value, with other settings."""
    settings: dict[str, Any] = {
        "name": "small",
        "seed": 5,
        "steps": 60,
        "warmup": 20,
        "replications": 2,
        "workloads": [{"sizes": "uniform:1:100", "lengths": "geometric:0.2"}],
        "system": {"workers": [2, 3], "slots": 4},
        "variants": [{"policy": "fcfs"}, {"policy": "bfio"}],
    }
    return SweepScenario(**{**settings, **changes})


def small_plan(**changes: Any) -> Plan:
    """Return the plan of the small scenario with other settings."""
    return make_plan(small(**changes))


def drift_file(folder: Path, action: str) -> str:
    """Write a drift process that does something odd before it grows; return its name for a scenario."""
    path = folder / "odd.py"
    path.write_text(DRIFT.format(action=action))
    return f"{path}:Odd"


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return the tables of a sweep, byte for byte."""
    paths = (folder / f"{name}.parquet" for name in TABLES)
    return {path.name: path.read_bytes() for path in paths if path.is_file()}
