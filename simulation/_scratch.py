"""The compiled engine's work arrays of one decision. Imports numpy, the solver's own and `simulation.system`.

G workers, B slots, K columns of the window, P the most requests ever shown.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from formulations._fast_kernel import Workspace, make_workspace
from simulation.system import System

__all__ = ["Scratch"]

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]


class Scratch(NamedTuple):
    """Work arrays of one decision over K columns, made anew only where K changes."""

    loads: _Floats
    active: _Ints
    free: _Ints
    found: _Ints
    sizes: _Floats  # (P,) of the requests shown
    choice: _Ints  # (P,) their workers
    required: NDArray[np.bool_]  # (P,)
    entrants: _Ints  # (G·B,) requests that enter in this step
    onto: _Ints  # (G·B,) their workers
    predicted: _Floats  # (G, K)
    gone: _Floats  # (G, K)
    lost: _Floats  # (G, K)
    regrown: _Floats  # (G, K)
    added: _Floats
    rest: _Floats
    column: _Floats
    ahead: _Floats  # (K,) expected growth
    weights: _Floats  # (K,)
    solver: Workspace

    @classmethod
    def make(cls, system: System, most_shown: int, ahead: _Floats, weights: _Floats) -> Scratch:
        """Return arrays for up to ``most_shown`` requests."""
        workers, columns = system.workers, len(ahead)

        def whole(number: int) -> _Ints:
            return np.zeros(number, dtype=np.int64)

        def table() -> _Floats:
            return np.zeros((workers, columns))

        return cls(
            loads=np.zeros(workers),
            active=whole(workers),
            free=whole(workers),
            found=whole(workers),
            sizes=np.zeros(most_shown),
            choice=whole(most_shown),
            required=np.zeros(most_shown, dtype=np.bool_),
            entrants=whole(system.capacity),
            onto=whole(system.capacity),
            predicted=table(),
            gone=table(),
            lost=table(),
            regrown=table(),
            added=np.zeros(workers),
            rest=np.zeros(workers),
            column=np.zeros(workers),
            ahead=ahead,
            weights=weights,
            solver=make_workspace(workers, columns - 1, most_shown),
        )
