"""Claims that hold up to a horizon with a probability: B2 and its variants, as yes and no of whole runs.

May import drift_processes, simulation and this room.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from bounds.assumptions import rich_pool, unmet
from bounds.checker.setting import Setting
from bounds.claims import CLAIMS
from bounds.confidence import BettingSequence, decide
from bounds.finding import Finding
from bounds.large_batch import LargeBatch
from bounds.verdict import Verdict
from drift_processes import DriftProcess, Law, RandomIncrements, UnitGrowth
from simulation import Run, simulate
from simulation.policies import Bfio

__all__ = ["HORIZON_CLAIMS", "Regime", "kept_by_any_batch", "kept_to_horizon"]


@dataclass(frozen=True)
class Regime:
    """What B2 is put to the test on: two kinds of sizes, geometric lengths, and a batch that is large enough.

    Parameters
    ----------
    workers, steps : int
        G, and the K steps after the first.
    p, eta : float
        Probability that a request ends a step, and the share of runs that may fail.
    low, high : int
        Sizes of the two kinds, each as likely.
    drift : DriftProcess
    spread : bool
        Whether the policy minimises max - min.
    slots : int, optional
        B; default: the smallest for which the claim is proved.
    """

    workers: int = 2
    steps: int = 20
    p: float = 0.5
    eta: float = 0.1
    low: int = 20
    high: int = 80
    drift: DriftProcess = UnitGrowth()  # noqa: RUF009 - it has no state
    spread: bool = False
    slots: int | None = None

    @cached_property
    def batch(self) -> int:
        """B."""
        if self.slots is not None:
            return self.slots
        low, high = self.drift.increment_range
        return LargeBatch(
            workers=self.workers, p=self.p, a=float(self.low), b=float(self.high), eta=self.eta,
            steps=self.steps, growth=high, growth_gap=0.0 if self.drift.is_common else high - low,
            spread=self.spread,
        ).required()  # fmt: skip

    @cached_property
    def setting(self) -> Setting:
        """The laws and the system; everyone who waits is in sight, so that the pool stays rich."""
        return Setting(
            sizes=Law([self.low, self.high], [0.5, 0.5]),
            lengths=Law.geometric(self.p),
            drift=self.drift,
            workers=self.workers,
            slots=self.batch,
            # BF-IO may prefer one kind for as long as the horizon lasts: enough of each for all of it
            window=int(2.2 * self.workers * self.batch * (1 + self.p * self.steps)),
        )

    def run(self, seed: int) -> Run:
        """Simulate one run."""
        setting = self.setting
        work = setting.workload(2 * self.steps + 10, seed)
        # with two sizes every decision is optimal: what it breaks is the claim's fault and not a solver's
        policy = Bfio(objective="spread" if self.spread else "imbalance")
        return simulate(work, setting.system, policy, steps=self.steps + 1, seed=seed, window=setting.window)


#: Share of the runs whose pool must stay rich: a run without one breaks nothing, and shows nothing.
MOSTLY = 0.9

#: Id of a claim to the regime it is tested in.
HORIZON_CLAIMS: dict[str, Regime] = {
    "B2": Regime(),
    "B2-spread": Regime(workers=4, spread=True),
    "B2-heterogeneous": Regime(drift=RandomIncrements(0, 1)),
}


def _unmet(claim: str, regime: Regime, run: Run) -> list[Finding]:
    kinds = {"a": float(regime.low), "b": float(regime.high)}
    batch = "large_batch_spread" if regime.spread else "large_batch"
    return unmet(CLAIMS[claim], run, options={"rich_pool": kinds, batch: kinds | {"eta": regime.eta}})


class _Breaks:
    """A replication: 1 where the pool stayed rich and some step passed the bound, else 0."""

    def __init__(self, regime: Regime, scale: float) -> None:
        self._regime = regime
        span = float(regime.high - regime.low)
        self._bound = CLAIMS["B1"].evaluate(G=regime.workers, Delta=span) * scale
        self.tried, self.rich = 0, 0

    def __call__(self, seed: int) -> float:
        run = self._regime.run(seed)
        is_rich = rich_pool(run, a=self._regime.low, b=self._regime.high).holds
        self.tried += 1
        self.rich += is_rich
        return float(is_rich and run.imbalance.max() > self._bound)


def kept_to_horizon(claim: str, level: float, budget: int, seed: int, scale: float) -> Verdict:
    """B2: at most a share η of the runs passes (G-1)·Δ before the horizon while the pool stays rich.

    Parameters
    ----------
    claim : str
        One of `HORIZON_CLAIMS`.
    level, budget, seed, scale
        As `bounds.checker.check`; ``scale`` multiplies (G-1)·Δ.
    """
    regime = HORIZON_CLAIMS[claim]
    failed = _unmet(claim, regime, regime.run(seed))
    if failed:
        return Verdict(claim, "not applicable", failed[0].reason, seed=seed)
    return _decided(claim, regime, level, budget, seed, scale)


def kept_by_any_batch(claim: str, level: float, budget: int, seed: int) -> Verdict:
    """Test the control of B2: the same for a batch so small that a step's refills can't make up.

    p = 0.02 and B = 24: about two requests of a worker end in four steps, and most runs pass the bound.
    """
    regime = replace(HORIZON_CLAIMS[claim], workers=4, steps=200, p=0.02, slots=24)
    return _decided(claim, regime, level, budget, seed, 1.0)


def _decided(claim: str, regime: Regime, level: float, budget: int, seed: int, scale: float) -> Verdict:
    sequence, breaks = BettingSequence(0.0, 1.0, level=level), _Breaks(regime, scale)
    verdict = decide(breaks, (0.0, regime.eta), sequence, budget=budget, seed=seed, claim=claim)
    if verdict.word == "holds" and breaks.rich < MOSTLY * breaks.tried:
        reason = f"the pool stayed rich in {breaks.rich} of {breaks.tried} runs only, which says little"
        return replace(verdict, word="inconclusive", reason=reason)
    return verdict
