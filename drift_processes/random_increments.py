"""`RandomIncrements`: growth drawn afresh at every step.

Imports contracts, the base, the laws and the walks.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes.base import DriftProcess
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law
from drift_processes.walks import Walk

__all__ = ["RandomIncrements"]

#: Most whole numbers of a range that are kept as a table.
MOST_VALUES = 1_000_000


class RandomIncrements(DriftProcess):
    """Increments independent from request to request and from step to step, all of one law.

    The plainest heterogeneous drift within [δ_lo, δ_hi] (docs/theory.md §3, B2-heterogeneous): D is a random
    walk.

    Parameters
    ----------
    law : Law or float
        Law of the increments, or the lower end of their range.
    high : float, optional
        Upper end of the range, together with a lower one: increments are uniform on the whole numbers of the
        range where both ends are whole, else on the real numbers.
    low : float, optional
        The lower end by its own name.

    Examples
    --------
    >>> RandomIncrements(Law([0, 4], [0.75, 0.25])).mean_increment
    1.0
    >>> RandomIncrements(low=0, high=3)
    RandomIncrements(low=0, high=3)
    """

    growth_class = "per-request random"

    def __init__(
        self, law: Law | float | None = None, high: float | None = None, *, low: float | None = None
    ) -> None:
        #: Law of the increments; None where they are uniform on a real interval.
        self.law: Law | None = None
        self._ends: tuple[float, float] | None = None
        if isinstance(law, Law):
            checks.check(low is None and high is None, "law must stand alone, without low and high")
            self.law = law
            self.increment_range = law.support
            return
        if law is not None and low is not None:
            raise TypeError(f"law must be a Law where low is given by name, got {checks.shown(law)}")
        first = law if low is None else low
        if first is None or high is None:
            raise TypeError("law, or low and high, must be given")
        start = checks.number("low", first, at_least=0)
        end = checks.number("high", high, at_least=start, at_most=checks.EXACT_INTEGER_LIMIT)
        self._ends = self.increment_range = (start, end)
        if start.is_integer() and end.is_integer():
            checks.check(
                end - start < MOST_VALUES,
                f"high must be at most low + {MOST_VALUES - 1} where both are whole numbers, got {end:.12g}",
            )
            self.law = Law.uniform(int(start), int(end))

    @property
    def mean_increment(self) -> float:
        """The mean of the law."""
        return sum(self.increment_range) / 2 if self.law is None else self.law.mean

    def increments(
        self, *, age: NDArray[np.int64], rng: np.random.Generator, **_state: Any
    ) -> NDArray[np.float64]:
        """Return one draw for each request."""
        if self._ends is None and self.law is not None:
            return self.law.sample(len(age), rng)
        low, high = self.increment_range
        if self.law is None:
            # low + (high - low)·u may round beyond high
            return np.minimum(low + (high - low) * rng.random(len(age)), high)
        return rng.integers(int(low), int(high), size=len(age), endpoint=True).astype(np.float64)

    def snapshot(self, law: JointLaw) -> Law | None:
        """Return the law of Y = size + the sum of ``age`` increments (claim F0).

        ``None`` where increments have a density, or sizes and increments no common lattice.

        Raises
        ------
        ValueError
            If a table would be too large.
        """
        return None if self.law is None else Walk.independent(self.law).snapshot(law)

    def round_laws(self, sizes: Law, length: int) -> tuple[Law, ...] | None:
        """Return the law of the load at each age of a round of equal lengths."""
        return None if self.law is None else Walk.independent(self.law).round_laws(sizes, length)

    def __repr__(self) -> str:
        if self._ends is None:
            return f"RandomIncrements({self.law!r})"
        return f"RandomIncrements(low={self._ends[0]:.12g}, high={self._ends[1]:.12g})"
