"""Laws of sums in float64 against enumeration and the binomial law."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from bounds.sums import power_modulo, sum_law
from drift_processes import Law
from tests.bounds.exact_sums import sum_table
from tests.drift_processes.enumeration import assert_law_is
from tests.law_strategies import as_law, size_tables


@given(table=size_tables(), terms=st.integers(1, 3))
def test_sum_law_is_the_enumerated_law(table, terms) -> None:
    assert_law_is(sum_law(as_law(table), terms), sum_table(table, terms), tolerance=1e-13)


def test_sum_of_bernoulli_trials_is_binomial() -> None:
    law = sum_law(Law([0, 1], [0.7, 0.3]), 500)
    exact = scipy.stats.binom.pmf(law.values, 500, 0.3)
    assert abs(law.probabilities - exact).max() < 1e-13


def test_sum_of_a_constant_is_constant() -> None:
    assert sum_law(Law.constant(2.5), 4).values.tolist() == [10.0]


def test_sum_keeps_base_and_tick_of_the_lattice() -> None:
    assert sum_law(Law([0.5, 1.25], [0.5, 0.5]), 3).values.tolist() == [1.5, 2.25, 3.0, 3.75]


@pytest.mark.parametrize("points", [7, 16, 60, 1000])
def test_power_modulo_wraps_around_and_stays_within_its_error(points) -> None:
    exact = scipy.stats.binom.pmf(np.arange(51), 50, 0.3)
    wrapped = np.bincount(np.arange(51) % points, weights=exact, minlength=points)
    density, error = power_modulo(np.array([0.7, 0.3]), 50, points)
    # scipy's own pmf is good to about 1e-15
    assert abs(density - wrapped).max() <= error + 1e-15
    assert error < 1e-11
