"""The empirical-Bernstein sequence: against a second writing of its formula, and against betting."""

import math

import numpy as np
import pytest

from bounds.confidence.bernstein import BernsteinSequence
from bounds.confidence.betting import BettingSequence


def by_formula(x, level) -> tuple[float, float]:
    """Theorem 2 in arrays, all prefixes at once; returns the running intersection at the end."""
    n = np.arange(1, len(x) + 1)
    means = (0.5 + np.cumsum(x)) / (n + 1)
    variances = (0.25 + np.cumsum((x - means) ** 2)) / (n + 1)
    before = np.append(0.25, variances[:-1])
    bets = np.minimum(0.5, np.sqrt(2 * np.log(2 / level) / (before * n * np.log(n + 1))))
    v = 4 * (x - np.append(0.5, means[:-1])) ** 2
    cost = np.log(2 / level) + np.cumsum(v * (-np.log(1 - bets) - bets) / 4)
    middle, radius = np.cumsum(bets * x) / np.cumsum(bets), cost / np.cumsum(bets)
    return max(0, (middle - radius).max()), min(1, (middle + radius).min())


@pytest.mark.parametrize("level", [0.01, 0.2])
def test_agrees_with_the_theorem_in_arrays(level) -> None:
    x = np.random.default_rng(4).beta(3, 2, size=400)
    sequence = BernsteinSequence(-2, 8, level=level)
    for value in x:
        lo, hi = sequence.add(-2 + 10 * value)
    expected = by_formula(x, level)
    assert (lo, hi) == pytest.approx((-2 + 10 * expected[0], -2 + 10 * expected[1]), rel=1e-9)


def test_first_interval_by_hand() -> None:
    # bet ½ (the formula asks for more), v = ¼, log 8 + ¼·(log 2 - ½), over ½
    lo, hi = BernsteinSequence(0, 100, level=0.25).add(100)
    assert hi == 100
    assert lo == pytest.approx(max(0, 100 * (1 - 2 * (math.log(8) + 0.25 * (math.log(2) - 0.5)))))


@pytest.mark.parametrize("law", ["uniform", "coin", "narrow", "constant"])
def test_two_routes_to_one_mean_agree_and_betting_is_narrower(law) -> None:
    rng = np.random.default_rng(7)
    n = 1500
    x = {
        "uniform": rng.random(n),
        "coin": rng.integers(2, size=n),
        "narrow": 0.4 + 0.05 * rng.random(n),
        "constant": np.full(n, 0.7),
    }[law]
    bernstein, betting = BernsteinSequence(0, 1), BettingSequence(0, 1)
    for value in x:
        bernstein.add(float(value))
        betting.add(float(value))
    assert max(bernstein.lo, betting.lo) < min(bernstein.hi, betting.hi)
    assert betting.hi - betting.lo < bernstein.hi - bernstein.lo


def test_the_mean_stays_inside_at_all_times_in_all_but_a_share_of_level() -> None:
    rng = np.random.default_rng(9)
    level, trials = 0.3, 300
    missed = 0
    for _ in range(trials):
        sequence = BernsteinSequence(0, 1, level=level)
        for value in rng.random(200) < 0.3:
            sequence.add(float(value))
        missed += not sequence.lo <= 0.3 <= sequence.hi
    assert missed / trials <= level
