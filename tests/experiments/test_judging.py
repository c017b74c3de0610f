"""Verdicts: which words a measurement earns, by hand."""

import math

import numpy as np
import pytest

from bounds.finding import Finding
from bounds.intervals import Interval
from experiments.judging import estimated, judge, known

# 20 means with a standard error of 1: t(19) is 2.861 at 99 % and 7.1 at 1 - 1e-6
ROUGHLY_TEN = estimated(Interval(10.0, 2.8609, 0.99, 20, 1))


@pytest.mark.parametrize(
    ("bound", "verdict"),
    [
        ((9.0, 9.0), "consistent"),
        ((12.8, 12.8), "consistent"),
        ((12.9, 12.9), "inconclusive"),
        ((16.9, 16.9), "inconclusive"),
        ((18.0, 18.0), "violated"),
        ((12.0, math.inf), "consistent"),
        ((15.0, math.inf), "inconclusive"),
        ((20.0, math.inf), "violated"),
        ((-math.inf, 2.0), "violated"),
    ],
)
def test_a_mean_is_violated_only_far_outside(bound: tuple[float, float], verdict: str) -> None:
    row = judge("F0", "replicas", "fcfs", bound, ROUGHLY_TEN, failed=[])
    assert row.verdict == verdict
    assert row.applies
    assert bool(row.reason) == (verdict != "consistent")


def test_what_is_known_exactly_has_no_middle() -> None:
    assert judge("B1", "rounds", "bfio", (0.0, 10.0), known(10.0), failed=[]).verdict == "consistent"
    assert judge("B1", "rounds", "bfio", (0.0, 10.0), known(10.001), failed=[]).verdict == "violated"


def test_a_failed_assumption_goes_before_every_measurement() -> None:
    row = judge("B1", "serving", "bfio", (0.0, 1.0), known(5.0), failed=[Finding("x", False, "because")])
    assert (row.verdict, row.reason, row.applies) == ("not applicable", "because", False)


def test_the_ratio_of_an_estimate_to_a_known_number_scales_its_ends() -> None:
    ratio = ROUGHLY_TEN.over(known(2.0))
    assert np.allclose(ratio, np.array(ROUGHLY_TEN) / 2)
