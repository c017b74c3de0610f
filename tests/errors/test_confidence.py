"""Bad input to the statistics of the checker: the exact line a user reads."""

import math

import pytest

from bounds.confidence.asymptotic import AsymptoticSequence
from bounds.confidence.bernstein import BernsteinSequence
from bounds.confidence.betting import BettingSequence
from bounds.confidence.ceiling import imbalance_ceiling
from bounds.confidence.decide import around, decide, replication_seeds
from bounds.confidence.fieller import AsymptoticRatioSequence, fieller
from bounds.confidence.ratios import Part, RatioSequence
from bounds.verdict import Verdict
from drift_processes import Law


def judged(draw=lambda seed: 0.5, allowed=(0, 1), sequence=None, **options):
    return decide(draw, allowed, sequence or BettingSequence(0, 1), **options)


def used() -> BettingSequence:
    sequence = BettingSequence(0, 1)
    sequence.add(0.5)
    return sequence


def verdict(**changes):
    return Verdict(**{"claim": "B1", "word": "holds", "reason": "so", **changes})


def stored(**changes):
    return Verdict.from_dict({**verdict().to_dict(), **changes})


BAD = [
    (lambda: BettingSequence(0, 1, level=0), "level must be > 0, got 0"),
    (lambda: BettingSequence(0, 1, level=1), "level must be < 1, got 1"),
    (lambda: BettingSequence(), "floor or ceiling must be finite: nothing holds without either"),
    (lambda: BettingSequence(2, 1), "ceiling must be >= floor = 2, got 1"),
    (lambda: BettingSequence(math.nan), "floor must be finite, got nan"),
    (lambda: BettingSequence(0, "1"), "ceiling must be a number, got '1' (str)"),
    (lambda: BettingSequence(0, 1, excess=-1), "excess must be >= 0, got -1"),
    (lambda: BettingSequence(0, excess=1), "excess must be 0 where ceiling is infinite"),
    (lambda: used().add(1.5), "observation 1 must lie in the declared range [0, 1], got 1.5"),
    (lambda: used().add(-0.5), "observation 1 must lie in the declared range [0, 1], got -0.5"),
    (lambda: used().add(math.nan), "observation 1 must be finite, got nan"),
    (lambda: used().add("1"), "observation 1 must be a number, got '1' (str)"),
    (
        lambda: BettingSequence(0, 1, excess=0.1).add(-3),
        "observation 0 must lie in the declared range [0, inf], got -3.0",
    ),
    (lambda: BernsteinSequence(1, 1), "ceiling must be > 1, got 1"),
    (
        lambda: BernsteinSequence(0, 1).add(2),
        "observation 0 must lie in the declared range [0, 1], got 2.0",
    ),
    (lambda: AsymptoticSequence(first_look=7), "first_look must be >= 8, got 7"),
    (lambda: AsymptoticSequence(tuned_for=0), "tuned_for must be >= 1, got 0"),
    (
        lambda: AsymptoticSequence(0).add(-1),
        "observation 0 must lie in the declared range [0, inf], got -1.0",
    ),
    (lambda: AsymptoticRatioSequence(first_look=1.5), "first_look must be a whole number, got 1.5 (float)"),
    (lambda: AsymptoticRatioSequence().add(1.0, math.inf), "denominator 0 must be finite, got inf"),
    (lambda: Part(0), "ceiling must be > 0, got 0"),
    (lambda: Part(excess=1), "excess must be 0 where ceiling is infinite"),
    (
        lambda: RatioSequence(),
        "numerator or denominator must have a ceiling: nothing holds without either",
    ),
    (
        lambda: RatioSequence(Part(1), Part(1)).add(0.5, 2),
        "denominator 0 must lie in the declared range [0, 1], got 2.0",
    ),
    (
        lambda: RatioSequence(Part(1), Part(1)).add(-1, 1),
        "numerator 0 must lie in the declared range [0, 1], got -1.0",
    ),
    (lambda: fieller([1], [1, 2], paired=False), "numerator must have at least 2 entries, got 1"),
    (
        lambda: fieller([1, 2, 3], [1, 2], paired=True),
        "denominator must have 3 entries, one to each numerator, got 2",
    ),
    (lambda: fieller([1, 2], [1, math.nan], paired=True), "denominator[1] must be finite, got nan"),
    (lambda: imbalance_ceiling(3, workers=2, excess=1), "load must be a Law, got 3 (int)"),
    (lambda: imbalance_ceiling(Law.constant(1), workers=0, excess=1), "workers must be >= 1, got 0"),
    (lambda: imbalance_ceiling(Law.constant(1), workers=2, excess=0), "excess must be > 0, got 0"),
    (
        lambda: imbalance_ceiling(Law.constant(1), workers=2, excess=1, least=2),
        "least must be <= 1, got 2",
    ),
    (lambda: judged(allowed=1), "allowed must be a pair (lo, hi), got 1 (int)"),
    (lambda: judged(allowed=(1, 0)), "allowed must have lo <= hi, got [1, 0]"),
    (lambda: judged(allowed=(math.inf, math.inf)), "allowed must have lo <= hi, got [inf, inf]"),
    (lambda: judged(allowed=(0, math.nan)), "allowed[1] must be finite, got nan"),
    (lambda: judged(sequence="betting"), "sequence must be a ConfidenceSequence, got 'betting' (str)"),
    (lambda: judged(sequence=used()), "sequence must be fresh, got one with 1 observations"),
    (lambda: judged(budget=0), "budget must be >= 1, got 0"),
    (lambda: judged(seed=-1), "seed must be >= 0, got -1"),
    (
        lambda: judged(draw=lambda seed: 7),
        "observation 0 must lie in the declared range [0, 1], got 7.0",
    ),
    (lambda: judged(draw=lambda seed: None), "observation 0 must be a number, got None (NoneType)"),
    (lambda: judged(draw=lambda seed: (1, 2)), "observation 0 must be one number, got a pair"),
    (
        lambda: judged(sequence=RatioSequence(Part(1))),
        "pair 0 must be a tuple (numerator, denominator), got one number",
    ),
    (lambda: next(replication_seeds("x")), "seed must be a whole number, got 'x' (str)"),
    (lambda: around(1.0, rtol=-1), "rtol must be >= 0, got -1"),
    (
        lambda: verdict(word="maybe"),
        "word must be one of 'holds', 'refuted', 'inconclusive', 'not applicable'; got 'maybe'",
    ),
    (lambda: verdict(claim=1), "claim must be a string, got 1 (int)"),
    (lambda: verdict(level=2), "level must be < 1, got 2"),
    (lambda: verdict(measured=(2, 1)), "measured must have lo <= hi, got [2, 1]"),
    (lambda: verdict(bound=5), "bound must be a pair (lo, hi), got 5 (int)"),
    (lambda: verdict(bound=(0, "1")), "bound[1] must be a number, got '1' (str)"),
    (lambda: verdict(observations=-1), "observations must be >= 0, got -1"),
    (lambda: verdict(seed=1.5), "seed must be a whole number, got 1.5 (float)"),
    (lambda: verdict(instance=[1]), "instance must be a mapping, got [1] (list)"),
    (
        lambda: verdict(instance={"sizes": (1, 2)}),
        "instance must be of JSON types: names are strings, rows are lists, numbers finite",
    ),
    (
        lambda: verdict(instance={"size": math.nan}),
        "instance must be of JSON types: names are strings, rows are lists, numbers finite",
    ),
    (lambda: Verdict.from_dict(3), "known must be a mapping, got 3 (int)"),
    (
        lambda: stored(colour="red"),
        "a verdict has no field 'colour'; it has claim, word, reason, level, guarantee, measured, bound, "
        "observations, seed, instance",
    ),
    (lambda: Verdict.from_dict({"claim": "B1"}), "a verdict needs the field 'word'"),
    (lambda: stored(bound=[1]), "bound must be a pair (lo, hi), got [1] (list)"),
    (lambda: stored(measured="ab"), "measured must be a pair (lo, hi), got 'ab' (str)"),
]


@pytest.mark.parametrize(("call", "message"), BAD, ids=[message[:60] for _, message in BAD])
def test_bad_input_gives_one_line_that_says_what_is_wrong(call, message) -> None:
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    assert str(caught.value) == message
