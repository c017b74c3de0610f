"""Filling up to a common level: the construction of the filling lemma (docs/theory.md §3, B2) as a policy.

It is a witness, not a contender: where the lemma applies it leaves all loads within Δ of each other, and the
optimum of BF-IO can then only improve on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from simulation.policies.base import Policy, View
from simulation.policies.deal import Deal

__all__ = ["Fill", "common_levels", "fill_to", "two_kinds"]


class Fill(Policy):
    """Fill every worker with small requests, then swap in large ones as long as it stays below one level.

    With ℓ_g the load of the requests that continue on worker g and c_g its free slots, a level T common to
    all intervals [ℓ_g + c_g·a, ℓ_g + c_g·b] is looked for; the middle one is taken, so that both kinds are
    used up alike. Each worker starts with c_g requests of size <= a, which are replaced one by one by
    requests of size >= b up to the last load <= T. All loads end in (T - Δ, T], so that I <= (G-1)·Δ.

    Parameters
    ----------
    a, b : float, optional
        0 <= a < b, both or neither. Default: anew in each step with U slots to fill, the U-th smallest and
        the U-th largest size shown; no other pair of the pool leaves the intervals longer.

    Notes
    -----
    The lemma needs U requests of either kind in sight, hence a ``window`` of at least U beyond the free slots
    (G·B at the start); the oldest of each kind are used. Where it does not apply nothing is proven. If
    there is no common level, T is the largest ℓ_g + c_g·a: that worker can't be held below it, and the others
    are filled up to it as far as their slots go. If fewer than U of a kind are shown, the step is decided as
    `Deal` does.
    """

    name = "fill"
    bindings = ("pooled",)

    def __init__(self, *, a: float | None = None, b: float | None = None) -> None:
        checks.check(
            (a is None) == (b is None),
            f"a and b must be given together, got a={checks.shown(a)} and b={checks.shown(b)}",
        )
        self.a = None if a is None else checks.number("a", a, at_least=0)
        self.b = None if b is None else checks.number("b", b, above=self.a or 0.0)

    @property
    def options(self) -> Mapping[str, Any]:
        """The arguments it was made with."""
        return {"a": self.a, "b": self.b}

    def assign(self, view: View) -> NDArray[np.int64]:
        """Fill to the middle of the common levels."""
        free, loads, slots = view.free_slots, view.loads[:, 0], int(view.free_slots.sum())
        a, b = self._limits(view.sizes, slots)
        small, large = two_kinds(view.sizes, slots, a, b)
        if not a < b or min(len(small), len(large)) < slots:
            return Deal().assign(view)
        low, high = common_levels(loads, free, a, b)
        level = (low + high) / 2 if low <= high else low
        return fill_to(level, loads, free, view.sizes, small, large)

    def _limits(self, sizes: NDArray[np.float64], slots: int) -> tuple[float, float]:
        if self.a is not None and self.b is not None:
            return self.a, self.b
        if not 0 < slots <= len(sizes):
            return 0.0, 0.0
        ordered = np.sort(sizes)
        return float(ordered[slots - 1]), float(ordered[len(sizes) - slots])


def two_kinds(
    sizes: NDArray[np.float64], slots: int, a: float, b: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the oldest ``slots`` requests of size <= a and of size >= b, fewer where there are not as many.

    Parameters
    ----------
    sizes : (N,) float64
        Of the waiting requests, in arrival order.
    slots : int
        U.
    """
    return np.flatnonzero(sizes <= a)[:slots], np.flatnonzero(sizes >= b)[:slots]


def common_levels(
    loads: NDArray[np.float64], free: NDArray[np.int64], a: float, b: float
) -> tuple[float, float]:
    """Return the smallest and the largest T in every [ℓ_g + c_g·a, ℓ_g + c_g·b]; none if they are reversed.

    Parameters
    ----------
    loads, free : (G,) arrays
        ℓ_g and c_g before the admissions.
    """
    return float((loads + free * a).max()), float((loads + free * b).min())


def fill_to(
    level: float,
    loads: NDArray[np.float64],
    free: NDArray[np.int64],
    sizes: NDArray[np.float64],
    small: NDArray[np.int64],
    large: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the worker of each request, -1 where it is left waiting.

    Parameters
    ----------
    level : float
        T, which no swap may lift a load above.
    loads, free : (G,) arrays
        ℓ_g and c_g before the admissions.
    sizes : (N,) float64
    small, large : int arrays
        Disjoint requests of either kind, Σ_g c_g of each.
    """
    worker = np.full(len(sizes), -1, dtype=np.int64)
    first, used = 0, 0
    for g, slots in enumerate(free.tolist()):
        mine = small[first : first + slots].copy()
        first += slots
        load = loads[g] + sizes[mine].sum()
        for place in range(slots):
            lifted = load + sizes[large[used]] - sizes[mine[place]]
            if lifted > level:
                break
            mine[place], load, used = large[used], lifted, used + 1
        worker[mine] = g
    return worker
