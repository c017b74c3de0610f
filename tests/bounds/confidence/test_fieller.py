"""Fieller's interval: its definition solved numerically, its coverage, and the version for all times."""

import math

import numpy as np
import pytest
import scipy.optimize
import scipy.stats

from bounds.confidence.fieller import AsymptoticRatioSequence, fieller
from tests.bounds.confidence.test_ratios import last, pairs


def paired_statistic(x, y, ratio) -> float:
    """|t| of the test that X - ratio·Y has mean 0."""
    return abs(scipy.stats.ttest_1samp(x - ratio * y, 0).statistic)


def test_ends_are_the_ratios_that_the_paired_test_just_rejects() -> None:
    x, y = pairs(25, paired=False, seed=3).T
    quantile = scipy.stats.t.isf(0.025, 24)
    middle = x.mean() / y.mean()
    for end, outside in zip(fieller(x, y, paired=True, level=0.05), (0.0, 3 * middle), strict=True):
        root = scipy.optimize.brentq(lambda r: paired_statistic(x, y, r) - quantile, middle, outside)
        assert end == pytest.approx(root, rel=1e-9)


def test_independent_samples_by_hand() -> None:
    # means 4 and 2, variances of the means ⅓ and 1/12, t with 2 degrees = tan-like root at level ½: 0.8165²=⅔
    x, y = [3.0, 4.0, 5.0], [1.5, 2.0, 2.5]
    lo, hi = fieller(x, y, paired=False, level=0.5)
    leading, middle, constant = 4 - 2 / 3 / 12, 8.0, 16 - 2 / 9
    root = math.sqrt(64 - leading * constant)
    assert (lo, hi) == pytest.approx(((middle - root) / leading, (middle + root) / leading), rel=1e-9)


def test_a_denominator_that_may_be_zero_leaves_every_ratio_possible() -> None:
    assert fieller([1.0, 2.0, 3.0], [-1.0, 0.5, 1.0], paired=True) == (-math.inf, math.inf)


@pytest.mark.parametrize("paired", [True, False])
def test_coverage_is_nominal_for_normal_pairs(paired) -> None:
    rng = np.random.default_rng(6)
    level, trials = 0.1, 1500
    missed = 0
    for _ in range(trials):
        common = rng.normal(size=(2, 12)) if not paired else np.tile(rng.normal(size=12), (2, 1))
        x = 6 + common[0] + 0.5 * rng.normal(size=12)
        y = 3 + common[1] + 0.5 * rng.normal(size=12)
        lo, hi = fieller(x, y, paired=paired, level=level)
        missed += not lo <= 2 <= hi
    # the smaller sample's degrees of freedom make independent samples a little wider
    deviation = math.sqrt(level * (1 - level) / trials)
    assert level - (4 * deviation if paired else 0.05) < missed / trials < level + 4 * deviation


def test_independent_samples_of_unequal_size_are_allowed() -> None:
    x, y = pairs(40, paired=False).T
    lo, hi = fieller(x, y[:15], paired=False)
    assert lo < 3 < hi


def test_the_version_for_all_times_contains_fiellers_at_each_and_is_not_much_wider() -> None:
    values = pairs(600, paired=False, seed=5)
    sequence = AsymptoticRatioSequence()
    for i, (x, y) in enumerate(values, start=1):
        lo, hi = sequence.add(x, y)
        if i in (64, 600):
            fixed = fieller(*values[:i].T, paired=True)
            assert lo < fixed[0] < fixed[1] < hi
            assert hi - lo < 2 * (fixed[1] - fixed[0])


def test_a_ratio_that_has_shown_no_variance_says_nothing() -> None:
    values = np.random.default_rng(1).random(200)
    assert last(AsymptoticRatioSequence(), np.stack([2 * values, values], axis=1)) == (-math.inf, math.inf)
    # a denominator without variance is no obstacle
    lo, hi = last(AsymptoticRatioSequence(), np.stack([values, np.full(200, 0.25)], axis=1))
    assert lo < 2 < hi < 3


def test_the_ratio_stays_inside_at_all_times() -> None:
    level, trials = 0.2, 150
    missed = 0
    for seed in range(trials):
        lo, hi = last(AsymptoticRatioSequence(level=level), pairs(250, paired=True, seed=seed))
        missed += not lo <= 3 <= hi
    assert missed / trials <= level
