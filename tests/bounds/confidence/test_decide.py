"""`decide`: when it stops, what it says and on which ground, and that a seed gives the same again."""

import itertools
import math

import numpy as np
import pytest

from bounds import Enclosure
from bounds.confidence.asymptotic import AsymptoticSequence
from bounds.confidence.bernstein import BernsteinSequence
from bounds.confidence.betting import BettingSequence
from bounds.confidence.decide import DEFAULT_BUDGET, around, decide, replication_seeds
from bounds.confidence.ratios import Part, RatioSequence

ANY = math.inf


def uniform(seed: int) -> float:
    return float(np.random.default_rng(seed).random())


@pytest.mark.parametrize(
    ("allowed", "word"),
    [
        ((-ANY, 0.6), "holds"),
        ((-ANY, 0.4), "refuted"),
        ((0.4, ANY), "holds"),
        ((0.6, ANY), "refuted"),
        ((0.4, 0.6), "holds"),
        ((0.1, 0.3), "refuted"),
        ((-ANY, 0.5), "inconclusive"),
        ((0.5, 0.5), "inconclusive"),
        ((-ANY, ANY), "holds"),
    ],
)
@pytest.mark.parametrize("kind", [BettingSequence, BernsteinSequence])
def test_the_mean_of_a_uniform_number_is_a_half(allowed, word, kind) -> None:
    verdict = decide(uniform, allowed, kind(0, 1), budget=1500, seed=1, claim="half")
    assert (verdict.claim, verdict.word) == ("half", word)
    assert verdict.bound == allowed
    assert verdict.measured[0] < 0.5 < verdict.measured[1]
    assert (verdict.observations == 1500) == (word == "inconclusive")


def test_it_stops_with_the_first_observation_that_decides() -> None:
    budget_left = decide(uniform, (0.4, 0.6), BettingSequence(0, 1), seed=5)
    n = budget_left.observations
    assert 50 < n < DEFAULT_BUDGET
    exactly = decide(uniform, (0.4, 0.6), BettingSequence(0, 1), seed=5, budget=n)
    assert exactly == budget_left
    one_less = decide(uniform, (0.4, 0.6), BettingSequence(0, 1), seed=5, budget=n - 1)
    assert (one_less.word, one_less.observations) == ("inconclusive", n - 1)


def test_the_farther_the_mean_the_sooner_it_stops() -> None:
    numbers = [
        decide(uniform, (-ANY, bound), BettingSequence(0, 1), seed=2).observations
        for bound in (0.1, 0.3, 0.45)
    ]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[2] / 5


def test_seeds_are_a_prefix_that_no_two_roots_share() -> None:
    first = list(itertools.islice(replication_seeds(7), 5000))
    assert first[:10] == list(itertools.islice(replication_seeds(7), 10))
    assert len(set(first)) == 5000
    assert not set(first) & set(itertools.islice(replication_seeds(8), 5000))
    assert all(0 <= seed < 2**63 for seed in first)


def test_the_seed_of_each_replication_reaches_the_draw() -> None:
    seen: list[int] = []

    def draw(seed: int) -> float:
        seen.append(seed)
        return 0.5

    verdict = decide(draw, (0.5, 0.5), BettingSequence(0, 1), budget=3, seed=11)
    assert seen == list(itertools.islice(replication_seeds(11), 3))
    assert verdict.seed == 11


def test_pairs_are_decided_by_their_ratio() -> None:
    def draw(seed: int) -> tuple[float, float]:
        y = uniform(seed)
        return 3 * y, y

    verdict = decide(draw, (2.5, ANY), RatioSequence(Part(3), Part(1)), seed=0)
    assert verdict.word == "holds"
    assert "independent pairs" in verdict.guarantee
    assert decide(draw, (3.5, ANY), RatioSequence(Part(3), Part(1)), seed=0).word == "refuted"


def test_a_claim_whose_range_is_certain_beforehand_takes_one_observation() -> None:
    verdict = decide(lambda seed: 0.0, (-ANY, 5.0), BettingSequence(0, 0), seed=0)
    assert (verdict.word, verdict.observations) == ("holds", 1)


def test_observations_that_contradict_each_other_end_it() -> None:
    values = [0.0] * 300 + [1.0] * 3000
    zeros = BettingSequence(0, 1)
    for value in values[:300]:
        zeros.add(value)
    # a bound so close below what the zeros leave possible that only a contradiction can follow
    bound = zeros.hi * (1 - 1e-9)
    rest = iter(values)
    verdict = decide(lambda seed: next(rest), (-ANY, bound), BettingSequence(0, 1), budget=3300)
    assert verdict.word == "inconclusive"
    assert verdict.reason == "observations contradict each other: not independent, or not of one law"
    assert 300 < verdict.observations < 400


def test_the_guarantee_says_when_it_is_asymptotic_and_when_not() -> None:
    def draw(seed: int) -> float:
        return float(np.random.default_rng(seed).exponential())

    refuted = decide(draw, (-ANY, 0.5), AsymptoticSequence(0), seed=3)
    assert refuted.word == "refuted"
    # only the lower end took part, and that one is exact
    assert refuted.guarantee.startswith("wrong with probability at most 0.01 whenever one stops: ")
    for allowed, word in (((-ANY, 1.5), "holds"), ((0.5, 1.5), "holds"), ((2.0, ANY), "refuted")):
        verdict = decide(draw, allowed, AsymptoticSequence(0), seed=3)
        assert verdict.word == word
        assert verdict.guarantee.startswith("asymptotic, wrong with probability about 0.01: ")
    assert decide(draw, (0.5, ANY), AsymptoticSequence(0), seed=3).guarantee.startswith("wrong with")
    assert decide(draw, (0.5, ANY), AsymptoticSequence(), seed=3).guarantee.startswith("asymptotic")
    open_end = decide(draw, (-ANY, 1.0), AsymptoticSequence(0), seed=3, budget=100)
    assert open_end.guarantee.startswith("nothing decided at error level 0.01: ")


def test_around_widens_an_enclosure_on_both_sides_whatever_its_sign() -> None:
    assert around(Enclosure(10, 20), rtol=0.1) == (9, 22)
    assert around(-10.0, rtol=0.1) == (-11, -9)
    assert around(5.0, rtol=0) == (5, 5)


def test_an_equality_holds_within_its_tolerance_and_is_refuted_beyond_it() -> None:
    for value, word in ((0.5, "holds"), (0.52, "holds"), (0.62, "refuted")):
        allowed = around(value, rtol=0.1)
        assert decide(uniform, allowed, BettingSequence(0, 1), seed=4, budget=6000).word == word
