"""`MarkovModulatedArrivals`: bursts and lulls. May import contracts, numpy and `drift_processes.arrivals`."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from contracts import checks
from drift_processes.arrivals import SLOWEST, Arrivals, ArrivalSampler, Exponential, run_on

__all__ = ["MarkovModulatedArrivals"]

#: Least requests that a stay in a phase must bring on average: at most 200 stays are drawn per request.
FEWEST_PER_STAY = 0.005
#: Largest rate and mean stay; none of any use is near it.
LARGEST = 1e12
#: Arrivals turned into seconds at once: they bound the stays that memory must hold.
ARRIVALS_AT_ONCE = 2**14
#: Stays of the phases drawn at once; a constant, so that the stays don't depend on how times are taken.
STAYS_AT_ONCE = 4096


@dataclass(frozen=True)
class MarkovModulatedArrivals(Arrivals):
    """A Poisson process whose rate is that of the present phase of a Markov chain: bursts and lulls.

    The process is stationary: it starts in a phase with the probability of the time spent there.

    Parameters
    ----------
    rates : (m,) array_like of float
        Requests per second in each of m >= 2 phases, each 0 to 1e12. Kept as a tuple.
    mean_stays_s : (m,) array_like of float
        Mean of the exponential stay in each phase, in seconds, > 0, at most 1e12. Kept as a tuple.
    order : {"cycle", "jump"}
        From phase i to i + 1 (from the last to the first), or to any other phase with equal probability.

    Attributes
    ----------
    rate : float
        Σ rates_i · mean_stays_i / Σ mean_stays_i: either order visits all phases equally often.

    Notes
    -----
    Fischer and Meier-Hellstern, The Markov-modulated Poisson process (MMPP) cookbook, Performance
    Evaluation 18, 1993. Times are exact: those of a Poisson process of rate 1, on the clock that runs at the
    rate of the phase.

    Examples
    --------
    Bursts of 20 requests a second for 5 s on average, and lulls of 2 a second for 45 s:

    >>> MarkovModulatedArrivals(rates=(20, 2), mean_stays_s=(5, 45)).rate
    3.8
    """

    rates: ArrayLike
    mean_stays_s: ArrayLike
    order: str = "cycle"
    rate: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rates = checks.array("rates", self.rates, shape=(None,), at_least=0, at_most=LARGEST)
        checks.check(len(rates) >= 2, f"rates must hold at least 2 phases, got {len(rates)}")
        stays = checks.array(
            "mean_stays_s", self.mean_stays_s, shape=(len(rates),), at_least=0, at_most=LARGEST
        )
        for i in np.flatnonzero(stays == 0):
            raise ValueError(f"mean_stays_s[{i}] must be > 0, got 0.0")
        checks.choice("order", self.order, ("cycle", "jump"))
        per_round, fewest = float(rates @ stays), FEWEST_PER_STAY * len(stays)
        checks.check(
            per_round >= fewest,
            f"rates · mean_stays_s must be >= {fewest:g} ({FEWEST_PER_STAY:g} for each phase), "
            f"got {per_round:g} requests in a visit to every phase; take fewer or longer phases, or where "
            "they change that fast PoissonArrivals of the mean rate",
        )
        rate = checks.number("the mean rate", per_round / float(stays.sum()), at_least=SLOWEST)
        for name, value in (
            ("rates", tuple(rates.tolist())),
            ("mean_stays_s", tuple(stays.tolist())),
            ("rate", rate),
        ):
            object.__setattr__(self, name, value)

    def sampler(self, rng: np.random.Generator) -> ArrivalSampler:
        """Return the times of one run."""
        return _Modulated(np.asarray(self.rates), np.asarray(self.mean_stays_s), self.order == "jump", rng)


class _Modulated:
    """Arrivals of rate 1 by a clock that runs at the rate of the phase."""

    def __init__(
        self, rates: NDArray[np.float64], stays: NDArray[np.float64], jump: bool, rng: np.random.Generator
    ) -> None:
        self._rates, self._stays, self._jump = rates, stays, jump
        self._phase = int(rng.choice(len(stays), p=stays / stays.sum()))
        # of their own, so that how many stays are drawn ahead never changes the arrivals
        self._phase_rng = np.random.Generator(np.random.PCG64(int(rng.integers(2**63))))
        self._unit = Exponential(1.0, rng)
        # border j of the path is at real time _time[j], when the clock shows _clock[j]; rate _pace[j] follows
        self._time, self._clock, self._pace = np.zeros(1), np.zeros(1), np.zeros(0)

    def take(self, number: int) -> NDArray[np.float64]:
        times = self._unit.take(number)
        for start in range(0, number, ARRIVALS_AT_ONCE):
            self._to_seconds(times[start : start + ARRIVALS_AT_ONCE])
        return times

    def _to_seconds(self, times: NDArray[np.float64]) -> None:
        self._extend(float(times[-1]))
        # the last border at or before each: the phase after it has a positive rate, for the clock moves there
        phase = np.searchsorted(self._clock, times, side="right") - 1
        seconds = self._time[phase] + (times - self._clock[phase]) / self._pace[phase]
        # rounding may carry a time past the end of its phase
        np.minimum(seconds, self._time[phase + 1], out=times)
        done = int(phase[-1])
        self._time, self._clock, self._pace = self._time[done:], self._clock[done:], self._pace[done:]

    def _extend(self, until: float) -> None:
        times, clocks, paces = [self._time], [self._clock], [self._pace]
        number = len(self._rates)
        while clocks[-1][-1] <= until:
            steps = np.ones(STAYS_AT_ONCE, dtype=np.int64)
            if self._jump:
                steps = self._phase_rng.integers(1, number, STAYS_AT_ONCE)
            phases = (self._phase + np.concatenate([[0], np.cumsum(steps)])) % number
            phases, self._phase = phases[:-1], int(phases[-1])
            pace = self._rates[phases]
            stays = self._phase_rng.standard_exponential(STAYS_AT_ONCE) * self._stays[phases]
            clock = stays * pace
            run_on(float(times[-1][-1]), stays)
            run_on(float(clocks[-1][-1]), clock)
            times.append(stays)
            clocks.append(clock)
            paces.append(pace)
        self._time, self._clock, self._pace = (np.concatenate(parts) for parts in (times, clocks, paces))
