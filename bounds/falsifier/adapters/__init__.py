"""One adapter for each deterministic claim, listed by id in `ADAPTERS`; to add a claim, add a file and a row.

May import contracts, drift_processes, formulations, simulation, the claims and this package.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bounds.falsifier.adapter import Adapter
from bounds.falsifier.adapters.b0 import Separation
from bounds.falsifier.adapters.b1 import EqualLengths
from bounds.falsifier.adapters.e0 import Energy
from bounds.falsifier.adapters.filling import Filling
from bounds.falsifier.adapters.savings import PublishedSaving, Saving
from bounds.falsifier.adapters.t0 import Throughput

__all__ = ["ADAPTERS"]

#: Id of the claim to its adapter; ``"filling"`` is the filling lemma in the proof of B2.
ADAPTERS: Mapping[str, Adapter] = MappingProxyType(
    {
        adapter.claim: adapter
        for adapter in (
            Separation(),
            EqualLengths(),
            Filling(),
            Throughput(),
            Energy(),
            Saving(),
            PublishedSaving(),
        )
    }
)
