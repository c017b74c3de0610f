"""When requests arrive: all at the start, at a steady pace, or at random. May import contracts and numpy.

`Arrivals` is a description; its `Arrivals.sampler` yields the times themselves, as many at a time as are
wanted. How they are cut into portions never changes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from contracts import checks

__all__ = [
    "OTHER_ARRIVALS",
    "ArrivalSampler",
    "Arrivals",
    "DeterministicArrivals",
    "Exponential",
    "OverloadedArrivals",
    "PoissonArrivals",
    "as_arrivals",
    "run_on",
]

#: Slowest rate, in requests per second: far below it times would leave the range of float64.
SLOWEST = 1e-9
#: What an argument ``arrivals`` may be, in messages.
OTHER_ARRIVALS = "'overloaded' or an Arrivals such as PoissonArrivals(rate=5.0)"


class ArrivalSampler(Protocol):
    """The arrival times of one run."""

    def take(self, number: int) -> NDArray[np.float64] | None:
        """Return the next ``number`` times, (number,) float64, seconds; ``None``: all wait from the start."""


class Arrivals:
    """An arrival process, in seconds from the start of the run.

    A process of one's own has a `rate` and overrides `sampler`.

    Attributes
    ----------
    rate : float
        Requests per second in the long run.
    """

    rate: float

    def sampler(self, rng: np.random.Generator) -> ArrivalSampler:
        """Return the times of one run; ``rng`` belongs to it from then on."""
        raise NotImplementedError(f"{type(self).__name__} must override sampler(rng)")

    def times(self, number: int, rng: np.random.Generator) -> NDArray[np.float64] | None:
        """Return the first ``number`` times, (number,) float64, non-decreasing, in seconds.

        ``None``: all requests wait from the start.
        """
        return self.sampler(rng).take(checks.count("number", number))


def as_arrivals(name: str, value: Any, *, also: str = "") -> Arrivals:
    """Return ``value`` as `Arrivals`; ``"overloaded"`` is the one that text can name.

    ``also`` says in a message what else the caller takes.
    """
    if isinstance(value, str) and value == "overloaded":
        return OverloadedArrivals()
    wanted = f"{also}{OTHER_ARRIVALS}"
    checks.check(not isinstance(value, str), f"{name} must be {wanted}, got {value!r}")
    checks.instance(name, value, Arrivals, wanted)
    process: Arrivals = value
    return process


@dataclass(frozen=True)
class OverloadedArrivals(Arrivals):
    """Every request waits from the start: the regime of the theory (docs/theory.md §1). No times."""

    rate: float = field(default=float("inf"), init=False, repr=False)

    def sampler(self, rng: np.random.Generator) -> ArrivalSampler:
        """Return a sampler that answers ``None``."""
        del rng
        return _NoTimes()


@dataclass(frozen=True)
class DeterministicArrivals(Arrivals):
    """One request every 1/``rate`` seconds, the first at 0.

    Parameters
    ----------
    rate : float
        Requests per second, >= 1e-9.
    """

    rate: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", checks.number("rate", self.rate, at_least=SLOWEST))

    def sampler(self, rng: np.random.Generator) -> ArrivalSampler:
        """Return the times 0, 1/rate, 2/rate, …; ``rng`` is not used."""
        del rng
        return _Steady(self.rate)


@dataclass(frozen=True)
class PoissonArrivals(Arrivals):
    """A Poisson process: independent exponential gaps of mean 1/``rate``, the first from time 0.

    Parameters
    ----------
    rate : float
        Requests per second, >= 1e-9.

    Examples
    --------
    >>> times = PoissonArrivals(rate=5.0).times(1000, np.random.default_rng(1))
    >>> bool(150 < times[-1] < 250)
    True
    """

    rate: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", checks.number("rate", self.rate, at_least=SLOWEST))

    def sampler(self, rng: np.random.Generator) -> ArrivalSampler:
        """Return the times of one run."""
        return Exponential(self.rate, rng)


class _NoTimes:
    def take(self, number: int) -> None:
        del number


class _Steady:
    def __init__(self, rate: float) -> None:
        self._rate, self._taken = rate, 0

    def take(self, number: int) -> NDArray[np.float64]:
        first = self._taken
        self._taken += number
        return np.arange(first, self._taken) / self._rate


class Exponential:
    """Times with independent exponential gaps of mean 1/rate."""

    def __init__(self, rate: float, rng: np.random.Generator) -> None:
        self._rate, self._rng, self._now = rate, rng, 0.0

    def take(self, number: int) -> NDArray[np.float64]:
        """Return the next ``number`` times."""
        times = self._rng.standard_exponential(number)
        times /= self._rate
        self._now = run_on(self._now, times)
        return times


def run_on(start: float, gaps: NDArray[np.float64]) -> float:
    """Turn gaps into times after ``start`` in place, term by term, and return the last."""
    if not len(gaps):
        return start
    gaps[0] += start
    np.cumsum(gaps, out=gaps)
    return float(gaps[-1])
