"""One task of a sweep, on whatever worker: it computes, writes nothing, and raises nothing.

A task is a `Cell` to simulate or the `Theory` of a point. May import contracts and this package.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.drift_file import in_short
from experiments.sweeps.cell import run_cell
from experiments.sweeps.plan import Cell, Theory
from experiments.sweeps.theory import theory_of

__all__ = ["Outcome", "Task", "compute"]

Task = Cell | Theory


@dataclass(frozen=True)
class Outcome:
    """What came of a task.

    Attributes
    ----------
    figures : dict or None
        Column to number; None if it failed, or if nothing is known of the point.
    loads : (R, G) float64
        Load of each worker in the first R steps, where they were asked for.
    error : str
        One line; empty if it didn't fail.
    """

    figures: dict[str, Any] | None = None
    loads: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))
    error: str = ""


def compute(task: Task) -> Outcome:
    """Run a task; whatever its policy, its drift or its input raise becomes its ``error``."""
    try:
        if isinstance(task, Theory):
            return Outcome(theory_of(task))
        figures, loads = run_cell(task)
        return Outcome(figures, loads)
    except (Exception, SystemExit) as error:  # a drift process is the user's program, and may do anything
        return Outcome(error=in_short(error))
