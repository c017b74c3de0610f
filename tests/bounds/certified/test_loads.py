"""Laws of Y in integers against enumeration in fractions, for every drift that has such a law."""

from fractions import Fraction
from math import gcd

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounds.certified.ages import age_law
from bounds.certified.loads import Load, given_load
from bounds.certified.slots import certified_loads
from bounds.fcfs import slot_load_laws
from drift_processes import (
    CommonGrowth,
    JointLaw,
    Law,
    NoGrowth,
    RandomIncrements,
    RegimeSwitching,
    SaturatingGrowth,
    SlidingWindow,
    SpeculativeDecoding,
    ThrottledGrowth,
    UnitGrowth,
)
from tests.drift_processes.chain_enumeration import chain_snapshot
from tests.law_strategies import as_joint_law, pair_tables

HALF = Fraction(1, 2)
#: Growth of a request of this size at this age, worked out from the definition of each process.
BY_RULE = {
    "none": (NoGrowth(), lambda s, a: s),
    "unit": (UnitGrowth(), lambda s, a: s + a),
    "throttled": (ThrottledGrowth(3), lambda s, a: s + a // 3),
    "saturating": (SaturatingGrowth(8, 1), lambda s, a: s + [0, 4, 6, 7, 8, 8, 8, 8, 8, 8, 8, 8][a]),
    "window": (SlidingWindow(14), lambda s, a: max(s, min(s + a, 14))),
    "window between": (SlidingWindow(9.5), lambda s, a: max(s, min(s + a, Fraction(19, 2)))),
    "ends": (CommonGrowth([3, 2], repeat=False), lambda s, a: s),
    "constant": (CommonGrowth([2, 2]), lambda s, a: s + 2 * a),
}
FAIR = [[HALF, HALF], [HALF, HALF]]
BY_CHANCE = {
    "coin": (RandomIncrements(0, 1), ([Fraction(0), Fraction(1)], [HALF, HALF], FAIR)),
    "drafts": (SpeculativeDecoding(1, 0.5), ([Fraction(1), Fraction(2)], [HALF, HALF], FAIR)),
    "regimes": (
        RegimeSwitching([0, 3], [[0.75, 0.25], [0.5, 0.5]], initial=[0.25, 0.75]),
        (
            [Fraction(0), Fraction(3)],
            [HALF / 2, 3 * HALF / 2],
            [[3 * HALF / 2, HALF / 2], [HALF, HALF]],
        ),
    ),
}


def aperiodic(pairs):
    period = gcd(*(length for _, length in pairs))
    return {(size, length // period): p for (size, length), p in pairs.items()}


def assert_below(load: Load, exact: dict, missing: float = 1e-15) -> None:
    """Each weight is at most the probability, up to that of the float64 numbers; little is missing."""
    known = {
        load.unit * int(j): Fraction(w, load.scale) for j, w in zip(load.places, load.weights, strict=True)
    }
    ends = min(known), max(known)
    known = {value: p for value, p in known.items() if p}
    shift = min(exact) - min(known)  # loads count up to a shift
    assert all(p <= exact.get(value + shift, 0) * (1 + Fraction(1, 2**48)) for value, p in known.items())
    assert ends[0] <= min(known)
    assert ends[1] >= max(known) == max(value for value, p in exact.items() if p) - shift
    assert 0 <= 1 - sum(known.values()) <= missing


def loads_of(joint: JointLaw, drift) -> list[Load]:
    return certified_loads(joint, drift, slot_load_laws(joint, None, drift), 128)


def enumerated(pairs, workload) -> dict:
    mean_length = sum(p * length for (_, length), p in pairs.items())
    law: dict = {}
    for (size, length), p in pairs.items():
        for age in range(length):
            load = Fraction(workload(size, age))
            law[load] = law.get(load, Fraction(0)) + p / mean_length
    return law


@pytest.mark.parametrize("name", BY_RULE)
@given(pairs=pair_tables())
def test_growth_by_rule_of_dependent_pairs(name, pairs) -> None:
    drift, workload = BY_RULE[name]
    pairs = aperiodic(pairs)
    if len({length for _, length in pairs}) > 1:
        (load,) = loads_of(as_joint_law(pairs), drift)
        assert_below(load, enumerated(pairs, workload))


@pytest.mark.parametrize("name", BY_RULE)
def test_growth_by_rule_of_independent_pairs(name) -> None:
    drift, workload = BY_RULE[name]
    sizes, lengths = Law([2, 5, 20], [0.5, 0.25, 0.25]), Law([1, 4, 11], [0.25, 0.25, 0.5])
    pairs = {
        (int(s), int(o)): Fraction(p) * Fraction(q)
        for s, p in zip(sizes.values, sizes.probabilities, strict=True)
        for o, q in zip(lengths.values, lengths.probabilities, strict=True)
    }
    (load,) = loads_of(JointLaw.independent(sizes, lengths), drift)
    assert_below(load, enumerated(pairs, workload), missing=1e-30)


@pytest.mark.parametrize("name", BY_CHANCE)
@given(pairs=pair_tables())
def test_random_growth_of_dependent_pairs(name, pairs) -> None:
    drift, chain = BY_CHANCE[name]
    pairs = aperiodic(pairs)
    if len({length for _, length in pairs}) > 1:
        (load,) = loads_of(as_joint_law(pairs), drift)
        assert_below(load, dict(chain_snapshot(pairs, chain)))


@pytest.mark.parametrize("name", BY_CHANCE)
def test_random_growth_of_independent_pairs(name) -> None:
    drift, chain = BY_CHANCE[name]
    sizes, lengths = Law([2, 5, 20], [0.5, 0.25, 0.25]), Law([1, 4, 5], [0.25, 0.25, 0.5])
    pairs = {
        (int(s), int(o)): Fraction(p) * Fraction(q)
        for s, p in zip(sizes.values, sizes.probabilities, strict=True)
        for o, q in zip(lengths.values, lengths.probabilities, strict=True)
    }
    (load,) = loads_of(JointLaw.independent(sizes, lengths), drift)
    assert_below(load, dict(chain_snapshot(pairs, chain)), missing=1e-30)


def test_phases_look_back_from_their_own_step() -> None:
    # at step k ≡ 0 of growth 6, 0, 0 the last three steps brought 0, 0 and 6
    loads = loads_of(JointLaw.independent(Law.constant(10), Law([1, 4], [0.5, 0.5])), CommonGrowth([6, 0, 0]))
    for load, grown in zip(loads, ([0, 0, 0, 6], [0, 6, 6, 6], [0, 0, 6, 6]), strict=True):
        exact: dict = {}
        for age, growth in enumerate(grown):
            chance = Fraction(2, 5) if age == 0 else Fraction(1, 5)
            exact[10 + growth] = exact.get(10 + growth, Fraction(0)) + chance
        assert_below(load, exact)


@pytest.mark.parametrize("drift", [RandomIncrements(0, 1), SlidingWindow(4), SpeculativeDecoding(2, 0.3)])
def test_rounds_of_equal_lengths_have_a_law_for_each_age(drift) -> None:
    joint = JointLaw.independent(Law([1, 3], [0.5, 0.5]), Law.constant(4))
    laws = slot_load_laws(joint, None, drift)
    for load, law in zip(loads_of(joint, drift), laws, strict=True):
        exact = {
            Fraction(v): Fraction(p)
            for v, p in zip(law.values.tolist(), law.probabilities.tolist(), strict=True)
        }
        assert_below(load, exact)


@pytest.mark.parametrize("p", [0.02, 0.5, 0.9, 1 - 2.0**-53])
@pytest.mark.parametrize("bits", [8, 61, 128])
def test_ages_of_geometric_lengths_are_those_of_the_float64_number(p, bits) -> None:
    ages = age_law(Law.geometric(p), bits)
    success = Fraction(p)
    exact = [success * (1 - success) ** a for a in range(0, len(ages.weights), 7)]
    for weight, chance in zip(ages.weights[::7], exact, strict=True):
        # never above, and below by two units at most: one of the last rounding, the guard bits leave less
        assert 0 <= chance * ages.scale - weight <= 2
    last = len(ages.weights) - 1
    assert (1 - success) ** (last + 1) <= ages.late <= 2.0 ** -(bits + 9)
    assert ages.beyond == ages.late / p


def test_a_law_of_a_users_own_process_is_taken_as_it_is() -> None:
    class Own(UnitGrowth):
        def snapshot(self, law):
            return Law([0, 5], [0.5, 0.5])

    (load,) = loads_of(JointLaw.independent(Law([1, 2], [0.5, 0.5]), Law.geometric(0.5)), Own())
    assert load.places.tolist() == [0, 5]
    assert [2 * w for w in load.weights] == [load.scale] * 2


@given(values=st.lists(st.floats(0, 1e6), min_size=1, max_size=6, unique=True))
def test_any_float64_values_are_whole_multiples_of_a_unit(values) -> None:
    load = given_load(Law(values, np.full(len(values), 1 / len(values))), 61)
    assert [float(load.unit * int(j)) for j in load.places] == sorted(values)
