"""Quantiles of the imbalance against enumeration, and against the two distributions that make them."""

from fractions import Fraction
from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounds.certified import imbalance_law
from bounds.certified.imbalance_law import quantile_between
from bounds.certified.loads import given_load
from bounds.certified_quantile import fcfs_imbalance_quantile
from bounds.fcfs import fcfs_imbalance
from drift_processes import CommonGrowth, Law, NoGrowth, UnitGrowth, Workload
from simulation import System, simulate
from tests.bounds.certified.test_measures import exactly
from tests.bounds.exact_sums import sum_table
from tests.law_strategies import as_law, size_tables

LLM = (Law.uniform(1, 100), Law.geometric(0.02), UnitGrowth())


def quantile(table, level: Fraction, workers: int, slots: int) -> int:
    """The least x with P(I <= x) >= level, over all tuples of sums."""
    law: dict[int, Fraction] = {}
    for sums in product(sum_table(table, slots).items(), repeat=workers):
        idle = workers * max(value for value, _ in sums) - sum(value for value, _ in sums)
        law[idle] = law.get(idle, Fraction(0)) + prod((p for _, p in sums), start=Fraction(1))
    reached = Fraction(0)
    for idle in sorted(law):
        reached += law[idle]
        if reached >= level:
            return idle
    raise AssertionError


@given(
    table=size_tables(most=12),
    workers=st.integers(2, 4),
    slots=st.integers(1, 2),
    level=st.sampled_from([0.013, 0.27, 0.5, 0.87, 0.999]),
    bits=st.sampled_from([8, 14, 61]),
    cheap=st.sampled_from([0, 200_000]),
    rtol=st.sampled_from([1e-9, 0.1, 0.5]),
)
def test_the_enumerated_quantile_is_enclosed(table, workers, slots, level, bits, cheap, rtol) -> None:
    law = _few(table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imbalance_law, "BITS", bits)
        patch.setattr(imbalance_law, "CHEAP", cheap)
        lo, hi = quantile_between(
            [given_load(law, bits)], Fraction(level), copies=workers, terms=slots, rtol=rtol, known_to=0.0
        )
    assert lo <= quantile(exactly(law), Fraction(level), workers, slots) <= hi


def _few(table) -> Law:
    kept = dict(list(table.items())[:3])
    return as_law({value: p / sum(kept.values()) for value, p in kept.items()})


@pytest.mark.parametrize(("level", "answer"), [(0.16, 0), (0.17, 1), (0.44, 1), (0.8, 3), (0.999, 5)])
def test_two_dice(level, answer) -> None:
    # P(|difference| <= 0, 1, 2, …) = 6, 16, 24, 30, 34, 36 of 36
    value = fcfs_imbalance_quantile(level, Law.uniform(1, 6), Law.constant(1), NoGrowth(), workers=2, slots=1)
    assert (value.lo, value.hi) == (answer, answer)


def test_at_a_level_that_is_reached_exactly_both_neighbours_are_enclosed() -> None:
    # 24/36 of two dice differ by at most 2; 2/3 is no float64 number, 0.5 of a coin is
    value = fcfs_imbalance_quantile(
        0.5, Law([0, 4], [0.5, 0.5]), Law.constant(1), NoGrowth(), workers=2, slots=1
    )
    assert (value.lo, value.hi) == (0, 4)


def test_phases_are_mixed() -> None:
    # the phases of test_fcfs: I = 6 with probability 4/9 in one, never in the other, so 2/9 altogether
    arguments = (Law.constant(10), Law([1, 2], [0.5, 0.5]), CommonGrowth([6, 0]))
    ends = [
        fcfs_imbalance_quantile(level, *arguments, workers=2, slots=1)
        for level in (0.5, 0.7, 0.77, 0.78, 0.9)
    ]
    assert [(value.lo, value.hi) for value in ends] == [(0, 0)] * 3 + [(6, 6)] * 2


def test_the_integral_of_the_quantiles_is_the_mean() -> None:
    # Σ over n slices of [0, 1] of the quantile at its lower and upper end lie around the mean
    number, options = 12, {"workers": 3, "slots": 4, "rtol": 5e-2}
    inner = [fcfs_imbalance_quantile(i / number, *LLM, **options) for i in range(1, number)]
    mean = fcfs_imbalance(*LLM, workers=3, slots=4)
    assert sum(value.lo for value in inner) / number <= mean.hi
    last = fcfs_imbalance_quantile(1 - 1e-7, *LLM, **options)
    assert (sum(value.hi for value in inner) + last.hi) / number >= mean.lo


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_a_simulated_fcfs_run_has_the_share_of_steps_below(level) -> None:
    sizes, lengths = Law.uniform(1, 20), Law.geometric(0.2)
    work = Workload.synthetic(sizes=sizes, lengths=lengths, drift=UnitGrowth(), requests=100_000, seed=5)
    idle = simulate(work, System(4, 6), "fcfs", steps=18_000).imbalance[200:]
    value = fcfs_imbalance_quantile(level, sizes, lengths, UnitGrowth(), workers=4, slots=6, rtol=1e-3)
    # steps are correlated over some 1/p of them: a standard error of about √(0.25·9/17800) at most
    assert (idle < value.lo).mean() <= level + 0.035
    assert (idle <= value.hi).mean() >= level - 0.035


def test_many_workers_are_enclosed_as_narrowly_as_asked() -> None:
    value = fcfs_imbalance_quantile(0.5, *LLM, workers=16, slots=72, rtol=0.02)
    assert value.relative_width <= 0.025
    assert 13_000 < value.mid < 14_300  # a little below the mean, 14212: the law is skewed to the right


@pytest.mark.parametrize("sizes", [Law.constant(0), Law.constant(7)])
def test_without_variance_or_with_one_worker_nothing_idles(sizes) -> None:
    value = fcfs_imbalance_quantile(0.9, sizes, Law.constant(3), UnitGrowth(), workers=5, slots=2)
    assert (value.lo, value.hi) == (0, 0)
    alone = fcfs_imbalance_quantile(0.9, *LLM, workers=1, slots=2)
    assert (alone.lo, alone.hi) == (0, 0)


def test_sizes_off_any_lattice() -> None:
    # |difference| of two draws from 0, 1/3: 1/3 with probability 1/2
    law = Law([0, 1 / 3], [0.5, 0.5])
    value = fcfs_imbalance_quantile(0.7, law, Law.constant(1), NoGrowth(), workers=2, slots=1)
    assert value.lo <= 1 / 3 <= value.hi
    assert value.relative_width < 0.02
