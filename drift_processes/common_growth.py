"""`CommonGrowth`: any given growth that all requests share. Imports contracts, the base and the laws."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from contracts import checks
from drift_processes.base import DriftProcess
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law
from drift_processes.no_growth import NoGrowth
from drift_processes.snapshots import profile_law

__all__ = ["CommonGrowth"]

#: Longest period for which the law of every phase is made.
MOST_PHASES = 256


class CommonGrowth(DriftProcess):
    """Every active request grows by ``steps[k]`` between step k and k + 1 (common drift, docs/theory.md §1).

    The setting of the general theorem of Chen et al., arXiv 2601.17855 (2026): any non-decreasing growth that
    all requests share.

    Parameters
    ----------
    steps : (P,) array_like of float
        Each 0 to 2^53, in units of load.
    repeat : bool
        Whether the sequence starts again after its end; otherwise nothing grows from step P on.

    Examples
    --------
    >>> drift = CommonGrowth([0, 3])
    >>> [drift.increments(step=k) for k in range(4)], drift.increment_range
    ([0.0, 3.0, 0.0, 3.0], (0.0, 3.0))
    """

    is_common = True

    def __init__(self, steps: ArrayLike, *, repeat: bool = True) -> None:
        self.steps: NDArray[np.float64] = checks.array(
            "steps", steps, shape=(None,), at_least=0, at_most=checks.EXACT_INTEGER_LIMIT
        )
        checks.check(len(self.steps) > 0, "steps must not be empty")
        checks.instance("repeat", repeat, bool, "True or False")
        self.repeat = repeat
        low, high = float(self.steps.min()), float(self.steps.max())
        self.increment_range = (low if repeat else 0.0, high)
        self.growth_class = "constant" if self.increment_range[0] == high else "common"

    @property
    def mean_increment(self) -> float:
        """The mean of ``steps``."""
        return float(self.steps.mean())

    def increments(self, *, step: int, **_state: Any) -> float:
        """Return the growth of the step."""
        if self.repeat:
            return float(self.steps[step % len(self.steps)])
        return float(self.steps[step]) if step < len(self.steps) else 0.0

    def snapshot(self, law: JointLaw) -> Law | None:
        """Return the law of Y where it is the same at every step: growth that is constant, or ends."""
        laws = self.snapshots(law) if self._phases() == 1 else None
        return laws[0] if laws else None

    def snapshots(self, law: JointLaw) -> tuple[Law, ...] | None:
        """Return the law of Y at the steps k ≡ 0, 1, …, P - 1 modulo the (shortest) period P.

        A request of age a has grown by what the last a steps brought. Where the sequence doesn't repeat, none
        of those that saw it is left in the long run, and Y = size. ``None`` where the period is above 256 or
        loads lie on no lattice.

        Raises
        ------
        ValueError
            If a table would be too large.
        """
        phases = self._phases()
        if phases > MOST_PHASES:
            return None
        if not self.repeat:
            return (NoGrowth().snapshot(law),)
        laws = []
        for phase in range(phases):
            backwards = np.roll(self.steps[:phases][::-1], phase)  # what the last step brought comes first
            law_of_phase = profile_law(law, partial(_grown, backwards))
            if law_of_phase is None:
                return None
            laws.append(law_of_phase)
        return tuple(laws)

    def _phases(self) -> int:
        """Return the shortest period."""
        number = len(self.steps)
        if not self.repeat:
            return 1
        for period in range(1, min(number, MOST_PHASES) + 1):
            if number % period == 0 and (self.steps == np.resize(self.steps[:period], number)).all():
                return period
        return number

    def __repr__(self) -> str:
        listed = np.array2string(self.steps, threshold=8, edgeitems=3, separator=", ")
        return f"CommonGrowth({listed}{'' if self.repeat else ', repeat=False'})"


def _grown(increments: NDArray[np.float64], ages: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the sum of the first ``ages`` of the repeated increments."""
    period = len(increments)
    before = np.concatenate([[0.0], np.cumsum(increments)])
    grown: NDArray[np.float64] = (ages // period) * before[-1] + before[ages % period]
    return grown
