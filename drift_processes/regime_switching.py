"""`RegimeSwitching`: bursts of growth. Imports contracts, the base, the laws and the walks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from contracts import checks
from drift_processes.base import DriftProcess
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law
from drift_processes.walks import Walk

__all__ = ["RegimeSwitching"]

#: Squarings of the lazy chain: 2^60 steps forget any start that 64 bits can tell from an absorbing one.
SQUARINGS = 60
#: Two long-run laws of one chain that differ by more than this are different.
SAME_LAW = 1e-6


class RegimeSwitching(DriftProcess):
    """Growth that a Markov chain modulates: increments[r] per step while the chain is in regime r.

    Phases of reasoning and of plain answers, tool calls that paste long results, bursts of refinement. The
    discrete-time counterpart of Markov-modulated rates (Neuts, Structured Stochastic Matrices of M/G/1 Type,
    1989).

    Parameters
    ----------
    increments : (R,) array_like of float
        Growth per step in each regime, 0 to 2^53.
    transition : (R, R) array_like of float
        Row r: the law of the next regime.
    scope : {"request", "system"}
        ``"request"``: every request has a chain of its own, which starts when it is admitted.
        ``"system"``: one chain moves all requests alike (common drift), from the first step on.
    initial : (R,) array_like of float, optional
        Law of the first regime; default: the stationary law of the chain.

    Examples
    --------
    >>> bursts = RegimeSwitching([0, 9], [[0.9, 0.1], [0.5, 0.5]])
    >>> bursts.initial.round(12).tolist(), round(bursts.mean_increment, 12)
    ([0.833333333333, 0.166666666667], 1.5)
    """

    has_memory = True

    def __init__(
        self,
        increments: ArrayLike,
        transition: ArrayLike,
        *,
        scope: str = "request",
        initial: ArrayLike | None = None,
    ) -> None:
        self.growth: NDArray[np.float64] = checks.array(
            "increments", increments, shape=(None,), at_least=0, at_most=checks.EXACT_INTEGER_LIMIT
        )
        number = len(self.growth)
        checks.check(number > 0, "increments must not be empty")
        self.transition = _stochastic("transition", transition, (number, number), "(regimes, regimes)")
        self.scope = checks.choice("scope", scope, ("request", "system"))
        limit = _long_run(self.transition)
        if initial is None:
            spread = float(np.ptp(limit, axis=0).max())
            checks.check(spread <= SAME_LAW, "initial must be given: the chain has several stationary laws")
            self.initial = limit.mean(axis=0)
        else:
            self.initial = _stochastic("initial", initial, (number,), "(regimes,)")
        self.is_common = self.scope == "system"
        low, high = float(self.growth.min()), float(self.growth.max())
        self.increment_range = (low, high)
        varied = "common" if self.is_common else "per-request random"
        self.growth_class = "constant" if low == high else varied
        self._mean = float(np.clip(self.initial @ limit @ self.growth, low, high))
        self._first = np.cumsum(self.initial)[:-1]
        self._next = np.cumsum(self.transition, axis=1)[:, :-1]

    @property
    def mean_increment(self) -> float:
        """Growth per step in the long run."""
        return self._mean

    def increments(
        self,
        *,
        step: int,
        age: NDArray[np.int64],
        rng: np.random.Generator,
        **more: Any,
    ) -> float | NDArray[np.float64]:
        """Return the increment of the present regime; ``memory`` holds it, and afterwards the next one."""
        memory: NDArray[np.float64] = more["memory"]
        new = np.flatnonzero(age == 0) if not self.is_common else np.arange(step == 0)
        memory[new] = _chosen(self._first, rng.random(len(new)))
        regime = memory.astype(np.int64)
        memory[:] = _chosen(self._next[regime].T, rng.random(len(memory)))
        grown: NDArray[np.float64] = self.growth[regime]
        return float(grown[0]) if self.is_common else grown

    def snapshot(self, law: JointLaw) -> Law | None:
        """Return the law of Y = size + growth so far (claim F0).

        ``None`` with one chain for all, since slots are then not independent, unless all regimes grow alike;
        and where sizes and increments have no common lattice.

        Raises
        ------
        ValueError
            If a table would be too large.
        """
        low, high = self.increment_range
        if low == high:
            return Walk.independent(Law.constant(low)).snapshot(law)
        return None if self.is_common else self._walk().snapshot(law)

    def round_laws(self, sizes: Law, length: int) -> tuple[Law, ...] | None:
        """Return the law of the load at each age of a round of equal lengths."""
        return (sizes,) if self.is_common else self._walk().round_laws(sizes, length)

    def _walk(self) -> Walk:
        weights = self.transition[:, :, None] * np.eye(len(self.growth))[:, None, :]
        return Walk(self.growth, weights, self.initial)

    def __repr__(self) -> str:
        listed = np.array2string(self.growth, threshold=8, edgeitems=3, separator=", ")
        return f"RegimeSwitching({listed}, scope={self.scope!r}, mean {self._mean:g})"


def _chosen(borders: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return how many borders each u has passed; ``borders`` is (R-1,), or (R-1, n) with its own for each."""
    passed = np.zeros(len(u), dtype=np.int64)
    for border in borders:
        passed += u >= border
    return passed


def _stochastic(name: str, value: ArrayLike, shape: tuple[int, ...], axes: str) -> NDArray[np.float64]:
    """Return an array whose last axis holds laws."""
    table = checks.array(name, value, shape=shape, at_least=0, axes=f"{axes} = {shape}")
    for index in np.ndindex(table.shape[:-1]):
        checks.sums_to_one(f"{name}[{index[0]}]" if index else name, table[index])
    laws: NDArray[np.float64] = table / table.sum(axis=-1, keepdims=True)
    return laws


def _long_run(transition: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the long-run shares of time in each regime, one row per first regime.

    The chain that stays put in every other step has the same shares and no period, so that its powers settle.
    """
    power = (np.eye(len(transition)) + transition) / 2
    for _ in range(SQUARINGS):
        power = power @ power
        power /= power.sum(axis=1, keepdims=True)
    return power
