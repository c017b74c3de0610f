"""Formulas in ball arithmetic: the exact value is inside, ends are the next floats, relations are decided."""

import math
from decimal import Decimal, getcontext
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from bounds import Enclosure
from bounds.balls import decide, enclose

x, y = sympy.symbols("x y")
NUMBERS = st.floats(-1e6, 1e6)


@given(a=NUMBERS, b=NUMBERS)
def test_a_rational_value_lies_between_neighbouring_floats(a, b) -> None:
    found = enclose(x * y + x / 3 - y**2, {"x": a, "y": b})
    exact = Fraction(a) * Fraction(b) + Fraction(a) / 3 - Fraction(b) ** 2
    assert Fraction(found.lo) <= exact <= Fraction(found.hi)
    assert found.width == 0 or math.nextafter(found.lo, math.inf) == found.hi


@given(a=st.fractions(Fraction(1, 1000), 600))
def test_functions_against_decimals_of_fifty_digits(a) -> None:
    getcontext().prec = 50
    value = Decimal(a.numerator) / Decimal(a.denominator)
    for expression, exact in (
        (sympy.exp(-x), (-value).exp()),
        (sympy.log(x), value.ln()),
        (sympy.sqrt(x), value.sqrt()),
        (1 / sympy.sqrt(x), 1 / value.sqrt()),
        (x ** sympy.Rational(3, 2), value ** Decimal("1.5")),
    ):
        found = enclose(expression, {"x": a})
        slack = abs(exact) * Decimal("1e-45")
        assert Decimal(found.lo) - slack <= exact <= Decimal(found.hi) + slack
        assert (
            found.relative_width < 4.5e-16
        )  # the ends are neighbours of a float: two units of 2^-52 at most


def test_cancellation_costs_no_digits() -> None:
    # sin-like: exp(x) - 1 - x at 2^-40 is x²/2 + x³/6 + ...; a float has nothing left of it
    found = enclose(sympy.exp(x) - 1 - x, {"x": 2.0**-40})
    assert found.mid == pytest.approx(2.0**-81, rel=1e-11)
    assert found.relative_width < 3e-16


def test_values_that_are_floats_have_no_width() -> None:
    assert enclose(sympy.Integer(15) * x, {"x": 99}) == Enclosure(1485.0, 1485.0)
    assert enclose(sympy.Max(x, 0) + sympy.ceiling(y) + sympy.Min(x, y), {"x": -3, "y": 1.5}) == Enclosure(
        -1, -1
    )
    assert enclose((1 - x) ** y, {"x": 1, "y": 7}) == Enclosure(0.0, 0.0)


def test_an_enclosure_stands_for_every_number_in_it() -> None:
    found = enclose(x**2 - x, {"x": Enclosure(2.0, 3.0)})
    for value in (2, 2.5, 3):
        assert value**2 - value in found


def test_no_finite_value_is_none() -> None:
    for expression in (1 / x, sympy.log(x), sympy.sqrt(x - 1)):
        assert enclose(expression, {"x": 0}) is None


@given(a=st.fractions(-5, 5), b=st.fractions(-5, 5))
def test_relations_of_rationals_are_decided(a, b) -> None:
    numbers = {"x": a, "y": b}
    assert decide(sympy.Ge(x, y), numbers) == (a >= b)
    assert decide(sympy.Gt(x, y), numbers) == (a > b)
    assert decide(sympy.Le(x, y), numbers) == (a <= b)
    assert decide(sympy.Lt(x, y), numbers) == (a < b)


def test_what_cannot_be_decided_stays_open() -> None:
    assert decide(sympy.Ge(sympy.exp(sympy.log(x, evaluate=False), evaluate=False), x), {"x": 3}) is None
    assert decide(x > 1, {"x": Enclosure(0.5, 2.0)}) is None
    assert decide(x > 1, {"x": Enclosure(1.5, 2.0)}) is True
    assert decide(x > 1, {"x": Enclosure(0.5, 0.75)}) is False


def test_close_calls_get_the_digits_they_need() -> None:
    # e^(1/10^40) exceeds 1 + 1/10^40 by half of 10^-80
    tiny = Fraction(1, 10**40)
    assert decide(sympy.exp(x) > 1 + x, {"x": tiny}) is True
    assert decide(sympy.exp(x) < 1 + x, {"x": tiny}) is False


def test_a_part_without_ball_arithmetic_is_named() -> None:
    with pytest.raises(TypeError, match=r"^sin\(x\) has no ball arithmetic: only \+ \* / \*\* exp log"):
        enclose(sympy.sin(x), {"x": 1})
