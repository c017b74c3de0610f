"""`Histogram`: quantiles to within one per cent, whatever comes."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.histogram import Histogram


@given(
    st.lists(st.floats(0, 1e12, allow_subnormal=False), min_size=1, max_size=50).map(np.array),
    st.floats(0, 1),
    st.integers(1, 4),
)
def test_quantiles_are_within_a_hundredth(values: np.ndarray, level: float, parts: int) -> None:
    seen = Histogram()
    for part in np.array_split(values, parts):
        seen.add(part)
    exact = float(np.sort(values)[max(math.ceil(level * len(values) - 1e-9), 1) - 1])
    found = seen.quantile(level)
    assert abs(found - exact) <= 0.01 * exact + 2e-9
    assert seen.total == len(values)
    assert seen.largest == values.max()


@given(st.lists(st.integers(0, 100), min_size=1, max_size=60))
def test_small_whole_numbers_are_exact(values: list[int]) -> None:
    """Waits in steps: below a hundred each has a bin of its own."""
    seen = Histogram()
    seen.add(np.array(values, dtype=float))
    assert seen.quantile(0.5) == np.quantile(values, 0.5, method="inverted_cdf")


def test_nothing_seen_has_no_quantile() -> None:
    assert math.isnan(Histogram().quantile(0.5))
