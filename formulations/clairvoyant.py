"""The clairvoyant program solved: the least total imbalance any work-conserving policy could have reached.

May import contracts, numpy, pulp and this room.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pulp
from numpy.typing import ArrayLike, NDArray

from contracts import TimeLimit, checks
from formulations import highs
from formulations.clairvoyant_model import Horizon, build, read_schedule
from formulations.grids import adds_exactly, common_unit, power_of_two_above
from formulations.numerics import GRID, Scale, snapped
from formulations.problem import LARGEST_NUMBER

__all__ = ["Schedule", "build_clairvoyant", "solve_clairvoyant"]


#: Most workers times steps of a program: each takes several variables, far beyond what is ever solved.
MOST_CELLS = 10**6


@dataclass(frozen=True, eq=False)
class Schedule:
    """When and where each request starts, and how good that is known to be.

    Attributes
    ----------
    worker, start : (n,) int64
        Worker and start step of each request; -1 for those not started within the horizon.
    loads : (G, K) float64
        L_g(k), the load of each worker at each step, in units of load.
    lower_bound : float
        Proven: no work-conserving schedule has less total imbalance over these K steps.
    status : str
        ``"optimal"`` only where that is proven, for data that are not whole numbers to 1e-6 of the value;
        ``"time_limit"`` where the limit stopped the search;
        ``"feasible"`` where HiGHS' bound, taken with its tolerance, leaves a gap.
    """

    worker: NDArray[np.int64]
    start: NDArray[np.int64]
    loads: NDArray[np.float64]
    lower_bound: float
    status: str

    @property
    def step_imbalance(self) -> NDArray[np.float64]:
        """I(k) = Σ_g (max_g L_g(k) - L_g(k)) at each step, (K,) float64, in units of load."""
        idle: NDArray[np.float64] = (self.loads.max(axis=0) - self.loads).sum(axis=0)
        return idle

    @property
    def imbalance(self) -> float:
        """The total over the horizon, in units of load."""
        return float(self.step_imbalance.sum())

    def __repr__(self) -> str:
        return (
            f"Schedule(started={int((self.start >= 0).sum())} of {len(self.start)}, "
            f"imbalance={self.imbalance:g}, lower_bound={self.lower_bound:g}, status={self.status!r})"
        )


def build_clairvoyant(
    sizes: ArrayLike,
    lengths: ArrayLike,
    growth: ArrayLike | None = None,
    *,
    workers: int,
    slots: int,
    steps: int,
) -> pulp.LpProblem:
    """Return the clairvoyant program in PuLP's terms and its own units; arguments as `solve_clairvoyant`."""
    return build(_checked(sizes, lengths, growth, workers, slots, steps))


def solve_clairvoyant(
    sizes: ArrayLike,
    lengths: ArrayLike,
    growth: ArrayLike | None = None,
    *,
    workers: int,
    slots: int,
    steps: int,
    time_limit_s: float | None = None,
    verbose: bool = False,
) -> Schedule:
    """Return the work-conserving schedule of least total imbalance over a horizon that is known in advance.

    Parameters
    ----------
    sizes : (n,) array_like of float
        Sizes at admission, 0 to 1e15, in units of load. All requests wait at step 0.
    lengths : (n,) array_like of int
        Number of steps each request stays, >= 1.
    growth : (K,) array_like of float, optional
        Cumulative common growth D_0..D_{K-1}: starts at 0, non-decreasing, up to 1e15. A request started
        at step k has grown by ``growth[t] - growth[k]`` at step t. Default: zeros.
    workers, slots : int
        G >= 1 workers with B >= 1 slots each, empty before step 0.
    steps : int
        K >= 1, the length of the horizon.
    time_limit_s : float, optional
        Seconds of search, > 0. Default: none.
    verbose : bool
        Let HiGHS write its log to standard output (of the scaled program).

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong type, shape or range.
    contracts.TimeLimit
        If the limit came before any schedule was found; it carries the bound proven by then.

    Examples
    --------
    Two workers with one slot each, sizes 5, 3, 2, lengths 1, 2, 1, growth 1 per step, two steps. Two must
    start at step 0. With 3 and 2 it costs 1; then 5 joins the 3, grown to 4, which costs 1 again. (5 and 3
    first cost 2, and 2 beside 4 another 2; 5 and 2 first cost 3, and 3 alone another 3.)

    >>> best = solve_clairvoyant([5, 3, 2], [1, 2, 1], [0, 1], workers=2, slots=1, steps=2)
    >>> best.start.tolist(), best.step_imbalance.tolist(), best.status
    ([1, 0, 0], [1.0, 1.0], 'optimal')
    """
    horizon = _checked(sizes, lengths, growth, workers, slots, steps)
    if time_limit_s is not None:
        checks.number("time_limit_s", time_limit_s, above=0)
    small, scale = _rescaled(horizon)
    solve = highs.solve_twice if scale.is_fine else highs.solve
    try:
        solution = solve(build(small), time_limit_s=time_limit_s, verbose=verbose)
    except TimeLimit as limit:
        proven = max(0.0, scale.lower_bound(limit.lower_bound))
        raise TimeLimit(
            f"no schedule of {len(horizon.sizes)} requests was found within {time_limit_s:g} s",
            lower_bound=proven,
        ) from None
    worker, start = read_schedule(small, solution.values)
    loads = _loads(horizon, worker, start)
    total = float((loads.max(axis=0) - loads).sum())
    for array in (worker, start, loads):
        array.flags.writeable = False
    lower_bound, status = scale.judge(total, solution.status, solution.bound, least=0.0)
    return Schedule(worker, start, loads, lower_bound, status)


def _checked(
    sizes: ArrayLike, lengths: ArrayLike, growth: ArrayLike | None, workers: int, slots: int, steps: int
) -> Horizon:
    workers = checks.count("workers", workers, at_least=1, at_most=MOST_CELLS)
    slots = checks.count("slots", slots, at_least=1, at_most=checks.EXACT_INTEGER_LIMIT)
    steps = checks.count("steps", steps, at_least=1, at_most=MOST_CELLS)
    checks.check(
        workers * steps <= MOST_CELLS,
        f"workers * steps must be <= {MOST_CELLS}, got {workers} * {steps} = {workers * steps}",
    )
    weights = checks.array("sizes", sizes, shape=(None,), at_least=0, at_most=LARGEST_NUMBER, axes="(n,)")
    stays = checks.array(
        "lengths", lengths, shape=weights.shape, integral=True, at_least=1, axes=f"(n,) = ({len(weights)},)"
    )
    drift = np.zeros(steps) if growth is None else growth
    drift = checks.array(
        "growth", drift, shape=(steps,), at_least=0, at_most=LARGEST_NUMBER, axes=f"(K,) = ({steps},)"
    )
    checks.check(drift[0] == 0, f"growth[0] must be 0 (nothing has grown yet), got {drift[0]:g}")
    checks.sorted_ascending("growth", drift)
    return Horizon(weights, stays, drift, workers, slots)


def _rescaled(horizon: Horizon) -> tuple[Horizon, Scale]:
    """Return the same horizon in numbers of moderate size, see `formulations.numerics`."""
    sizes, growth, cells = horizon.sizes, horizon.growth, horizon.workers * horizon.steps
    factor = power_of_two_above(float(sizes.max(initial=0.0) + growth[-1]))
    most = cells * float(sizes.sum() + len(sizes) * growth[-1])
    exact = adds_exactly(most, sizes, growth)
    blur = rounding = 0.0 if exact else 2.0**-50 * most
    small = replace(horizon, sizes=sizes / factor, growth=growth / factor)
    if common_unit(small.sizes, small.growth) < GRID:
        small = replace(horizon, sizes=snapped(small.sizes), growth=snapped(small.growth))
        # Each active request counts with a size and two values of the cumulative growth.
        blur += factor * GRID * cells * 3 * horizon.slots
    unit = factor * common_unit(small.sizes, small.growth)
    whole = bool((sizes == np.floor(sizes)).all() and (growth == np.floor(growth)).all())
    return small, Scale(factor, 0.0, unit, blur, rounding, strict=exact and whole)


def _loads(horizon: Horizon, worker: NDArray[np.int64], start: NDArray[np.int64]) -> NDArray[np.float64]:
    loads = np.zeros((horizon.workers, horizon.steps))
    for size, length, g, k in zip(horizon.sizes, horizon.lengths, worker, start, strict=True):
        if g >= 0:
            stay = slice(k, min(k + length, horizon.steps))
            loads[g, stay] += size + horizon.growth[stay] - horizon.growth[k]
    return loads
