"""Bad input to the claims and to the condition of B2: the exact line a user reads."""

from dataclasses import replace

import pytest

from bounds import CLAIMS, Enclosure, LargeBatch, fcfs_growth, mean_excess, required_batch
from drift_processes import Law

REGIME = {"workers": 4, "p": 0.5, "a": 25, "b": 75, "eta": 0.01, "steps": 200}
MEAN = {"workers": 4, "slots": 1000, "p": 0.5, "a": 25, "b": 75, "size_range": 99, "s_max": 100}
DICE = Law.uniform(1, 6)


def regime(**changes):
    return LargeBatch(**{**REGIME, **changes})


def mean(**changes):
    return mean_excess(**{**MEAN, **changes})


BAD = [
    (lambda: regime(workers=1), "G must be >= 2, got 1"),
    (lambda: required_batch(2.5, 0.5, 1, 2, 0.1, 3), "G must be a whole number, got 2.5 (float)"),
    (lambda: regime(p=0), "p must be >= 1e-12, got 0"),
    (lambda: regime(p=1.5), "p must be <= 1, got 1.5"),
    (lambda: regime(a=-1), "a must be >= 0, got -1"),
    (lambda: regime(b=25), "b must be > 25, got 25"),
    (lambda: regime(eta=1), "eta must be < 1, got 1"),
    (lambda: regime(steps=0), "K must be >= 1, got 0"),
    (lambda: regime(s_min=26), "s_min must be <= 25, got 26"),
    (lambda: regime(s_max=70), "s_max must be >= 75, got 70"),
    (lambda: regime(growth=-1), "growth must be >= 0, got -1"),
    (lambda: regime(growth_gap=2), "growth_gap must be <= 1, got 2"),
    (lambda: regime().holds(0), "slots must be >= 1, got 0"),
    (lambda: mean(workers=1), "workers must be >= 2, got 1"),
    (lambda: mean(s_max=70), "s_max must be >= 75, got 70"),
    (lambda: mean(size_range=40), "size_range must be >= 50, got 40"),
    (lambda: mean(slots=3), "slots must be large enough for a margin tau > 0 (see claim B2), got 3"),
    (lambda: fcfs_growth(3, workers=[2], slots=[1]), "load must be a Law, got 3 (int)"),
    (
        lambda: fcfs_growth(Law.constant(2), workers=[2], slots=[1]),
        "load must not be constant, got 2 only: no imbalance",
    ),
    (lambda: fcfs_growth(DICE, workers=[4, 1], slots=[1]), "workers[1] must be >= 2, got 1"),
    (lambda: fcfs_growth(DICE, workers=[4], slots=[0]), "slots[0] must be >= 1, got 0"),
    (lambda: CLAIMS["B1"].enclosure(G=2), "claim B1 needs Delta (largest minus smallest size, load)"),
    (
        lambda: CLAIMS["B1"].enclosure(G=2, Delta=Enclosure(-1, 1)),
        "claim B1 needs Delta >= 0, got Delta = [-1, 1]",
    ),
    (
        lambda: CLAIMS["B1"].enclosure_lower(G=2, Delta=1),
        'claim B1 has one side only: its direction is "upper"',
    ),
    (
        lambda: CLAIMS["B1"].evaluate(G=2, Delta=Enclosure(1, 2)),
        "Delta must be a number, got Enclosure(lo=1.0, hi=2.0) (Enclosure)",
    ),
    (
        lambda: replace(CLAIMS["B1"], neighbour=None).false_neighbour(),
        "claim B1 has no false neighbour",
    ),
    (
        lambda: replace(CLAIMS["B2"], symbols={"G": "workers", "Delta": "range"}),
        "symbols must name exactly those of the expression, got a difference in B, K, a, b, eta, p, w_max",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("call", "message"), BAD, ids=[message[:60] for _, message in BAD])
def test_bad_input_gives_one_line_that_says_what_is_wrong(call, message) -> None:
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    assert str(caught.value) == message
