"""How a step is scaled for a solver in floating point, and what its bound is then worth.

HiGHS works to absolute tolerances near 1e-9, while sizes may reach 1e7 and loads 1e9 in steps of one. Three
exact changes make the one fit the other: loads far below the maximum and far above the minimum are moved
closer, which shifts every objective by a constant; everything is divided by a power of two, and the weights
of the window's steps by another; and a bound is rounded up to the next value that the objective can take.
Data that are finer than `GRID` of the largest size, like decimals, are rounded to that grid, and the bound is
lowered by all that this can amount to; weights are kept as they are. May import contracts and numpy only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts import SolverError
from formulations.grids import adds_exactly, binary_grid, common_unit, power_of_two_above
from formulations.problem import StepProblem
from formulations.values import objective_value

__all__ = [
    "GRID",
    "RELATIVE_GAP",
    "Scale",
    "rescale",
    "snapped",
]

#: Where scaled numbers differ by less than this, presolve was seen (once in some ten thousand programs) to
#: lose the optimum, or to prove a bound above it; such a program is solved without presolve as well.
FINE = 2.0**-16

#: Below this an objective may come near the smallest numbers of float64, which lose their digits.
NEARLY_SUBNORMAL = 2.0**-900

#: The finest step of numbers that a scaled program may have: HiGHS' presolve was seen to call a program
#: infeasible, or a bad point optimal, where its numbers differ by no more than a few tolerances of 1e-9.
GRID = 2.0**-26

#: What "optimal" may leave between value and bound, as a share of the value; nothing for whole numbers.
RELATIVE_GAP = 1e-6

#: What a bound reported by HiGHS may be wrong by, absolute and relative, in the scaled program.
_ABSOLUTE, _RELATIVE = 2e-9, 1e-12


@dataclass(frozen=True)
class Scale:
    """How objectives of a scaled program translate: true value = offset + factor · scaled value.

    Attributes
    ----------
    factor : float
        A power of two, so that scaling rounds nothing.
    offset : float
        In units of load.
    unit : float
        Every objective of the scaled program, times ``factor``, is a whole multiple of this.
    blur : float
        What rounding of the data and of the offset may amount to, in units of load; 0 where all is exact.
    rounding : float
        The part of it that float64 can't avoid, in units of load: values as computed are no surer.
    strict : bool
        The data are whole numbers: "optimal" then means no gap at all.
    """

    factor: float
    offset: float
    unit: float
    blur: float
    rounding: float
    strict: bool

    @property
    def is_fine(self) -> bool:
        """Whether objectives of the scaled program differ by so little that HiGHS may mistake them."""
        return self.unit < FINE * self.factor

    def error(self, bound: float) -> float:
        """Return what HiGHS' bound may be wrong by, in units of load; 0 where rounding it up mends that."""
        error = self._raw_error(bound)
        return 0.0 if self.unit > 4 * error else error

    def _raw_error(self, bound: float) -> float:
        return self.factor * (_ABSOLUTE + _RELATIVE * abs(bound))

    def lower_bound(self, bound: float) -> float:
        """Return the true lower bound that a solver's bound on the scaled program stands for."""
        if not math.isfinite(bound):
            return -math.inf
        safe = self.factor * bound - self._raw_error(bound)
        if self.error(bound) == 0:
            safe = self.unit * math.ceil(safe / self.unit)
        return self.offset + safe - self.blur

    def judge(self, value: float, stopped: str, bound: float, *, least: float) -> tuple[float, str]:
        """Return the proven lower bound and the status of an assignment or schedule.

        It is ``"optimal"`` where the two meet; where data are not whole numbers also where they are no more
        than `RELATIVE_GAP` of the value, and what float64 rounds in it, apart.

        Parameters
        ----------
        value : float
            The true objective, recomputed from what was read from the solver.
        stopped : str
            The solver's status: ``"optimal"``, ``"gap_limit"`` or ``"time_limit"``.
        bound : float
            The solver's bound on the scaled program.
        least : float
            A true lower bound known without it.

        Raises
        ------
        SolverError
            If the bound contradicts the value.
        """
        lower_bound = max(least, self.lower_bound(bound))
        if lower_bound > value + self.blur:
            raise SolverError(f"HiGHS' bound {lower_bound!r} is above the value {value!r} of its solution")
        lower_bound = min(lower_bound, value)
        tolerance = 0.0 if self.strict else RELATIVE_GAP * value + 2 * self.rounding
        if lower_bound == value or (stopped == "optimal" and value - lower_bound <= tolerance):
            return lower_bound, "optimal"
        return lower_bound, "time_limit" if stopped == "time_limit" else "feasible"


def rescale(problem: StepProblem, objective: str) -> tuple[StepProblem, Scale]:
    """Return an equivalent step with numbers of moderate size, and how its objective translates.

    Both steps have the same feasible assignments, and under each of them the objectives agree through the
    `Scale`: exactly where the data have a common unit that is no less than `GRID` of the largest size,
    else up to its ``blur``, as the data are then rounded to that grid.

    Parameters
    ----------
    problem : StepProblem
    objective : str
        One of `OBJECTIVES`.
    """
    largest = float(problem.sizes.max(initial=0.0) + problem.growth[-1])
    scale = power_of_two_above(largest)
    factor = scale * power_of_two_above(float(problem.weights.max()))
    loads = _compressed(problem) / scale
    small = _with_numbers(problem, loads, problem.sizes / scale, problem.growth / scale)
    nobody = np.full(len(problem.sizes), -1)
    offset = objective_value(problem, nobody, objective) - factor * objective_value(small, nobody, objective)
    terms = problem.workers * float(problem.weights.sum())  # weighted loads in an objective
    most = terms * float(problem.loads.max() + problem.sizes.sum() + len(problem.sizes) * problem.growth[-1])
    # A weighted load is a whole multiple of both grids' product.
    exact = adds_exactly(most / binary_grid(problem.weights), problem.loads, problem.sizes, problem.growth)
    blur = rounding = 0.0 if exact else 2.0**-50 * most
    if 0 < most < NEARLY_SUBNORMAL:  # products of such numbers with each other's grid may vanish
        blur += float(np.finfo(np.float64).tiny)
    unit = common_unit(small.loads, small.sizes, small.growth)
    if unit < GRID:
        fine = small
        small = _with_numbers(problem, snapped(loads), snapped(fine.sizes), snapped(fine.growth))
        unit = common_unit(small.loads, small.sizes, small.growth)
        blur += scale * _snapping_error(fine, small, objective) * float(problem.weights.max())
    if largest > 0:  # else every scaled load is 0, and so is the objective, whatever the weights
        unit *= common_unit(small.weights)
    return small, Scale(factor, offset, factor * unit, blur, rounding, strict=exact and problem.is_integral)


def _snapping_error(fine: StepProblem, small: StepProblem, objective: str) -> float:
    """Return how far the objectives of two steps that differ in their numbers only can be apart.

    A worker's load is a sum of its own, and a size and a growth for each request it is given; what these are
    off by adds up, for the sizes at most to the largest of them. The imbalance is off by the largest load's
    error times G and everyone's own, the spread by two loads' errors, the makespan by one.
    """
    most = int(min(fine.free_slots.max(), len(fine.sizes)))
    off = np.sort(np.abs(fine.sizes - small.sizes))[len(fine.sizes) - most :].sum()
    per_load = np.abs(fine.loads - small.loads).max(axis=0) + off + most * np.abs(fine.growth - small.growth)
    count = {"imbalance": 2 * fine.workers, "spread": 2, "makespan": 1}[objective]
    scaled_weights = fine.weights / fine.weights.max()
    return count * float(scaled_weights @ per_load)


def snapped(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers of a scaled program rounded to multiples of `GRID`."""
    result: NDArray[np.float64] = np.rint(values / GRID) * GRID
    return result


def _with_numbers(
    problem: StepProblem, loads: NDArray[np.float64], sizes: NDArray[np.float64], growth: NDArray[np.float64]
) -> StepProblem:
    return StepProblem(
        loads=loads,
        free_slots=problem.free_slots,
        sizes=sizes,
        growth=growth,
        weights=problem.weights / power_of_two_above(float(problem.weights.max())),
        required=problem.required,
        forbidden=problem.forbidden,
        min_admissions=problem.min_admissions,
    )


def _compressed(problem: StepProblem) -> NDArray[np.float64]:
    """Return loads, (G, H+1) float64, that separate the workers as the problem's do near both ends.

    With ``reach`` the most a worker can be given, one that starts more than that below the maximum never
    attains it, and one that starts more than that above the minimum never is it: how far more makes no
    difference. So the lowest load moves to 0, loads within reach of it keep their distance to it, loads
    within reach of the highest keep theirs to that, and those between are put in the middle.
    """
    most = int(min(problem.free_slots.max(), len(problem.sizes)))
    largest = np.sort(problem.sizes)[len(problem.sizes) - most :]
    reach = largest.sum() + most * problem.growth
    above_lowest = problem.loads - problem.loads.min(axis=0)
    below_highest = problem.loads.max(axis=0) - problem.loads
    reach = np.minimum(reach, above_lowest.max(axis=0) / 2)
    result: NDArray[np.float64] = np.maximum(np.minimum(above_lowest, reach), 2 * reach - below_highest)
    return result
