"""The heuristic that the authors of arXiv 2601.17855 published for BF-IO, described anew for comparison.

May import contracts, numpy and `simulation.policies.base`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from simulation.policies.base import Policy, View

__all__ = ["AuthorsBfio"]

#: Sums of a few sizes are told apart in whole parts of the largest size shown, at most so many.
CELLS = 4096


class AuthorsBfio(Policy):
    """Fill margins under the predicted envelope: singly while many slots are free, then subset by subset.

    A sum S of sizes on worker g scores Σ_t d_t·(S - 43·max(S - m_t, 0)), d_t = 0.86^t, where the margin m_t
    is the heaviest predicted load t steps ahead minus the worker's own. While more than 7 slots are free in
    all, the worker with most of them (then the lightest) gets the waiting request that scores most. After
    that the worker with the least (1-λ)·L_g(0) + λ·L_g(H), λ = k / (k + H) at step k, gets a subset of the
    waiting requests. From as many requests as it has slots down to one, each number offers its largest sum
    within all margins, else its smallest beyond them. An offer that scores above 0 and above those before is
    kept; where it is within all margins, no smaller number is looked at. If none is kept the worker gets the
    best single request.

    Parameters
    ----------
    horizon : int
        H; predictions are those of `simulation.simulate`'s ``lookahead``. The authors' look 72 steps ahead.
    penalty, discount : float
        43 and 0.86.
    greedy_slots : int
        7, free slots down to which requests are placed one by one.

    Notes
    -----
    Source: the repository Load-Balancing-Release of the paper's authors. Sizes are rounded to 1/4096 of the
    largest shown when subsets are sought (whole sizes up to 4096 are exact), and predicted loads grow, which
    theirs don't. That a number which fits ends the search is theirs too (the loop of
    ``_try_select_subset_any_k_fast``), though fewer requests may score more: with a margin of 12, three slots
    and sizes 1, 1, 6, 6 it takes 1 + 1 + 6, a score of 8, and never sees 6 + 6, a score of 12. Pooled only,
    since it chooses among those who wait.
    """

    name = "authors_bfio"
    bindings = ("pooled",)

    def __init__(
        self, *, horizon: int = 72, penalty: float = 43.0, discount: float = 0.86, greedy_slots: int = 7
    ) -> None:
        self.horizon = checks.count("horizon", horizon)
        self.penalty = checks.number("penalty", penalty, at_least=0)
        self.discount = checks.number("discount", discount, above=0, at_most=1)
        self.greedy_slots = checks.count("greedy_slots", greedy_slots)

    @property
    def options(self) -> Mapping[str, Any]:
        """The arguments it was made with."""
        return {
            "horizon": self.horizon,
            "penalty": self.penalty,
            "discount": self.discount,
            "greedy_slots": self.greedy_slots,
        }

    def weights(self, turnover: float) -> NDArray[np.float64]:
        """Return d_t."""
        del turnover
        return np.asarray(self.discount ** np.arange(self.horizon + 1), dtype=np.float64)

    def assign(self, view: View) -> NDArray[np.int64]:
        """Fill all slots, or place all that wait."""
        floor = _Floor(view, self.penalty)
        while floor.free.sum() > self.greedy_slots and floor.left.size:
            g = floor.first_open(-floor.free, floor.loads[:, 0])
            floor.place(g, floor.best_single(g))
        later = view.step / max(view.step + self.horizon, 1)
        while floor.free.any() and floor.left.size:
            mix = (1 - later) * floor.loads[:, 0] + later * floor.loads[:, -1]
            g = floor.first_open(mix)
            floor.place(g, floor.best_subset(g))
        return floor.worker


class _Floor:
    """Workers that are being filled, and who is left waiting."""

    def __init__(self, view: View, penalty: float) -> None:
        self.loads, self.free = view.loads.copy(), view.free_slots.copy()
        self.sizes, self.weights, self.penalty = view.sizes, view.weights, penalty
        self.worker = np.full(len(view.sizes), -1, dtype=np.int64)
        self.left = np.arange(len(view.sizes))

    def first_open(self, *keys: NDArray[Any]) -> int:
        """Return the worker with a free slot that comes first by these keys, (G,) each, then by index."""
        return int(min(np.flatnonzero(self.free), key=lambda j: (*(key[j] for key in keys), j)))

    def margins(self, g: int) -> NDArray[np.float64]:
        """Return m_t of worker g, (K,)."""
        return np.asarray(self.loads.max(axis=0) - self.loads[g], dtype=np.float64)

    def score(self, g: int, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the score of each sum on worker g; what overflows is summed over sorted margins."""
        margins = self.margins(g)
        order = np.argsort(margins, kind="stable")
        weights, margins = self.weights[order], margins[order]
        heads = np.concatenate([[0.0], np.cumsum(weights)])
        filled = np.concatenate([[0.0], np.cumsum(weights * margins)])
        below = np.searchsorted(margins, sums)
        overflow = sums * heads[below] - filled[below]
        return np.asarray(sums * heads[-1] - self.penalty * overflow, dtype=np.float64)

    def best_single(self, g: int) -> list[int]:
        """Return the place in ``left`` of the request that scores most, the oldest of equals."""
        return [int(np.argmax(self.score(g, self.sizes[self.left])))]

    def best_subset(self, g: int) -> list[int]:
        """Return the places in ``left`` of the subset to take, by the published search."""
        sizes, most = self.sizes[self.left], min(int(self.free[g]), self.left.size)
        cell = _cell(sizes)
        cells = np.floor(sizes / cell + 0.5).astype(np.int64).tolist()
        reached = _reachable(cells, most)
        within = min(int(self.margins(g).min() // cell), sum(cells))
        best, best_score = self.best_single(g), 0.0
        for number in range(most, 0, -1):
            total = _nearest(reached[-1][number], within)
            chosen = _traced(reached, cells, number, total)
            score = float(self.score(g, np.array([sizes[chosen].sum()]))[0])
            if score > best_score:
                best, best_score = chosen, score
                if total <= within:
                    break  # as the published code does: fewer requests might fill the margins better
        return best

    def place(self, g: int, places: list[int]) -> None:
        """Give requests to worker g; its predicted loads rise by their sizes."""
        chosen = self.left[places]
        self.worker[chosen] = g
        self.free[g] -= len(chosen)
        self.loads[g] += self.sizes[chosen].sum()
        self.left = np.delete(self.left, places)


def _cell(sizes: NDArray[np.float64]) -> float:
    """Return the size that counts as one: 1 where that is fine enough, never more parts than `CELLS`."""
    largest = float(sizes.max())
    whole = bool((sizes == np.floor(sizes)).all())
    return 1.0 if largest == 0 or (whole and largest <= CELLS) else largest / CELLS


def _reachable(cells: list[int], most: int) -> list[list[int]]:
    """Return which sums the first i requests reach: bit s of entry [i][n] for s with n of them."""
    reached = [[1] + [0] * most]
    for size in cells:
        before = reached[-1]
        reached.append([1, *(before[n] | before[n - 1] << size for n in range(1, most + 1))])
    return reached


def _nearest(sums: int, within: int) -> int:
    """Return the largest sum up to ``within``, else the smallest; one bit of ``sums`` at least is set."""
    inside = sums & ((1 << (within + 1)) - 1)
    return inside.bit_length() - 1 if inside else (sums & -sums).bit_length() - 1


def _traced(reached: list[list[int]], cells: list[int], number: int, total: int) -> list[int]:
    """Return ``number`` requests of this total, the oldest that will do."""
    chosen = []
    for i in range(len(cells) - 1, -1, -1):
        if reached[i][number] >> total & 1:
            continue  # the older ones can do without it
        chosen.append(i)
        number, total = number - 1, total - cells[i]
        if number == 0:
            break
    return chosen[::-1]
