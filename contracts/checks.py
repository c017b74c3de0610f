"""Checks of arguments: the only place that words "bad argument".

May import numpy only. Every message names the argument, the offending value (and its index in an
array) and what would be right, for instance ``sizes[3] must be >= 0, got -2.0``.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "array",
    "check",
    "choice",
    "count",
    "instance",
    "number",
    "seed_value",
    "shown",
    "sorted_ascending",
    "sums_to_one",
]

#: Largest magnitude up to which float64 holds every integer: sums of integral workloads stay exact below it.
#: An int, so that comparing it with an int64 array does not round that array to float64.
EXACT_INTEGER_LIMIT = 2**53

#: Longest text of a value that goes into a message.
LONGEST_SHOWN = 200


def check(condition: bool, message: str) -> None:
    """Raise ``ValueError(message)`` unless ``condition`` holds."""
    if not condition:
        raise ValueError(message)


def shown(value: Any) -> str:
    """Return ``value`` as messages show it: its repr on one line, cut where it is long."""
    try:
        text = repr(value)
    except ValueError:  # Python writes no int of more than some thousand digits
        return "a number with too many digits to show"
    if "\n" in text:
        text = " ".join(text.split())
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def instance(name: str, value: Any, kind: type | tuple[type, ...], wanted: str) -> None:
    """Raise ``TypeError`` unless ``value`` is of ``kind``; ``wanted`` says in words what would be right."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {wanted}, got {shown(value)} ({type(value).__name__})")


def count(name: str, value: Any, *, at_least: int = 0, at_most: int | None = None) -> int:
    """Return ``value`` as an int, or raise if it is not a whole number in the range."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, got {shown(value)} ({type(value).__name__})")
    result = int(value)
    if result < at_least:
        raise ValueError(f"{name} must be >= {at_least}, got {shown(result)}")
    if at_most is not None and result > at_most:
        raise ValueError(f"{name} must be <= {at_most}, got {shown(result)}")
    return result


def number(
    name: str,
    value: Any,
    *,
    at_least: float = -math.inf,
    at_most: float = math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> float:
    """Return ``value`` as a finite float, or raise if it is not a number in the range.

    ``at_least`` and ``at_most`` are inclusive, ``above`` and ``below`` exclusive.
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {shown(value)} ({type(value).__name__})")
    try:
        result = float(value)
    except OverflowError:
        raise ValueError(f"{name} must be at most 1.8e308 in magnitude, the range of float64") from None
    if not math.isfinite(result):
        raise ValueError(f"{name} must be finite, got {result}")
    for holds, words in (
        (result >= at_least, f">= {at_least:g}"),
        (result <= at_most, f"<= {at_most:g}"),
        (result > above, f"> {above:g}"),
        (result < below, f"< {below:g}"),
    ):
        if not holds:
            # six digits read well, unless they hide the very difference: 1.0000001 is not "1"
            brief = f"{result:g}" if float(f"{result:g}") == result else repr(result)
            raise ValueError(f"{name} must be {words}, got {brief}")
    return result


def choice(name: str, value: Any, options: Collection[str]) -> str:
    """Return ``value`` if it is one of ``options``, else raise with the options listed."""
    if not isinstance(value, str) or value not in options:
        listed = ", ".join(repr(option) for option in options)
        raise ValueError(f"{name} must be one of {listed}; got {shown(value)}")
    return value


def array(
    name: str,
    value: ArrayLike,
    *,
    shape: tuple[int | None, ...],
    integral: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
    axes: str = "",
) -> NDArray[Any]:
    """Return ``value`` as a read-only contiguous array (float64, or int64 if ``integral``), or raise.

    Parameters
    ----------
    name : str
        How messages call the argument.
    value : array_like
        What the caller passed. It is copied, so that later changes to it don't reach the result.
    shape : tuple of (int or None)
        The shape wanted; ``None`` leaves an axis free.
    integral : bool
        Demand whole numbers and return int64.
    at_least, at_most : float, optional
        Inclusive range of every element.
    axes : str
        The shape in words for messages, for instance ``"(workers, horizon + 1)"``.

    Raises
    ------
    TypeError
        If the elements are not numbers.
    ValueError
        If shape, finiteness, range or integrality fail; the first offending element is named.
    """
    check(not np.ma.is_masked(value), f"{name} must have no masked elements")
    try:
        raw = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must be an array with rows of equal length") from None
    if raw.dtype == np.bool_ or raw.dtype.kind not in "iuf":
        if raw.size:
            raise TypeError(f"{name} must hold numbers, got dtype {raw.dtype}")
        raw = raw.astype(np.float64)
    if raw.dtype.itemsize > 8:  # a long double, perhaps beyond float64: then it becomes inf, and is refused
        with np.errstate(over="ignore"):
            raw = raw.astype(np.float64)
    wanted = axes or "(" + ", ".join("n" if n is None else str(n) for n in shape) + ")"
    fits = raw.ndim == len(shape) and all(n is None or n == m for n, m in zip(shape, raw.shape, strict=True))
    if not fits:
        raise ValueError(f"{name} must have shape {wanted}, got {raw.shape}")
    with np.errstate(invalid="ignore"):
        _refuse_first(name, raw, ~np.isfinite(raw), "must be finite")
        if at_least is not None:
            _refuse_first(name, raw, raw < at_least, f"must be >= {at_least:g}")
        if at_most is not None:
            _refuse_first(name, raw, raw > at_most, f"must be <= {at_most:g}")
        if integral:
            _refuse_first(name, raw, raw != np.floor(raw), "must be a whole number")
            # two comparisons: the magnitude of the smallest int64 is not an int64
            huge = (raw > EXACT_INTEGER_LIMIT) | (raw < -EXACT_INTEGER_LIMIT)
            _refuse_first(name, raw, huge, "must be at most 2**53 in magnitude")
    result = np.array(raw, dtype=np.int64 if integral else np.float64, order="C")
    result.flags.writeable = False
    return result


def _refuse_first(name: str, values: NDArray[Any], bad: NDArray[np.bool_], words: str) -> None:
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        where = "[" + ", ".join(map(str, index)) + "]" if index else ""
        raise ValueError(f"{name}{where} {words}, got {values[index].item()}")


def sums_to_one(name: str, values: NDArray[np.float64]) -> float:
    """Return the sum of these numbers >= 0, or raise unless it is 1 up to rounding (1e-9)."""
    with np.errstate(over="ignore"):
        total = float(values.sum())
    check(abs(total - 1) <= 1e-9, f"{name} must sum to 1, got {total:.12g}")
    return total


def sorted_ascending(name: str, values: NDArray[Any]) -> None:
    """Raise ``ValueError`` naming the first element that is smaller than the one before it."""
    falls = np.flatnonzero(np.diff(values) < 0)
    if falls.size:
        i = int(falls[0]) + 1
        raise ValueError(
            f"{name}[{i}] must be >= {name}[{i - 1}] = {values[i - 1].item()}, got {values[i].item()}"
        )


def seed_value(name: str, value: Any) -> int:
    """Return a seed as a non-negative int, or raise."""
    return count(name, value, at_least=0)
