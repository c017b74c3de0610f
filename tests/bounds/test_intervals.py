"""Batch means: the arithmetic by hand, and the coverage on a process whose mean is known."""

import math

import numpy as np
import pytest
import scipy.signal

from bounds.intervals import batch_count, batch_means, independent_mean, memory_steps
from drift_processes import Law


def test_two_batches_by_hand() -> None:
    # batch means 1 and 3: estimate 2, deviation √2, t(0.75 quantile, 1 degree of freedom) = tan(π/4) = 1
    interval = batch_means([1.0] * 8 + [3.0] * 8, level=0.5, batches=2)
    assert interval.estimate == 2.0
    assert interval.half_width == pytest.approx(1.0, rel=1e-12)
    assert (interval.lo, interval.hi) == pytest.approx((1.0, 3.0))
    assert 2.9 in interval
    assert 3.1 not in interval
    assert interval.enclosure.mid == pytest.approx(2.0)


def test_values_that_fill_no_batch_are_left_out_at_the_start() -> None:
    interval = batch_means([1e9] + [5.0] * 16, batches=2)
    assert (interval.estimate, interval.half_width, interval.batch_size) == (5.0, 0.0, 8)


@pytest.mark.parametrize("level", [0.9, 0.99])
def test_coverage_on_an_autoregressive_process_is_nominal(level) -> None:
    runs, steps, memory = 600, 4000, 0.8
    noise = np.random.default_rng(20).normal(size=(runs, steps + 200))
    series = 7.0 + scipy.signal.lfilter([1.0], [1.0, -memory], noise)[:, 200:]
    covered = np.mean([7.0 in batch_means(row, level=level) for row in series])
    # four standard deviations of a binomial share, and 1 % for what is left of the correlation
    assert abs(covered - level) < 4 * math.sqrt(level * (1 - level) / runs) + 0.01


def test_the_interval_knows_about_correlation_that_a_naive_one_misses() -> None:
    noise = np.random.default_rng(3).normal(size=40_200)
    series = scipy.signal.lfilter([1.0], [1.0, -0.95], noise)[200:]
    naive = 2.58 * series.std() / math.sqrt(len(series))
    # the variance of the mean is (1 + 0.95)/(1 - 0.95) = 39 times the naive one
    assert 3 < batch_means(series).half_width / naive < 13


def test_an_interval_of_another_level_rests_on_the_same_means() -> None:
    values = [1.0, 4.0, 2.0, 8.0]
    assert independent_mean(values, level=0.9).at(0.999).half_width == pytest.approx(
        independent_mean(values, level=0.999).half_width, rel=1e-12
    )


def test_independent_values_by_hand() -> None:
    # deviation 1, t(2 degrees of freedom, 0.975) = 4.3027, over √3
    interval = independent_mean([1.0, 2.0, 3.0], level=0.95)
    assert (interval.lo, interval.hi) == pytest.approx((2 - 2.48414, 2 + 2.48414), abs=1e-5)


def test_memory_of_geometric_lengths_is_four_times_their_biased_mean() -> None:
    # E o² / E o = (2 - p) / p = 99
    assert memory_steps(Law.geometric(0.02)) == pytest.approx(4 * 99, abs=1)
    assert memory_steps(Law.constant(7)) == 28


@pytest.mark.parametrize(
    ("steps", "memory", "number"), [(799, 100, 0), (800, 100, 8), (5000, 100, 20), (64, 1, 8), (63, 1, 0)]
)
def test_no_batch_is_shorter_than_the_memory_and_few_are_none(steps: int, memory: int, number: int) -> None:
    assert batch_count(steps, memory=memory) == number
