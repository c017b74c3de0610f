"""How a measurement is held against a claim: intervals at two levels, four verdicts.

A mean that lies outside its 99 % interval is unusual, not impossible: it is called "violated" only beyond the
interval of level 1 - 1e-6, and "inconclusive" between the two. What is known exactly has no such middle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from bounds.finding import Finding
from bounds.intervals import Interval

__all__ = ["LEVEL", "VERDICTS", "ClaimRow", "Measured", "estimated", "judge", "known", "unjudged"]

VERDICTS = ("consistent", "inconclusive", "violated", "not applicable")

#: Confidence level of the intervals in the tables.
LEVEL = 0.99

#: A statistical claim is called violated only outside the interval of this level.
VIOLATED_BEYOND = 1 - 1e-6

#: Relative room for rounding in identities and bounds that hold step by step.
ROUNDING = 1e-9

BETWEEN_LEVELS = (
    "outside the 99 % interval but inside that of level 1 - 1e-6, which happens by chance to one seed in a "
    "hundred: try another --seed"
)


class Measured(NamedTuple):
    """A measurement with two intervals, which are of no width where it is known exactly."""

    mean: float
    lo: float
    hi: float
    outer_lo: float
    outer_hi: float

    def over(self, other: Measured) -> Measured:
        """Return the ratio to another measurement, all of whose ends are positive."""
        return Measured(
            self.mean / other.mean,
            self.lo / other.hi,
            self.hi / other.lo,
            self.outer_lo / other.outer_hi,
            self.outer_hi / other.outer_lo,
        )


@dataclass(frozen=True)
class ClaimRow:
    """One line of the claims table (docs/results.md)."""

    claim: str
    run: str
    policy: str
    applies: bool
    bound_lo: float
    bound_hi: float
    measured: float
    measured_lo: float
    measured_hi: float
    verdict: str
    reason: str


def estimated(interval: Interval) -> Measured:
    """Return a mean with its intervals at both levels."""
    inner, outer = interval.at(LEVEL), interval.at(VIOLATED_BEYOND)
    return Measured(inner.estimate, inner.lo, inner.hi, outer.lo, outer.hi)


def known(value: float) -> Measured:
    """Return a value that is known without sampling error."""
    return Measured(value, value, value, value, value)


def judge(
    claim: str,
    run: str,
    policy: str,
    bound: tuple[float, float],
    measured: Measured,
    *,
    failed: list[Finding],
) -> ClaimRow:
    """Hold a measurement against the range a claim allows; ``failed`` are the assumptions that don't hold."""
    if failed:
        return unjudged(
            claim, run, policy, "not applicable", failed[0].reason, bound=bound, measured=measured
        )
    room = ROUNDING * max((abs(end) for end in bound if math.isfinite(end)), default=0.0)
    low, high = bound[0] - room, bound[1] + room
    reason = ""
    if measured.lo <= high and measured.hi >= low:
        verdict = "consistent"
    elif measured.outer_lo <= high and measured.outer_hi >= low:
        verdict, reason = "inconclusive", BETWEEN_LEVELS
    else:
        verdict, reason = "violated", "the measurement lies outside what the claim allows"
    return ClaimRow(
        claim, run, policy, True, *bound, measured.mean, measured.lo, measured.hi, verdict, reason
    )


def unjudged(
    claim: str,
    run: str,
    policy: str,
    verdict: str,
    reason: str,
    *,
    bound: tuple[float, float] = (math.nan, math.nan),
    measured: Measured | None = None,
) -> ClaimRow:
    """Return the line of a claim that can't be held against this run, and why."""
    seen = known(math.nan) if measured is None else measured
    return ClaimRow(
        claim,
        run,
        policy,
        verdict != "not applicable",
        *bound,
        seen.mean,
        seen.lo,
        seen.hi,
        verdict,
        reason,
    )
