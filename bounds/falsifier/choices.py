"""One generator of instances serves every search: it asks for whole numbers and never knows who answers.

Answers come from a random stream, from Hypothesis, or in turn from all there are (`every`). Imports numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Choose", "Instance", "Limits", "at_random", "every", "several"]

#: An instance of a claim: whole numbers and lists of them by name, as JSON has them.
Instance = dict[str, Any]

#: ``choose(low, high)`` returns a whole number between the two, both included.
Choose = Callable[[int, int], int]


class Limits(NamedTuple):
    """How large instances may be; each pair is the least and the most.

    Attributes
    ----------
    workers, slots : (int, int)
    spare : (int, int)
        Waiting requests beyond the free slots.
    largest : tuple of int
        What the largest size or load may be: one of these.
    ordered : bool
        Only lists in ascending order, where the order makes no difference: for searches that try everything.
    """

    workers: tuple[int, int]
    slots: tuple[int, int]
    spare: tuple[int, int]
    largest: tuple[int, ...]
    ordered: bool = False

    def pick_largest(self, choose: Choose) -> int:
        """Return the largest number of an instance."""
        return self.largest[choose(0, len(self.largest) - 1)]


def several(choose: Choose, number: int, low: int, high: int, *, ordered: bool = False) -> list[int]:
    """Return a list of whole numbers from ``low`` to ``high``; one in three has these two only."""
    if ordered:
        numbers: list[int] = []
        for _ in range(number):
            numbers.append(choose(numbers[-1] if numbers else low, high))
        return numbers
    if choose(0, 2) == 0:
        return [(low, high)[choose(0, 1)] for _ in range(number)]
    return [choose(low, high) for _ in range(number)]


def at_random(rng: np.random.Generator) -> Choose:
    """Return uniform answers from a random stream."""
    return lambda low, high: int(rng.integers(low, high + 1))


def every(build: Callable[[Choose], Instance]) -> Iterator[Instance]:
    """Yield what ``build`` makes of every sequence of answers, in lexicographic order."""
    answers = _Answers()
    while not answers.exhausted:
        yield build(answers.choose)
        answers.advance()


class _Answers:
    """The answers of one sequence, and how to get to the next."""

    def __init__(self) -> None:
        self.exhausted = False
        self._planned: list[int] = []
        self._given: list[tuple[int, int]] = []  # each answer with the largest that was possible

    def choose(self, low: int, high: int) -> int:
        at = len(self._given)
        answer = self._planned[at] if at < len(self._planned) else low
        self._given.append((answer, high))
        return answer

    def advance(self) -> None:
        while self._given and self._given[-1][0] == self._given[-1][1]:
            self._given.pop()
        self.exhausted = not self._given
        self._planned = [answer for answer, _ in self._given]
        if self._planned:
            self._planned[-1] += 1
        self._given = []
