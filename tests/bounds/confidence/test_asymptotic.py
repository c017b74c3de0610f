"""The asymptotic sequence: its boundary solved for numerically, its level on normal and on skewed laws."""

import math

import numpy as np
import pytest
import scipy.optimize
from scipy.stats import norm

from bounds.confidence.asymptotic import AsymptoticSequence, critical_value
from bounds.confidence.betting import BettingSequence


def boundary(n: int, level: float, r: float) -> float:
    """Standard errors at which the half-normal mixture has wealth 1/level, by root finding."""

    def excess(z: float) -> float:
        return math.log(2) + z**2 / 2 + norm.logcdf(z) - 0.5 * math.log(n * r + 1) + math.log(level)

    return scipy.optimize.brentq(excess, 0, 50) * math.sqrt((n * r + 1) / (n * r))


@pytest.mark.parametrize("level", [0.005, 0.05])
@pytest.mark.parametrize("n", [64, 500, 20_000])
def test_the_closed_form_lies_just_outside_the_exact_boundary(level, n) -> None:
    mixing = scipy.optimize.minimize_scalar(
        lambda r: boundary(500, level, math.exp(r)), bounds=(-12, 2), method="bounded"
    )
    exact = boundary(n, level, math.exp(mixing.x))
    assert exact <= critical_value(n, level) * (1 + 1e-3)
    assert critical_value(n, level) < 1.01 * exact


def test_wider_than_normal_and_narrowest_where_it_is_tuned() -> None:
    assert critical_value(500, 0.005) > norm.isf(0.005)
    assert critical_value(500, 0.005, tuned_for=500) < critical_value(500, 0.005, tuned_for=50)
    assert critical_value(50, 0.005, tuned_for=50) < critical_value(50, 0.005, tuned_for=500)


def test_normal_observations_stay_inside_at_all_times() -> None:
    level, trials, n = 0.1, 2000, 1500
    x = np.random.default_rng(12).normal(size=(trials, n))
    counts = np.arange(1, n + 1)
    means = np.cumsum(x, axis=1) / counts
    variances = (np.cumsum(x**2, axis=1) - counts * means**2) / np.maximum(counts - 1, 1)
    errors = np.sqrt(variances / counts)[:, 63:]
    limits = np.array([critical_value(i, level / 2) for i in counts[63:]])
    missed = (np.abs(means[:, 63:]) > limits * errors).any(axis=1).mean()
    assert 0.2 * level < missed <= level


def test_by_hand_at_the_first_look() -> None:
    sequence = AsymptoticSequence(level=0.02, first_look=8)
    for i in range(7):
        assert sequence.add(float(i % 2)) == (-math.inf, math.inf)
    lo, hi = sequence.add(1.0)
    # mean ½, variance 8/7·¼
    radius = math.sqrt(8 / 7 / 4 / 8) * critical_value(8, 0.01)
    assert (lo, hi) == pytest.approx((0.5 - radius, 0.5 + radius), rel=1e-12)


def test_equal_observations_say_nothing_about_what_was_not_seen() -> None:
    sequence = AsymptoticSequence()
    for _ in range(200):
        ends = sequence.add(3.0)
    assert ends == (-math.inf, math.inf)


def test_the_floor_gives_a_lower_end_that_keeps_its_level() -> None:
    values = np.random.default_rng(3).lognormal(size=300)
    mixed, betting = AsymptoticSequence(0), BettingSequence(0, 1e9)
    for i, value in enumerate(values):
        mixed.add(value)
        betting.add(value)
        assert mixed.lo == betting.lo
        assert (mixed.hi == math.inf) == (i < 63)
    assert (mixed.exact, AsymptoticSequence().exact) == ((True, False), (False, False))


def test_the_premise_says_that_the_level_is_a_limit() -> None:
    assert AsymptoticSequence(0).premise == (
        "independent observations of finite variance, none below 0; "
        "what is asymptotic holds in the limit of a late first look (at 64)"
    )
