"""Predicted loads of the next H steps, kept incrementally: O(G·H + events) per step.

The readable twin is `simulation.lookahead.predicted_loads`. For each worker and each of the next H steps
two sums over the requests believed to end there are kept, how many and Σ (size - growth at admission); their
load at any later step follows. Imports numba only; the arrays are described in `simulation._state.Window`.
"""

from __future__ import annotations

import numba

__all__ = ["foresee", "open_window", "predict"]


@numba.njit(cache=True)
def foresee(k, slot, believed, g, base, window):  # type: ignore[no-untyped-def]
    """Enter a request admitted at step k that is believed to stay ``believed`` steps."""
    columns = window.ends.shape[1]
    if believed < columns:  # ends inside the window
        column = (k + believed) % columns
        window.ends[g, column] += 1
        window.weight[g, column] += base
    elif believed < window.ring.size:
        due = (k + believed) % window.ring.size
        window.chain[slot] = window.ring[due]
        window.ring[due] = slot
        window.base[slot] = base
        window.worker[slot] = g


@numba.njit(cache=True)
def open_window(k, window):  # type: ignore[no-untyped-def]
    """Forget the column of step k, whose requests have left, and let step k + H into the window."""
    columns = window.ends.shape[1]
    window.ends[:, k % columns] = 0
    window.weight[:, k % columns] = 0.0
    if columns == 1:
        return
    last = k + columns - 1
    due = last % window.ring.size
    slot = window.ring[due]
    window.ring[due] = -1
    while slot >= 0:
        window.ends[window.worker[slot], last % columns] += 1
        window.weight[window.worker[slot], last % columns] += window.base[slot]
        slot = window.chain[slot]


@numba.njit(cache=True)
def predict(k, loads, active, growth_now, ahead, refill, window, predicted):  # type: ignore[no-untyped-def]
    """Fill predicted[g, h]; ``refill`` < 0 leaves freed slots empty."""
    columns = window.ends.shape[1]
    for g in range(loads.size):
        gone = 0
        weight = 0.0
        grown = 0.0
        predicted[g, 0] = loads[g]
        for h in range(1, columns):
            column = (k + h) % columns
            gone += window.ends[g, column]
            weight += window.weight[g, column]
            grown += window.ends[g, column] * ahead[h]
            value = loads[g] + active[g] * ahead[h] - (weight + gone * (growth_now + ahead[h]))
            if refill >= 0:
                value += gone * (refill + ahead[h]) - grown
            predicted[g, h] = value
