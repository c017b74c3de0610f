"""The symbolic bounds of the claims at exact numbers. May import sympy and the claims."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import sympy

from bounds.claim import Claim
from bounds.falsifier.part import Number

__all__ = ["exact_bound"]


def exact_bound(claim: Claim, **numbers: Number | int) -> Fraction:
    """Return a rational expression of a claim at rational numbers, without rounding."""
    exact = {name: Fraction(value) for name, value in numbers.items()}
    return Fraction(_compiled(claim)(**exact))


@cache
def _compiled(claim: Claim) -> Callable[..., Fraction]:
    symbols = sorted(claim.expression.free_symbols, key=str)
    function: Callable[..., Fraction] = sympy.lambdify(symbols, claim.expression, modules="math")
    return function
