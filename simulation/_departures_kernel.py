"""Departures foreseen within the window, kept incrementally: O(G·H + events) per step.

The readable twin is `simulation.departures.believed_departures`. For each worker and each of the next H steps
two sums over the requests believed to end there are kept, how many and Σ (size - growth at admission); their
load at any later step follows. Imports numba only; the arrays are described in
`simulation._ends_state.Window`.
"""

from __future__ import annotations

import numba

__all__ = ["foresee", "foreseen_departures", "open_window"]


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
def foreseen_departures(k, growth_now, ahead, window, gone, lost, regrown):  # type: ignore[no-untyped-def]
    """Fill the three (G, K) arrays of `simulation.departures.Departures`."""
    columns = window.ends.shape[1]
    for g in range(gone.shape[0]):
        count = 0
        weight = 0.0
        grown = 0.0
        gone[g, 0] = lost[g, 0] = regrown[g, 0] = 0.0
        for h in range(1, gone.shape[1]):
            column = (k + h) % columns
            count += window.ends[g, column]
            weight += window.weight[g, column]
            grown += window.ends[g, column] * ahead[h]
            gone[g, h] = count
            lost[g, h] = weight + count * (growth_now + ahead[h])
            regrown[g, h] = count * ahead[h] - grown
