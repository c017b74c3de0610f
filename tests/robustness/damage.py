"""Arguments that are wrong: what is handed over instead of a sound value, and what must come of it."""

from __future__ import annotations

import datetime
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

__all__ = ["JUNK", "Target", "arguments", "damaged", "outcome", "spoilt"]

#: No call takes a tenth of it; beyond it a call hangs.
PATIENCE_S = 20

NESTED: Any = [[[[1.0], 2.0], 3.0]]
KNOT: list[Any] = []
KNOT.append(KNOT)

# Numbers are tiny or absurd: those between, say 10⁸ steps, are sound in many places and merely slow.
JUNK: tuple[Any, ...] = (
    None, True, False, np.True_, ..., NotImplemented, -1, 0, 1, 2, 2**53, 2**53 + 1, 2**63 - 1, 2**63,
    2**64, -(2**63), -(2**63) - 1, 10**30, 10**400, -(10**400), -0.0, 0.5, 1.5, -1.5, 5e-324, 1e-300, 1e16,
    1e300, 1.7e308, -1e300, float("nan"), float("inf"), -float("inf"), 1j, Decimal("0.5"), Decimal("NaN"),
    Decimal("sNaN"), Fraction(1, 3), Fraction(10**400, 3), np.float16(0.1), np.float32("nan"),
    np.float64("inf"), np.int8(-128), np.uint64(2**64 - 1), np.longdouble("1e4000"), np.complex128(1),
    np.datetime64("NaT"), np.datetime64("2024-01-01"), np.timedelta64(3, "s"), np.str_("7"), "", " ", "1",
    "nan", "-1", "none", "overloaded", "fcfs", "a\nb", "\x00", "\ud800", "é" * 200, "%s {0} {x}", b"", b"1",
    b"\xff\x00", bytearray(b"2"), memoryview(b"3"), [], [[]], [[], []], [None], [1, None], ["1"],
    ["a", 1.0], [1, [2]], NESTED, KNOT, [float("nan")], [float("inf")], [-1.0], [0.0], [1.0], [1.0, 1.0],
    [0.5, 0.5], [1, 2, 3], [1, 2, 3, 4, 5], [True, False], [10**400], [2**64], [5e-324, 1.0],
    [1e308, 1e308], [[1.0, 2.0], [3.0]], [[1.0], [2.0]], [1j], [Decimal(1)], [Fraction(1, 2)], [()],
    [lambda: 0], [object()], (), (1,), (1.0, float("nan")), (0, 1, 2), {}, {1: 2}, {"a": 1},
    {0.0: 1.0, 1.0: 2.0}, {0: 1, 1: None}, {None: None}, set(), {1.0}, frozenset({2}), range(0), range(3),
    iter([1, 2]), (x for x in (1, 2)), np.zeros(0), np.zeros((0, 3)), np.zeros((3, 0)), np.ones(()),
    np.ones(3), np.ones((2, 2)), np.ones((2, 2, 2)), np.array([1, None], dtype=object),
    np.array(["a", "b"]), np.array([1 + 1j]), np.array(["2024"], dtype="datetime64[Y]"),
    np.array([(1, 2.0)], dtype="i4,f8"), np.ma.array([1.0, 2.0], mask=[True, False]), np.full(3, np.nan),
    np.arange(3)[::-1], np.array([1.0, 2.0], dtype=">f8"), np.array([1, 2], dtype=np.uint8),
    np.array([2**64 - 1], dtype=np.uint64), np.array([1.0], dtype=np.longdouble),
    np.array([1, "1e4000"], dtype=np.longdouble), np.broadcast_to(1.0, (3,)), np.arange(5000.0) - 1.0,
    pd.Series([1.0, 2.0]), pd.Series(["a"]), pd.Series([1, None]), pd.DataFrame({"a": [1.0]}), pd.NA,
    pd.NaT, datetime.date(2024, 1, 1), datetime.timedelta(1), Path("nowhere"), Path("/"), slice(3),
    object(), object, type, int, len, lambda *a, **k: 0.0, Exception("boom"), np, np.random.default_rng(0),
    st,
)  # fmt: skip


@dataclass(frozen=True)
class Target:
    """Something public that takes a user's arguments.

    Attributes
    ----------
    call : callable
    sound : mapping of str to strategy
        Arguments by name that it takes, kept small so that a call is quick.
    kept : bool
        Whether what it returns is a value, to be pickled, copied and shown.
    also : tuple of exceptions
        What it may raise beside ``ValueError`` and ``TypeError``, as its docstring says.
    """

    call: Callable[..., Any]
    sound: Mapping[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    kept: bool = False
    also: tuple[type[Exception], ...] = ()


def arguments(target: Target) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments as they should be."""
    return st.fixed_dictionaries(dict(target.sound))


@st.composite
def damaged(draw: st.DrawFn, target: Target) -> dict[str, Any]:
    """Arguments of which one is spoilt, or more."""
    names = list(target.sound)
    first = draw(st.sampled_from(names))
    given = {}
    for name in names:
        value = draw(target.sound[name])
        hit = name == first or draw(st.integers(0, 7)) == 0
        given[name] = draw(spoilt(value)) if hit else value
    return given


def spoilt(value: Any) -> st.SearchStrategy[Any]:
    """Something else than ``value``, mostly near it."""
    junk = st.sampled_from(JUNK)
    if isinstance(value, str):
        return (
            junk
            | st.text(max_size=6)
            | st.builds(_edited, st.just(value), st.integers(0, 40), st.text(max_size=2))
        )
    if isinstance(value, (bool, int, float)):
        near = (
            -value,
            value + 0.5,
            value - 1,
            str(value),
            [value],
            np.array([value, value]),
            complex(value),
            Decimal(value),
        )
        return junk | st.sampled_from(near) | st.integers(-3, 3) | st.floats(-2, 2)
    if isinstance(value, (list, tuple)) and value:
        return junk | _spoilt_list(list(value)) | _spoilt_list(list(value))
    return junk | st.sampled_from((type(value), [value], {"value": value}, str(value)))


def _edited(text: str, at: int, piece: str) -> str:
    at %= len(text) + 1
    return text[:at] + piece + text[at + 1 :]


@st.composite
def _spoilt_list(draw: st.DrawFn, values: list[Any]) -> Any:
    at = draw(st.integers(0, len(values) - 1))
    how = draw(
        st.sampled_from(["replace", "replace", "drop", "double", "nest", "object", "set", "dict", "reverse"])
    )
    if how == "replace":
        values[at] = draw(spoilt(values[at]))
    elif how == "drop":
        del values[at]
    elif how == "double":
        values.insert(at, values[at])
    elif how == "nest":
        values = [values]
    elif how == "object":
        boxed = np.empty(len(values), dtype=object)
        boxed[:] = values
        return boxed
    elif how == "set":
        return dict.fromkeys(map(str, values)).keys()
    elif how == "dict":
        return dict(enumerate(values))
    else:
        values.reverse()
    return values


class Hangs(BaseException):
    """A call took longer than `PATIENCE_S`."""


@contextmanager
def _patience() -> Iterator[None]:
    def give_up(*_: Any) -> None:
        raise Hangs

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE_S, 1)  # again and again: a callback may swallow the first
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def outcome(target: Target, given: Mapping[str, Any]) -> Any:
    """Return what a call returns, or the error that it ends with, which must be one clear line."""
    try:
        with _patience():
            result = target.call(**given)
    except (ValueError, TypeError, *target.also) as error:
        _assert_one_line(error)
        return error
    assert repr(result)
    return result


def _assert_one_line(error: Exception) -> None:
    message = str(error)
    assert message.strip(), f"{type(error).__name__} without a word"
    assert "\n" not in message, message
    assert len(message) < 1000, f"{len(message)} characters: {message[:200]}"
