"""Sums and maxima of small laws by plain enumeration in exact fractions: the oracle of the F0 tests."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod

__all__ = ["mean", "mean_of_maximum", "sum_table"]

Table = dict[int, Fraction]


def mean(table: Table) -> Fraction:
    return sum((value * p for value, p in table.items()), Fraction(0))


def sum_table(table: Table, terms: int) -> Table:
    """The law of a sum of ``terms`` draws, over all tuples of draws."""
    law: Table = {}
    for draws in product(table.items(), repeat=terms):
        total = sum(value for value, _ in draws)
        law[total] = law.get(total, Fraction(0)) + prod((p for _, p in draws), start=Fraction(1))
    return law


def mean_of_maximum(table: Table, copies: int, terms: int) -> Fraction:
    """E max over ``copies`` sums of ``terms`` draws, over all tuples of sums."""
    sums = sum_table(table, terms).items()
    return sum(
        (
            max(value for value, _ in tuple_) * prod((p for _, p in tuple_), start=Fraction(1))
            for tuple_ in product(sums, repeat=copies)
        ),
        Fraction(0),
    )
