"""`Law`: moments, quantiles, tails and samples against values worked out by hand and closed forms."""

from fractions import Fraction

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from contracts import stream
from drift_processes import Law
from tests.law_strategies import as_law, size_tables

#: Level of the chi-square tests; their seeds are fixed, so each passes for ever or fails for ever.
LEVEL = 1e-3


def test_moments_of_a_law_worked_out_by_hand() -> None:
    law = Law([5, 1, 2], [0.25, 0.5, 0.25])
    assert law.values.tolist() == [1, 2, 5]
    assert law.probabilities.tolist() == [0.5, 0.25, 0.25]
    assert law.mean == 2.25  # 1/2 + 2/4 + 5/4
    assert law.variance == 2.6875  # 1/2 + 4/4 + 25/4 - 2.25²
    assert law.support == (1, 5)
    assert law.span == 4
    assert law.is_integral
    assert not law.is_constant


def test_values_without_probability_are_dropped_and_the_rest_sums_to_one() -> None:
    law = Law([0, 3, 7], [0.0, 0.5 + 4e-10, 0.5])
    assert law.values.tolist() == [3, 7]
    assert law.probabilities.sum() == 1


def test_arrays_of_a_law_cannot_be_changed_and_do_not_follow_the_callers_array() -> None:
    values = np.array([1.0, 2.0])
    law = Law(values, [0.5, 0.5])
    values[0] = 99
    assert law.values.tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        law.values[0] = 3


def test_a_law_of_halves_is_not_integral() -> None:
    assert not Law([0.5, 1], [0.5, 0.5]).is_integral


@pytest.mark.parametrize(("lo", "hi"), [(0, 0), (1, 100), (7, 8), (0, 8191)])
def test_uniform_law_has_mean_of_the_ends_and_variance_n2_minus_1_over_12(lo: int, hi: int) -> None:
    law = Law.uniform(lo, hi)
    n = hi - lo + 1
    assert len(law.values) == n
    assert law.mean == pytest.approx((lo + hi) / 2, rel=1e-12)
    assert law.variance == pytest.approx((n * n - 1) / 12, rel=1e-12, abs=1e-12)
    assert law.support == (lo, hi)


def test_constant_law_has_one_value_and_no_variance() -> None:
    law = Law.constant(3.5)
    assert (law.mean, law.variance, law.span, law.is_constant) == (3.5, 0, 0, True)


@pytest.mark.parametrize("p", [1.0, 1 - 1e-15, 0.5, 0.1, 0.02, 1e-3])
def test_geometric_law_has_mean_1_over_p_and_variance_q_over_p2(p: float) -> None:
    law = Law.geometric(p)
    assert law.success_probability == p
    assert law.mean == pytest.approx(1 / p, rel=1e-12)
    assert law.variance == pytest.approx((1 - p) / p**2, rel=1e-10, abs=1e-14)
    assert law.support[0] == 1


def test_geometric_law_survives_a_steps_with_probability_q_to_the_a() -> None:
    survival = Law.geometric(0.25).survival()
    np.testing.assert_allclose(survival[:60], 0.75 ** np.arange(60), rtol=1e-9)


def test_geometric_table_leaves_out_less_than_two_to_the_minus_60() -> None:
    law = Law.geometric(0.02)
    longest = law.support[1]
    assert 0.98**longest <= 2.0**-60 < 0.98 ** (longest - 2)


def test_empirical_law_counts() -> None:
    law = Law.empirical([4, 1, 4, 4])
    assert law.values.tolist() == [1, 4]
    assert law.probabilities.tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("quantiles", "expected"),
    [
        # F is linear from 1 to 3: 1 takes (1, 3/2], 2 takes (3/2, 5/2], 3 takes (5/2, 3]
        ({0: 1, 1: 3}, {1: 0.25, 2: 0.5, 3: 0.25}),
        ({1: 3, 0: 1}, {1: 0.25, 2: 0.5, 3: 0.25}),
        # an atom of 1/2 at 2, and 1/2 spread over (2, 4]
        ({0: 2, 0.5: 2, 1: 4}, {2: 0.625, 3: 0.25, 4: 0.125}),
        # an atom at the upper end
        ({0: 0, 0.5: 1, 1: 1}, {0: 0.25, 1: 0.75}),
        ({0: 6, 1: 6}, {6: 1.0}),
        # an atom on the border of (3/2, 5/2] belongs to it
        ({0: 2.5, 1: 2.5}, {2: 1.0}),
        # ends between whole numbers: (1/2, 3/2] and (3/2, 5/2]
        ({0: 0.5, 1: 2.5}, {1: 0.5, 2: 0.5}),
        # a gap that nothing but its ends touches
        ({0: 0, 0.5: 0, 0.75: 10, 1: 10}, {0: 0.5125, **dict.fromkeys(range(1, 10), 0.025), 10: 0.2625}),
        # pieces so short that their slope overflows
        ({0: 0, 0.5: 1e-310, 1: 1}, {0: 0.75, 1: 0.25}),
    ],
)
def test_laws_from_quantiles_worked_out_by_hand(
    quantiles: dict[float, float], expected: dict[float, float]
) -> None:
    law = Law.from_quantiles(quantiles)
    assert law.values.tolist() == list(expected)
    np.testing.assert_allclose(law.probabilities, list(expected.values()), rtol=1e-12)


@given(
    st.lists(st.integers(1, 999), unique=True, max_size=6).map(sorted),
    st.lists(st.integers(0, 500), min_size=8, max_size=8).map(sorted),
)
def test_distribution_from_quantiles_is_linear_between_them(levels: list[int], values: list[int]) -> None:
    levels = [0, *levels, 1000]
    values = values[: len(levels)]
    law = Law.from_quantiles({level / 1000: value for level, value in zip(levels, values, strict=True)})
    assert values[0] <= law.support[0]
    assert law.support[1] <= values[-1]
    # F(v + 1/2) for whole v, in exact fractions, piece by piece
    for v in range(values[0], values[-1] + 1):
        exact = Fraction(0)
        for low, high, start, end in zip(values, values[1:], levels, levels[1:], strict=False):
            inside = Fraction(2 * v + 1 - 2 * low, 2 * (high - low)) if high > low else Fraction(v >= low)
            exact += Fraction(end - start, 1000) * min(max(inside, Fraction(0)), Fraction(1))
        below = law.probabilities[law.values <= v].sum()
        assert below == pytest.approx(float(exact), abs=1e-12)


@pytest.mark.parametrize(
    "law",
    [Law([1, 2, 5], [0.5, 0.25, 0.25]), Law.uniform(1, 100), Law([0, 1e6], [0.01, 0.99]), Law.constant(4)],
    ids=repr,
)
def test_samples_come_with_the_frequencies_of_the_law(law: Law) -> None:
    drawn = law.sample(20_000, stream(1, "chi-square"))
    counts = [(drawn == value).sum() for value in law.values]
    assert sum(counts) == 20_000
    if len(counts) > 1:
        assert scipy.stats.chisquare(counts, 20_000 * law.probabilities).pvalue > LEVEL


def test_samples_of_the_geometric_law_have_its_frequencies_and_are_not_cut_at_its_table() -> None:
    drawn = Law.geometric(0.2).sample(20_000, stream(2, "chi-square"))
    first = [(drawn == n).sum() for n in range(1, 16)]
    expected = [0.2 * 0.8 ** (n - 1) for n in range(1, 16)]
    counts, shares = [*first, 20_000 - sum(first)], [*expected, 0.8**15]
    assert scipy.stats.chisquare(counts, np.multiply(20_000, shares)).pvalue > LEVEL


def test_a_chi_square_test_notices_a_law_that_is_a_little_off() -> None:
    drawn = Law.uniform(1, 4).sample(20_000, stream(1, "chi-square"))
    counts = [(drawn == value).sum() for value in range(1, 5)]
    assert scipy.stats.chisquare(counts, 20_000 * np.array([0.24, 0.26, 0.26, 0.24])).pvalue < LEVEL


def test_samples_are_those_of_the_stream() -> None:
    law = Law.uniform(1, 1000)
    assert law.sample(50, stream(3, "a")).tolist() == law.sample(50, stream(3, "a")).tolist()
    assert law.sample(50, stream(3, "a")).tolist() != law.sample(50, stream(3, "b")).tolist()


@given(size_tables())
def test_moments_are_those_of_exact_fractions(table: dict[int, Fraction]) -> None:
    law = as_law(table)
    mean = sum(value * p for value, p in table.items())
    variance = sum((value - mean) ** 2 * p for value, p in table.items())
    assert law.mean == pytest.approx(float(mean), rel=1e-12)
    assert law.variance == pytest.approx(float(variance), rel=1e-9, abs=1e-12)
    assert law.support == (min(table), max(table))
    assert law.is_constant == (len(table) == 1)


@given(size_tables())
def test_survival_is_the_tail_and_sums_to_the_mean(table: dict[int, Fraction]) -> None:
    survival = as_law(table).survival()
    assert len(survival) == max(table)
    exact = [float(sum(p for value, p in table.items() if value > a)) for a in range(max(table))]
    np.testing.assert_allclose(survival, exact, rtol=1e-12)
    assert survival.sum() == pytest.approx(float(sum(v * p for v, p in table.items())), abs=1e-12)


@given(size_tables(), st.randoms(use_true_random=False))
def test_the_order_in_which_values_are_given_does_not_matter(table: dict[int, Fraction], random) -> None:
    shuffled = list(table.items())
    random.shuffle(shuffled)
    one, other = as_law(table), as_law(dict(shuffled))
    assert one.values.tolist() == other.values.tolist()
    np.testing.assert_allclose(one.probabilities, other.probabilities, rtol=1e-14)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_empirical_law_has_the_moments_of_its_sample(sample: list[int]) -> None:
    law = Law.empirical(sample)
    assert law.mean == pytest.approx(np.mean(sample), abs=1e-12)
    assert law.variance == pytest.approx(np.var(sample), abs=1e-9)


def test_a_law_shows_itself_in_a_few_words() -> None:
    assert repr(Law.geometric(0.02)) == "Law.geometric(0.02)"
    assert repr(Law.uniform(1, 100)) == "Law(100 values in [1, 100], mean 50.5)"
