"""`LawClass`: a class of size laws, lengths and growth with a few parameters, to be searched for its worst.

May import contracts, drift_processes, numpy and the settings of this package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from bounds.checker.setting import Setting
from contracts import checks
from drift_processes import (
    DriftProcess,
    Law,
    NoGrowth,
    SlidingWindow,
    SpeculativeDecoding,
    ThrottledGrowth,
    UnitGrowth,
)

__all__ = ["FAMILIES", "LENGTHS", "Coordinate", "Family", "LawClass"]

#: How long requests stay: all equally long, or each step the last with probability p.
LENGTHS = ("rounds", "geometric")

#: Steps of a round where growth differs between requests; common growth cancels, and one step does.
ROUND_STEPS = 8


class Coordinate(NamedTuple):
    """One parameter of a class and its range."""

    name: str
    low: float
    high: float
    whole: bool


@dataclass(frozen=True)
class Family:
    """A family of drift processes.

    Parameters
    ----------
    make : callable
        The parameter, if there is one, to a process.
    parameter : callable or None
        Largest size to the `Coordinate` of the parameter; None where the family has one member.
    """

    make: Callable[..., DriftProcess]
    parameter: Callable[[int], Coordinate] | None = None


#: Name of a family of growth to the family.
FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "none": Family(NoGrowth),
        "unit": Family(UnitGrowth),
        "throttled": Family(
            lambda rate: ThrottledGrowth(int(rate)), lambda _most: Coordinate("rate", 1, 16, True)
        ),
        "sliding": Family(SlidingWindow, lambda most: Coordinate("window", 1, 2 * most, True)),
        "speculative": Family(
            lambda acceptance: SpeculativeDecoding(draft=4, acceptance=acceptance),
            lambda _most: Coordinate("acceptance", 0.1, 0.9, False),
        ),
    }
)


@dataclass(frozen=True)
class LawClass:
    """Size laws on a few whole numbers, a kind of lengths and a family of growth, on one system.

    Parameters
    ----------
    points : {2, 3}
        Values that the size law has.
    largest : int
        s_max: values are whole numbers in [0, s_max].
    lengths : {"rounds", "geometric"}
        All lengths equal from an empty start, or geometric with p in ``ends``.
    drift : str
        One of `FAMILIES`; its parameter is searched as well.
    workers, slots : int
        G >= 2 and B >= 1.
    window : int, optional
        Waiting requests shown beyond the free slots; default as `simulation.simulate`.
    span : int
        Least Δ of a law. With Δ small against what requests grow by, nobody can balance: IIR nears 1.
    share : float
        Least probability of each value, > 0 and <= 1 / points. Without one the worst law is a constant in
        the limit, where nobody can balance and IIR is 0/0.
    floor : float
        Least FCFS imbalance of an admissible law, in units of (G-1)·Δ, for the same reason.
    ends : (float, float)
        Range of p, 0 < lo <= hi <= 1.

    Raises
    ------
    TypeError, ValueError
        If a parameter is unusable.

    Examples
    --------
    >>> [coordinate.name for coordinate in LawClass(points=2, lengths="geometric").coordinates]
    ['size 1', 'size 2', 'split 1', 'p']
    """

    points: int = 2
    largest: int = 20
    lengths: str = "rounds"
    drift: str = "unit"
    workers: int = 2
    slots: int = 2
    window: int | None = None
    span: int = 1
    share: float = 0.05
    floor: float = 0.02
    ends: tuple[float, float] = (0.05, 0.95)

    def __post_init__(self) -> None:
        checks.count("points", self.points, at_least=2, at_most=3)
        checks.count("largest", self.largest, at_least=self.points - 1, at_most=10_000)
        checks.choice("lengths", self.lengths, LENGTHS)
        checks.choice("drift", self.drift, tuple(FAMILIES))
        checks.count("workers", self.workers, at_least=2)
        checks.count("slots", self.slots, at_least=1)
        if self.window is not None:
            checks.count("window", self.window)
        checks.count("span", self.span, at_least=1, at_most=self.largest)
        checks.number("share", self.share, above=0, at_most=1 / self.points)
        checks.number("floor", self.floor, above=0)
        low, high = self.ends
        checks.number("ends[0]", low, above=0, at_most=1)
        checks.number("ends[1]", high, at_least=low, at_most=1)

    @property
    def coordinates(self) -> tuple[Coordinate, ...]:
        """What is searched, in the order in which `setting` takes it."""
        sizes = [Coordinate(f"size {i + 1}", 0, self.largest, True) for i in range(self.points)]
        splits = [Coordinate(f"split {i + 1}", 0, 1, False) for i in range(self.points - 1)]
        steps = [Coordinate("p", *self.ends, False)] if self.lengths == "geometric" else []
        parameter = FAMILIES[self.drift].parameter
        growth = [] if parameter is None else [parameter(self.largest)]
        return (*sizes, *splits, *steps, *growth)

    def setting(self, place: Sequence[float], *, steps: int | None = None) -> Setting | None:
        """Return the system at a point of the class; None where two sizes coincide or all are too near.

        Parameters
        ----------
        place : sequence of float
            One number per coordinate.
        steps : int, optional
            Steps to measure; default as `Setting`.
        """
        wanted = len(self.coordinates)
        checks.check(len(place) == wanted, f"place must have {wanted} entries, got {len(place)}")
        values = sorted(round(float(value)) for value in place[: self.points])
        if values[-1] - values[0] < self.span or any(low == high for low, high in pairwise(values)):
            return None
        rest = [float(value) for value in place[2 * self.points - 1 :]]
        p = rest.pop(0) if self.lengths == "geometric" else None
        drift = FAMILIES[self.drift].make(*rest)
        alike = drift.is_common or drift.grows_by_age
        lengths = Law.constant(1 if alike else ROUND_STEPS) if p is None else Law.geometric(p)
        return Setting(
            sizes=Law(values, self._weights(place[self.points : 2 * self.points - 1])),
            lengths=lengths,
            drift=drift,
            workers=self.workers,
            slots=self.slots,
            window=self.window,
            steps=steps,
        )

    def _weights(self, splits: Sequence[float]) -> np.ndarray:
        """Return the probabilities between which these cuts of [0, 1] lie, each at least the share."""
        cuts = np.concatenate([[0.0], np.sort(np.asarray(splits, dtype=np.float64)), [1.0]])
        return self.share + (1 - self.points * self.share) * np.diff(cuts)

    def __str__(self) -> str:
        words = {2: "two-point", 3: "three-point"}[self.points]
        steps = "rounds" if self.lengths == "rounds" else f"geometric:{self.ends[0]:g}:{self.ends[1]:g}"
        return f"{words}:{self.largest}:{self.span},{steps},{self.drift}"
