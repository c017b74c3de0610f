"""Ratios of means: betting against a grid and by enumeration, against Fieller and against two intervals."""

import itertools
import math

import numpy as np
import pytest

from bounds.confidence.betting import BettingSequence
from bounds.confidence.ratios import Part, RatioSequence
from tests.bounds.confidence.wealth import log_wealth_paths


def pairs(n, *, paired, seed=0) -> np.ndarray:
    """Two positive variables of ratio 3 in the mean, nearly proportional where paired."""
    rng = np.random.default_rng(seed)
    common = rng.random(n)
    y = 0.5 + common
    x = 3 * (0.5 + (common if paired else rng.random(n))) * rng.uniform(0.9, 1.1, size=n)
    return np.stack([x, y], axis=1)


def last(sequence, values) -> tuple[float, float]:
    for pair in values:
        sequence.add(*map(float, pair))
    return sequence.lo, sequence.hi


@pytest.mark.parametrize("paired", [True, False])
def test_ends_agree_with_a_search_on_a_grid_of_ratios(paired) -> None:
    values = pairs(250, paired=paired)
    x, y = values.T
    lo, hi = last(RatioSequence(Part(5), Part(2), level=0.05), values)
    grid = np.linspace(2, 4, 2001)
    target = math.log(2 / 0.05)
    # E X > r·E Y by stakes scaled to the largest Y; E Y > s·E X by stakes scaled to the largest X
    too_small = (log_wealth_paths(x / 2, grid, y / 2) >= target).any(axis=-1)
    too_large = (log_wealth_paths(y / 5, 1 / grid, x / 5) >= target).any(axis=-1)
    assert lo == pytest.approx(grid[too_small].max(), abs=1.1e-3)
    assert hi == pytest.approx(grid[too_large].min(), abs=1.1e-3)


def test_the_chance_of_ever_leaving_the_ratio_out_is_below_the_level_by_enumeration() -> None:
    law = {(0.0, 1.0): 0.6, (4.0, 2.0): 0.4}
    mean = np.sum([np.multiply(pair, chance) for pair, chance in law.items()], axis=0)
    ratio, missed, level = mean[0] / mean[1], 0.0, 0.5
    for path in itertools.product(law, repeat=9):
        lo, hi = last(RatioSequence(Part(4), Part(2), level=level), path)
        if not lo <= ratio <= hi:
            missed += math.prod(law[pair] for pair in path)
    assert 0 < missed <= level


def test_what_a_pair_has_in_common_cancels() -> None:
    widths = {}
    for paired in (True, False):
        values = pairs(800, paired=paired, seed=2)
        lo, hi = last(RatioSequence(Part(5), Part(2)), values)
        assert lo < 3 < hi
        numerator, denominator = BettingSequence(0, 5, level=0.005), BettingSequence(0, 2, level=0.005)
        for x, y in values:
            numerator.add(x)
            denominator.add(y)
        two_intervals = numerator.hi / denominator.lo - numerator.lo / denominator.hi
        widths[paired] = hi - lo
        assert hi - lo < 0.8 * two_intervals
    assert widths[True] < 0.5 * widths[False]


def test_swapping_numerator_and_denominator_inverts_the_interval() -> None:
    values = pairs(300, paired=False)
    lo, hi = last(RatioSequence(Part(5), Part(2)), values)
    inverse = last(RatioSequence(Part(2), Part(5)), values[:, ::-1])
    assert inverse == pytest.approx((1 / hi, 1 / lo), rel=1e-9)


@pytest.mark.parametrize("known", ["numerator", "denominator"])
def test_one_ceiling_gives_one_end(known) -> None:
    values = pairs(300, paired=True)
    ceilings = {"numerator": Part(5), "denominator": Part(2)}
    both = last(RatioSequence(**ceilings, level=0.02), values)
    lo, hi = last(RatioSequence(**{known: ceilings[known]}, level=0.01), values)
    assert (lo, hi) == pytest.approx((0, both[1]) if known == "numerator" else (both[0], math.inf), rel=1e-5)


def test_an_excess_over_the_ceiling_moves_the_end_outward_only() -> None:
    values = pairs(400, paired=True)
    plain = last(RatioSequence(Part(5), Part(2)), values)
    # Y passes 1.4 by (1.5 - 1.4)²/2 = 0.005 in the mean
    lo, hi = last(RatioSequence(Part(5), Part(1.4, excess=0.005)), values)
    assert plain[0] - 0.1 < lo < 3
    assert hi == pytest.approx(plain[1], rel=1e-6)


def test_nothing_but_zeros_leaves_everything_possible() -> None:
    assert last(RatioSequence(Part(1), Part(1)), [(0.0, 0.0)] * 100) == (0, math.inf)
    lo, hi = last(RatioSequence(Part(1), Part(1)), [(0.0, 1.0)] * 500)
    assert lo == 0
    assert 0 < hi < 0.03


def test_the_premise_says_what_is_known() -> None:
    assert RatioSequence(Part(3, excess=0.1), Part()).premise == (
        "independent pairs, numerator up to 3 and above it by at most 0.1 in the mean, "
        "denominator without a ceiling, none negative"
    )
