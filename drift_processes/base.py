"""`DriftProcess`: how the workload of an active request grows from step to step.

A process of one's own overrides one method, `DriftProcess.increments`, and declares
``increment_range``; everything else has a default. May import contracts, numpy and the laws.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contracts import DriftError
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law

__all__ = ["DriftProcess", "check_declaration", "checked_increments"]


class DriftProcess:
    """A non-decreasing workload process: w(a) = size + D(a), D(0) = 0 (docs/theory.md §1).

    Attributes
    ----------
    increment_range : (float, float)
        Bounds (lo, hi) on the growth of a request per step, 0 <= lo <= hi.
    is_common : bool
        Whether every active request grows by the same amount in the same step. A common process returns a
        scalar from `increments`, and ignores ``age``, ``size`` and ``load`` (they are empty arrays there).

    Examples
    --------
    A request whose state doubles in cost after ten steps of growth:

    >>> class TwoSpeeds(DriftProcess):
    ...     increment_range = (1.0, 2.0)
    ...     def increments(self, *, step, age, size, load, rng):
    ...         return np.where(age < 10, 1.0, 2.0)
    >>> TwoSpeeds().is_common
    False
    """

    increment_range: tuple[float, float] = (0.0, 0.0)
    is_common: bool = False

    def increments(
        self,
        *,
        step: int,
        age: NDArray[np.int64],
        size: NDArray[np.float64],
        load: NDArray[np.float64],
        rng: np.random.Generator,
    ) -> float | NDArray[np.float64]:
        """Return the growth of each active request between this step and the next.

        Parameters
        ----------
        step : int
            The step k just finished.
        age : (n,) int64
            Steps each request has been active before this one: 0 in its first.
        size : (n,) float64
            Size at admission.
        load : (n,) float64
            Present workload.
        rng : numpy.random.Generator
            The only source of randomness.

        Returns
        -------
        float or (n,) float64
            A scalar for common drift, else one increment per request; within ``increment_range``.
        """
        raise NotImplementedError(f"{type(self).__name__} must override increments(...)")

    def snapshot(self, law: JointLaw) -> Law | None:
        """Return the law of the load of one slot in stationarity under FCFS, where it is known exactly.

        That is P(Y ∈ ·) = Σ_a P(w(a) ∈ ·, o > a) / E o (claim F0). ``None`` where there is no closed form.
        """
        del law
        return None


def check_declaration(drift: DriftProcess) -> None:
    """Raise ``DriftError`` unless ``drift.increment_range`` is a finite pair 0 <= lo <= hi."""
    declared = drift.increment_range
    try:
        low, high = (float(bound) for bound in declared)
    except (TypeError, ValueError):
        low, high = -1.0, -1.0
    if not 0 <= low <= high < float("inf"):
        raise DriftError(
            f"{type(drift).__name__}.increment_range must be (lo, hi) with 0 <= lo <= hi, finite; "
            f"got {declared!r}"
        )


def checked_increments(
    drift: DriftProcess,
    *,
    step: int,
    age: NDArray[np.int64],
    size: NDArray[np.float64],
    load: NDArray[np.float64],
    rng: np.random.Generator,
) -> float | NDArray[np.float64]:
    """Return ``drift.increments(...)`` after holding it to the declaration of the process.

    Raises
    ------
    DriftError
        If the result is not made of numbers, has a wrong shape, is not finite, shrinks a load, or leaves
        ``increment_range``; or if that range allows a load to shrink.
    """
    name = type(drift).__name__
    check_declaration(drift)
    low, high = drift.increment_range
    answer = drift.increments(step=step, age=age, size=size, load=load, rng=rng)
    try:
        grown = np.asarray(answer, dtype=np.float64)
    except (TypeError, ValueError):
        raise DriftError(f"{name}.increments at step {step} must return numbers, got {answer!r}") from None
    allowed: tuple[tuple[int, ...], ...] = ((),) if drift.is_common else ((), age.shape)
    if grown.shape not in allowed:
        wanted = "a scalar (it is common)" if drift.is_common else f"a scalar or shape {age.shape}"
        raise DriftError(f"{name}.increments at step {step} must return {wanted}, got shape {grown.shape}")
    bad = np.flatnonzero(~((grown >= low) & (grown <= high)))
    if bad.size:
        i = int(bad[0])
        value = float(grown.ravel()[i])
        who = "every request" if grown.ndim == 0 else f"a request of age {age[i]} and load {load[i]:g}"
        what = "shrinks" if value < 0 else "grows"
        raise DriftError(
            f"{name} at step {step} {what} {who} by {value:g}; "
            f"it declares increment_range = ({low:g}, {high:g})"
        )
    return float(grown) if grown.ndim == 0 else grown
