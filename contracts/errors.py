"""Errors named by meaning; each is also the builtin a caller would expect.

May import nothing. A user's mistake in an argument is a plain ``ValueError`` or ``TypeError``
(worded in `contracts.checks`); the classes here are for what is not a mistake in one argument.
"""

from __future__ import annotations

from typing import Any

__all__ = ["DriftError", "Infeasible", "InvariantBroken", "SolverError", "TimeLimit", "TraceError"]


class TraceError(ValueError):
    """A trace file that can't be read as it is; the message names file, row and column."""


class DriftError(ValueError):
    """A drift process broke its own declaration: it shrank a load or left its declared range."""


class InvariantBroken(RuntimeError):
    """A result contradicts its own definition; raised by the ``verify`` functions, which recompute it."""


class SolverError(RuntimeError):
    """The solver ended in a state that yields no answer; the message carries its own word for it."""


class Infeasible(SolverError, ValueError):
    """No assignment satisfies the constraints of the problem."""


class TimeLimit(SolverError, TimeoutError):
    """The time limit came before any assignment was found.

    A limit that comes *after* an assignment was found is not an error: the assignment is returned
    with ``status == "time_limit"`` and its proven bound.

    Attributes
    ----------
    lower_bound : float
        What was proven by then: no assignment has a smaller objective.
    """

    def __init__(self, message: str, *, lower_bound: float) -> None:
        super().__init__(message)
        self.lower_bound = lower_bound

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restore_time_limit, (self.args[0], self.lower_bound))


def _restore_time_limit(message: str, lower_bound: float) -> TimeLimit:
    return TimeLimit(message, lower_bound=lower_bound)
