"""Arrival times: their rates, their laws, and that portions of them don't change them."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.integrate
import scipy.linalg
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from contracts import stream
from drift_processes import (
    Arrivals,
    DeterministicArrivals,
    MarkovModulatedArrivals,
    OverloadedArrivals,
    PoissonArrivals,
)
from drift_processes import markov_modulated_arrivals as modulated
from drift_processes.arrivals import as_arrivals

BURSTS = MarkovModulatedArrivals(rates=(30, 0, 3), mean_stays_s=(1, 2, 0.5))
PROCESSES = (
    DeterministicArrivals(0.3),
    PoissonArrivals(5.0),
    BURSTS,
    MarkovModulatedArrivals(rates=(30, 0, 3), mean_stays_s=(1, 2, 0.5), order="jump"),
    MarkovModulatedArrivals(rates=(0, 1000), mean_stays_s=(1e-4, 1e-4)),
    MarkovModulatedArrivals(rates=(0, 0.1), mean_stays_s=(50, 100)),
)


def times(process: Arrivals, number: int, seed: int = 1) -> np.ndarray:
    drawn = process.times(number, stream(seed, "arrivals"))
    assert drawn is not None
    return drawn


def test_overloaded_requests_have_no_times() -> None:
    assert OverloadedArrivals().times(5, stream(1, "arrivals")) is None
    assert OverloadedArrivals().rate == float("inf")


def test_text_names_the_overloaded_arrivals_and_a_process_stands_for_itself() -> None:
    assert as_arrivals("arrivals", "overloaded") == OverloadedArrivals()
    assert as_arrivals("arrivals", BURSTS) is BURSTS


def test_deterministic_requests_come_every_1_over_rate_from_0() -> None:
    assert times(DeterministicArrivals(4), 5).tolist() == [0, 0.25, 0.5, 0.75, 1]


def test_gaps_of_a_poisson_process_are_exponential_and_independent() -> None:
    gaps = np.diff(times(PoissonArrivals(8), 20_001), prepend=0.0)
    assert scipy.stats.kstest(gaps, "expon", args=(0, 1 / 8)).pvalue > 1e-3
    assert scipy.stats.pearsonr(gaps[1:], gaps[:-1]).pvalue > 1e-3


@pytest.mark.parametrize("process", PROCESSES, ids=repr)
def test_times_rise_and_come_at_the_rate(process: Arrivals) -> None:
    drawn = times(process, 100_000)
    assert drawn.dtype == np.float64
    assert drawn[0] >= 0
    assert (np.diff(drawn) >= 0).all()
    assert len(drawn) / drawn[-1] == pytest.approx(process.rate, rel=0.05)


@pytest.mark.parametrize("process", PROCESSES, ids=repr)
@given(st.lists(st.sampled_from([0, 1, 2, 50, 4_000, 20_000]), max_size=6))
def test_portions_of_any_size_are_the_same_times(process: Arrivals, portions: list[int]) -> None:
    sampler = process.sampler(stream(7, "arrivals"))
    drawn = [sampler.take(number) for number in portions]
    whole = times(process, sum(portions), seed=7)
    assert np.concatenate([np.zeros(0), *drawn]).tolist() == whole.tolist()


def test_how_many_times_are_converted_at_once_does_not_change_them(monkeypatch: pytest.MonkeyPatch) -> None:
    one = times(BURSTS, 10)
    monkeypatch.setattr(modulated, "ARRIVALS_AT_ONCE", 3)
    assert times(BURSTS, 10).tolist() == one.tolist()


def test_the_mean_rate_weighs_phases_by_the_time_spent_in_them() -> None:
    assert MarkovModulatedArrivals(rates=(20, 2), mean_stays_s=(5, 45)).rate == 3.8  # (100 + 90) / 50
    assert BURSTS.rate == pytest.approx(31.5 / 3.5)


def variance_of_counts(process: MarkovModulatedArrivals, window: float) -> float:
    """Var N(window) of a stationary MMPP from its generator Q: λt + 2 ∫ (t-u) (π R e^{Qu} R 1 - λ²) du."""
    rates, stays = np.asarray(process.rates), np.asarray(process.mean_stays_s)
    m = len(rates)
    jumps = np.roll(np.eye(m), 1, axis=1) if process.order == "cycle" else (1 - np.eye(m)) / (m - 1)
    generator = (jumps - np.eye(m)) / stays[:, None]
    share = stays / stays.sum()
    assert np.abs(share @ generator).max() < 1e-15

    def excess(u: float) -> float:
        return float((share * rates) @ scipy.linalg.expm(generator * u) @ rates) - process.rate**2

    part = scipy.integrate.quad(lambda u: (window - u) * excess(u), 0, window)[0]
    return process.rate * window + 2 * part


def scores(process: Arrivals, target: MarkovModulatedArrivals, window: float) -> tuple[float, float]:
    """By how many standard errors (mean, variance) of the counts in windows miss those of ``target``."""
    drawn = times(process, 400_000, seed=3)
    number = int(drawn[-1] / window)
    counts = np.histogram(drawn, bins=number, range=(0, number * window))[0] - target.rate * window
    batches = counts[: number // 40 * 40].reshape(40, -1)
    misses = []
    for moment, exact in (
        (batches.mean(axis=1), 0.0),
        ((batches**2).mean(axis=1), variance_of_counts(target, window)),
    ):
        misses.append(float((moment.mean() - exact) / (moment.std(ddof=1) / np.sqrt(40))))
    return misses[0], misses[1]


@pytest.mark.parametrize("order", ["cycle", "jump"])
@pytest.mark.parametrize("window", [0.25, 2.0])
def test_counts_of_a_modulated_process_have_the_mean_and_variance_of_its_chain(
    order: str, window: float
) -> None:
    process = MarkovModulatedArrivals(rates=(30, 0, 3), mean_stays_s=(1, 2, 0.5), order=order)
    mean, variance = scores(process, process, window)
    assert abs(mean) < 3.5
    assert abs(variance) < 3.5


def test_that_test_tells_a_cycle_from_jumps_and_bursts_from_a_poisson_process() -> None:
    jumps = MarkovModulatedArrivals(rates=(30, 0, 3), mean_stays_s=(1, 2, 0.5), order="jump")
    assert abs(scores(BURSTS, jumps, 2.0)[1]) > 5
    assert abs(scores(PoissonArrivals(BURSTS.rate), BURSTS, 2.0)[1]) > 5


def test_a_modulated_process_starts_in_a_phase_with_the_probability_of_the_time_spent_there() -> None:
    # in the phase of rate 1000 the first request comes within 0.1 s, in the other hardly ever
    process = MarkovModulatedArrivals(rates=(1000, 1e-3), mean_stays_s=(100, 300))
    early = sum(times(process, 1, seed=seed)[0] < 0.1 for seed in range(1000))
    assert scipy.stats.binomtest(early, 1000, 0.25).pvalue > 1e-3


def test_phases_may_be_given_as_arrays() -> None:
    process = MarkovModulatedArrivals(np.array([20, 2]), np.array([5, 45]))
    assert process == MarkovModulatedArrivals(rates=(20.0, 2.0), mean_stays_s=(5.0, 45.0))
    assert hash(process) == hash(MarkovModulatedArrivals([20, 2], [5, 45]))


class EveryFullHour(Arrivals):
    """A process of a user's own, by its two parts."""

    rate = 1 / 3600

    def sampler(self, rng: np.random.Generator):
        class Hours:
            taken = 0

            def take(self, number: int) -> np.ndarray:
                self.taken += number
                return 3600.0 * np.arange(self.taken - number, self.taken)

        return Hours()


def test_a_process_of_ones_own_needs_a_rate_and_a_sampler() -> None:
    assert times(EveryFullHour(), 3).tolist() == [0, 3600, 7200]
