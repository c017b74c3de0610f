"""F0: against enumeration in fractions, independent reference points, hand-made cases, and a simulation."""

from fractions import Fraction
from itertools import pairwise
from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounds import fcfs_lower_bound
from bounds.fcfs import fcfs_imbalance, slot_load_law, slot_load_laws
from bounds.intervals import batch_means
from bounds.renewal import stationary_after
from bounds.workload_assumptions import known_load_law
from drift_processes import (
    Adversarial,
    CommonGrowth,
    DriftProcess,
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
    Workload,
)
from simulation import System, simulate
from tests.bounds.exact_sums import mean, mean_of_maximum
from tests.drift_processes.chain_enumeration import walk_snapshot
from tests.drift_processes.enumeration import snapshot_by_enumeration
from tests.law_strategies import as_joint_law, as_law, length_tables, pair_tables, size_tables
from tests.workload_strategies import AgeGrowth, EveryThirdStep

LLM = {"sizes": Law.uniform(1, 100), "lengths": Law.geometric(0.02), "drift": UnitGrowth()}


def enumerated(load: dict[int, Fraction], workers: int, slots: int) -> Fraction:
    return workers * (mean_of_maximum(load, workers, slots) - slots * mean(load))


@given(
    table=size_tables(most=9), workers=st.integers(1, 3), slots=st.integers(1, 2), length=st.integers(1, 5)
)
def test_equal_lengths_give_the_enumerated_value_of_the_sizes(table, workers, slots, length) -> None:
    value = fcfs_imbalance(as_law(table), Law.constant(length), UnitGrowth(), workers=workers, slots=slots)
    assert value.lo <= enumerated(table, workers, slots) <= value.hi
    assert value.width < 1e-9


@pytest.mark.parametrize(("workers", "slots"), [(2, 3), (3, 3)])
def test_three_slots_give_the_enumerated_value(workers, slots) -> None:
    table = {1: Fraction(1, 2), 4: Fraction(1, 3), 9: Fraction(1, 6)}
    value = fcfs_imbalance(as_law(table), Law.constant(2), NoGrowth(), workers=workers, slots=slots)
    assert value.lo <= enumerated(table, workers, slots) <= value.hi


@given(pairs=pair_tables())
def test_dependent_pairs_give_the_enumerated_value_of_the_snapshot(pairs) -> None:
    period = gcd(*(length for _, length in pairs))
    pairs = {(size, length // period): p for (size, length), p in pairs.items()}
    value = fcfs_imbalance(as_joint_law(pairs), None, UnitGrowth(), workers=2, slots=1)
    load = snapshot_by_enumeration(pairs, lambda age: age)
    assert value.lo <= enumerated(load, 2, 1) <= value.hi
    assert value.width < 1e-11


def test_long_stays_weigh_more_in_the_load_of_a_slot() -> None:
    # size 10 stays 3 steps, size 20 one: Y = 10 with 3/4; E I = 2·10·(3/4)(1/4)
    pairs = JointLaw([10, 20], [3, 1], [0.5, 0.5])
    value = fcfs_imbalance(pairs, None, NoGrowth(), workers=2, slots=1)
    assert value.mid == pytest.approx(3.75, rel=1e-12)


@pytest.mark.parametrize(("workers", "reference"), [(16, 14212.04), (64, 76710.59)])
def test_reference_points_of_an_independent_program(workers, reference) -> None:
    value = fcfs_imbalance(**LLM, workers=workers, slots=72)
    assert value.mid == pytest.approx(reference, rel=1e-6)
    assert value.relative_width < 1e-10


@pytest.mark.parametrize("drift", [UnitGrowth(), NoGrowth(), EveryThirdStep()])
def test_common_growth_cancels_where_lengths_are_equal(drift) -> None:
    value = fcfs_imbalance(Law.uniform(1, 6), Law.constant(7), drift, workers=2, slots=1)
    # two dice: 161/36 - 7/2 above the mean
    assert value.mid == pytest.approx(2 * (161 / 36 - 3.5), rel=1e-12)


@pytest.mark.parametrize("p", [0.02, 0.5, 0.9])
def test_ages_without_end_are_all_in_the_value(p) -> None:
    # sizes of 0: Y is the age, P(Y > x) = q^(x+1); E max - E Y of two = q/p - q²/(1 - q²), p the float64
    # number
    success = Fraction(p)
    q = 1 - success
    value = fcfs_imbalance(Law.constant(0), Law.geometric(p), UnitGrowth(), workers=2, slots=1)
    assert value.lo <= 2 * (q / success - q**2 / (1 - q**2)) <= value.hi
    assert value.relative_width < 1e-13


def test_a_length_of_one_step_leaves_the_sizes() -> None:
    certain = fcfs_imbalance(Law.uniform(1, 6), Law.geometric(1), UnitGrowth(), workers=2, slots=1)
    assert certain.lo <= 2 * (Fraction(161, 36) - Fraction(7, 2)) <= certain.hi


@pytest.mark.parametrize("workers", [2, 9])
def test_small_laws_are_known_to_nine_digits_on_demand(workers) -> None:
    value = fcfs_imbalance(**LLM, workers=workers, slots=3, rtol=1e-9)
    assert value.relative_width < 1e-12


def test_the_table_of_a_coarse_law_and_the_exact_one_agree() -> None:
    law = {"sizes": Law.uniform(1, 9000), "lengths": Law.geometric(0.004), "drift": UnitGrowth()}
    coarse = fcfs_imbalance(**law, workers=16, slots=72)
    exact = fcfs_imbalance(**law, workers=16, slots=72, rtol=1e-7)
    assert coarse.lo <= exact.lo <= exact.hi <= coarse.hi
    assert exact.relative_width < 1e-7
    assert 1e-7 < coarse.relative_width < 1e-3


def test_nothing_idles_with_one_worker_or_without_variance() -> None:
    assert fcfs_imbalance(**LLM, workers=1, slots=72).hi == 0
    for size in (0, 5):
        equal = fcfs_imbalance(Law.constant(size), Law.constant(9), UnitGrowth(), workers=8, slots=3)
        assert (equal.lo, equal.hi) == (0, 0)


def test_sizes_of_zero_still_leave_the_ages_to_differ() -> None:
    # lengths 1 or 2 with equal chance: age 1 with probability (1/2)/(3/2) = 1/3; E I = 2·(1/3)(2/3)
    value = fcfs_imbalance(Law.constant(0), Law([1, 2], [0.5, 0.5]), UnitGrowth(), workers=2, slots=1)
    assert value.mid == pytest.approx(4 / 9, rel=1e-12)


@given(table=size_tables(), lengths=length_tables(), factor=st.integers(2, 50))
def test_imbalance_scales_with_the_sizes(table, lengths, factor) -> None:
    law = as_law(table)
    larger = Law(law.values * factor, law.probabilities)
    steps = Law([1, *(v + 1 for v in lengths)], [0.5, *(float(p) / 2 for p in lengths.values())])
    one = fcfs_imbalance(law, steps, NoGrowth(), workers=4, slots=3)
    other = fcfs_imbalance(larger, steps, NoGrowth(), workers=4, slots=3)
    assert other.mid == pytest.approx(factor * one.mid, rel=1e-9, abs=1e-9)


def test_imbalance_grows_with_workers_and_with_slots() -> None:
    values = [fcfs_imbalance(**LLM, workers=g, slots=b) for g, b in ((2, 8), (3, 8), (3, 9), (30, 90))]
    assert all(low.hi < high.lo for low, high in pairwise(values))


def test_slot_load_law_is_the_size_alone_only_for_equal_lengths() -> None:
    sizes = Law.uniform(1, 6)
    assert slot_load_law(sizes, Law.constant(4), UnitGrowth()).support == (1, 6)
    assert slot_load_law(sizes, Law([3, 4], [0.5, 0.5]), UnitGrowth()).support == (1, 9)


def test_heterogeneous_growth_has_no_law_here() -> None:
    with pytest.raises(ValueError, match="AgeGrowth is not common"):
        slot_load_law(Law.uniform(1, 6), Law.constant(4), AgeGrowth())


def test_a_simulated_fcfs_run_agrees() -> None:
    lengths = Law.geometric(0.2)
    work = Workload.synthetic(
        sizes=Law.uniform(1, 20), lengths=lengths, drift=UnitGrowth(), requests=160_000, seed=11
    )
    run = simulate(work, System(4, 6), "fcfs", steps=30_000)
    warmup = stationary_after(lengths)
    exact = fcfs_imbalance(Law.uniform(1, 20), lengths, UnitGrowth(), workers=4, slots=6)
    interval = batch_means(run.imbalance[warmup:], level=0.999)
    assert exact.mid in interval
    assert interval.half_width < 0.03 * exact.mid


def test_phases_by_hand_and_their_mean() -> None:
    # lengths 1 or 2 with equal chance: age 1 with probability 1/3. At odd steps such a request holds 6 more:
    # E I = 2·6·(1/3)(2/3); at even steps all loads are equal
    arguments = (Law.constant(10), Law([1, 2], [0.5, 0.5]), CommonGrowth([6, 0]))
    assert [law.mean for law in slot_load_laws(*arguments)] == pytest.approx([10, 12])
    value = fcfs_imbalance(*arguments, workers=2, slots=1)
    assert value.mid == pytest.approx(4 / 3, rel=1e-12)
    assert 4 / 3 in value
    with pytest.raises(ValueError, match=r"^drift CommonGrowth has 2 phases, each with a load law: see"):
        slot_load_law(*arguments)


def test_constant_growth_in_phases_is_unit_growth() -> None:
    same = fcfs_imbalance(**{**LLM, "drift": CommonGrowth([1, 1])}, workers=16, slots=72)
    assert same.mid == pytest.approx(fcfs_imbalance(**LLM, workers=16, slots=72).mid, rel=1e-9)


@given(pairs=pair_tables())
def test_random_growth_gives_the_enumerated_value(pairs) -> None:
    period = gcd(*(length for _, length in pairs))
    pairs = {(size, length // period): p for (size, length), p in pairs.items()}
    value = fcfs_imbalance(as_joint_law(pairs), None, RandomIncrements(0, 1), workers=2, slots=1)
    load = walk_snapshot(pairs, {Fraction(0): Fraction(1, 2), Fraction(1): Fraction(1, 2)})
    # E max - E Y for two: half the mean distance
    distance = sum(p * q * abs(x - y) for x, p in load.items() for y, q in load.items())
    assert value.lo <= distance <= value.hi
    assert value.width < 1e-11


@pytest.mark.parametrize("drift", [ThrottledGrowth(3), SaturatingGrowth(20, 4)])
def test_growth_by_age_cancels_in_rounds_of_equal_lengths(drift) -> None:
    value = fcfs_imbalance(Law.uniform(1, 6), Law.constant(7), drift, workers=2, slots=1)
    assert value.mid == pytest.approx(2 * (161 / 36 - 3.5), rel=1e-12)


def test_rounds_of_random_growth_are_averaged_over_their_ages() -> None:
    # coins: age 0 has no spread, age 1 differs with chance 1/2 (2·1/4), age 2: E|difference| = 3/4
    value = fcfs_imbalance(Law.constant(4), Law.constant(3), RandomIncrements(0, 1), workers=2, slots=1)
    assert value.mid == pytest.approx((0 + 1 / 2 + 3 / 4) / 3, rel=1e-12)


def test_rounds_of_a_window_level_out() -> None:
    # sizes 1 or 3, window 3: distances 2, 1, 0, 0, each seen with chance 1/2
    value = fcfs_imbalance(Law([1, 3], [0.5, 0.5]), Law.constant(4), SlidingWindow(3), workers=2, slots=1)
    assert value.mid == pytest.approx((1 + 1 / 2) / 4, rel=1e-12)


@pytest.mark.parametrize(
    "drift", [Adversarial("oldest"), RegimeSwitching([0, 1], [[0.5, 0.5]] * 2, scope="system")]
)
def test_a_drift_that_binds_slots_together_has_no_law(drift) -> None:
    with pytest.raises(ValueError, match=r"has no exact snapshot law \(its snapshot is None\)$"):
        slot_load_laws(Law.uniform(1, 6), Law.geometric(0.5), drift)


@pytest.mark.parametrize(
    ("drift", "holds", "words"),
    [
        (UnitGrowth(), True, "one slot holds a load of mean 6.16667, Law(6 values in [4, 9], mean 6.16667)"),
        (CommonGrowth([0, 3]), True, "one slot holds a load of mean 6.5 over 2 phases, each of known law"),
        (
            Adversarial("oldest"),
            False,
            "Adversarial grows requests by where they run, so that slots depend on each other",
        ),
    ],
    ids=repr,
)
def test_the_finding_on_the_load_law_speaks_of_phases(drift, holds, words) -> None:
    # ages 0, 1 and 2 with chances 3/6, 2/6 and 1/6
    lengths = Law([1, 2, 3], [1 / 3] * 3)
    work = Workload.synthetic(sizes=Law.uniform(4, 7), lengths=lengths, drift=drift, requests=9, seed=1)
    found = known_load_law(simulate(work, System(2, 1), "fcfs", seed=1, readable=True))
    assert (found.holds, found.reason) == (holds, words)


def test_the_lower_bound_of_several_phases_is_the_mean_of_theirs() -> None:
    arguments = (Law.uniform(1, 100), Law.geometric(0.05), CommonGrowth([0, 0, 9]))
    laws = slot_load_laws(*arguments)
    bounds = [fcfs_lower_bound(law, workers=16, slots=72) for law in laws]
    together = fcfs_lower_bound(laws, workers=16, slots=72)
    assert together == pytest.approx(sum(bounds) / 3, rel=1e-14)
    assert 0 < together < fcfs_imbalance(*arguments, workers=16, slots=72).lo


@pytest.mark.parametrize(
    "drift",
    [
        SpeculativeDecoding(3, 0.6),
        RegimeSwitching([0, 5], [[0.9, 0.1], [0.5, 0.5]]),
        CommonGrowth([0, 0, 6]),
        SlidingWindow(14),
    ],
    ids=repr,
)
def test_a_simulated_fcfs_run_agrees_under_every_kind_of_growth(drift: DriftProcess) -> None:
    sizes, lengths = Law.uniform(1, 20), Law.geometric(0.3)
    work = Workload.synthetic(sizes=sizes, lengths=lengths, drift=drift, requests=32_000, seed=11)
    run = simulate(work, System(4, 6), "fcfs", steps=4000, seed=5, readable=True)
    exact = fcfs_imbalance(sizes, lengths, drift, workers=4, slots=6)
    interval = batch_means(run.imbalance[stationary_after(lengths) :], level=0.999)
    assert exact.mid in interval
    assert interval.half_width < 0.07 * exact.mid


def test_a_simulated_round_of_equal_lengths_agrees() -> None:
    sizes, drift = Law.uniform(1, 5), SpeculativeDecoding(3, 0.6)
    work = Workload.synthetic(sizes=sizes, lengths=Law.constant(5), drift=drift, requests=24 * 900, seed=12)
    run = simulate(work, System(4, 6), "fcfs", steps=4500, seed=6, readable=True)
    exact = fcfs_imbalance(sizes, Law.constant(5), drift, workers=4, slots=6)
    means = run.imbalance.reshape(-1, 5).mean(axis=1)  # rounds are independent
    assert abs(means.mean() - exact.mid) <= 5 * means.std(ddof=1) / len(means) ** 0.5
    assert 5 * means.std(ddof=1) / len(means) ** 0.5 < 0.1 * exact.mid
