"""Generators of small laws whose probabilities are exact fractions, for Hypothesis."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from drift_processes import JointLaw, Law

__all__ = ["as_joint_law", "as_law", "length_tables", "pair_tables", "size_tables"]

Table = dict[int, Fraction]
Pairs = dict[tuple[int, int], Fraction]


def _normalised(weights: dict) -> dict:
    total = sum(weights.values())
    return {key: Fraction(weight, total) for key, weight in weights.items()}


def size_tables(least: int = 0, most: int = 40) -> st.SearchStrategy[Table]:
    """Whole numbers with exact probabilities."""
    weights = st.dictionaries(st.integers(least, most), st.integers(1, 20), min_size=1, max_size=6)
    return weights.map(_normalised)


def length_tables(most: int = 12) -> st.SearchStrategy[Table]:
    """Lengths 1..most with exact probabilities."""
    return size_tables(least=1, most=most)


def pair_tables() -> st.SearchStrategy[Pairs]:
    """Dependent pairs (size, length) with exact probabilities."""
    pairs = st.tuples(st.integers(0, 40), st.integers(1, 12))
    return st.dictionaries(pairs, st.integers(1, 20), min_size=1, max_size=8).map(_normalised)


def as_law(table: Table) -> Law:
    return Law(list(table), [float(p) for p in table.values()])


def as_joint_law(pairs: Pairs) -> JointLaw:
    sizes, lengths = zip(*pairs, strict=True)
    return JointLaw(sizes, lengths, [float(p) for p in pairs.values()])
