"""Numbers as they are written, and tables as values: worked by hand, and as properties."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper_figs.table import Column, Number, Table, Written

NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (Number(0.0), Written("0")),
        (Number(14212.04), Written("14212")),
        (Number(0.0123456), Written("0.01235")),
        (Number(9.9996), Written("10.000")),
        (Number(-2.5), Written("-2.500")),
        (Number(NAN), Written("")),
        (Number(INF), Written("inf")),
        (Number(7.0, places=0), Written("7")),
        # two digits of the uncertainty, which is rounded up
        (Number(110.0, 52.7, 167.3), Written("110", half="58")),
        (Number(0.123456, 0.122456, 0.124456), Written("0.1235", half="0.0010")),
        (Number(1234.5, 1134.5, 1334.5), Written("1230", half="100")),
        # ends outward, in the places of the nearer one
        (Number(0.69, 0.271, 16.42), Written("0.69", lo="0.27", hi="16.42")),
        (Number(2.0, 0.0, INF), Written("2.0", lo="0.0", hi="inf")),
        (Number(2.0, -INF, INF), Written("2.000", lo="-inf", hi="inf")),
        # measured, and the same each time
        (Number(1.0, 1.0, 1.0), Written("1.000", half="0")),
        (Number(0.0, 0.0, 0.0), Written("0", half="0")),
        (Number(0.1 + 0.2, 0.3, 0.1 + 0.2), Written("0.3000", half="0")),
        # known beforehand, or measured once
        (Number(1.0, NAN, NAN), Written("1.000")),
        # six digits at the most
        (Number(1.0, 1 - 1e-9, 1 + 1e-9), Written("1.00000", half="0.00001")),
    ],
)
def test_digits_by_hand(number: Number, written: Written) -> None:
    assert number.written() == written


values = st.floats(1e-6, 1e9)


@given(values, st.floats(1e-6, 10), st.floats(1e-6, 10))
def test_what_is_written_holds_the_interval(value: float, below: float, above: float) -> None:
    number = Number(value, value * (1 - below), value * (1 + above))
    written = number.written(as_ends=True)
    slack = Fraction(1, 10**9) * Fraction(max(abs(number.lo), abs(number.hi)))
    assert Fraction(written.lo) - slack <= Fraction(number.lo)
    assert Fraction(number.hi) <= Fraction(written.hi) + slack
    # and is no wider than a tenth of the nearer half, or a unit of the sixth digit of the value
    unit = max(min(number.hi - value, value - number.lo) / 10, value * 1e-5) * 1.001
    assert float(written.lo) >= number.lo - unit
    assert float(written.hi) <= number.hi + unit


@given(values)
def test_four_digits_are_within_half_a_unit_of_the_fourth(value: float) -> None:
    assert abs(float(Number(value).written().value) - value) <= 0.50001 * 10 ** (
        math.floor(math.log10(value)) - 3
    )


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^columns must have the same number of cells, got \[1, 2\]$"):
        Table([Column("a", ["x"]), Column("b", ["y", "z"])], [""], "x")
    with pytest.raises(ValueError, match=r"^a table must have at least one row$"):
        Table([Column("a", [])], [""], "x")


def test_a_long_table_is_cut_between_its_groups() -> None:
    table = Table([Column("a", list("abcdefg"))], ["c"], "x", groups=(2, 5))
    parts = list(table.parts(4))
    assert [list(part.columns[0].cells) for part in parts] == [["a", "b"], ["c", "d", "e"], ["f", "g"]]
    assert [list(part.groups) for part in parts] == [[], [], []]
    assert [list(part.columns[0].cells) for part in table.parts(1)] == [[letter] for letter in "abcdefg"]
