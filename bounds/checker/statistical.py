"""Claims about means, each put to the test on independent replications until the verdict is certain.

One function per claim, listed in `STATISTICAL`. May import contracts, drift_processes, simulation and this
room.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from bounds.assumptions import solved_to_optimality, unmet
from bounds.checker.setting import Setting
from bounds.claims import CLAIMS
from bounds.claims.b1_ratio import homogeneous_ratio
from bounds.confidence import (
    AsymptoticSequence,
    Part,
    RatioSequence,
    around,
    decide,
    replication_seeds,
)
from bounds.renewal import Unsettled
from bounds.verdict import Verdict

__all__ = ["STATISTICAL", "TOLERANCE", "Test"]

#: An equality is tested as "within this, relative"; see `bounds.confidence.around`.
TOLERANCE = 0.02

#: Replications where one step is enough to refute.
REPETITIONS = 64

#: Steps of a round, and rounds of a replication, where all lengths are equal.
ROUND_STEPS, ROUNDS = 4, 4

#: Setting, error level, most replications, seed, and a factor of the bound, to a verdict.
Test = Callable[[Setting, float, int, int, float], Verdict]


def _not_applicable(claim: str, reason: str, seed: int) -> Verdict:
    return Verdict(claim, "not applicable", reason, seed=seed)


def _fcfs(setting: Setting) -> Callable[[int], float]:
    """Return a replication of FCFS: seed to mean imbalance after the warm-up."""
    steps = setting.warmup + setting.measured

    def draw(seed: int) -> float:
        return float(setting.run("fcfs", steps, seed).imbalance[setting.warmup :].mean())

    return draw


def _blocked(claim: str, setting: Setting, seed: int) -> Verdict | None:
    """Return why a claim about stationary FCFS does not apply to a setting, None where it does."""
    try:
        warmup = setting.warmup
    except Unsettled as error:
        return Verdict(claim, "inconclusive", str(error), seed=seed)
    except ValueError as error:
        return _not_applicable(claim, str(error), seed)
    failed = unmet(CLAIMS[claim], setting.run("fcfs", warmup + 1, seed))
    return _not_applicable(claim, failed[0].reason, seed) if failed else None


def exact_imbalance(setting: Setting, level: float, budget: int, seed: int, scale: float) -> Verdict:
    """F0: the mean imbalance of FCFS lies within `TOLERANCE` of the exact value."""
    blocked = _blocked("F0", setting, seed)
    if blocked is not None:
        return blocked
    exact = setting.exact_fcfs()
    if exact.hi == 0:
        return _always_zero(setting, min(budget, REPETITIONS), seed)
    allowed, sequence = around(exact * scale, rtol=TOLERANCE), AsymptoticSequence(0.0, level=level)
    return decide(_fcfs(setting), allowed, sequence, budget=budget, seed=seed, claim="F0")


def _always_zero(setting: Setting, number: int, seed: int) -> Verdict:
    """F0 where it is 0: what is never negative and has mean 0 is 0, and one step that isn't refutes it."""
    draw = _fcfs(setting)
    worst = max(draw(derived) for _, derived in zip(range(number), replication_seeds(seed), strict=False))
    word, reason = ("holds", "no step had any imbalance") if worst == 0 else ("refuted", "some step had some")
    return Verdict(
        "F0", word, reason, measured=(worst, worst), bound=(0.0, 0.0), observations=number, seed=seed
    )


def least_imbalance(setting: Setting, level: float, budget: int, seed: int, scale: float) -> Verdict:
    """F1: the mean imbalance of FCFS is at least the bound."""
    blocked = _blocked("F1", setting, seed)
    if blocked is not None:
        return blocked
    least = setting.least_fcfs()
    if least <= 0:
        return _not_applicable("F1", "the bound is void (0)", seed)
    allowed = (least * scale, math.inf)
    sequence = AsymptoticSequence(0.0, level=level)
    return decide(_fcfs(setting), allowed, sequence, budget=budget, seed=seed, claim="F1")


def round_ratio(setting: Setting, level: float, budget: int, seed: int, scale: float) -> Verdict:
    """B1-ratio: FCFS's imbalance over BF-IO's, on the same rounds of equal lengths, is at least the bound."""
    rounds = setting.of_rounds(ROUND_STEPS)
    sizes = rounds.joint.size_law
    if sizes.is_constant:
        return _not_applicable("B1-ratio", f"all sizes are {sizes.mean:g}: there is no imbalance", seed)
    steps = ROUND_STEPS * ROUNDS
    failed = unmet(CLAIMS["B1-ratio"], rounds.run("bfio", steps, seed))
    if failed:
        return _not_applicable("B1-ratio", failed[0].reason, seed)

    unproven: list[str] = []

    def draw(derived: int) -> tuple[float, float]:
        fcfs, bfio = (rounds.run(policy, steps, derived) for policy in ("fcfs", "bfio"))
        solved = solved_to_optimality(bfio)
        if not solved.holds:
            unproven.append(solved.reason)
        return float(fcfs.imbalance.mean()), float(bfio.imbalance.mean())

    least = homogeneous_ratio(sizes, workers=setting.workers, slots=setting.slots).lo
    # common growth cancels, so that no step has more than one full worker beside empty ones
    most = (setting.workers - 1) * setting.slots * sizes.support[1]
    sequence = RatioSequence(Part(most), Part(most), level=level)
    verdict = decide(draw, (least * scale, np.inf), sequence, budget=budget, seed=seed, claim="B1-ratio")
    if verdict.word == "refuted" and unproven:
        # the claim is on the optimum of each step: a smaller ratio may be the solver's fault
        return replace(verdict, word="inconclusive", reason=f"{verdict.reason}, but {unproven[0]}")
    return verdict


#: Id of a claim to its test.
STATISTICAL: Mapping[str, Test] = MappingProxyType(
    {"F0": exact_imbalance, "F1": least_imbalance, "B1-ratio": round_ratio}
)
