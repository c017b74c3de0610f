"""Laws with known means, for true claims and false neighbours. Nothing in them knows of the checker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Known:
    """A law on [0, 1] with its mean."""

    name: str
    mean: float
    draw: Callable[[np.random.Generator, tuple[int, ...]], NDArray[np.float64]]


def _two_points(low: float, high: float, chance: float) -> Known:
    mean = low + (high - low) * chance
    return Known(
        f"{low:g} or {high:g} by {chance:g}",
        mean,
        lambda rng, shape: np.where(rng.random(shape) < chance, high, low),
    )


#: From no variance at all to rare large values, skewed to either side.
LAWS = (
    Known("constant", 0.3, lambda rng, shape: np.full(shape, 0.3)),
    Known("uniform", 0.5, lambda rng, shape: rng.random(shape)),
    Known("skewed up", 1 / 6, lambda rng, shape: rng.beta(1, 5, shape)),
    Known("skewed down", 5 / 6, lambda rng, shape: rng.beta(5, 1, shape)),
    Known("narrow", 0.5, lambda rng, shape: rng.beta(200, 200, shape)),
    _two_points(0.0, 1.0, 0.5),
    _two_points(0.0, 1.0, 0.05),
    _two_points(0.2, 0.25, 0.5),
    _two_points(0.1, 1.0, 0.02),
    # a mean of a replication: a few hundred steps, deviation a quarter of the mean, a crude bound
    Known("replication", 0.06, lambda rng, shape: np.minimum(rng.gamma(16, 0.06 / 16, shape), 1)),
)
