"""Settings at the edge of what a claim says: nothing varies, nothing is there, or nothing is common."""

import math
from dataclasses import replace

import numpy as np
import pytest

from bounds.checker import Setting, check, check_control
from bounds.renewal import Unsettled
from bounds.verdict import Verdict
from drift_processes import (
    Adversarial,
    CommonGrowth,
    DriftProcess,
    JointLaw,
    Law,
    NoGrowth,
    RandomIncrements,
    SlidingWindow,
)
from simulation import Run
from tests.bounds.checker.small import ROUNDS

FEW = 70
SMALL = Setting(Law.uniform(1, 9), Law.geometric(0.5), NoGrowth(), workers=3, slots=4, steps=300)
PAIRS = JointLaw([1, 5, 9], [1, 3, 4], [0.2, 0.5, 0.3])


def words(setting: Setting, **options: float) -> dict[str, str]:
    return {name: check(name, setting, budget=FEW, **options).word for name in ("F0", "F1", "B1-ratio")}


@pytest.mark.parametrize("size", [0, 5])
def test_where_nothing_varies_there_is_no_imbalance_and_no_bound(size: int) -> None:
    setting = replace(SMALL, sizes=Law.constant(size), lengths=Law.geometric(0.5))
    assert words(setting) == {"F0": "holds", "F1": "not applicable", "B1-ratio": "not applicable"}
    verdict = check("F0", setting)
    assert (verdict.measured, verdict.bound, verdict.level) == ((0, 0), (0, 0), None)
    assert check("B1-ratio", setting).reason == f"all sizes are {size}: there is no imbalance"


@pytest.mark.parametrize("claim", ["F0", "F1"])
def test_where_the_exact_value_is_zero_a_tenth_more_is_no_false_neighbour(claim: str) -> None:
    verdict = check_control(claim, replace(SMALL, sizes=Law.constant(5)), budget=FEW)
    assert verdict.word == "not applicable"
    assert "0" in verdict.reason


def test_zero_of_a_system_that_has_some_is_refuted_by_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Setting.run

    def other_sizes(self: Setting, policy: str, steps: int, seed: int) -> Run:
        return right(replace(self, sizes=Law([0, 1], [0.99, 0.01])), policy, steps, seed)

    monkeypatch.setattr(Setting, "run", other_sizes)
    verdict = check("F0", replace(SMALL, sizes=Law.constant(0)))
    assert verdict.word == "refuted"
    assert verdict.measured[0] > 0


def test_equal_sizes_whose_ages_differ_leave_imbalance() -> None:
    grows = Setting(Law.constant(0), Law.geometric(0.5), workers=3, slots=4, steps=300)
    assert check("F0", grows, scale=1.5).word == "refuted"
    assert check("F0", grows, budget=FEW).bound[0] > 0


def test_two_workers_of_one_slot() -> None:
    # a fair coin on each: |x - y| has mean 1/2, one choice out of one: IIR 1, and the bound is 1/2
    coin = Setting(Law.uniform(0, 1), Law.constant(1), NoGrowth(), workers=2, slots=1, steps=1000)
    verdict = check("F0", coin)
    assert verdict.word == "holds"
    assert verdict.bound == pytest.approx((0.49, 0.51), rel=1e-3)
    assert check("F0", coin, scale=1.2).word == "refuted"
    assert check("F1", coin).reason == "the bound is void (0)"
    assert check("B1-ratio", replace(coin, window=0), scale=1.6).word == "holds"
    assert check("B1-ratio", replace(coin, window=0), scale=4).word == "refuted"


def test_p_of_one_is_a_round_of_one_step() -> None:
    once, always = (
        check("F0", replace(ROUNDS, lengths=lengths), budget=FEW)
        for lengths in (Law.constant(1), Law.geometric(1.0))
    )
    assert once == always


def test_periodic_lengths_never_settle() -> None:
    setting = replace(SMALL, lengths=Law([2, 4], [0.5, 0.5]))
    assert words(setting) == {"F0": "not applicable", "F1": "not applicable", "B1-ratio": "holds"}
    assert "only multiples of 2" in check("F0", setting).reason


def test_lengths_whose_settling_is_out_of_sight_leave_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsettled(lengths: Law, *, tolerance: float) -> int:
        raise Unsettled(f"{lengths} after many steps, tolerance {tolerance:g}")

    monkeypatch.setattr("bounds.checker.setting.stationary_after", unsettled)
    assert check("F0", SMALL).word == "inconclusive"
    assert "after many steps" in check("F1", SMALL).reason


def test_a_joint_law_is_kept_together() -> None:
    together = replace(SMALL, sizes=PAIRS, lengths=None)
    apart = replace(SMALL, sizes=PAIRS.size_law, lengths=PAIRS.length_law)
    values = [np.mean(check("F0", setting, budget=FEW).bound) for setting in (together, apart)]
    assert values[0] != pytest.approx(values[1], rel=0.01)
    assert check("F0", together, scale=1.1, budget=400).word == "refuted"
    assert check("F0", together, budget=FEW).word == "inconclusive"
    assert check("B1-ratio", together).word == "holds"


@pytest.mark.parametrize("drift", [SlidingWindow(3), RandomIncrements(0, 2)], ids=repr)
def test_growth_that_differs_has_a_law_for_f0_and_none_for_rounds(drift: DriftProcess) -> None:
    setting = replace(SMALL, drift=drift, steps=50)
    found = {name: check(name, setting, budget=FEW) for name in ("F0", "F1", "B1-ratio")}
    assert found["F0"].word == "inconclusive"  # 70 replications can't show an equality
    assert found["F0"].measured[0] < found["F0"].bound[1]
    assert check("F0", setting, scale=2, budget=FEW).word == "refuted"
    assert found["B1-ratio"].word == "not applicable"
    assert "by different amounts" in found["B1-ratio"].reason


class Unknown(DriftProcess):
    """Growth by two per step, which has a law, and says that it has none."""

    growth_class = "common"
    increment_range = (2.0, 2.0)
    is_common = True

    def increments(self, **_seen: object) -> float:
        return 2.0


@pytest.mark.parametrize(
    ("drift", "ratio", "reason"),
    [
        (Unknown(), "holds", "no exact snapshot law"),
        (Adversarial("heaviest_worker"), "not applicable", "slots depend on each other"),
        (Adversarial("oldest"), "not applicable", "slots depend on each other"),
    ],
    ids=repr,
)
def test_growth_without_a_law_is_no_case_for_f0(drift: DriftProcess, ratio: str, reason: str) -> None:
    setting = replace(SMALL, drift=drift)
    assert words(setting) == {"F0": "not applicable", "F1": "not applicable", "B1-ratio": ratio}
    assert reason in check("F0", setting).reason


def test_common_growth_cancels_in_rounds() -> None:
    found = [
        check("B1-ratio", replace(SMALL, drift=drift), seed=5) for drift in (NoGrowth(), CommonGrowth((3, 0)))
    ]
    assert found[0].word == found[1].word == "holds"
    assert found[0].measured == pytest.approx(found[1].measured)


def test_what_does_not_apply_says_why_and_nothing_else() -> None:
    verdict: Verdict = check("F0", replace(SMALL, lengths=Law([2, 4], [0.5, 0.5])))
    assert verdict.word == "not applicable"
    assert verdict.observations == 0
    assert verdict.level is None
    assert verdict.measured == (-math.inf, math.inf)
