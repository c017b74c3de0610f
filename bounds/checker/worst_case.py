"""`worst_case`: the law of a class on which BF-IO improves least on FCFS, found by differential evolution.

May import contracts and the rest of this room.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice

from bounds.assumptions import unmet
from bounds.checker.law_class import LawClass
from bounds.checker.law_search import (
    FINAL_RUNS,
    GOALS,
    RUNS,
    Improvement,
    LawSearch,
    measured,
    over,
)
from bounds.checker.setting import Setting
from bounds.claims import CLAIMS
from bounds.claims.b1_ratio import homogeneous_ratio
from bounds.confidence import replication_seeds
from bounds.enclosure import Enclosure
from bounds.intervals import Interval
from bounds.verdict import UNKNOWN, Verdict
from contracts import checks

__all__ = ["GOALS", "Improvement", "WorstCase", "worst_case"]


@dataclass(frozen=True)
class WorstCase:
    """The winner of a search, measured afresh on runs that the search has not seen.

    Attributes
    ----------
    law_class : LawClass
    goal : str
        One of `GOALS`.
    setting : Setting
        The winning laws on the system of the class.
    fcfs : Enclosure
        F0 of the winner, certified.
    bfio : Interval
        Its mean imbalance under BF-IO(0), by Student's t on independent runs.
    gap : float
        BF-IO's decisions are proven to be within this of the optimum of their step, in the mean.
    bound : Enclosure or None
        B1-ratio, None where it does not apply.
    blocked : str
        Why it does not apply, empty where it does.
    trace : tuple of Improvement
    evaluations : int
        Laws tried, those outside of the class included.
    seed : int
    """

    law_class: LawClass
    goal: str
    setting: Setting
    fcfs: Enclosure
    bfio: Interval
    gap: float
    bound: Enclosure | None
    blocked: str
    trace: tuple[Improvement, ...]
    evaluations: int
    seed: int

    @property
    def iir(self) -> float:
        """F0 over BF-IO's measured mean; infinite where BF-IO left nothing."""
        return over(self.fcfs.mid, self.bfio.estimate)

    @property
    def iir_range(self) -> tuple[float, float]:
        """The interval of IIR: the numerator is certain, the denominator has the level of ``bfio``."""
        return over(self.fcfs.lo, self.bfio.hi), over(self.fcfs.hi, self.bfio.lo)

    @property
    def tightness(self) -> float | None:
        """Measured IIR over the bound, >= 1 where the bound is valid and 1 where it is attained."""
        return None if self.bound is None else over(self.iir, self.bound.mid)

    @property
    def verdict(self) -> Verdict:
        """What the winner says of B1-ratio."""
        level = 1 - self.bfio.level
        if self.bound is None:
            return Verdict("B1-ratio", "not applicable", self.blocked, seed=self.seed)
        low, high = self.iir_range
        if self.bfio.half_width == 0:
            word, reason = "inconclusive", f"all runs gave the same mean, {self.bfio.estimate:g}"
        elif high < self.bound.lo:
            word, reason = "refuted", "the worst law found lies below the bound"
        elif low >= self.bound.hi:
            word, reason = "holds", "the worst law found lies above the bound"
        else:
            word, reason = "inconclusive", "the interval of the worst law found has the bound inside"
        return Verdict(
            "B1-ratio",
            word,
            reason,
            level=level,
            guarantee=f"asymptotic, wrong with probability about {level:g}: Student's t on independent runs",
            measured=(low, high) if math.isfinite(low) else UNKNOWN,
            bound=(self.bound.lo, math.inf),
            observations=self.bfio.batches,
            seed=self.seed,
        )


def worst_case(
    law_class: LawClass, *, goal: str = "iir", evaluations: int = 300, level: float = 0.01, seed: int = 0
) -> WorstCase:
    """Search a class for the law with the smallest IIR, and measure what was found afresh.

    The search is differential evolution (`scipy.optimize.differential_evolution`) on F0, certified, over the
    mean imbalance of BF-IO(0) in runs with the same random numbers at every law. The smallest of many noisy
    values is too small; so the winner is picked among the last improvements on other seeds, measured again
    on others still, and only that is reported. Nothing says that a search finds the worst: IIR of the class
    is at most what it found, at the level of the interval.

    Parameters
    ----------
    law_class : LawClass
    goal : {"iir", "tightness"}
        ``tightness`` looks for the largest BF-IO imbalance over (G-1)·Δ instead. In rounds that is B1-ratio
        over IIR, so that the law is found where the bound is closest to the truth.
    evaluations : int
        Laws to try; whole generations are completed, at least two.
    level : float
        Error level of the interval.
    seed : int
        All randomness derives from it.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable, or no law that was tried belongs to the class.

    References
    ----------
    R. Storn, K. Price, "Differential evolution", Journal of Global Optimization 11 (1997) 341-359.

    Examples
    --------
    With one slot each and no request in sight beyond the free slots BF-IO has no choice: IIR is 1.

    >>> found = worst_case(LawClass(slots=1, window=0), evaluations=40)
    >>> low, high = found.iir_range
    >>> low <= 1 <= high
    True
    """
    checks.instance("law_class", law_class, LawClass, "a LawClass")
    aim = checks.choice("goal", goal, GOALS)
    most = checks.count("evaluations", evaluations, at_least=1)
    error_level = checks.number("level", level, above=0, below=1)
    start = checks.seed_value("seed", seed)
    seeds = list(islice(replication_seeds(start), 1 + FINAL_RUNS + RUNS))
    objective = LawSearch(law_class, aim, seeds[0])
    objective.minimise(most, start)
    if not objective.trace:
        raise ValueError(
            f"class {law_class} has no law with FCFS imbalance >= {law_class.floor:g}·(G-1)·Δ among the "
            f"{objective.evaluations} tried: lower floor, or try more"
        )
    setting = objective.winner(seeds[1 : 1 + FINAL_RUNS])
    bfio, gap = measured(setting, seeds[1 + FINAL_RUNS :], error_level)
    bound, blocked = _bound(setting, seeds[0])
    return WorstCase(
        law_class,
        aim,
        setting,
        fcfs=setting.exact_fcfs(),
        bfio=bfio,
        gap=gap,
        bound=bound,
        blocked=blocked,
        trace=tuple(objective.trace),
        evaluations=objective.evaluations,
        seed=start,
    )


def _bound(setting: Setting, seed: int) -> tuple[Enclosure | None, str]:
    """Return B1-ratio, or None and why it does not apply."""
    findings = unmet(CLAIMS["B1-ratio"], setting.run("bfio", 16, seed))
    if findings:
        return None, findings[0].reason
    return homogeneous_ratio(setting.joint.size_law, workers=setting.workers, slots=setting.slots), ""
