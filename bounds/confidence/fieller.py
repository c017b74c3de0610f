"""Fieller's interval for the ratio of two means: at a fixed number of observations, and at every one.

May import contracts, numpy, scipy the asymptotic sequence for one mean, and the check of a series.
"""

from __future__ import annotations

import math

import numpy as np
import scipy.special
from numpy.typing import ArrayLike

from bounds.confidence.asymptotic import FIRST_LOOK, TUNED_FOR, critical_value
from bounds.confidence.sequence import ConfidenceSequence
from bounds.intervals import measured
from contracts import checks

__all__ = ["AsymptoticRatioSequence", "fieller"]

#: Smallest error level: below it the quantile of Student is infinite in float64.
SMALLEST_LEVEL = 1e-15


class AsymptoticRatioSequence(ConfidenceSequence):
    """Confidence sequence for E X / E Y from pairs without a known bound: Fieller's interval, at every time.

    For each r the mean of X - r·Y is held against the boundary of `AsymptoticSequence`; its warnings apply.
    It says nothing while the denominator's mean is not clearly positive, or X - r·Y has shown no variance.

    Parameters
    ----------
    level : float
        Error level of both ends together.
    first_look, tuned_for : int
        As for `AsymptoticSequence`.
    """

    exact = (False, False)
    unit = "pair"

    def __init__(
        self, *, level: float = 0.01, first_look: int = FIRST_LOOK, tuned_for: int = TUNED_FOR
    ) -> None:
        super().__init__(level)
        self.first_look = checks.count("first_look", first_look, at_least=8)
        self.tuned_for = checks.count("tuned_for", tuned_for, at_least=1)
        self._mean, self._squares = np.zeros(2), np.zeros((2, 2))

    @property
    def premise(self) -> str:
        """What the level rests on, in words."""
        return (
            "independent pairs of finite variance, denominator positive in the mean, "
            f"in the limit of a late first look (at {self.first_look})"
        )

    def add(self, *values: float) -> tuple[float, float]:
        """Take one pair in and return the interval after it."""
        x, y = self._pair(values)

        pair = np.array([self._observed(x, which="numerator"), self._observed(y, which="denominator")])
        self.count += 1
        before = pair - self._mean
        self._mean = self._mean + before / self.count
        self._squares = self._squares + np.outer(before, pair - self._mean)
        error = self._squares / max(self.count - 1, 1) / self.count
        if self.count < self.first_look or not _varies(self._mean, error):
            return self.lo, self.hi
        z = critical_value(self.count, self.level / 2, tuned_for=self.tuned_for)
        return self._narrow(*_solved(self._mean, error, z))


def fieller(
    numerator: ArrayLike, denominator: ArrayLike, *, paired: bool, level: float = 0.01
) -> tuple[float, float]:
    """Return Fieller's interval for E X / E Y at a number of observations fixed beforehand.

    All r for which the mean of X - r·Y differs from 0 by less than Student's quantile. Exact for normal
    values where paired, nearly so otherwise. (-inf, inf) where the denominator's mean is not
    significantly different from 0: the set of ratios is then not an interval.

    Parameters
    ----------
    numerator, denominator : (n,), (m,) array_like of float
        At least 2 each; n = m where paired.
    paired : bool
        Whether ``numerator[i]`` belongs to ``denominator[i]``; otherwise the two samples are independent.
    level : float
        Error level of both ends together. The degrees of freedom are those of the smaller sample.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable.

    References
    ----------
    E. C. Fieller, "Some problems in interval estimation", Journal of the Royal Statistical Society B 16
    (1954) 175-185.

    Examples
    --------
    >>> lo, hi = fieller([4.0, 5.0, 6.0], [2.0, 2.6, 2.9], paired=True, level=0.05)
    >>> round(lo, 2), round(hi, 2)
    (1.74, 2.19)

    """
    x = measured("numerator", numerator, axes="(n,)")
    y = measured("denominator", denominator, axes="(m,)")
    error_level = checks.number("level", level, at_least=SMALLEST_LEVEL, below=1)
    checks.instance("paired", paired, bool, "True or False")
    for name, values in (("numerator", x), ("denominator", y)):
        checks.check(len(values) >= 2, f"{name} must have at least 2 entries, got {len(values)}")
    if paired:
        checks.check(
            len(x) == len(y), f"denominator must have {len(x)} entries, one to each numerator, got {len(y)}"
        )
        error = np.cov(x, y) / len(x)
    else:
        error = np.diag([x.var(ddof=1) / len(x), y.var(ddof=1) / len(y)])
    quantile = float(scipy.special.stdtrit(min(len(x), len(y)) - 1, 1 - error_level / 2))
    return _solved(np.array([x.mean(), y.mean()]), error, quantile)


def _varies(mean: np.ndarray, error: np.ndarray) -> bool:
    """Whether X - r·Y has a variance beyond rounding at the estimate r, cross-multiplied by m_y²."""
    parts = mean[1] ** 2 * error[0, 0], mean[0] ** 2 * error[1, 1], 2 * mean[0] * mean[1] * error[0, 1]
    return bool(parts[0] + parts[1] - parts[2] > 1e-12 * (parts[0] + parts[1]))


def _solved(mean: np.ndarray, error: np.ndarray, quantile: float) -> tuple[float, float]:
    """Return the r with |m_x - r·m_y| <= z·√(e_xx - 2r·e_xy + r²·e_yy), an interval where m_y > z·√e_yy."""
    square = quantile**2
    leading = mean[1] ** 2 - square * error[1, 1]
    if leading <= 0:
        return -math.inf, math.inf
    middle = mean[0] * mean[1] - square * error[0, 1]
    constant = mean[0] ** 2 - square * error[0, 0]
    # the estimate m_x/m_y always solves it, so a negative discriminant is rounding
    root = math.sqrt(max(middle**2 - leading * constant, 0.0))
    return float((middle - root) / leading), float((middle + root) / leading)
