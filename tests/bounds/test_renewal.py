"""The warm-up of a run against the Markov chain of ages, stepped one step at a time."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounds.renewal import Unsettled, common_divisor, stationary_after
from drift_processes import Law
from tests.law_strategies import as_law, length_tables


def distances_by_chain(lengths: Law, steps: int) -> list[float]:
    """Total variation between the age at step k and its stationary law, by the transition of ages."""
    survival = lengths.survival()
    stationary = survival / survival.sum()
    stays = np.append(survival[1:], 0.0) / survival
    law = np.zeros(len(survival))
    law[0] = 1.0
    found = []
    for _ in range(steps):
        found.append(0.5 * float(abs(law - stationary).sum()))
        older = law * stays
        law = np.concatenate([[law.sum() - older.sum()], older[:-1]])
    return found


def aperiodic(table) -> Law:
    """Length 1 made possible, so that there is no period."""
    law = as_law(table)
    if law.values[0] == 1:
        return law
    return Law([1, *law.values], [0.25, *(0.75 * law.probabilities)])


@given(table=length_tables(), tolerance=st.floats(1e-6, 0.5))
def test_it_is_the_first_step_within_the_tolerance_and_the_last_one_outside(table, tolerance) -> None:
    lengths = aperiodic(table)
    step = stationary_after(lengths, tolerance=tolerance)
    chain = distances_by_chain(lengths, step + 50)
    assert all(distance > tolerance - 1e-12 for distance in chain[:step])
    assert all(distance <= tolerance + 1e-12 for distance in chain[step:])


@pytest.mark.parametrize("p", [0.5, 0.02, 0.001])
@pytest.mark.parametrize("tolerance", [0.1, 1e-3, 1e-8])
def test_geometric_lengths_settle_as_the_closed_form_says(p, tolerance) -> None:
    # the distance at step k is (1-p)^(k+1)
    assert stationary_after(Law.geometric(p), tolerance=tolerance) == math.ceil(
        math.log(tolerance) / math.log1p(-p) - 1
    )


def test_heavy_tailed_lengths_settle_as_the_chain_says() -> None:
    values = np.arange(1, 3001)
    lengths = Law(values, values**-2.2 / (values**-2.2).sum())
    step = stationary_after(lengths, tolerance=0.01)
    chain = distances_by_chain(lengths, step + 1)
    assert chain[step] <= 0.01 < chain[step - 1]


def test_lengths_of_one_step_are_settled_from_the_start() -> None:
    assert stationary_after(Law.constant(1)) == 0


def test_a_narrower_tolerance_takes_longer() -> None:
    lengths = Law.uniform(5, 50)
    steps = [stationary_after(lengths, tolerance=t) for t in (0.1, 0.01, 0.001)]
    assert steps == sorted(set(steps))


def test_a_length_far_beyond_the_limit_takes_no_table_of_that_length() -> None:
    with pytest.raises(
        Unsettled, match=r"^lengths need more than limit = 2048 steps to settle within 0\.001"
    ):
        stationary_after(Law([1, 10**15], [0.999, 0.001]), limit=2048)


def test_a_rare_long_length_beyond_the_steps_looked_at_is_counted_with_its_tail() -> None:
    lengths = Law([1, 2, 1500], [0.5, 0.4999, 0.0001])
    step = stationary_after(lengths, tolerance=0.05)
    chain = distances_by_chain(lengths, step + 1)
    assert chain[step] <= 0.05
    assert step == 0 or chain[step - 1] > 0.05


def test_common_divisor() -> None:
    assert common_divisor(Law.uniform(1, 5)) == 1
    assert common_divisor(Law([8, 24, 40], [0.2, 0.3, 0.5])) == 8
