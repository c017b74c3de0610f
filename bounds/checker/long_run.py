"""Claims about long-run means of BF-IO: B2-ratio, B3 and B4, each measured in a regime of its own.

May import drift_processes, simulation and this room.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bounds.assumptions import rich_pool, unmet
from bounds.checker.horizon import MOSTLY, Regime
from bounds.checker.setting import Setting
from bounds.claims import CLAIMS
from bounds.claims.b2_ratio import large_batch_ratio
from bounds.confidence import AsymptoticRatioSequence, AsymptoticSequence, decide
from bounds.fcfs import slot_load_law
from bounds.verdict import Verdict
from drift_processes import Law

__all__ = ["LONG_RUN", "LongRun"]

#: B2-ratio: a batch at which the rest R of the bound is a quarter of (G-1)·Δ.
LARGE_BATCH = Regime(slots=200)

#: Steps of it that are left out: (1-p)^8 < 0.4 % of the empty start, where BF-IO has it easy, is left then.
STARTING = 8

#: B4: the constant put to the test, above the 1.1 that was seen (docs/scaling.md).
CONSTANT = 1.2

#: B4: p·B of order 1, and steps measured after the warm-up.
SERVING, MEASURED = Regime(workers=4, slots=16, p=0.02), 200

#: B3: what a finite batch may lack of the exponent 1/2, and the factor of the batch, or of the workers.
LACKING, GROWN = 0.1, 4

Test = Callable[[float, int, int, float], Verdict]
Control = Callable[[float, int, int], Verdict]


@dataclass(frozen=True)
class LongRun:
    """A claim's test (error level, most replications, seed, factor of the bound) and its control."""

    test: Test
    control: Control


def _small_batch(workers: int, slots: int) -> Setting:
    # two sizes, so that every decision is optimal (`bounds.checker.horizon`)
    return Setting(
        sizes=Law([20, 80], [0.5, 0.5]), lengths=Law.geometric(0.02), workers=workers, slots=slots, steps=800
    )


def _settled(setting: Setting, policy: str, seed: int) -> float:
    """Return the mean imbalance of a run after its warm-up."""
    run = setting.run(policy, setting.warmup + setting.measured, seed)
    return float(run.imbalance[setting.warmup :].mean())


class _RichMeans:
    """BF-IO's mean imbalance from step ``first`` on; 0, which speaks for the claim, without a rich pool."""

    def __init__(self, claim: str, regime: Regime, first: int) -> None:
        self._claim, self._regime, self._first = claim, regime, first
        self._kinds = {"a": float(regime.low), "b": float(regime.high)}
        self._tried, self._rich = 0, 0

    def __call__(self, seed: int) -> float:
        run = self._regime.run(seed)
        is_rich = rich_pool(run, **self._kinds).holds
        self._tried += 1
        self._rich += is_rich
        return float(run.imbalance[self._first :].mean()) if is_rich else 0.0

    def blocked(self, seed: int) -> Verdict | None:
        """Return why the claim does not apply to the regime, None where it does."""
        failed = unmet(CLAIMS[self._claim], self._regime.run(seed), options={"rich_pool": self._kinds})
        return Verdict(self._claim, "not applicable", failed[0].reason, seed=seed) if failed else None

    def told(self, verdict: Verdict) -> Verdict:
        """Return the verdict, but no "holds" from runs few of which had a rich pool."""
        if verdict.word != "holds" or self._rich >= MOSTLY * self._tried:
            return verdict
        reason = f"the pool stayed rich in {self._rich} of {self._tried} runs only, which says little"
        return replace(verdict, word="inconclusive", reason=reason)


def long_run_ratio(level: float, budget: int, seed: int, scale: float) -> Verdict:
    """B2-ratio: FCFS's mean imbalance over BF-IO's, whose bound holds at every step."""
    regime, setting = LARGE_BATCH, LARGE_BATCH.setting
    bfio = _RichMeans("B2-ratio", regime, STARTING)
    blocked = bfio.blocked(seed)
    if blocked is not None:
        return blocked
    kinds = {"a": float(regime.low), "b": float(regime.high)}
    least = large_batch_ratio(
        setting.exact_fcfs(), workers=setting.workers, slots=setting.slots, p=regime.p,
        size_range=kinds["b"] - kinds["a"], s_max=kinds["b"], **kinds,
    )  # fmt: skip
    return bfio.told(_ratio_at_least(setting, bfio, least * scale, level, budget, seed))


def ratio_of_any_batch(level: float, budget: int, seed: int) -> Verdict:
    """Test the control of B2-ratio, the bound without its rest R, at a batch of serving size."""
    setting = _small_batch(4, 24)
    least = setting.exact_fcfs().lo / ((setting.workers - 1) * setting.joint.size_law.span)
    return _ratio_at_least(
        setting, lambda derived: _settled(setting, "bfio", derived), least, level, budget, seed
    )


def _ratio_at_least(
    setting: Setting, bfio: Callable[[int], float], least: float, level: float, budget: int, seed: int
) -> Verdict:
    def draw(derived: int) -> tuple[float, float]:
        return _settled(setting, "fcfs", derived), bfio(derived)

    sequence = AsymptoticRatioSequence(level=level)
    return decide(draw, (least, math.inf), sequence, budget=budget, seed=seed, claim="B2-ratio")


def scaling_in_batch(level: float, budget: int, seed: int, scale: float) -> Verdict:
    """B3: from B to 4·B the improvement grows at least like B to the power 0.4, with G fixed.

    No measurement refutes a statement whose constant is not named. What is put to the test is its exponent of
    B, less what a finite batch may lack; log G is left out, since the limit in B comes first.
    """
    small = _small_batch(4, 16)
    return _grows(small, replace(small, slots=GROWN * small.slots), scale, level, budget, seed)


def scaling_in_workers(level: float, budget: int, seed: int) -> Verdict:
    """Test the control of B3, growth like √(B·G), from G to 4·G with B fixed."""
    few = _small_batch(4, 16)
    return _grows(few, replace(few, workers=GROWN * few.workers), 1.0, level, budget, seed)


def _grows(small: Setting, large: Setting, scale: float, level: float, budget: int, seed: int) -> Verdict:
    """Decide whether IIR(large) / IIR(small) is at least 4 to the power 0.4, F0 being known exactly."""
    known = large.exact_fcfs().mid / small.exact_fcfs().mid
    least = scale * GROWN ** (0.5 - LACKING)

    def draw(derived: int) -> tuple[float, float]:
        return known * _settled(small, "bfio", derived), _settled(large, "bfio", derived)

    sequence = AsymptoticRatioSequence(level=level)
    verdict = decide(draw, (least, math.inf), sequence, budget=budget, seed=seed, claim="B3")
    sizes = ", ".join(f"G = {each.workers}, B = {each.slots}" for each in (large, small))
    tested = f"tested: IIR at {sizes.replace(', G', ' over that at G')}, exponent 1/2 less {LACKING:g}"
    return replace(verdict, reason=f"{verdict.reason} ({tested})")


def practical_bound(level: float, budget: int, seed: int, scale: float) -> Verdict:
    """B4: BF-IO's mean imbalance at serving size is at most 1.2·(G-1)·log G·E Y²/(b - a)."""
    return _practical(level, budget, seed, lambda numbers: scale * CLAIMS["B4"].evaluate(**numbers))


def bound_of_equal_lengths(level: float, budget: int, seed: int) -> Verdict:
    """Test the control of B4, (G-1)·(b - a), in the same regime."""
    neighbour = CLAIMS["B4"].false_neighbour()
    return _practical(level, budget, seed, lambda numbers: neighbour.evaluate(**numbers))


def _practical(
    level: float, budget: int, seed: int, bound: Callable[[Mapping[str, float]], float]
) -> Verdict:
    warmup = SERVING.setting.warmup
    bfio = _RichMeans("B4", replace(SERVING, steps=warmup + MEASURED - 1), warmup)
    blocked = bfio.blocked(seed)
    if blocked is not None:
        return blocked
    setting = SERVING.setting
    load = slot_load_law(setting.joint, None, setting.drift)
    most = bound(
        {
            "G": setting.workers,
            "w2": load.mean**2 + load.variance,
            "a": float(SERVING.low),
            "b": float(SERVING.high),
            "c": CONSTANT,
        }
    )
    sequence = AsymptoticSequence(0.0, level=level)
    return bfio.told(decide(bfio, (0.0, most), sequence, budget=budget, seed=seed, claim="B4"))


#: Id of a claim to its test and its control.
LONG_RUN: Mapping[str, LongRun] = MappingProxyType(
    {
        "B2-ratio": LongRun(long_run_ratio, ratio_of_any_batch),
        "B3": LongRun(scaling_in_batch, scaling_in_workers),
        "B4": LongRun(practical_bound, bound_of_equal_lengths),
    }
)
