"""Each error is also the builtin that a caller would expect, and survives the way back from a worker."""

import pickle

import pytest

import contracts
from contracts import DriftError, Infeasible, InvariantBroken, SolverError, TimeLimit, TraceError


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (TraceError, ValueError),
        (DriftError, ValueError),
        (InvariantBroken, RuntimeError),
        (SolverError, RuntimeError),
        (Infeasible, SolverError),
        (Infeasible, ValueError),
        (TimeLimit, SolverError),
        (TimeLimit, TimeoutError),
    ],
)
def test_errors_are_what_a_caller_would_catch(error: type[Exception], builtin: type[Exception]) -> None:
    assert issubclass(error, builtin)


def test_a_time_limit_carries_its_bound_through_pickling() -> None:
    error = pickle.loads(pickle.dumps(TimeLimit("no assignment after 2 s", lower_bound=12.5)))  # noqa: S301
    assert isinstance(error, TimeLimit)
    assert error.lower_bound == 12.5
    assert str(error) == "no assignment after 2 s"


@pytest.mark.parametrize("error", [TraceError, DriftError, InvariantBroken, SolverError, Infeasible])
def test_errors_keep_their_message_through_pickling(error: type[Exception]) -> None:
    copy = pickle.loads(pickle.dumps(error("what happened")))  # noqa: S301
    assert type(copy) is error
    assert str(copy) == "what happened"


def test_the_package_exports_what_it_lists() -> None:
    assert sorted(contracts.__all__) == contracts.__all__
    assert all(hasattr(contracts, name) for name in contracts.__all__)
