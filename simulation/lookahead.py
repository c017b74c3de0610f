"""`Lookahead`: what a policy may know of the next H steps.

Growth is always known. What differs is what is known of completions (`simulation.departures`) and how a
prediction fills the slots they free (`simulation.refills`). May import contracts, numpy and drift_processes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes import DriftProcess, Law

__all__ = ["KINDS", "NEVER", "REFILLS", "Lookahead", "expected_growth", "make_lookahead"]

KINDS = ("none", "oracle", "noisy", "hazard")
REFILLS = ("balanced", "mean", "none")

#: The believed length of a request whose end nobody foresees.
NEVER = 2**62


@dataclass(frozen=True)
class Lookahead:
    """What is known of completions inside the window, and what is assumed of refills.

    Parameters
    ----------
    kind : {"none", "oracle", "noisy", "hazard"}
        ``none``: nothing is predicted to complete. ``oracle``: true completions. ``noisy``: true completions,
        some of them missed, and false alarms. ``hazard``: expected completions under an age-dependent rate.
    miss : float
        Probability that the end of a request is not foreseen (``noisy``).
    false_alarm : float
        Probability that a request whose end is not missed is believed to end at a uniform earlier step
        instead (``noisy``); once that has passed, nothing is foreseen of it. One-step requests have none.
    lengths : Law, optional
        The law of the lengths (``hazard``); a request older than its support is believed to end next.
        Default: estimated from the requests seen so far, anew at steps 1, 2, 4, 8, and so on.
    refill : {"balanced", "mean", "none"}
        What fills a freed slot in the prediction. ``none``: nothing, so that a window looks emptier the
        further it reaches. ``mean``: a request of the pool's mean size. ``balanced``: requests whose sizes
        are the pool's mean in total and balance the workers as far as the pool's smallest and largest size
        allow; it remembers that each refill is a new chance to correct. Both assume a rich pool.
    """

    kind: str = "oracle"
    miss: float = 0.0
    false_alarm: float = 0.0
    lengths: Law | None = None
    refill: str = "balanced"

    def __post_init__(self) -> None:
        checks.choice("lookahead", self.kind, KINDS)
        checks.choice("refill", self.refill, REFILLS)
        checks.number("miss", self.miss, at_least=0, at_most=1)
        checks.number("false_alarm", self.false_alarm, at_least=0, at_most=1)
        noise = self.miss > 0 or self.false_alarm > 0
        checks.check(
            self.kind == "noisy" or not noise, f"miss and false_alarm need kind 'noisy', got {self.kind!r}"
        )
        if self.lengths is not None:
            checks.check(self.kind == "hazard", f"lengths need kind 'hazard', got {self.kind!r}")
            checks.instance("lengths", self.lengths, Law, "a Law")

    def believed_lengths(self, lengths: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return the length each request is believed to have when it is admitted, (n,) int64."""
        if self.kind == "oracle":
            return lengths
        if self.kind != "noisy":
            return np.full(len(lengths), NEVER)
        draw, early = rng.random(len(lengths)), rng.random(len(lengths))
        false = (draw >= self.miss) & (draw < self.miss + (1 - self.miss) * self.false_alarm) & (lengths > 1)
        believed = np.where(false, 1 + np.floor(early * (lengths - 1)).astype(np.int64), lengths)
        return np.where(draw < self.miss, NEVER, believed)


def make_lookahead(lookahead: str | Lookahead | None) -> Lookahead:
    """Return the lookahead of this kind with its defaults, or the object itself; ``None`` is "none"."""
    if lookahead is None:
        return Lookahead("none")
    if isinstance(lookahead, str):
        return Lookahead(lookahead)
    checks.instance("lookahead", lookahead, Lookahead, "a kind of lookahead or a Lookahead object")
    return lookahead


def expected_growth(drift: DriftProcess, columns: int) -> NDArray[np.float64]:
    """Return the cumulative growth d_h a policy expects after h = 0..columns-1 steps.

    Exact where each step grows alike; otherwise the middle of ``increment_range``.
    """
    low, high = drift.increment_range
    steps = np.arange(columns, dtype=np.float64)
    return np.asarray(steps * ((low + high) / 2), dtype=np.float64)
