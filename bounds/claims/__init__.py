"""The claims of docs/theory.md, one file each, listed by id in `CLAIMS`.

May import contracts, drift_processes, sympy, numpy, scipy, and from this room the enclosures and laws; never
the simulator or a solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bounds.claim import Claim
from bounds.claims import b1_homogeneous, b1_ratio, e0_energy, f0_fcfs, f1_fcfs_lower, t0_throughput

__all__ = ["CLAIMS"]

#: Id to claim, in the order of the theory.
CLAIMS: Mapping[str, Claim] = MappingProxyType(
    {
        module.CLAIM.id: module.CLAIM
        for module in (f0_fcfs, f1_fcfs_lower, b1_homogeneous, b1_ratio, t0_throughput, e0_energy)
    }
)
