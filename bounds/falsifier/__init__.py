"""The search for counterexamples to deterministic claims: three stages, shrinking, files, replay.

A claim enters by an `Adapter` in `bounds.falsifier.adapters`: how its instances are made, what it assumes of
them, and its inequalities with both sides computed. May import contracts, drift_processes, formulations,
simulation, Hypothesis, and from this room the claims and verdicts.
"""

from bounds.falsifier.adapter import Adapter
from bounds.falsifier.adapters import ADAPTERS
from bounds.falsifier.counterexample import (
    Counterexample,
    load_counterexample,
    replay,
    save_counterexample,
)
from bounds.falsifier.falsification import Budget, Falsification, Stage
from bounds.falsifier.part import Part
from bounds.falsifier.search import falsify

__all__ = [
    "ADAPTERS",
    "Adapter",
    "Budget",
    "Counterexample",
    "Falsification",
    "Part",
    "Stage",
    "falsify",
    "load_counterexample",
    "replay",
    "save_counterexample",
]
