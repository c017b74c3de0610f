"""The decision of one step as plain values: `StepProblem` in, `Assignment` out.

Notation of the theory (BF-IO, docs/theory.md §1): ``loads[g, h]`` is the predicted load of the requests
already on worker g at step k + h, ``free_slots[g]`` = c_g, ``sizes[i]`` = s_i, ``growth[h]`` = d_h.
May import contracts and numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from contracts import checks

__all__ = ["OBJECTIVES", "Assignment", "StepProblem", "imbalance", "objective_value", "predicted_loads"]

#: What a step may minimise; each is summed over the window h = 0..H.
#: ``imbalance``: G·max_g L - Σ_g L.  ``spread``: max_g L - min_g L.  ``makespan``: max_g L.
OBJECTIVES = ("imbalance", "spread", "makespan")


@dataclass(frozen=True, eq=False, init=False)
class StepProblem:
    """Which waiting requests fill which free slots in one step.

    Exactly ``admissions`` = min(len(sizes), free_slots.sum()) requests are placed, unless
    ``min_admissions`` allows fewer.

    Parameters
    ----------
    loads : (G, H+1) array_like of float
        Predicted load of the continuing requests of each worker at steps k..k+H, >= 0. A (G,) array is
        taken as H = 0.
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
        Admit at least this many instead of exactly ``admissions``. Default: ``admissions``.

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong type, shape or range; the message names the element.

    Examples
    --------
    >>> problem = StepProblem(loads=[[7.0], [4.0]], free_slots=[1, 1], sizes=[1.0, 4.0, 9.0])
    >>> problem.workers, problem.horizon, problem.admissions
    (2, 0, 2)
    """

    loads: NDArray[np.float64]
    free_slots: NDArray[np.int64]
    sizes: NDArray[np.float64]
    growth: NDArray[np.float64]
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
    ) -> None:
        put = object.__setattr__
        put(self, "loads", _checked_loads(loads))
        checks.check(self.loads.shape[0] >= 1, f"loads must have at least one worker, got {self.loads.shape}")
        checks.check(self.loads.shape[1] >= 1, f"loads must have H+1 >= 1 columns, got {self.loads.shape}")
        workers, columns = self.loads.shape
        free = checks.array(
            "free_slots", free_slots, shape=(workers,), integral=True, at_least=0, axes=f"(G,) = ({workers},)"
        )
        put(self, "free_slots", free)
        put(self, "sizes", checks.array("sizes", sizes, shape=(None,), at_least=0, axes="(N,)"))
        put(self, "growth", _checked_growth(growth, columns))
        pool = len(self.sizes)
        put(self, "required", _mask("required", required, (pool,)))
        put(self, "forbidden", _mask("forbidden", forbidden, (pool, workers)))
        least = self.admissions if min_admissions is None else checks.count("min_admissions", min_admissions)
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
        return int(min(len(self.sizes), self.free_slots.sum()))

    @property
    def is_integral(self) -> bool:
        """Whether every load, size and growth is a whole number, so that objectives are computed exactly."""
        return all(bool((a == np.floor(a)).all()) for a in (self.loads, self.sizes, self.growth))

    @property
    def is_plain(self) -> bool:
        """Whether there is no further constraint: nothing required, forbidden or left open."""
        return self.required is None and self.forbidden is None and self.min_admissions == self.admissions

    def __repr__(self) -> str:
        return (
            f"StepProblem(workers={self.workers}, horizon={self.horizon}, "
            f"free_slots={int(self.free_slots.sum())}, waiting={len(self.sizes)})"
        )


def _checked_loads(loads: ArrayLike) -> NDArray[np.float64]:
    try:
        flat = np.ndim(loads) == 1
    except ValueError:  # rows of unequal length, which the check below words
        flat = False
    table = np.asarray(loads)[:, None] if flat else loads
    result: NDArray[np.float64] = checks.array(
        "loads", table, shape=(None, None), at_least=0, axes="(G, H+1)"
    )
    return result


def _checked_growth(growth: ArrayLike | None, columns: int) -> NDArray[np.float64]:
    values = np.zeros(columns) if growth is None else growth
    result: NDArray[np.float64] = checks.array(
        "growth", values, shape=(columns,), at_least=0, axes=f"(H+1,) = ({columns},)"
    )
    checks.check(result[0] == 0, f"growth[0] must be 0 (a request has not grown yet), got {result[0]:g}")
    checks.sorted_ascending("growth", result)
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
        Σ_h G·max_g L - Σ_g L of this assignment, in units of load.
    value : float
        The objective that was minimised (equal to ``imbalance`` where that was it).
    lower_bound : float
        Proven: no feasible assignment has a smaller objective.
    status : str
        ``"optimal"`` only where that is proven; ``"feasible"`` for a heuristic's answer with a gap left;
        ``"time_limit"`` where a limit stopped the search.
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


def predicted_loads(problem: StepProblem, worker: ArrayLike) -> NDArray[np.float64]:
    """Return the loads of every worker over the window under an assignment.

    Parameters
    ----------
    problem : StepProblem
    worker : (N,) array_like of int
        Worker of each waiting request, -1 for those left waiting.

    Returns
    -------
    (G, H+1) float64
        L_g(k+h) = loads[g, h] + Σ over requests given to g of (size + growth[h]).

    Raises
    ------
    ValueError
        If ``worker`` has the wrong length or names a worker that does not exist.
    """
    pool, workers = len(problem.sizes), problem.workers
    chosen = checks.array(
        "worker",
        worker,
        shape=(pool,),
        integral=True,
        at_least=-1,
        at_most=workers - 1,
        axes=f"(N,) = ({pool},)",
    )
    placed = chosen >= 0
    given = np.bincount(chosen[placed], weights=problem.sizes[placed], minlength=workers)
    number = np.bincount(chosen[placed], minlength=workers)
    result: NDArray[np.float64] = problem.loads + given[:, None] + number[:, None] * problem.growth[None, :]
    return result


def objective_value(problem: StepProblem, worker: ArrayLike, objective: str) -> float:
    """Return the value of one of `OBJECTIVES` for an assignment, in units of load.

    Slots and further constraints are not checked here; `formulations.verify` does that.
    """
    checks.choice("objective", objective, OBJECTIVES)
    loads = predicted_loads(problem, worker)
    top = loads.max(axis=0)
    if objective == "makespan":
        return float(top.sum())
    if objective == "spread":
        return float((top - loads.min(axis=0)).sum())
    # Summed as idle loads, so that rounding can't make it negative.
    return float((top - loads).sum())


def imbalance(problem: StepProblem, worker: ArrayLike) -> float:
    """Return Σ_h [G·max_g L_g(k+h) - Σ_g L_g(k+h)], the objective of BF-IO, in units of load.

    Parameters
    ----------
    problem : StepProblem
    worker : (N,) array_like of int
        Worker of each waiting request, -1 for those left waiting.

    Examples
    --------
    >>> problem = StepProblem(loads=[[7.0], [4.0]], free_slots=[1, 1], sizes=[1.0, 4.0, 9.0])
    >>> imbalance(problem, [0, 1, -1])
    0.0
    >>> imbalance(problem, [1, 0, -1])
    6.0
    """
    return objective_value(problem, worker, "imbalance")
