"""The betting sequence: fair bets by enumeration, ends by a grid, widths by other inequalities."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounds.confidence._wealth_kernel import FRACTIONS, log_wealth
from bounds.confidence.betting import BettingSequence, Lowest
from tests.bounds.confidence.wealth import log_wealth_paths

UNIT = st.floats(0, 1, allow_subnormal=False).map(lambda value: round(value, 6))


def ends(sequence, values) -> np.ndarray:
    return np.array([sequence.add(float(value)) for value in values])


def kernel(x, m, y=None) -> float:
    x = np.asarray(x, dtype=float)
    return log_wealth(x, np.ones_like(x) if y is None else np.asarray(y, dtype=float), x.size, m, FRACTIONS)


def test_one_observation_by_hand() -> None:
    # mean over c of 1 - c + c·3/1 = 1 + 2c
    assert math.exp(kernel([3.0], 1.0)) == pytest.approx(1 + 2 * FRACTIONS.mean(), rel=1e-12)


@given(st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=70), st.floats(0.01, 3))
def test_the_kernel_agrees_with_its_readable_twin(pairs, m) -> None:
    x, y = np.array(pairs).T
    assert kernel(x, m, y) == pytest.approx(log_wealth_paths(x, m, y)[-1], rel=1e-9, abs=1e-9)


@given(st.lists(UNIT, min_size=1, max_size=40), st.floats(0.01, 1), st.floats(0.01, 1))
def test_wealth_falls_in_the_mean_that_is_bet_against(values, one, other) -> None:
    low, high = sorted((one, other))
    assert kernel(values, low) >= kernel(values, high) - 1e-9


@pytest.mark.parametrize(
    "law", [{0.0: 0.5, 1.0: 0.5}, {0.0: 0.9, 1.0: 0.1}, {0.1: 0.3, 0.4: 0.3, 1.0: 0.4}, {0.25: 1.0}]
)
def test_expected_wealth_at_the_true_mean_is_one_by_enumeration(law) -> None:
    mean = sum(value * chance for value, chance in law.items())
    expected = sum(
        math.prod(law[value] for value in path) * math.exp(kernel(path, mean))
        for path in itertools.product(law, repeat=6)
    )
    assert expected == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("chance", [0.5, 0.2])
@pytest.mark.parametrize("level", [0.5, 0.2])
def test_the_chance_of_ever_leaving_the_mean_out_is_below_the_level_by_enumeration(chance, level) -> None:
    missed = 0.0
    for path in itertools.product((0.0, 1.0), repeat=10):
        lo, hi = ends(BettingSequence(0, 1, level=level), path)[-1]
        if not lo <= chance <= hi:
            missed += math.prod(chance if value else 1 - chance for value in path)
    # not vacuous: with so lax a level some paths do leave it out
    assert 0 < missed <= level


def test_ends_agree_with_a_search_on_a_grid_of_means() -> None:
    values = np.random.default_rng(5).beta(2, 5, size=300)
    grid = np.linspace(0, 1, 2001)[1:-1]
    target = math.log(2 / 0.05)
    found = ends(BettingSequence(0, 1, level=0.05), values)
    too_small = np.maximum.accumulate(log_wealth_paths(values, grid), axis=-1) >= target
    too_large = np.maximum.accumulate(log_wealth_paths(1 - values, 1 - grid), axis=-1) >= target
    for i in (0, 9, 99, 299):
        lo = grid[too_small[:, i]].max(initial=0.0)
        hi = grid[too_large[:, i]].min(initial=1.0)
        assert lo - 1e-4 <= found[i, 0] <= lo + 1 / 2000
        assert hi - 1 / 2000 <= found[i, 1] <= hi + 1e-4


@given(st.lists(UNIT, min_size=2, max_size=60), st.floats(-50, 50), st.floats(0.1, 100))
def test_a_change_of_units_changes_nothing_else(values, shift, scale) -> None:
    plain = ends(BettingSequence(0, 1), values)[-1]
    moved = [min(shift + scale * value, shift + scale) for value in values]
    found = ends(BettingSequence(shift, shift + scale), moved)[-1]
    assert found == pytest.approx(shift + scale * plain, abs=1e-4 * scale + 1e-9 * abs(shift))


@given(st.lists(UNIT, min_size=2, max_size=60))
def test_intervals_are_nested_and_mirror_images_have_mirrored_intervals(values) -> None:
    path = ends(BettingSequence(0, 1, level=0.3), values)
    assert (np.diff(path[:, 0]) >= 0).all()
    assert (np.diff(path[:, 1]) <= 0).all()
    mirrored = ends(BettingSequence(0, 1, level=0.3), [1 - value for value in values])
    assert mirrored == pytest.approx(1 - path[:, ::-1], abs=2e-5)


LAWS = {
    "constant": lambda rng, n: np.full(n, 0.3),
    "fair coin": lambda rng, n: rng.integers(2, size=n),
    "rare": lambda rng, n: rng.random(n) < 0.02,
    "uniform": lambda rng, n: rng.random(n),
    "narrow": lambda rng, n: 0.5 + 0.02 * rng.random(n),
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("n", [100, 1000])
def test_never_much_wider_than_hoeffding_for_one_fixed_number(law, n) -> None:
    sequence = BettingSequence(0, 1, level=0.01)
    ends(sequence, LAWS[law](np.random.default_rng(n), n))
    hoeffding = math.sqrt(math.log(2 / 0.01) / (2 * n))
    assert (sequence.hi - sequence.lo) / 2 < 1.4 * hoeffding
    if law in ("constant", "rare", "narrow"):
        assert (sequence.hi - sequence.lo) / 2 < 0.7 * hoeffding


def test_the_width_knows_the_variance() -> None:
    # the best bet on a fixed number gives σ·√(2·log(2/α)/n); here for all n at once, wider by a third at most
    n = 2000
    sequence = BettingSequence(0, 1, level=0.01)
    ends(sequence, np.random.default_rng(0).random(n))
    best = math.sqrt(2 * math.log(200) / n / 12)
    assert 0.9 * best < (sequence.hi - sequence.lo) / 2 < 1.33 * best


def test_without_variance_the_width_falls_like_one_over_n() -> None:
    # only the bet of 0.95 counts: (0.05 + 0.95·x/m)^n / 12 reaches 200
    for n in (50, 500):
        sequence = BettingSequence(0, 1, level=0.01)
        lo, _ = ends(sequence, [0.5] * n)[-1]
        growth = (200 * 12) ** (1 / n)
        # the other bets add a little, which raises the end
        assert 0 <= lo - 0.5 * 0.95 / (growth - 0.05) < 0.1 * (0.5 - lo)


def test_a_range_of_one_point_is_known_beforehand() -> None:
    sequence = BettingSequence(3, 3)
    assert (sequence.lo, sequence.hi) == (3, 3)
    assert sequence.add(3) == (3, 3)


def test_nonnegative_observations_have_a_lower_end_whatever_the_tail() -> None:
    # mean of Pareto(1.1) + 1 is 11, its variance infinite
    rng = np.random.default_rng(8)
    covered = [ends(BettingSequence(0, level=0.1), 1 + rng.pareto(1.1, size=300))[-1] for _ in range(60)]
    assert all(lo <= 11 and hi == math.inf for lo, hi in covered)
    assert min(lo for lo, _ in covered) > 1.5


def test_an_open_side_gives_its_share_of_the_level_to_the_other() -> None:
    values = np.random.default_rng(2).random(200)
    one = ends(BettingSequence(0, level=0.01), values)[-1, 0]
    both = ends(BettingSequence(0, 1, level=0.02), values)[-1, 0]
    assert one == pytest.approx(both, abs=1e-6)
    assert ends(BettingSequence(ceiling=1, level=0.01), 1 - values)[-1, 1] == pytest.approx(1 - one, abs=1e-6)


def test_what_passes_the_ceiling_is_cut_and_its_excess_added() -> None:
    values = np.random.default_rng(3).exponential(size=400)
    cut = ends(BettingSequence(0, 5), np.minimum(values, 5))[-1]
    found = ends(BettingSequence(0, 5, excess=math.exp(-5)), values)[-1]
    assert found[1] == pytest.approx(cut[1] + math.exp(-5), rel=1e-9)
    # the lower end sees them whole
    assert found[0] >= cut[0]


def test_observations_that_contradict_each_other_are_noticed() -> None:
    sequence = BettingSequence(0, 1)
    ends(sequence, [0.0] * 200)
    assert not sequence.contradicted
    before = sequence.lo, sequence.hi
    ends(sequence, [1.0] * 2000)
    assert sequence.contradicted
    assert before[0] <= sequence.lo <= sequence.hi == before[1]


def test_the_same_lower_end_for_a_mean_and_a_ratio_to_one() -> None:
    lowest = Lowest(4.0)
    scaled = Lowest(4.0, most=7.0)
    for value in np.random.default_rng(1).random(150):
        lowest.add(value)
        scaled.add(value, 7.0)
    assert lowest.end / 7 == pytest.approx(scaled.end, rel=1e-6)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"floor": 0, "ceiling": 1}, "independent observations in [0, 1]"),
        ({"floor": 0}, "independent observations, none below 0"),
        ({"ceiling": 2}, "independent observations, none above 2"),
        (
            {"floor": 0, "ceiling": 2, "excess": 0.5},
            "independent observations, none below 0 and above 2 by at most 0.5 in the mean",
        ),
    ],
)
def test_the_premise_says_what_is_known(options, words) -> None:
    assert BettingSequence(**options).premise == words
