"""`Lookahead`: what a policy may know of the next H steps, and the loads it then predicts.

Growth is always known. What differs is what is known of completions, and whether a prediction remembers
that a freed slot will be filled again. `predicted_loads` is the readable version; the compiled engine keeps
the same numbers incrementally (`simulation._lookahead_kernel`). May import contracts and drift_processes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes import DriftProcess

__all__ = [
    "KINDS",
    "NEVER",
    "Lookahead",
    "expected_growth",
    "make_lookahead",
    "predicted_loads",
    "refill_size",
]

KINDS = ("none", "oracle", "noisy")

#: The predicted length of a request whose end nobody foresees.
NEVER = 2**62


@dataclass(frozen=True)
class Lookahead:
    """What is known of completions inside the window.

    Parameters
    ----------
    kind : {"none", "oracle", "noisy"}
        ``none``: nothing is predicted to complete. ``oracle``: true completions. ``noisy``: true completions,
        some of them missed, and false alarms.
    miss : float
        Probability that the end of a request is not foreseen (``noisy``).
    false_alarm : float
        Probability that a request is believed to end at a uniform earlier step instead (``noisy``).
    refill : bool
        Predict that a freed slot is filled again by a request of the pool's mean size. Without it a window
        looks emptier the further it reaches, and long windows do harm where slots turn over fast.
    """

    kind: str = "oracle"
    miss: float = 0.0
    false_alarm: float = 0.0
    refill: bool = True

    def __post_init__(self) -> None:
        checks.choice("lookahead", self.kind, KINDS)
        checks.number("miss", self.miss, at_least=0, at_most=1)
        checks.number("false_alarm", self.false_alarm, at_least=0, at_most=1)
        noise = self.miss > 0 or self.false_alarm > 0
        checks.check(
            self.kind == "noisy" or not noise, f"miss and false_alarm need kind 'noisy', got {self.kind!r}"
        )

    def predicted_lengths(self, lengths: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return the length each request is believed to have when it is admitted, (n,) int64."""
        if self.kind == "oracle":
            return lengths
        if self.kind == "none":
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


def expected_growth(drift: DriftProcess, horizon: int) -> NDArray[np.float64]:
    """Return the cumulative growth d_h a policy expects after h = 0..H steps, (H+1,).

    Exact where each step grows alike; otherwise the middle of ``increment_range``.
    """
    low, high = drift.increment_range
    steps = np.arange(horizon + 1, dtype=np.float64)
    return np.asarray(steps * ((low + high) / 2), dtype=np.float64)


def refill_size(sizes: NDArray[np.float64]) -> float:
    """Return the size a refill is expected to have: the pool's mean, to the nearest whole number."""
    return float(np.floor(sizes.mean() + 0.5)) if len(sizes) else 0.0


def predicted_loads(
    *,
    worker: NDArray[np.int64],
    load: NDArray[np.float64],
    age: NDArray[np.int64],
    predicted_length: NDArray[np.int64],
    growth: NDArray[np.float64],
    workers: int,
    refill: float | None,
) -> NDArray[np.float64]:
    """Return ℓ̂_g(h), the load of the requests now on each worker h steps ahead.

    Parameters
    ----------
    worker, load, age, predicted_length : (n,) arrays
        The active requests before admission; ``age`` counts the steps they have been active.
    growth : (H+1,) float64
        Expected cumulative growth d_h.
    workers : int
    refill : float or None
        Size of what fills a freed slot again, None to leave it empty.

    Returns
    -------
    (G, H+1) float64
    """
    result = np.zeros((workers, len(growth)))
    left = predicted_length - age  # h at which each is believed gone; <= 0: was believed gone already
    for h in range(len(growth)):
        gone = (left >= 1) & (left <= h)
        result[:, h] = np.bincount(worker[~gone], weights=load[~gone] + growth[h], minlength=workers)
        if refill is not None and gone.any():
            again = refill + growth[h] - growth[left[gone]]
            result[:, h] += np.bincount(worker[gone], weights=again, minlength=workers)
    return result
