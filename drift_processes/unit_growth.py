"""`UnitGrowth`: LLM decoding, one token more in every KV cache at every step. Imports the base and laws."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes.base import DriftProcess
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law

__all__ = ["UnitGrowth"]

#: Longest table of loads a snapshot may need, in entries (8 bytes each).
LARGEST_TABLE = 50_000_000


class UnitGrowth(DriftProcess):
    """D(a) = a: each active request grows by one unit per step, the model of LLM decoding (theory.md §1)."""

    increment_range = (1.0, 1.0)
    is_common = True
    growth_class = "constant"

    def increments(self, **_state: Any) -> float:
        """Return 1."""
        return 1.0

    def snapshot(self, law: JointLaw) -> Law:
        """Return the law of Y = size + age (claim F0).

        An independent pair gives the convolution of the size with the age, P(age = a) = P(o > a) / E o.
        A dependent pair (s, o) of probability q puts q / E o on each of s, s + 1, …, s + o - 1.

        Raises
        ------
        ValueError
            If sizes are not whole numbers, or so large that the table of loads would not fit into memory.
        """
        sizes, lengths = law.size_law, law.length_law
        checks.check(sizes.is_integral, "the snapshot law of UnitGrowth needs whole-number sizes")
        top = int(sizes.support[1] + lengths.support[1])
        checks.check(top < LARGEST_TABLE, f"loads up to {top} are too large for a table of the snapshot law")
        if law.factors:
            return _independent(sizes, lengths)
        # difference array: +q where the request starts, -q one past its last load
        starts = law.sizes.astype(np.int64)
        ends = starts + law.lengths
        steps = np.bincount(starts, weights=law.probabilities, minlength=top + 1)
        steps -= np.bincount(ends, weights=law.probabilities, minlength=top + 1)
        # a load that some pair reaches has at least the probability of the rarest pair; rounding may hide it
        density = np.maximum(np.cumsum(steps), law.probabilities.min())
        values = np.flatnonzero(_reached(starts, ends, top + 1))
        return Law(values, density[values] / density[values].sum())


def _independent(sizes: Law, lengths: Law) -> Law:
    import scipy.signal  # here, because it takes half a second to import

    low = int(sizes.support[0])
    starts = (sizes.values - low).astype(np.int64)
    mass = np.zeros(int(sizes.span) + 1)
    mass[starts] = sizes.probabilities
    # direct where one side is short (exact to rounding of each product), by FFT otherwise
    density = np.maximum(scipy.signal.convolve(mass, lengths.survival()), 0.0)
    keep = (density > 0) & _reached(starts, starts + int(lengths.support[1]), len(density))
    return Law((np.arange(len(density)) + low)[keep], density[keep] / density[keep].sum())


def _reached(starts: NDArray[np.int64], ends: NDArray[np.int64], number: int) -> NDArray[np.bool_]:
    # which of the loads 0..number-1 lie in some [start, end): counted in whole numbers, so that the rounding
    # noise of a convolution or a running sum can't turn into loads that no request has
    opened = np.bincount(starts, minlength=number)[:number]
    closed = np.bincount(ends, minlength=number)[:number]
    reached: NDArray[np.bool_] = np.cumsum(opened - closed) > 0
    return reached
