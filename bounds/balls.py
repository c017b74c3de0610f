"""Formulas evaluated in ball arithmetic: enclosures that are proven, and comparisons that are decided.

A sympy expression is walked once for each precision, with numbers taken exactly (a float is a rational); what
is rational throughout needs no balls and is worked out as it stands. May import sympy, python-flint and
`bounds.enclosure`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import flint
import sympy
from sympy.core.relational import Relational

from bounds.enclosure import Enclosure

__all__ = ["Number", "decide", "enclose"]

#: A number known exactly, or one known to lie between two others.
Number = int | float | Fraction | Enclosure

#: Bits at first, and where the search for more digits ends.
FIRST_BITS, LAST_BITS = 128, 8192
#: Bits that a result should have right where all numbers are exact: more than a float holds.
WANTED_BITS = 60
#: Powers beyond this are not multiplied out.
LARGEST_POWER = 64

_FUNCTIONS: Mapping[Any, Callable[[Any], Any]] = {
    sympy.exp: lambda x: x.exp(),
    sympy.log: lambda x: x.log(),
    sympy.erfc: lambda x: x.erfc(),
    sympy.ceiling: lambda x: x.ceil(),
}


def enclose(expression: sympy.Expr, numbers: Mapping[str, Number]) -> Enclosure | None:
    """Return an enclosure of the expression at these numbers, or None where it has no finite value.

    Parameters
    ----------
    expression : sympy expression
        Sums, products, powers, exp, log, erfc, ceiling, Max and Min of symbols and rationals.
    numbers : mapping of str to Number
        One for each symbol, by name. An `Enclosure` stands for any number it contains.

    Returns
    -------
    Enclosure or None
        As narrow as floats allow where all numbers are exact; no width where the value is a float.

    Raises
    ------
    TypeError
        If the expression has a part that has no ball arithmetic here.

    Examples
    --------
    >>> x = sympy.Symbol("x")
    >>> root = enclose(sympy.sqrt(x), {"x": 2})
    >>> Fraction(root.lo) ** 2 < 2 < Fraction(root.hi) ** 2, root.width < 1e-15, enclose(1 / x, {"x": 0})
    (True, True, None)
    """
    rational = _rational(expression, numbers)
    if rational is not None:
        return _around(rational)
    exact = not any(isinstance(value, Enclosure) for value in numbers.values())
    bits = FIRST_BITS
    while True:
        with flint.ctx.workprec(bits):
            ball = _ball(expression, numbers)
            sharp = ball.is_exact() or ball.rel_accuracy_bits() >= WANTED_BITS
            if sharp or not exact or bits >= LAST_BITS:
                return _outward(ball) if ball.is_finite() else None
        bits *= 4


def decide(relation: Relational, numbers: Mapping[str, Number]) -> bool | None:
    """Return whether a relation holds at these numbers (at all that they contain), None where it is open.

    Open are a relation that holds for some of the numbers in an enclosure and fails for others, an equality
    that no precision tells from a near miss, and a side without a value.
    """
    names = {sympy.Ge: 1, sympy.Gt: 1, sympy.Le: -1, sympy.Lt: -1}
    sign = names[type(relation)]
    strict = isinstance(relation, (sympy.Gt, sympy.Lt))
    left, right = (_rational(side, numbers) for side in (relation.lhs, relation.rhs))
    if left is not None and right is not None:
        return sign * (left - right) > 0 or (left == right and not strict)
    bits = FIRST_BITS
    while bits <= LAST_BITS:
        with flint.ctx.workprec(bits):
            margin = sign * (_ball(relation.lhs, numbers) - _ball(relation.rhs, numbers))
            if margin.is_zero():
                return not strict
            if margin > 0:
                return True
            if margin < 0:
                return False
            if not strict and margin >= 0:
                return True
        bits *= 4
    return None


def _rational(part: sympy.Basic, numbers: Mapping[str, Number]) -> Fraction | None:
    """Return the exact value of a part made of + * / and whole powers of exact numbers, else None."""
    if part.is_Rational:
        return Fraction(int(part.p), int(part.q))
    if part.is_Symbol:
        value = numbers[part.name]
        return None if isinstance(value, Enclosure) else Fraction(value)
    if not (part.is_Add or part.is_Mul or (part.is_Pow and part.args[1].is_Integer)):
        return None
    values: list[Fraction] = []
    for argument in part.args:
        found = _rational(argument, numbers)
        if found is None:
            return None
        values.append(found)
    if part.is_Pow:
        base, exponent = values[0], int(values[1])
        return None if abs(exponent) > LARGEST_POWER or (base == 0 and exponent < 0) else base**exponent
    return sum(values, Fraction(0)) if part.is_Add else math.prod(values, start=Fraction(1))


def _around(value: Fraction) -> Enclosure | None:
    """Return the number as a float, or the two floats next to it."""
    try:
        near = float(value)
    except OverflowError:
        return None
    if near == value:
        return Enclosure(near, near)
    if near < value:
        return Enclosure(near, math.nextafter(near, math.inf))
    return Enclosure(math.nextafter(near, -math.inf), near)


def _number_ball(value: Number) -> Any:
    """Return the ball of a number, without width where the number is exact and fits the precision."""
    if isinstance(value, Enclosure):
        return flint.arb(value.lo).union(flint.arb(value.hi))
    fraction = Fraction(value)
    return flint.arb(flint.fmpq(fraction.numerator, fraction.denominator))


def _ball(part: sympy.Basic, numbers: Mapping[str, Number]) -> Any:
    if part.is_Symbol:
        return _number_ball(numbers[part.name])
    if part.is_Rational:
        return flint.arb(flint.fmpq(int(part.p), int(part.q)))
    if part.is_Pow:
        return _power(part, numbers)
    arguments = [_ball(argument, numbers) for argument in part.args]
    if part.is_Add:
        return sum(arguments[1:], arguments[0])
    if part.is_Mul:
        return math.prod(arguments[1:], start=arguments[0])
    if part.func in _FUNCTIONS:
        return _FUNCTIONS[part.func](arguments[0])
    if part.func in (sympy.Max, sympy.Min):
        name = "max" if part.func is sympy.Max else "min"
        found = arguments[0]
        for other in arguments[1:]:
            found = getattr(found, name)(other)
        return found
    raise TypeError(f"{part} has no ball arithmetic: only + * / ** exp log erfc ceiling Max Min")


def _power(part: sympy.Basic, numbers: Mapping[str, Number]) -> Any:
    base, exponent = part.args
    raised = _ball(base, numbers)
    if exponent.is_Integer:
        return raised ** int(exponent)
    if exponent == sympy.Rational(1, 2):
        return raised.sqrt()
    if exponent == -sympy.Rational(1, 2):
        return raised.rsqrt()
    return raised ** _ball(exponent, numbers)


def _outward(ball: Any) -> Enclosure | None:
    """Return the floats next to the ends of a ball, on their outer side."""
    lowest, highest = ball.lower(), ball.upper()
    lo, hi = float(lowest), float(highest)
    if not (math.isfinite(lo) and math.isfinite(hi)):
        return None
    # the ends and their floats are without width, so that these comparisons are exact
    lo = lo if flint.arb(lo) <= lowest else math.nextafter(lo, -math.inf)
    hi = hi if flint.arb(hi) >= highest else math.nextafter(hi, math.inf)
    return Enclosure(lo, hi)
