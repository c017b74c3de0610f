"""Snapshot laws of growth by a Markov chain, step by step in exact fractions: an oracle of the tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from drift_processes import Law

__all__ = ["assert_same_law", "chain_loads", "chain_snapshot", "chains", "walk_snapshot"]

Table = dict[Fraction, Fraction]
Chain = tuple[list[Fraction], list[Fraction], list[list[Fraction]]]


def chain_loads(chain: Chain, ages: int) -> list[Table]:
    """The law of the growth D(a) at each age a < ages: growth[r] per step in regime r."""
    growth, initial, transition = chain
    state = {(regime, Fraction(0)): p for regime, p in enumerate(initial) if p}
    laws = []
    for _ in range(ages):
        law: Table = defaultdict(Fraction)
        following: dict[tuple[int, Fraction], Fraction] = defaultdict(Fraction)
        for (regime, grown), p in state.items():
            law[grown] += p
            for after, q in enumerate(transition[regime]):
                if q:
                    following[after, grown + growth[regime]] += p * q
        laws.append(law)
        state = following
    return laws


def chain_snapshot(pairs: dict[tuple[int, int], Fraction], chain: Chain) -> Table:
    """P(Y = y) = Σ_a P(s + D(a) = y, o > a) / E o."""
    mean_length = sum(p * length for (_, length), p in pairs.items())
    grown = chain_loads(chain, max(length for _, length in pairs))
    law: Table = defaultdict(Fraction)
    for (size, length), p in pairs.items():
        for age in range(length):
            for growth, q in grown[age].items():
                law[size + growth] += p * q / mean_length
    return law


def walk_snapshot(pairs: dict[tuple[int, int], Fraction], increments: Table) -> Table:
    """The same for independent increments: a chain that forgets everything at every step."""
    weights = list(increments.values())
    return chain_snapshot(pairs, (list(increments), weights, [weights] * len(weights)))


def assert_same_law(law: Law, exact: Table, tolerance: float = 1e-12) -> None:
    """The law has exactly the values of ``exact``, and its probabilities to within ``tolerance``."""
    assert law.values.tolist() == [float(value) for value in sorted(exact)]
    for value, probability in zip(sorted(exact), law.probabilities, strict=True):
        assert abs(probability - float(exact[value])) <= tolerance


def _shares(weights: Sequence[int]) -> list[Fraction]:
    return [Fraction(weight, sum(weights)) for weight in weights]


@st.composite
def chains(draw: st.DrawFn, steps: st.SearchStrategy[Fraction] | None = None) -> Chain:
    """One to three regimes; two may grow alike, and some moves be impossible."""
    number = draw(st.integers(1, 3))
    row = st.lists(st.integers(0, 5), min_size=number, max_size=number).filter(any).map(_shares)
    growth = st.integers(0, 4).map(Fraction) if steps is None else steps
    return (
        draw(st.lists(growth, min_size=number, max_size=number)),
        draw(row),
        draw(st.lists(row, min_size=number, max_size=number)),
    )
