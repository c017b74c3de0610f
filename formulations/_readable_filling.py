"""The readable twin of `formulations._fast_pool` and `_fast_moves`: filling slots, and improving by swaps.

May import numpy and formulations only.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from formulations import _fast_kernel as kernel
from formulations.problem import StepProblem

__all__ = ["Filling"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Filling:
    """The pool as groups of equal size, and who holds what: the state that an attempt builds."""

    def __init__(self, problem: StepProblem, required: NDArray[np.bool_]) -> None:
        self.problem = problem
        self.required = required if len(required) else np.zeros(len(problem.sizes), dtype=np.bool_)
        self.rich = len(problem.sizes) >= int(problem.free_slots.sum())
        self.values = sorted(set(problem.sizes.tolist()))
        members: dict[float, list[int]] = {value: [] for value in self.values}
        for i in sorted(range(len(problem.sizes)), key=lambda i: not self.required[i]):
            members[problem.sizes[i]].append(i)
        self.members = [members[value] for value in self.values]
        self.must = [sum(bool(self.required[i]) for i in group) for group in self.members]

    def start_from(self, start: int) -> list[int]:
        """Return the groups to place first, largest first."""
        chosen = [j for j, must in enumerate(self.must) for _ in range(must)]
        others = [j for j, group in enumerate(self.members) for _ in range(len(group) - self.must[j])]
        if start == kernel.OLDEST:
            group_of = {i: j for j, group in enumerate(self.members) for i in group}
            others = [group_of[i] for i in range(len(self.problem.sizes)) if not self.required[i]]
        elif start == kernel.LARGEST:
            others.reverse()
        extra = 0 if start == kernel.REQUIRED else self.problem.admissions - len(chosen)
        return sorted(chosen + others[:extra], reverse=True)

    def waiting(self, limit: float) -> Iterator[int]:
        """Yield the groups still waiting of size <= limit, largest first."""
        return (j for j in reversed(range(len(self.values))) if self.left[j] and self.values[j] <= limit)

    def fill(self, level: Floats, first: list[int]) -> None:
        """Let the worker with the largest margin (per free slot, if the pool is rich) take requests."""
        free, growth = self.problem.free_slots, self.problem.growth
        self.left = [len(group) for group in self.members]
        self.base = self.problem.loads + (free[:, None] * growth if self.rich else 0.0)
        self.items: list[list[int]] = [[] for _ in free]
        self.given = [0.0] * len(free)
        room = free.tolist()
        margin = [float((level - row).min()) for row in self.base]
        while any(room):
            key = [m / r if self.rich and r else m for m, r in zip(margin, room, strict=True)]
            g = max((g for g in range(len(room)) if room[g]), key=lambda g: (key[g], -g))
            if first:
                j = first.pop(0)
            elif self.rich:
                smallest = min(self.waiting(np.inf))
                fits = margin[g] - (room[g] - 1) * self.values[smallest]
                j = next(self.waiting(fits), smallest)
            else:
                break
            self.left[j] -= 1
            self.items[g].insert(0, j)
            self.given[g] += self.values[j]
            margin[g] -= self.values[j]
            room[g] -= 1
            if not self.rich:
                self.base[g] += growth
                margin[g] = float((level - self.base[g]).min()) - self.given[g]
        self.margin = margin

    def movable(self, g: int) -> list[tuple[int, int]]:
        """Return (slot, group) of worker g's requests that may be sent back, the latest first."""
        spare = [
            len(group) - left - must
            for group, left, must in zip(self.members, self.left, self.must, strict=True)
        ]
        return [(s, j) for s, j in enumerate(self.items[g]) if spare[j] > 0]

    def swaps(self, g: int) -> Iterator[tuple[float, int, int]]:
        """Yield (change, slot, group): for each slot the waiting request that adds most within the margin."""
        for s, j in self.movable(g):
            i = next(self.waiting(self.values[j] + self.margin[g]), None)
            if i is not None:
                yield self.values[i] - self.values[j], s, i

    def lightest_swaps(self, g: int) -> list[tuple[float, int, int]]:
        """Return the swap of worker g's largest movable request for the smallest waiting, if there is one."""
        smallest = min(self.waiting(np.inf))
        slots = sorted(self.movable(g), key=lambda slot: -self.values[slot[1]])
        return [(self.values[smallest] - self.values[j], s, smallest) for s, j in slots[:1]]

    def settle(self, g: int) -> None:
        """Swap worker g's requests until it is below its level and no single swap takes it closer."""
        light = False
        while self.margin[g] != 0 and not (light and self.margin[g] < 0):
            light = self.margin[g] > 0
            swaps = list(self.swaps(g))
            if not swaps and not light:
                swaps = [swap for swap in self.lightest_swaps(g) if swap[0] < 0]
            if not swaps:
                break
            change, s, i = max(swaps, key=lambda swap: swap[0])
            if change == 0 or (change < 0) == light:
                break
            self.left[self.items[g][s]] += 1
            self.left[i] -= 1
            self.items[g][s] = i
            self.given[g] += change
            self.margin[g] -= change

    def attempt(self, level: Floats, start: int) -> Ints:
        """Fill towards the levels, improve by swaps, and return the assignment."""
        self.fill(level, self.start_from(start))
        if self.rich and self.problem.admissions < len(self.problem.sizes):
            for g in np.flatnonzero(self.problem.free_slots).tolist():
                if self.margin[g] < 0:
                    self.settle(g)
            top = (self.base + np.array(self.given)[:, None]).max(axis=0)
            for g in np.flatnonzero(self.problem.free_slots).tolist():
                self.margin[g] = float((top - self.base[g]).min()) - self.given[g]
                if self.margin[g] > 0:
                    self.settle(g)
        worker = np.full(len(self.problem.sizes), -1, dtype=np.int64)
        unused = [iter(group) for group in self.members]
        for g, held in enumerate(self.items):
            for j in held:
                worker[next(unused[j])] = g
        return worker
