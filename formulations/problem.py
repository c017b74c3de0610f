"""The decision of one step as plain values: `StepProblem` in, `Assignment` out.

Notation of the theory (BF-IO, docs/theory.md §1): ``loads[g, h]`` is the predicted load of the requests
already on worker g at step k + h, ``free_slots[g]`` = c_g, ``sizes[i]`` = s_i, ``growth[h]`` = d_h; and
``weights[h]`` = W_h says how much step k + h counts. What an assignment comes to: `formulations.values`.
May import contracts and numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from contracts import checks

__all__ = ["LARGEST_NUMBER", "OBJECTIVES", "Assignment", "StepProblem"]

#: What a step may minimise; each is summed over the window h = 0..H with weights W_h.
#: ``imbalance``: G·max_g L - Σ_g L.  ``spread``: max_g L - min_g L.  ``makespan``: max_g L.
OBJECTIVES = ("imbalance", "spread", "makespan")

#: No load, size, growth, weight or number of slots may be larger, and no weight smaller than the largest over
#: this: up to it float64 holds eighths of a unit, and no sum of weighted loads comes near overflow.
LARGEST_NUMBER = 1e15


@dataclass(frozen=True, eq=False, init=False)
class StepProblem:
    """Which waiting requests fill which free slots in one step.

    Exactly ``admissions`` = min(len(sizes), free_slots.sum()) requests are placed, unless
    ``min_admissions`` allows fewer.

    Parameters
    ----------
    loads : (G, H+1) array_like of float
        Predicted load of the continuing requests of each worker at steps k..k+H, >= 0. A (G,) array is
        taken as H = 0. Like all numbers here, at most `LARGEST_NUMBER`.
    free_slots : (G,) array_like of int
        Free slots per worker, >= 0.
    sizes : (N,) array_like of float
        Sizes of the waiting requests in arrival order, >= 0. N may be 0.
    growth : (H+1,) array_like of float, optional
        Cumulative growth of a newly admitted request after 0..H steps: starts at 0, non-decreasing.
        Default: zeros.
    required : (N,) array_like of bool, optional
        Requests that must be admitted in this step (they waited long enough). Default: none.
    forbidden : (N, G) array_like of bool, optional
        ``forbidden[i, g]``: request i may not go to worker g. Default: none.
    min_admissions : int, optional
        Admit at least this many, up to ``admissions``, instead of exactly that number. Default:
        ``admissions``.
    weights : (H+1,) array_like of float, optional
        W_h > 0, how much the imbalance at step k + h counts, without unit. Later steps are worth less where
        the slots freed until then will be refilled: each refill is a new chance to correct. Whole weights
        keep objectives and bounds exact. No smaller than the largest / `LARGEST_NUMBER`. Default: ones.

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong type, shape or range; the message names the element.

    Examples
    --------
    >>> problem = StepProblem(loads=[[7.0], [4.0]], free_slots=[1, 1], sizes=[1.0, 4.0, 9.0])
    >>> problem.workers, problem.horizon, problem.admissions
    (2, 0, 2)

    The same workers one step ahead as well, which counts half as much:

    >>> ahead = StepProblem([[7, 0], [4, 5]], [1, 1], [1, 4, 9], growth=[0, 1], weights=[2, 1])
    >>> ahead.horizon, ahead.weights.tolist()
    (1, [2.0, 1.0])
    """

    loads: NDArray[np.float64]
    free_slots: NDArray[np.int64]
    sizes: NDArray[np.float64]
    growth: NDArray[np.float64]
    weights: NDArray[np.float64]
    required: NDArray[np.bool_] | None = field(default=None)
    forbidden: NDArray[np.bool_] | None = field(default=None)
    min_admissions: int = 0

    def __init__(
        self,
        loads: ArrayLike,
        free_slots: ArrayLike,
        sizes: ArrayLike,
        growth: ArrayLike | None = None,
        *,
        required: ArrayLike | None = None,
        forbidden: ArrayLike | None = None,
        min_admissions: int | None = None,
        weights: ArrayLike | None = None,
    ) -> None:
        put = object.__setattr__
        put(self, "loads", _checked_loads(loads))
        checks.check(self.loads.shape[0] >= 1, f"loads must have at least one worker, got {self.loads.shape}")
        checks.check(self.loads.shape[1] >= 1, f"loads must have H+1 >= 1 columns, got {self.loads.shape}")
        workers, columns = self.loads.shape
        free = _numbers("free_slots", free_slots, (workers,), f"(G,) = ({workers},)", integral=True)
        put(self, "free_slots", free)
        put(self, "sizes", _numbers("sizes", sizes, (None,), "(N,)"))
        put(self, "growth", _checked_growth(growth, columns))
        put(self, "weights", _checked_weights(weights, columns))
        pool = len(self.sizes)
        put(self, "required", _mask("required", required, (pool,)))
        put(self, "forbidden", _mask("forbidden", forbidden, (pool, workers)))
        least = self.admissions
        if min_admissions is not None:
            least = checks.count("min_admissions", min_admissions, at_most=self.admissions)
        put(self, "min_admissions", least)

    @property
    def workers(self) -> int:
        """G, the number of workers."""
        return int(self.loads.shape[0])

    @property
    def horizon(self) -> int:
        """H, how many steps after this one the objective looks at."""
        return int(self.loads.shape[1]) - 1

    @property
    def admissions(self) -> int:
        """U = min(number waiting, number of free slots), the most that can be admitted."""
        pool = len(self.sizes)
        return int(min(pool, np.minimum(self.free_slots, pool).sum()))

    @property
    def is_integral(self) -> bool:
        """Whether loads, sizes, growth and weights are whole numbers, so that objectives are exact."""
        arrays = (self.loads, self.sizes, self.growth, self.weights)
        return all(bool((a == np.floor(a)).all()) for a in arrays)

    @property
    def is_plain(self) -> bool:
        """Whether there is no further constraint: nothing required, forbidden or left open."""
        return self.required is None and self.forbidden is None and self.min_admissions == self.admissions

    def __repr__(self) -> str:
        return (
            f"StepProblem(workers={self.workers}, horizon={self.horizon}, "
            f"free_slots={int(self.free_slots.sum())}, waiting={len(self.sizes)})"
        )


def _numbers(
    name: str, value: ArrayLike, shape: tuple[int | None, ...], axes: str, *, integral: bool = False
) -> NDArray[Any]:
    return checks.array(
        name, value, shape=shape, integral=integral, at_least=0, at_most=LARGEST_NUMBER, axes=axes
    )


def _checked_loads(loads: ArrayLike) -> NDArray[np.float64]:
    try:
        flat = np.ndim(loads) == 1
    except ValueError:  # rows of unequal length, which the check below words
        flat = False
    table = np.asarray(loads)[:, None] if flat else loads
    return _numbers("loads", table, (None, None), "(G, H+1)")


def _checked_growth(growth: ArrayLike | None, columns: int) -> NDArray[np.float64]:
    values = np.zeros(columns) if growth is None else growth
    result = _numbers("growth", values, (columns,), f"(H+1,) = ({columns},)")
    checks.check(result[0] == 0, f"growth[0] must be 0 (a request has not grown yet), got {result[0]:g}")
    checks.sorted_ascending("growth", result)
    return result


def _checked_weights(weights: ArrayLike | None, columns: int) -> NDArray[np.float64]:
    values = np.ones(columns) if weights is None else weights
    result: NDArray[np.float64] = checks.array(
        "weights", values, shape=(columns,), at_most=LARGEST_NUMBER, axes=f"(H+1,) = ({columns},)"
    )
    first = int((result <= 0).argmax())
    checks.check(result[first] > 0, f"weights[{first}] must be > 0, got {result[first]:g}")
    least, largest = int(result.argmin()), int(result.argmax())
    checks.check(
        bool(result[least] >= result[largest] / LARGEST_NUMBER),
        f"weights[{least}] must be >= weights[{largest}] / {LARGEST_NUMBER:g} = "
        f"{result[largest] / LARGEST_NUMBER:g}, got {result[least]:g}",
    )
    return result


def _mask(name: str, value: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[np.bool_] | None:
    if value is None:
        return None
    raw = np.asarray(value)
    if raw.dtype != np.bool_ and raw.size:
        raise TypeError(f"{name} must hold booleans, got dtype {raw.dtype}")
    checks.check(raw.shape == shape, f"{name} must have shape {shape}, got {raw.shape}")
    if not raw.any():
        return None
    mask = np.array(raw, dtype=np.bool_)
    mask.flags.writeable = False
    return mask


@dataclass(frozen=True, eq=False)
class Assignment:
    """Who goes where in one step, and how good that is known to be.

    Attributes
    ----------
    worker : (N,) int64
        The worker of each waiting request, -1 where it is left waiting.
    imbalance : float
        Σ_h W_h·[G·max_g L - Σ_g L] of this assignment, in units of load.
    value : float
        The objective that was minimised (equal to ``imbalance`` where that was it), in units of load.
    lower_bound : float
        Proven: no feasible assignment has a smaller objective. In units of load.
    status : str
        ``"optimal"`` only where that is proven, to the tolerance that the solver states; ``"feasible"`` where
        a gap is left; ``"time_limit"`` where a limit stopped the search.
    objective : str
        One of `OBJECTIVES`.
    """

    worker: NDArray[np.int64]
    imbalance: float
    value: float
    lower_bound: float
    status: str
    objective: str = "imbalance"

    @property
    def gap(self) -> float:
        """``value - lower_bound`` in units of load: how far from optimal this can at most be."""
        return self.value - self.lower_bound

    @property
    def admitted(self) -> int:
        """How many requests are admitted."""
        return int((self.worker >= 0).sum())

    def __repr__(self) -> str:
        return (
            f"Assignment(admitted={self.admitted} of {len(self.worker)}, objective={self.objective!r}, "
            f"value={self.value:g}, lower_bound={self.lower_bound:g}, status={self.status!r})"
        )
