"""`SpeculativeDecoding`: tokens per step, loads, and how many steps a number of tokens takes."""

from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import stream
from drift_processes import JointLaw, Law, SpeculativeDecoding, Workload
from tests.drift_processes.chain_enumeration import assert_same_law, walk_snapshot
from tests.law_strategies import as_joint_law, as_law, length_tables, pair_tables, size_tables

ACCEPTANCES = st.integers(0, 8).map(lambda n: Fraction(n, 8))


def tokens_table(draft: int, acceptance: Fraction) -> dict[Fraction, Fraction]:
    """The number of accepted tokens and one more, by following the drafted tokens one by one."""
    table: dict[Fraction, Fraction] = {}
    reached = Fraction(1)
    for token in range(1, draft + 1):
        table[Fraction(token)] = reached * (1 - acceptance)
        reached *= acceptance
    table[Fraction(draft + 1)] = reached
    return {token: p for token, p in table.items() if p}


def steps_by_enumeration(tokens: dict[int, Fraction], step: dict[Fraction, Fraction]) -> dict:
    law: dict[Fraction, Fraction] = defaultdict(Fraction)
    for wanted, share in tokens.items():
        short = {0: share}
        steps = 0
        while short:
            steps += 1
            following: dict[int, Fraction] = defaultdict(Fraction)
            for reached, p in short.items():
                for token, q in step.items():
                    if reached + token < wanted:
                        following[reached + int(token)] += p * q
                    else:
                        law[Fraction(steps)] += p * q
            short = following
    return law


@given(st.integers(1, 6), ACCEPTANCES)
def test_tokens_per_step_are_the_truncated_geometric_law(draft, acceptance) -> None:
    drift = SpeculativeDecoding(draft, float(acceptance))
    table = tokens_table(draft, acceptance)
    assert_same_law(drift.tokens_per_step, table, 1e-15)
    mean = sum(token * p for token, p in table.items())
    assert drift.mean_increment == pytest.approx(float(mean), rel=1e-14)
    assert drift.increment_range == (min(table), max(table))


def test_the_mean_is_that_of_the_paper() -> None:
    # Leviathan et al., equation 1
    assert SpeculativeDecoding(4, 0.7).mean_increment == pytest.approx((1 - 0.7**5) / 0.3, rel=1e-14)


@pytest.mark.parametrize(("draft", "acceptance"), [(1, 0.5), (4, 0.7), (3, 0.05), (1000, 0.9)])
def test_drawn_tokens_occur_as_often_as_they_should(draft: int, acceptance: float) -> None:
    drift = SpeculativeDecoding(draft, acceptance)
    number = 200_000
    drawn = drift.increments(age=np.zeros(number, dtype=np.int64), rng=stream(3, "drift"))
    assert drawn.shape == (number,)
    assert drawn.dtype == np.float64
    for token, p in zip(drift.tokens_per_step.values, drift.tokens_per_step.probabilities, strict=True):
        assert abs((drawn == token).mean() - p) <= 5 * np.sqrt(p * (1 - p) / number) + 1 / number


def test_certain_acceptance_and_rejection_leave_no_choice() -> None:
    ages = np.zeros(50, dtype=np.int64)
    always, never = SpeculativeDecoding(3, 1.0), SpeculativeDecoding(3, 0.0)
    assert set(always.increments(age=ages, rng=stream(0, "drift"))) == {4.0}
    assert set(never.increments(age=ages, rng=stream(0, "drift"))) == {1.0}
    assert (always.increment_range, never.increment_range) == ((4, 4), (1, 1))


@given(pair_tables(), st.integers(1, 3), ACCEPTANCES)
def test_snapshot_is_the_enumeration(pairs, draft, acceptance) -> None:
    law = SpeculativeDecoding(draft, float(acceptance)).snapshot(as_joint_law(pairs))
    assert_same_law(law, walk_snapshot(pairs, tokens_table(draft, acceptance)))


@given(size_tables(), length_tables())
def test_snapshot_of_independent_pairs_is_the_enumeration(sizes, lengths) -> None:
    pairs = {(s, o): p * q for s, p in sizes.items() for o, q in lengths.items()}
    law = SpeculativeDecoding(2, 0.25).snapshot(JointLaw.independent(as_law(sizes), as_law(lengths)))
    assert_same_law(law, walk_snapshot(pairs, tokens_table(2, Fraction(1, 4))))


@given(length_tables(most=15), st.integers(1, 4), ACCEPTANCES)
def test_the_law_of_the_steps_is_the_enumeration(tokens, draft, acceptance) -> None:
    law = SpeculativeDecoding(draft, float(acceptance)).steps_law(as_law(tokens))
    assert_same_law(law, steps_by_enumeration(tokens, tokens_table(draft, acceptance)), 1e-13)


def test_three_tokens_by_hand() -> None:
    # 1 or 2 tokens with equal chance: two steps unless both bring one
    law = SpeculativeDecoding(1, 0.5).steps_law(Law.constant(3))
    assert law.values.tolist() == [2, 3]
    np.testing.assert_allclose(law.probabilities, [0.75, 0.25], rtol=1e-15)


def test_many_tokens_take_as_many_steps_as_renewal_theory_says() -> None:
    # Wald: μ·E N = E S_N, and S_N passes tokens - 1 by E J(J+1) / (2μ) far from the start
    drift = SpeculativeDecoding(4, 0.7)
    mean = drift.mean_increment
    second = float(drift.tokens_per_step.values**2 @ drift.tokens_per_step.probabilities)
    excess = (second + mean) / (2 * mean)
    assert drift.steps_law(Law.constant(5000)).mean == pytest.approx((4999 + excess) / mean, rel=1e-12)


@pytest.mark.parametrize("requests", [7, 20_000, 300_000])
def test_drawn_lengths_follow_their_law(requests: int) -> None:
    drift = SpeculativeDecoding(3, 0.6)
    tokens = np.tile([1, 5, 30], requests)[:requests]
    steps = drift.lengths_in_steps(tokens, stream(1, "lengths"))
    assert (steps >= np.ceil(tokens / 4)).all()
    assert (steps <= tokens).all()
    for wanted in (1, 5, 30):
        law, mine = drift.steps_law(Law.constant(wanted)), steps[tokens == wanted]
        assert abs(mine.mean() - law.mean) <= 5 * np.sqrt(law.variance / len(mine))
        for value, p in zip(law.values, law.probabilities, strict=True):
            assert abs((mine == value).mean() - p) <= 5 * np.sqrt(p * (1 - p) / len(mine)) + 1 / len(mine)


def test_one_long_request_is_drawn_too() -> None:
    drift = SpeculativeDecoding(3, 0.6)
    law = drift.steps_law(Law.constant(100_000))
    (steps,) = drift.lengths_in_steps(np.array([100_000]), stream(2, "lengths"))
    assert abs(steps - law.mean) <= 5 * np.sqrt(law.variance)
    assert drift.lengths_in_steps(np.zeros(0, dtype=np.int64), stream(2, "lengths")).tolist() == []


def test_a_trace_of_output_tokens_becomes_one_of_steps(tmp_path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"timestamp": 0, "input_length": 9, "output_length": 40}\n' * 3)
    work = Workload.from_trace(path, drift=SpeculativeDecoding(3, 1.0))
    assert work.lengths.tolist() == [10, 10, 10]


def test_what_it_declares() -> None:
    drift = SpeculativeDecoding(draft=4, acceptance=0.7)
    assert (drift.is_common, drift.growth_class) == (False, "per-request random")
    assert repr(drift) == "SpeculativeDecoding(draft=4, acceptance=0.7)"
