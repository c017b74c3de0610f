"""`Law`: moments, quantiles, tails and samples against values worked out by hand and closed forms."""

from fractions import Fraction

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from contracts import stream
from drift_processes import Law
from drift_processes.guide_table import BLOCK
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


@pytest.mark.parametrize(("r", "p"), [(1, 0.25), (0.3, 0.02), (2.5, 0.1), (40, 0.5), (5000, 0.9), (3, 1)])
def test_negative_binomial_law_is_one_plus_the_failures_before_the_rth_success(r: float, p: float) -> None:
    law, failures = Law.negative_binomial(r, p), scipy.stats.nbinom(r, p)
    assert law.mean == pytest.approx(1 + r * (1 - p) / p, rel=1e-11)
    assert law.variance == pytest.approx(r * (1 - p) / p**2, rel=1e-9, abs=1e-12)
    exact = failures.pmf(law.values - 1)
    np.testing.assert_allclose(law.probabilities, exact, rtol=1e-9, atol=1e-300)
    assert failures.sf(law.support[1] - 1) <= 2.0**-60


def test_the_negative_binomial_law_of_one_success_is_geometric() -> None:
    one, other = Law.negative_binomial(1, 0.02), Law.geometric(0.02)
    shorter = min(len(one.values), len(other.values))
    assert abs(len(one.values) - len(other.values)) <= 2
    np.testing.assert_allclose(one.probabilities[:shorter], other.probabilities[:shorter], rtol=1e-11)


def test_the_negative_binomial_law_of_two_successes_worked_out_by_hand() -> None:
    # failures before the 2nd success of fair coins: (n + 1) / 2^(n+2)
    law = Law.negative_binomial(2, 0.5)
    np.testing.assert_allclose(law.probabilities[:4], [1 / 4, 2 / 8, 3 / 16, 4 / 32], rtol=1e-13)


@pytest.mark.parametrize(
    ("median", "sigma", "at_most"),
    [(50, 0.5, 10_000), (300, 1.5, 2000), (0.2, 1, 9), (7, 1e-3, 9), (1, 4, 1)],
)
def test_lognormal_law_is_rounded_and_cut_at_both_ends(median: float, sigma: float, at_most: int) -> None:
    law, exact = Law.lognormal(median, sigma, at_most), scipy.stats.lognorm(sigma, scale=median)
    for value, p in zip(law.values, law.probabilities, strict=True):
        low = 0 if value == 1 else value - 0.5
        high = np.inf if value == at_most else value + 0.5
        assert p == pytest.approx(exact.cdf(high) - exact.cdf(low), abs=1e-14)
    assert law.mean == pytest.approx(1 + exact.sf(np.arange(1, at_most) + 0.5).sum(), rel=1e-12)


def test_the_mean_of_a_wide_lognormal_law_is_near_that_of_the_continuous_one() -> None:
    assert Law.lognormal(200, 0.8, 100_000).mean == pytest.approx(200 * np.exp(0.32), rel=1e-4)


@pytest.mark.parametrize(("exponent", "cutoff"), [(1.2, 1000), (3, 50), (0.5, 7), (2, 2)])
def test_zipf_law_is_that_of_scipy(exponent: float, cutoff: int) -> None:
    law, exact = Law.zipf(exponent, cutoff), scipy.stats.zipfian(exponent, cutoff)
    assert law.support == (1, cutoff)
    np.testing.assert_allclose(law.probabilities, exact.pmf(law.values), rtol=1e-10)
    assert law.mean == pytest.approx(exact.mean(), rel=1e-10)


def test_zipf_law_worked_out_by_hand() -> None:
    # 1, 1/2, 1/3 of 11/6
    np.testing.assert_allclose(Law.zipf(1, 3).probabilities, [6 / 11, 3 / 11, 2 / 11], rtol=1e-14)
    assert Law.zipf(0, 4).probabilities.tolist() == [0.25] * 4
    assert Law.zipf(2, 1).probabilities.tolist() == [1.0]


def test_mixture_worked_out_by_hand() -> None:
    law = Law.mixture([Law([1, 2], [0.5, 0.5]), Law.constant(2), Law.constant(9)], [0.5, 0.25, 0.25])
    assert law.values.tolist() == [1, 2, 9]
    assert law.probabilities.tolist() == [0.25, 0.5, 0.25]


@given(st.lists(size_tables(), min_size=1, max_size=4), st.lists(st.integers(1, 9), min_size=4, max_size=4))
def test_a_mixture_mixes_first_and_second_moments(
    tables: list[dict[int, Fraction]], parts: list[int]
) -> None:
    laws = [as_law(table) for table in tables]
    weights = np.array(parts[: len(laws)]) / sum(parts[: len(laws)])
    law = Law.mixture(laws, weights)
    assert law.mean == pytest.approx(sum(w * x.mean for w, x in zip(weights, laws, strict=True)), abs=1e-11)
    second = sum(w * (x.variance + x.mean**2) for w, x in zip(weights, laws, strict=True))
    assert law.variance + law.mean**2 == pytest.approx(second, abs=1e-9)


def test_a_mixture_of_geometric_laws_is_not_taken_for_one() -> None:
    assert Law.mixture([Law.geometric(0.5), Law.geometric(0.1)], [0.5, 0.5]).success_probability is None


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


def searched(law: Law, number: int, rng: np.random.Generator) -> np.ndarray:
    """Inversion in its plainest form: the first value whose cumulative probability exceeds u."""
    cumulative = np.cumsum(law.probabilities)
    return law.values[np.searchsorted(cumulative / cumulative[-1], rng.random(number), side="right")]


@pytest.mark.parametrize(
    "law",
    [
        Law.uniform(1, 100),
        Law.uniform(0, 40_000),
        Law.constant(7),
        Law.zipf(1.1, 3000),
        Law([0.5, 3, 8], [1e-9, 0.5, 0.5 - 1e-9]),
        Law(range(64), [1 / 64] * 64),
    ],
    ids=repr,
)
@pytest.mark.parametrize("number", [0, 1, 63, BLOCK, 300_001])
def test_the_guide_table_draws_what_a_search_draws(law: Law, number: int) -> None:
    # a Law keeps its guide, so the second call below uses one that the first may have made
    fresh = Law(law.values, law.probabilities)
    rng, other = stream(4, "guide"), stream(4, "guide")
    for portion in (number, 17):
        assert (fresh.sample(portion, rng) == searched(law, portion, other)).all()


class Given:
    """A generator that yields the uniform numbers it was given."""

    def __init__(self, uniform: list[float]) -> None:
        self.uniform = np.array(uniform)

    def random(self, number: int) -> np.ndarray:
        first, self.uniform = self.uniform[:number], self.uniform[number:]
        return first


def test_a_uniform_number_on_a_border_belongs_to_the_value_after_it() -> None:
    law = Law([1, 2, 3, 4], [0.25, 0.25, 0.25, 0.25])
    below = float(np.nextafter(0.5, 0))
    edges = [0.0, 0.25, below, 0.5, 0.75, 1 - 2.0**-53]
    assert law.sample(1000, Given(edges * 200))[:6].tolist() == [1, 2, 2, 3, 4, 4]


@pytest.mark.parametrize("law", [Law.uniform(1, 9), Law.geometric(0.3), Law.geometric(0.02)], ids=repr)
@pytest.mark.parametrize("number", [0, 1, 1_000_003])
def test_to_skip_draws_leaves_the_generator_where_they_leave_it(law: Law, number: int) -> None:
    for bits in (np.random.PCG64, np.random.MT19937):
        rng, other = np.random.Generator(bits(5)), np.random.Generator(bits(5))
        law.skip(number, rng)
        law.sample(number, other)
        assert rng.random() == other.random()


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
