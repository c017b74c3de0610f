"""Argument checks let good values through unchanged, as plain types and read-only copies."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from contracts import checks


@pytest.mark.parametrize("value", [0, 7, np.int8(7), np.uint64(7), 2**80], ids=repr)
def test_whole_numbers_come_back_as_int(value: object) -> None:
    result = checks.count("n", value)
    assert result == value
    assert type(result) is int


@pytest.mark.parametrize("value", [0, -2.5, np.float32(1.5), np.int64(3), Fraction(1, 4)], ids=repr)
def test_numbers_come_back_as_float(value: object) -> None:
    result = checks.number("x", value)
    assert result == value
    assert type(result) is float


def test_inclusive_ends_are_allowed_and_exclusive_ones_not() -> None:
    assert checks.number("x", 0, at_least=0, at_most=0) == 0
    assert checks.count("n", 3, at_least=3, at_most=3) == 3
    with pytest.raises(ValueError, match=r"^x must be > 0, got 0$"):
        checks.number("x", 0, above=0)
    with pytest.raises(ValueError, match=r"^x must be < 1, got 1$"):
        checks.number("x", 1, below=1)


def test_choices_come_back() -> None:
    assert checks.choice("mode", "fast", ("slow", "fast")) == "fast"


def test_a_condition_and_a_kind_that_hold_pass() -> None:
    checks.check(True, "never said")
    checks.instance("x", 3, (int, str), "a number or a text")


def test_arrays_are_read_only_contiguous_copies() -> None:
    source = np.arange(6).reshape(2, 3).T
    result = checks.array("a", source, shape=(3, 2))
    source[0, 0] = 99
    assert result.dtype == np.float64
    assert result.flags.c_contiguous
    assert result.tolist() == [[0, 3], [1, 4], [2, 5]]
    with pytest.raises(ValueError, match="read-only"):
        result[0, 0] = 1


def test_whole_floats_become_int64_where_whole_numbers_are_wanted() -> None:
    result = checks.array("a", [1.0, 2.0**53, -(2.0**53)], shape=(None,), integral=True)
    assert result.dtype == np.int64
    assert result.tolist() == [1, 2**53, -(2**53)]


def test_an_empty_list_is_an_empty_array() -> None:
    assert checks.array("a", [], shape=(None,)).shape == (0,)


def test_rising_and_equal_neighbours_are_sorted() -> None:
    checks.sorted_ascending("a", np.array([]))
    checks.sorted_ascending("a", np.array([1.0, 1.0, 2.0]))


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(-10, 10), st.floats(0, 10))
def test_a_number_passes_exactly_if_it_is_in_the_range(value: float, low: float, width: float) -> None:
    if math.isfinite(value) and low <= value <= low + width:
        assert checks.number("x", value, at_least=low, at_most=low + width) == value
    else:
        with pytest.raises(ValueError, match=r"^x must be (finite|>=|<=)"):
            checks.number("x", value, at_least=low, at_most=low + width)


@given(st.floats(1, 2, exclude_min=True))
def test_a_value_barely_out_of_range_is_not_shown_as_the_limit_itself(value: float) -> None:
    with pytest.raises(ValueError, match=r"^x must be <= 1, got (?!1$)") as caught:
        checks.number("x", value, at_most=1)
    assert float(str(caught.value).rpartition(" ")[2]) == value


@given(
    arrays.arrays(
        st.sampled_from([np.float64, np.float32, np.int64, np.int16, np.uint64]),
        arrays.array_shapes(min_dims=1, max_dims=2, max_side=4),
    )
)
def test_an_array_passes_exactly_if_all_its_elements_do(value: np.ndarray) -> None:
    elements = value.ravel().tolist()
    fits = all(math.isfinite(x) and x == math.floor(x) and 0 <= x <= 2**53 for x in elements)
    shape = (None,) * value.ndim
    if fits:
        assert checks.array("a", value, shape=shape, integral=True, at_least=0).ravel().tolist() == elements
    else:
        with pytest.raises(
            ValueError, match=r"^a\[\d+(, \d+)?\] must be (finite|>= 0|a whole|at most 2\*\*53)"
        ):
            checks.array("a", value, shape=shape, integral=True, at_least=0)


@given(st.lists(st.integers(-5, 5), max_size=8))
def test_sorted_ascending_names_the_first_fall(values: list[int]) -> None:
    falls = [i for i in range(1, len(values)) if values[i] < values[i - 1]]
    if not falls:
        checks.sorted_ascending("a", np.array(values))
    else:
        i = falls[0]
        with pytest.raises(
            ValueError, match=rf"^a\[{i}\] must be >= a\[{i - 1}\] = {values[i - 1]}, got {values[i]}$"
        ):
            checks.sorted_ascending("a", np.array(values))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.ones((2, 2)), "array([[1., 1.], [1., 1.]])"),
        ("a\nb", "'a\\nb'"),
        (10**5000, "a number with too many digits to show"),
        ([10**5000], "a number with too many digits to show"),
        (list(range(1000)), repr(list(range(1000)))[:199] + "…"),
    ],
    ids=["rows", "text", "digits", "digits inside", "long"],
)
def test_a_value_is_shown_on_one_line(value: object, words: str) -> None:
    assert checks.shown(value) == words


def test_messages_show_values_on_one_line() -> None:
    with pytest.raises(ValueError, match=r"^n must be <= 3, got a number with too many digits to show$"):
        checks.count("n", 10**5000, at_most=3)
    with pytest.raises(
        TypeError, match=r"^n must be a number, got array\(\[\[1\.\], \[1\.\]\]\) \(ndarray\)$"
    ):
        checks.number("n", np.ones((2, 1)))


def test_long_doubles_and_masks_are_refused_without_a_warning() -> None:
    beyond = np.array([1, "1e4000"], dtype=np.longdouble)
    if np.isfinite(beyond[1]):  # where a long double is longer than a double
        with pytest.raises(ValueError, match=r"^x\[1\] must be finite, got inf$"):
            checks.array("x", beyond, shape=(2,))
    with pytest.raises(ValueError, match=r"^x must have no masked elements$"):
        checks.array("x", np.ma.array([1.0, 2.0], mask=[True, False]), shape=(2,))


def test_numbers_sum_to_one() -> None:
    assert checks.sums_to_one("p", np.array([0.25, 0.75])) == 1.0
    with pytest.raises(ValueError, match=r"^p must sum to 1, got inf$"):
        checks.sums_to_one("p", np.array([1e308, 1e308]))
