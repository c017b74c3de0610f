"""`JointLaw`: pairs, their marginals and their samples."""

from fractions import Fraction

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from contracts import stream
from drift_processes import JointLaw, Law
from tests.law_strategies import as_joint_law, as_law, length_tables, pair_tables, size_tables


def test_equal_pairs_are_merged_and_pairs_without_probability_dropped() -> None:
    law = JointLaw([20, 10, 20, 10, 5], [1, 3, 1, 2, 9], [0.25, 0.25, 0.25, 0.25, 0.0])
    assert law.sizes.tolist() == [10, 10, 20]
    assert law.lengths.tolist() == [2, 3, 1]
    assert law.probabilities.tolist() == [0.25, 0.25, 0.5]
    assert law.factors is None


def test_marginals_worked_out_by_hand() -> None:
    law = JointLaw([10, 10, 20], [2, 3, 3], [0.5, 0.25, 0.25])
    assert law.size_law.values.tolist() == [10, 20]
    assert law.size_law.probabilities.tolist() == [0.75, 0.25]
    assert law.length_law.values.tolist() == [2, 3]
    assert law.length_law.probabilities.tolist() == [0.5, 0.5]
    assert law.mean_length == 2.5


def test_empirical_law_weighs_each_observed_pair_equally() -> None:
    law = JointLaw.empirical([7, 7, 8, 7], [1, 1, 1, 2])
    assert list(zip(law.sizes, law.lengths, law.probabilities, strict=True)) == [
        (7, 1, 0.5),
        (7, 2, 0.25),
        (8, 1, 0.25),
    ]


def test_independent_law_keeps_its_factors_and_spells_out_no_table() -> None:
    sizes, lengths = Law.uniform(1, 100), Law.geometric(0.02)
    law = JointLaw.independent(sizes, lengths)
    assert law.factors == (sizes, lengths)
    assert (law.size_law, law.length_law) == (sizes, lengths)
    assert len(law.sizes) == len(law.lengths) == len(law.probabilities) == 0
    assert law.mean_length == pytest.approx(50, rel=1e-12)


def test_samples_of_dependent_pairs_have_their_frequencies() -> None:
    law = JointLaw([1, 2, 3], [30, 20, 10], [0.2, 0.3, 0.5])
    sizes, lengths = law.sample(20_000, stream(1, "pairs"))
    assert sizes.dtype == np.float64
    assert lengths.dtype == np.int64
    assert set(zip(sizes.tolist(), lengths.tolist(), strict=True)) == {(1, 30), (2, 20), (3, 10)}
    counts = [(sizes == size).sum() for size in (1, 2, 3)]
    assert scipy.stats.chisquare(counts, [4_000, 6_000, 10_000]).pvalue > 1e-3


def test_samples_of_an_independent_pair_are_independent() -> None:
    law = JointLaw.independent(Law.uniform(1, 3), Law([1, 5], [0.5, 0.5]))
    sizes, lengths = law.sample(20_000, stream(1, "pairs"))
    counts = [((sizes == s) & (lengths == o)).sum() for s in (1, 2, 3) for o in (1, 5)]
    assert sum(counts) == 20_000
    assert scipy.stats.chisquare(counts).pvalue > 1e-3


@given(pair_tables())
def test_marginals_are_sums_over_the_other_part(pairs: dict[tuple[int, int], Fraction]) -> None:
    law = as_joint_law(pairs)
    for part, marginal in ((0, law.size_law), (1, law.length_law)):
        exact: dict[int, Fraction] = {}
        for pair, p in pairs.items():
            exact[pair[part]] = exact.get(pair[part], Fraction(0)) + p
        assert marginal.values.tolist() == sorted(exact)
        np.testing.assert_allclose(
            marginal.probabilities, [float(exact[v]) for v in sorted(exact)], rtol=1e-12
        )
    assert law.mean_length == pytest.approx(float(sum(o * p for (_, o), p in pairs.items())), rel=1e-12)


@given(size_tables(), length_tables())
def test_independent_law_and_its_spelled_out_table_have_the_same_marginals(
    sizes: dict[int, Fraction], lengths: dict[int, Fraction]
) -> None:
    short = JointLaw.independent(as_law(sizes), as_law(lengths))
    long = as_joint_law({(s, o): p * q for s, p in sizes.items() for o, q in lengths.items()})
    for one, other in ((short.size_law, long.size_law), (short.length_law, long.length_law)):
        assert one.values.tolist() == other.values.tolist()
        np.testing.assert_allclose(one.probabilities, other.probabilities, rtol=1e-12)


def covariance(law: JointLaw) -> float:
    return float((law.sizes * law.lengths) @ law.probabilities) - law.size_law.mean * law.length_law.mean


@given(size_tables(), length_tables(), st.floats(-0.999, 0.999))
def test_correlated_pairs_keep_their_marginals_and_lean_to_the_side_of_rho(
    sizes: dict[int, Fraction], lengths: dict[int, Fraction], rho: float
) -> None:
    one, other = as_law(sizes), as_law(lengths)
    law = JointLaw.correlated(one, other, rho)
    for marginal, wanted in ((law.size_law, one), (law.length_law, other)):
        assert marginal.values.tolist() == wanted.values.tolist()
        np.testing.assert_allclose(marginal.probabilities, wanted.probabilities, rtol=1e-11)
    slack = 1e-12 * one.support[1] * other.support[1]
    assert covariance(law) * rho >= -slack
    if abs(rho) > 0.01 and not (one.is_constant or other.is_constant):
        assert covariance(law) * rho > 0


@pytest.mark.parametrize("rho", [-0.999, -0.5, 0.3, 0.9])
def test_correlated_marginals_are_kept_where_a_length_is_geometric(rho: float) -> None:
    sizes, lengths = Law.uniform(1, 100), Law.geometric(0.02)
    law = JointLaw.correlated(sizes, lengths, rho)
    np.testing.assert_allclose(law.size_law.probabilities, sizes.probabilities, rtol=1e-12)
    # the rarest lengths have probability 1e-20
    np.testing.assert_allclose(law.length_law.probabilities, lengths.probabilities, rtol=1e-8)
    assert law.mean_length == pytest.approx(50, rel=1e-11)


@pytest.mark.parametrize("rho", [-0.9, -0.2, 0.4, 0.95])
def test_correlated_pairs_are_rectangles_of_a_bivariate_normal_law(rho: float) -> None:
    sizes, lengths = Law([2, 5, 9], [0.2, 0.3, 0.5]), Law([1, 4, 6], [0.6, 0.3, 0.1])
    law = JointLaw.correlated(sizes, lengths, rho)
    pair = scipy.stats.multivariate_normal(cov=[[1, rho], [rho, 1]])
    # -12 and 12 stand for the ends of the line
    h = [-12, *scipy.stats.norm.ppf([0.2, 0.5]), 12]
    k = [-12, *scipy.stats.norm.ppf([0.6, 0.9]), 12]
    exact = [pair.cdf([h[i + 1], k[j + 1]], lower_limit=[h[i], k[j]]) for i in range(3) for j in range(3)]
    np.testing.assert_allclose(law.probabilities, exact, atol=1e-7)


def test_two_halves_on_both_sides_follow_the_arcsine_law() -> None:
    # P(U <= 0, V <= 0) = 1/4 + asin(ρ) / 2π: at ρ = 1/2 it is 1/3
    law = JointLaw.correlated(Law([1, 2], [0.5, 0.5]), Law([1, 2], [0.5, 0.5]), 0.5)
    np.testing.assert_allclose(law.probabilities, [1 / 3, 1 / 6, 1 / 6, 1 / 3], rtol=1e-12)


def test_pairs_without_correlation_are_independent_and_dependence_grows_with_rho() -> None:
    sizes, lengths = Law.uniform(1, 5), Law.zipf(1.5, 8)
    free = JointLaw.correlated(sizes, lengths, 0)
    np.testing.assert_allclose(
        free.probabilities, np.outer(sizes.probabilities, lengths.probabilities).ravel(), rtol=1e-12
    )
    leans = [covariance(JointLaw.correlated(sizes, lengths, rho)) for rho in (-0.9, -0.3, 0, 0.3, 0.9)]
    assert (np.diff(leans) > 0.01).all()


def test_a_joint_law_shows_itself_in_a_few_words() -> None:
    assert repr(JointLaw([1, 2], [3, 5], [0.5, 0.5])) == "JointLaw(2 pairs, mean length 4)"
    independent = JointLaw.independent(Law.constant(2), Law.geometric(0.5))
    assert repr(independent) == "JointLaw.independent(Law(1 values in [2, 2], mean 2), Law.geometric(0.5))"
