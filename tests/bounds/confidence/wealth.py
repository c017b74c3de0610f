"""The wealth of a bettor, readable and over many series at once: the twin of `_wealth_kernel`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bounds.confidence._wealth_kernel import FRACTIONS


def log_wealth_paths(x: ArrayLike, m: ArrayLike, y: ArrayLike = 1.0) -> NDArray[np.float64]:
    """Return log wealth against "E x <= m·E y" after each observation; time is the last axis of x and y."""
    gains = np.asarray(x, dtype=float) / np.asarray(m)[..., None] - y
    logs = np.cumsum(np.log1p(FRACTIONS[:, None] * gains[..., None, :]), axis=-1)
    return np.logaddexp.reduce(logs, axis=-2) - np.log(len(FRACTIONS))


def ever_refuted(x: NDArray[np.float64], m: float, *, target: float) -> NDArray[np.bool_]:
    """Return which of the series (trials, n) ever refute "E x <= m"; one step at a time, to spare memory."""
    logs = np.zeros((x.shape[0], len(FRACTIONS)))
    refuted = np.zeros(x.shape[0], dtype=bool)
    for column in x.T:
        logs += np.log1p(FRACTIONS * (column[:, None] / m - 1.0))
        refuted |= np.logaddexp.reduce(logs, axis=1) - np.log(len(FRACTIONS)) >= target
    return refuted
