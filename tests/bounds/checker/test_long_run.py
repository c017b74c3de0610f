"""B2-ratio, B3 and B4: what is compared with what, and that each can be refuted."""

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest

from bounds.checker import Setting, check, check_control, long_run
from bounds.checker.horizon import HORIZON_CLAIMS, Regime
from bounds.claims import CLAIMS
from bounds.claims.b2_ratio import mean_excess
from bounds.finding import Finding

FEW = 64


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each claim be measured on a smaller system, in which B2-ratio and B4 still say something."""
    monkeypatch.setattr(long_run, "LARGE_BATCH", Regime(slots=60))
    monkeypatch.setattr(long_run, "SERVING", replace(long_run.SERVING, workers=2, slots=8))
    monkeypatch.setattr(
        long_run, "_small_batch", lambda workers, slots: replace(SMALL, workers=workers, slots=slots)
    )


SMALL = replace(long_run._small_batch(4, 16), steps=120)


def test_the_ratio_is_bounded_by_f0_over_the_bound_on_bfio(quick) -> None:
    regime = long_run.LARGE_BATCH
    verdict = check("B2-ratio", budget=FEW)
    setting, low, high = regime.setting, float(regime.low), float(regime.high)
    rest = mean_excess(
        workers=setting.workers,
        slots=setting.slots,
        p=regime.p,
        a=low,
        b=high,
        size_range=high - low,
        s_max=high,
    )
    # (G-1)·(b-a) alone would be a smaller bound on BF-IO
    assert rest.lo > 1
    span = (setting.workers - 1) * (high - low)
    assert verdict.bound[0] == pytest.approx(setting.exact_fcfs().lo / (span + rest.hi), rel=1e-9)
    assert verdict.measured[1] < np.inf


def test_a_bound_beyond_the_truth_is_refuted(quick) -> None:
    truth = np.mean(check("B2-ratio", budget=FEW).measured)
    least = check("B2-ratio", budget=FEW).bound[0]
    assert check("B2-ratio", budget=400, scale=1.5 * truth / least).word == "refuted"


@pytest.mark.parametrize("claim", ["B2-ratio", "B4"])
def test_runs_without_a_rich_pool_say_nothing(quick, claim: str, monkeypatch: pytest.MonkeyPatch) -> None:
    poor = Finding("rich_pool", False, "poor")
    monkeypatch.setattr(long_run, "rich_pool", lambda run, *, a, b: poor)
    assert check(claim, budget=FEW + 1).word == "inconclusive"


def test_a_mean_half_of_whose_runs_had_no_rich_pool_holds_nothing(
    quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = itertools.cycle([Finding("rich_pool", True, "rich"), Finding("rich_pool", False, "poor")])
    monkeypatch.setattr(long_run, "rich_pool", lambda run, *, a, b: next(turns))
    verdict = check("B4", budget=400, scale=4)
    assert verdict.word == "inconclusive"
    assert re.fullmatch(r"the pool stayed rich in (\d+) of \d+ runs only, which says little", verdict.reason)


def test_the_growth_asked_of_b3_is_the_exponent_less_what_a_finite_batch_lacks(quick) -> None:
    verdict = check("B3", budget=FEW)
    assert verdict.bound[0] == pytest.approx(4**0.4)
    assert "IIR at G = 4, B = 64 over that at G = 4, B = 16" in verdict.reason
    assert check("B3", budget=FEW, scale=3).word == "refuted"


def test_the_bound_of_b4_is_the_claims_own(quick) -> None:
    regime = long_run.SERVING
    verdict = check("B4", budget=FEW)
    # a slot holds a size in {a, b}, and the age of a geometric life: mean (1-p)/p, variance (1-p)/p²
    p = regime.p
    sizes = np.array([regime.low, regime.high], dtype=float)
    mean, variance = sizes.mean() + (1 - p) / p, sizes.var() + (1 - p) / p**2
    want = CLAIMS["B4"].evaluate(
        G=regime.workers, w2=mean**2 + variance, a=sizes[0], b=sizes[1], c=long_run.CONSTANT
    )
    assert verdict.bound == (0.0, pytest.approx(want, rel=1e-9))
    assert check("B4", budget=FEW, scale=0.05).word == "refuted"


def test_a_regime_that_the_claim_does_not_speak_of_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Finding("rich_pool", False, "the pool is poor")
    monkeypatch.setattr(long_run, "unmet", lambda claim, run, *, options: [failed])
    for claim in ("B2-ratio", "B4"):
        verdict = check(claim)
        assert (verdict.word, verdict.reason) == ("not applicable", "the pool is poor")


def test_the_control_of_b3_grows_the_workers_and_not_the_batch(quick) -> None:
    verdict = check_control("B3", budget=FEW)
    assert "IIR at G = 16, B = 16 over that at G = 4, B = 16" in verdict.reason


def test_the_settings_are_plain_ones() -> None:
    assert isinstance(SMALL, Setting)
    assert (SMALL.workers, SMALL.slots) == (4, 16)


@pytest.mark.parametrize("regime", [*HORIZON_CLAIMS.values(), long_run.LARGE_BATCH, long_run.SERVING])
def test_every_decision_measured_is_optimal(regime: Regime) -> None:
    assert (regime.run(3).gap == 0).all()


@pytest.mark.parametrize("slots", [16, 64])
def test_every_decision_at_a_small_batch_is_optimal(slots: int) -> None:
    assert (long_run._small_batch(4, slots).run("bfio", 900, 3).gap == 0).all()


def test_a_bound_that_only_a_poor_decision_breaks_is_not_refuted() -> None:
    """Sizes 20 and 80 on four workers: the least spread leaves an imbalance of 100 at most, theory says."""
    assert check("B2-spread", scale=0.56, seed=1).word == "holds"
