"""The search for the worst law of a class, against means that are worked out by hand."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from bounds.checker.law_class import FAMILIES, LawClass
from bounds.checker.law_search import measured
from bounds.checker.setting import Setting
from bounds.checker.worst_case import WorstCase, worst_case
from bounds.confidence import replication_seeds
from drift_processes import Law, NoGrowth

LEVEL = 1e-4


def parity(workers: int, slots: int, q: float) -> tuple[float, float]:
    """Return E I under FCFS and under BF-IO, sizes 0 or 1, rounds, nothing in sight beyond the free slots.

    FCFS deals binomial numbers of ones. BF-IO deals the N ones as evenly as can be: the fullest has ⌈N/G⌉.
    """
    counts = np.arange(workers * slots + 1)
    ones = scipy.stats.binom.pmf(counts, workers * slots, q)
    bfio = float(ones @ (workers * -(-counts // workers) - counts))
    largest = (1 - scipy.stats.binom.cdf(np.arange(slots), slots, q) ** workers).sum()
    return workers * (float(largest) - slots * q), bfio


def one_left(sizes: tuple[float, float, float], q: tuple[float, float, float]) -> float:
    """Return E I under BF-IO with G = 2, B = 1, three sizes, rounds, and one request in sight beyond two.

    The one left waiting makes a Markov chain. Among three requests two are equal, and idle nothing, unless
    all sizes are there: then the two nearest go, and the third stays.
    """
    low, middle, high = sizes
    assert middle - low < high - middle  # so that the nearest are the two smaller
    moves, meets = np.zeros((3, 3)), np.zeros(3)
    for left in range(3):
        others = [v for v in range(3) if v != left]
        moves[left, left] = sum(p**2 for p in q)
        for other in others:
            moves[left, other] += 2 * q[left] * q[other]
        meets[left] = 2 * q[others[0]] * q[others[1]]
        moves[left, 2] += meets[left]
    system = np.vstack([moves.T - np.eye(3), np.ones(3)])
    stationary = np.linalg.lstsq(system, np.array([0, 0, 0, 1.0]), rcond=None)[0]
    return float(stationary @ meets) * (middle - low)


def rounds(sizes: Law, *, workers: int, slots: int, window: int | None) -> Setting:
    return Setting(
        sizes=sizes, lengths=Law.constant(1), drift=NoGrowth(),
        workers=workers, slots=slots, window=window, steps=3000,
    )  # fmt: skip


def seeds(number: int = 12) -> list[int]:
    return list(islice(replication_seeds(5), number))


@pytest.fixture(scope="module")
def no_choice() -> WorstCase:
    return worst_case(LawClass(slots=1, window=0), evaluations=24, level=LEVEL)


@pytest.fixture(scope="module")
def tightest() -> WorstCase:
    return worst_case(LawClass(window=0), goal="tightness", evaluations=96, level=LEVEL, seed=3)


class TestHandWorked:
    @pytest.mark.parametrize(("workers", "slots", "q"), [(2, 1, 0.5), (3, 2, 0.3), (4, 4, 0.1)])
    def test_two_sizes_and_no_pool(self, workers: int, slots: int, q: float) -> None:
        setting = rounds(Law([0, 1], [1 - q, q]), workers=workers, slots=slots, window=0)
        interval, _ = measured(setting, seeds(), LEVEL)
        assert parity(workers, slots, q)[1] in interval
        assert interval.half_width < 0.1 * interval.estimate

    def test_three_sizes_and_one_request_to_spare(self) -> None:
        sizes, q = (0.0, 3.0, 10.0), (0.2, 0.5, 0.3)
        interval, _ = measured(rounds(Law(sizes, q), workers=2, slots=1, window=1), seeds(), LEVEL)
        assert one_left(sizes, q) in interval
        assert interval.half_width < 0.1 * interval.estimate

    def test_the_chain_of_equal_chances(self) -> None:
        """By hand: whichever is left, the two draws are the other two sizes with probability 2/9."""
        assert one_left((0, 1, 3), (1 / 3, 1 / 3, 1 / 3)) == pytest.approx(2 / 9)

    @pytest.mark.parametrize("slots", [1, 3])
    def test_two_sizes_and_one_request_less_than_workers_to_spare_idle_nothing(self, slots: int) -> None:
        """Any of w + 1 numbers in a row of large ones can be admitted, and G divides one of them."""
        law = Law([2, 9], [0.7, 0.3])
        assert measured(rounds(law, workers=3, slots=slots, window=2), seeds(3), LEVEL)[0].estimate == 0
        assert measured(rounds(law, workers=3, slots=slots, window=1), seeds(3), LEVEL)[0].estimate > 0


class TestSearch:
    def test_without_a_choice_nothing_improves(self, no_choice: WorstCase) -> None:
        low, high = no_choice.iir_range
        assert low <= 1 <= high
        assert high - low < 0.3
        assert no_choice.verdict.word == "holds"

    def test_finds_the_law_where_the_bound_is_closest(self, tightest: WorstCase) -> None:
        """P(N odd) = (1 - (1 - 2q)^4)/2 of the rounds idle Δ, at most a half."""
        law = tightest.setting.joint.size_law
        fcfs, bfio = parity(2, 2, float(law.probabilities[0]))
        assert 0.47 < bfio <= 0.5
        assert bfio * law.span in tightest.bfio
        assert fcfs * law.span == pytest.approx(tightest.fcfs.mid)
        assert tightest.tightness == pytest.approx(1 / bfio, rel=0.05)

    def test_finds_the_least_improvement(self) -> None:
        """IIR falls to 1 as one size gets rare; at the least share it is 1.052."""
        found = worst_case(LawClass(window=0), evaluations=60, level=LEVEL)
        law = found.setting.joint.size_law
        fcfs, bfio = parity(2, 2, float(law.probabilities[0]))
        low, high = found.iir_range
        assert low <= fcfs / bfio <= high
        assert fcfs / bfio < 1.15

    def test_the_trace_only_improves(self, tightest: WorstCase) -> None:
        values = [step.value for step in tightest.trace]
        assert values == sorted(values)
        assert [step.evaluation for step in tightest.trace] == sorted({s.evaluation for s in tightest.trace})
        assert tightest.trace[-1].evaluation <= tightest.evaluations

    def test_the_same_seed_finds_the_same(self, no_choice: WorstCase) -> None:
        again = worst_case(LawClass(slots=1, window=0), evaluations=24, level=LEVEL)
        assert (again.trace, again.bfio) == (no_choice.trace, no_choice.bfio)
        other = worst_case(LawClass(slots=1, window=0), evaluations=1, level=LEVEL, seed=1)
        assert other.trace[0] != no_choice.trace[0]

    def test_no_imbalance_at_all_is_said(self) -> None:
        found = worst_case(LawClass(), evaluations=12)
        assert found.iir == math.inf
        assert found.iir_range == (math.inf, math.inf)
        assert found.verdict.word == "inconclusive"
        assert found.verdict.reason == "all runs gave the same mean, 0"

    def test_geometric_lengths_have_no_bound(self) -> None:
        found = worst_case(LawClass(lengths="geometric", drift="none"), evaluations=1)
        assert found.verdict.word == "not applicable"
        assert found.tightness is None
        assert 0.3 < found.iir < math.inf

    def test_a_false_bound_is_refuted(self, no_choice: WorstCase) -> None:
        assert no_choice.bound is not None
        false = replace(no_choice, bound=no_choice.bound * (1.5 / no_choice.bound.lo))
        assert false.verdict.word == "refuted"

    def test_a_class_without_a_law_is_refused(self) -> None:
        message = (
            "class two-point:20:1,rounds,unit has no law with FCFS imbalance >= 50·(G-1)·Δ among the "
            "24 tried: lower floor, or try more"
        )
        with pytest.raises(ValueError, match=re.escape(message)):
            worst_case(LawClass(floor=50), evaluations=24)


class TestClass:
    @given(
        points=st.sampled_from([2, 3]),
        lengths=st.sampled_from(["rounds", "geometric"]),
        drift=st.sampled_from(sorted(FAMILIES)),
        data=st.data(),
    )
    def test_every_place_is_in_the_class(
        self, points: int, lengths: str, drift: str, data: st.DataObject
    ) -> None:
        law_class = LawClass(points=points, largest=9, span=3, lengths=lengths, drift=drift, share=0.1)
        place = [data.draw(st.floats(c.low, c.high)) for c in law_class.coordinates]
        setting = law_class.setting(place)
        sizes = {round(value) for value in place[:points]}
        if setting is None:
            assert len(sizes) < points or max(sizes) - min(sizes) < 3
            return
        law = setting.joint.size_law
        assert set(law.values) == sizes
        assert law.probabilities.min() >= 0.1 - 1e-12

    @pytest.mark.parametrize(
        ("given_", "message"),
        [
            ({"points": 4}, "points must be <= 3, got 4"),
            ({"share": 0.6}, "share must be <= 0.5, got 0.6"),
            ({"span": 21}, "span must be <= 20, got 21"),
        ],
    )
    def test_refuses(self, given_: dict[str, float], message: str) -> None:
        with pytest.raises(ValueError, match=re.escape(message)):
            LawClass(**given_)  # type: ignore[arg-type]
