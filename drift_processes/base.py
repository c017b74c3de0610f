"""`DriftProcess`: how the workload of an active request grows from step to step.

A process of one's own overrides one method, `DriftProcess.increments`, and declares
``increment_range``; everything else has a default. May import contracts, numpy and the laws.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import DriftError, checks
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law

__all__ = [
    "GROWTH_CLASSES",
    "DriftProcess",
    "OutOfRange",
    "check_declaration",
    "checked_increments",
    "describe_change",
]

#: What the theory distinguishes, from the special to the general: every step alike; every request alike but
#: steps not; requests unlike, each by a fixed rule; requests unlike, at random.
GROWTH_CLASSES = ("constant", "common", "per-request deterministic", "per-request random")


class OutOfRange(DriftError):
    """An increment outside the declared range.

    Attributes
    ----------
    change : float
        The increment.
    """

    def __init__(self, message: str, change: float) -> None:
        super().__init__(message)
        self.change = change


class DriftProcess:
    """A non-decreasing workload process: w(a) = size + D(a), D(0) = 0 (docs/theory.md §1).

    Attributes
    ----------
    increment_range : (float, float)
        Bounds (lo, hi) on the growth of a request per step, 0 <= lo <= hi.
    is_common : bool
        Whether every active request grows by the same amount in the same step. A common process returns a
        scalar from `increments`, and ignores ``age``, ``size`` and ``load`` (they are empty arrays there).
    growth_class : str
        One of `GROWTH_CLASSES`: where the theory puts it.
    grows_by_age : bool
        Whether a request of age a grows by a fixed amount that depends on a alone, so that requests of one
        age grow alike. In rounds of equal lengths such growth is common.
    sees_workers : bool
        Whether `increments` takes a further argument ``worker``, (n,) int64: where each request runs.
    has_memory : bool
        Whether `increments` takes a further argument ``memory``, (n,) float64: one number of each request, 0
        when it is admitted, that the process may change in place and gets back at the next step. A common
        process has one number for all, shape (1,). Nothing else is remembered between steps, so that a
        process may serve several runs at once.

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
    growth_class: str = "per-request random"
    grows_by_age: bool = False
    sees_workers: bool = False
    has_memory: bool = False

    @property
    def mean_increment(self) -> float:
        """Growth per step that a policy expects of a request; default: the middle of ``increment_range``."""
        low, high = self.increment_range
        return (low + high) / 2

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

        A process that declares `sees_workers` or `has_memory` takes ``worker`` or ``memory`` as well.

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

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def snapshot(self, law: JointLaw) -> Law | None:
        """Return the law of the load of one slot in stationarity under FCFS, where it is known exactly.

        That is P(Y ∈ ·) = Σ_a P(w(a) ∈ ·, o > a) / E o (claim F0). ``None`` where there is no closed form, or
        slots depend on each other, since F0 adds up independent loads: a process that sees workers, or whose
        growth is common and random, must return ``None``.
        """
        del law
        return None

    def snapshots(self, law: JointLaw) -> tuple[Law, ...] | None:
        """Return that law for each phase of a growth that repeats itself; F0 is the mean over the phases.

        A process without phases has one, `snapshot`.
        """
        only = self.snapshot(law)
        return None if only is None else (only,)

    def lengths_in_steps(self, tokens: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return how many steps requests stay that are to produce this many tokens; one token per step here.

        Called where a trace gives output tokens.
        """
        del rng
        return tokens


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
            f"got {checks.shown(declared)}"
        )


def checked_increments(
    drift: DriftProcess,
    *,
    step: int,
    age: NDArray[np.int64],
    size: NDArray[np.float64],
    load: NDArray[np.float64],
    rng: np.random.Generator,
    request: NDArray[np.int64] | None = None,
    worker: NDArray[np.int64] | None = None,
    memory: NDArray[np.float64] | None = None,
) -> float | NDArray[np.float64]:
    """Return ``drift.increments(...)`` after holding it to the declaration of the process.

    Parameters
    ----------
    step, age, size, load, rng
        As `DriftProcess.increments`.
    request : (n,) int64, optional
        Which requests these are, for messages.
    worker, memory : (n,) arrays, optional
        Handed on where the process takes them.

    Raises
    ------
    DriftError
        If the result is not made of numbers, has a wrong shape, is not finite, shrinks a load, or leaves
        ``increment_range``; or if that range allows a load to shrink.
    """
    name = type(drift).__name__
    check_declaration(drift)
    low, high = drift.increment_range
    more: dict[str, Any] = {"worker": worker} if drift.sees_workers else {}
    if drift.has_memory:
        more["memory"] = memory
    try:
        answer = drift.increments(step=step, age=age, size=size, load=load, rng=rng, **more)
    except ValueError as error:
        if "read-only" not in str(error):
            raise
        raise DriftError(
            f"{name}.increments at step {step} changes an array it was handed, must return the growth instead"
        ) from None
    try:
        grown = np.asarray(answer, dtype=np.float64)
    except (TypeError, ValueError):
        raise DriftError(
            f"{name}.increments at step {step} must return numbers, got {checks.shown(answer)}"
        ) from None
    allowed: tuple[tuple[int, ...], ...] = ((),) if drift.is_common else ((), age.shape)
    if grown.shape not in allowed:
        wanted = "a scalar (it is common)" if drift.is_common else f"a scalar or shape {age.shape}"
        raise DriftError(f"{name}.increments at step {step} must return {wanted}, got shape {grown.shape}")
    if grown.size and not (grown.min() >= low and grown.max() <= high):
        i = int(np.flatnonzero(~((grown >= low) & (grown <= high)))[0])
        change = float(grown.ravel()[i])
        if not len(age):
            declared = f"it declares increment_range = ({low:g}, {high:g})"
            raise OutOfRange(f"{name} at step {step} changes every load by {change:g}; {declared}", change)
        who = i if request is None else int(request[i])
        message = describe_change(
            drift, step=step, request=who, age=int(age[i]), load=float(load[i]), change=change
        )
        raise OutOfRange(message, change)
    return float(grown) if grown.ndim == 0 else grown


def describe_change(
    drift: DriftProcess, *, step: int, request: int, age: int, load: float, change: float
) -> str:
    """Return the line about an increment outside the declared range, with the request it harms."""
    low, high = drift.increment_range
    return (
        f"{type(drift).__name__} at step {step} takes request {request} of age {age} from load {load:.12g} "
        f"to {load + change:.12g}, a change of {change:g}; it declares increment_range = ({low:g}, {high:g})"
    )
