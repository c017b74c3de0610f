"""How single values of a trace are judged and shown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_processes.traces.rows import BadRow, listed, parsed, seconds, shown, tokens


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("007", 7),
        ("-3", -3),
        ("12.0", 12.0),
        ("12.5", 12.5),
        ("1e3", 1000.0),
        ("9007199254740993", 9007199254740993),
        # what Python's own int and float would take, or a spreadsheet would leave
        ("1_000", "1_000"),
        ("+5", "+5"),
        ("٣", "٣"),
        ("²", "²"),
        ("1,000", "1,000"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("0x10", "0x10"),
        ("__import__('os')", "__import__('os')"),
        ("", ""),
    ],
)
def test_cells_hold_plain_decimal_numbers_and_nothing_else_is_one(cell: str, value: object) -> None:
    assert parsed(cell) == value
    assert type(parsed(cell)) is type(value)


@pytest.mark.parametrize("value", [1, 1.0, 7.0, 2**53, 2.0**53])
def test_whole_positive_numbers_are_tokens(value: float) -> None:
    assert tokens("x", value) == value
    assert type(tokens("x", value)) is int


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "must be >= 1, got 0"),
        (-4, "must be >= 1, got -4"),
        (-4.0, "must be >= 1, got -4.0"),
        (2**53 + 1, "must be at most 2**53, got 9007199254740993"),
        (10**400, "must be at most 2**53, got 1" + "0" * 58 + "…"),
        (1e300, "must be at most 2**53, got 1e+300"),
        (1.5, "must be a whole number >= 1, got 1.5"),
        (float("nan"), "must be a whole number >= 1, got nan"),
        (float("inf"), "must be a whole number >= 1, got inf"),
        (True, "must be a whole number >= 1, got True"),
        (None, "must be a whole number >= 1, got null"),
        ("12", "must be a whole number >= 1, got '12'"),
        ("", "must be a whole number >= 1, got an empty cell"),
        ([1], "must be a whole number >= 1, got a list"),
        ({}, "must be a whole number >= 1, got an object"),
    ],
    ids=repr,
)
def test_other_values_are_no_tokens(value: object, words: str) -> None:
    with pytest.raises(BadRow, match=f"^{re.escape('x ' + words)}$"):
        tokens("x", value)


@pytest.mark.parametrize("value", [0, -5, 2.5, 2**53])
def test_finite_numbers_are_times(value: float) -> None:
    assert seconds("x", value) == value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("noon", "must be a time in hours, got 'noon'"),
        (float("nan"), "must be a time in hours, got nan"),
        (False, "must be a time in hours, got False"),
        (None, "must be a time in hours, got null"),
        (-1e300, "must be at most 2**53 hours in magnitude, got -1e+300"),
        (10**400, "must be at most 2**53 hours in magnitude, got 1" + "0" * 58 + "…"),
    ],
    ids=repr,
)
def test_other_values_are_no_times(value: object, words: str) -> None:
    with pytest.raises(BadRow, match=f"^{re.escape('x ' + words)}$"):
        seconds("x", value, "hours")


def test_long_lists_of_columns_are_cut() -> None:
    assert listed([]) == "none"
    assert listed(["a", ""]) == "'a', an empty cell"
    assert listed([f"c{i}" for i in range(14)]).endswith("'c11', … (14 in all)")


@given(st.text() | st.integers() | st.floats() | st.none() | st.booleans() | st.lists(st.text()))
def test_whatever_is_shown_fits_into_one_line(value: object) -> None:
    text = shown(value)
    assert text.isprintable()
    assert 1 <= len(text) <= 60


@given(st.text(alphabet="0123456789.eE-+_ naif,\n", max_size=12))
def test_what_is_parsed_is_what_python_reads(cell: str) -> None:
    value = parsed(cell)
    if not isinstance(value, str):
        assert value == float(cell)
