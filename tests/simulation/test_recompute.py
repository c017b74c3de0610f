"""Running sums in which nothing cancels, against exact fractions."""

from fractions import Fraction
from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.recompute import running_sums

NUMBERS = st.one_of(st.floats(-1e9, 1e9), st.integers(-(10**6), 10**6).map(lambda n: n / 7))


@given(st.lists(NUMBERS, max_size=60))
def test_each_sum_is_right_to_the_last_bits_of_the_sum_itself(values: list[float]) -> None:
    everything = sum(abs(Fraction(v)) for v in values)
    exact = list(accumulate(Fraction(v) for v in values))
    for mine, true in zip(running_sums(np.array(values)).tolist(), exact, strict=True):
        # three lanes of 51 bits, each left with one part in 2^51 for each value
        room = abs(true) / 2**51 + everything * Fraction(len(values), 2**51) ** 3 + Fraction(1, 10**290)
        assert abs(Fraction(mine) - true) <= room


def test_a_sum_that_cancels_is_zero() -> None:
    # a plain running sum ends at 2.8e-17
    values = np.array([0.1, 0.2, 0.7, -0.2, -0.1, -0.7])
    assert np.cumsum(values)[-1] != 0
    assert running_sums(values)[-1] == 0


def test_numbers_too_small_for_a_lane_are_summed_all_the_same() -> None:
    assert running_sums(np.array([4.2e-301, -4.2e-301, 5e-324])).tolist() == [4.2e-301, 0, 5e-324]


def test_large_and_small_survive_each_other() -> None:
    assert running_sums(np.array([2.0**60, 1.0, -(2.0**60)])).tolist() == [2.0**60, 2.0**60 + 1, 1.0]
