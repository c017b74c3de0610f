"""Controls of the claims about means: false statements, each wrong by a known amount, to be refuted.

May import drift_processes and this package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bounds.checker.setting import Setting
from bounds.checker.statistical import STATISTICAL, TOLERANCE
from bounds.verdict import Verdict
from drift_processes import Law, UnitGrowth

__all__ = ["CONTROLS", "Control"]

#: Setting, error level, most replications and seed, to a verdict.
Control = Callable[[Setting, float, int, int], Verdict]

#: How far off a false value is, relative.
OFF = 5 * TOLERANCE


def _wrong_value(setting: Setting, level: float, budget: int, seed: int) -> Verdict:
    """F0, a tenth too large; where it is 0 that is no neighbour."""
    try:
        if setting.exact_fcfs().hi == 0:
            return Verdict(
                "F0", "not applicable", "it is 0, and so is a tenth more: vary the sizes", seed=seed
            )
    except ValueError:
        pass  # the test itself says why the claim does not apply
    return STATISTICAL["F0"](setting, level, budget, seed, 1 + OFF)


def _wrong_bound(setting: Setting, level: float, budget: int, seed: int) -> Verdict:
    """F1, lifted a tenth beyond the exact value."""
    least = setting.least_fcfs()
    factor = (1 + OFF) * setting.exact_fcfs().hi / least if least > 0 else 1.0
    return STATISTICAL["F1"](setting, level, budget, seed, factor)


def _wrong_ratio(_setting: Setting, level: float, budget: int, seed: int) -> Verdict:
    """B1-ratio times four, where the truth is known: with one request in sight per slot BF-IO has no choice.

    Two workers of one slot, sizes 0 or 1: both policies leave 1 in half of the rounds, the ratio is 1, the
    bound 1/2.
    """
    coin = Setting(
        sizes=Law.uniform(0, 1), lengths=Law.constant(1), drift=UnitGrowth(), workers=2, slots=1, window=0
    )
    return STATISTICAL["B1-ratio"](coin, level, budget, seed, 4.0)


#: Id of a claim to its control.
CONTROLS: Mapping[str, Control] = MappingProxyType(
    {"F0": _wrong_value, "F1": _wrong_bound, "B1-ratio": _wrong_ratio}
)
