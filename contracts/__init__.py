"""The leaf every room may import: named errors, argument checks, seeded random streams, whole files.

Imports numpy and nothing of evenstep.
"""

from contracts.errors import DriftError, Infeasible, InvariantBroken, SolverError, TimeLimit, TraceError
from contracts.streams import stream

__all__ = [
    "DriftError",
    "Infeasible",
    "InvariantBroken",
    "SolverError",
    "TimeLimit",
    "TraceError",
    "stream",
]
