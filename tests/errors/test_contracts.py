"""Bad arguments of the checks themselves: each message names the argument and what would be right."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from contracts import checks, stream

NAN, INF = float("nan"), float("inf")

BAD: list[tuple[str, Callable[[], Any], type[Exception], str]] = [
    ("check", lambda: checks.check(False, "sizes must not be empty"), ValueError, "sizes must not be empty"),
    (
        "instance",
        lambda: checks.instance("law", 3, str, "a Law"),
        TypeError,
        "law must be a Law, got 3 (int)",
    ),
    # whole numbers
    (
        "count of a float",
        lambda: checks.count("n", 2.0),
        TypeError,
        "n must be a whole number, got 2.0 (float)",
    ),
    (
        "count of a bool",
        lambda: checks.count("n", True),
        TypeError,
        "n must be a whole number, got True (bool)",
    ),
    (
        "count of a numpy bool",
        lambda: checks.count("n", np.True_),
        TypeError,
        "n must be a whole number, got np.True_ (bool)",
    ),
    ("count of a text", lambda: checks.count("n", "2"), TypeError, "n must be a whole number, got '2' (str)"),
    (
        "count of None",
        lambda: checks.count("n", None),
        TypeError,
        "n must be a whole number, got None (NoneType)",
    ),
    ("count too small", lambda: checks.count("n", 0, at_least=1), ValueError, "n must be >= 1, got 0"),
    ("count too large", lambda: checks.count("n", 9, at_most=8), ValueError, "n must be <= 8, got 9"),
    ("seed", lambda: checks.seed_value("seed", -1), ValueError, "seed must be >= 0, got -1"),
    ("stream", lambda: stream(-1, "workload"), ValueError, "seed must be >= 0, got -1"),
    (
        "stream of a float",
        lambda: stream(1.5, "a"),
        TypeError,
        "seed must be a whole number, got 1.5 (float)",
    ),
    # numbers
    ("number of a text", lambda: checks.number("x", "1"), TypeError, "x must be a number, got '1' (str)"),
    (
        "number of a bool",
        lambda: checks.number("x", False),
        TypeError,
        "x must be a number, got False (bool)",
    ),
    (
        "number of a complex",
        lambda: checks.number("x", 1j),
        TypeError,
        "x must be a number, got 1j (complex)",
    ),
    ("number nan", lambda: checks.number("x", NAN), ValueError, "x must be finite, got nan"),
    ("number inf", lambda: checks.number("x", -INF), ValueError, "x must be finite, got -inf"),
    (
        "number beyond float",
        lambda: checks.number("x", 10**400),
        ValueError,
        "x must be at most 1.8e308 in magnitude, the range of float64",
    ),
    ("number at_least", lambda: checks.number("x", -1, at_least=0), ValueError, "x must be >= 0, got -1"),
    ("number at_most", lambda: checks.number("x", 1.5, at_most=1), ValueError, "x must be <= 1, got 1.5"),
    ("number above", lambda: checks.number("x", 0, above=0), ValueError, "x must be > 0, got 0"),
    ("number below", lambda: checks.number("x", 1, below=1), ValueError, "x must be < 1, got 1"),
    (
        "number barely out",
        lambda: checks.number("x", 1 + 2.0**-50, at_most=1),
        ValueError,
        "x must be <= 1, got 1.0000000000000009",
    ),
    # choices
    (
        "choice",
        lambda: checks.choice("mode", "warp", ("slow", "fast")),
        ValueError,
        "mode must be one of 'slow', 'fast'; got 'warp'",
    ),
    (
        "choice of a number",
        lambda: checks.choice("mode", 1, ("slow",)),
        ValueError,
        "mode must be one of 'slow'; got 1",
    ),
    # arrays
    (
        "ragged",
        lambda: checks.array("a", [[1], [2, 3]], shape=(None, None)),
        ValueError,
        "a must be an array with rows of equal length",
    ),
    (
        "texts",
        lambda: checks.array("a", ["1"], shape=(None,)),
        TypeError,
        "a must hold numbers, got dtype <U1",
    ),
    (
        "objects",
        lambda: checks.array("a", [None], shape=(None,)),
        TypeError,
        "a must hold numbers, got dtype object",
    ),
    (
        "bools",
        lambda: checks.array("a", [True], shape=(None,)),
        TypeError,
        "a must hold numbers, got dtype bool",
    ),
    ("scalar", lambda: checks.array("a", 3, shape=(None,)), ValueError, "a must have shape (n), got ()"),
    (
        "shape",
        lambda: checks.array("a", [[1, 2]], shape=(2, 2)),
        ValueError,
        "a must have shape (2, 2), got (1, 2)",
    ),
    (
        "shape in words",
        lambda: checks.array("a", [1, 2], shape=(None, 3), axes="(G, H+1)"),
        ValueError,
        "a must have shape (G, H+1), got (2,)",
    ),
    ("nan", lambda: checks.array("a", [1, NAN], shape=(None,)), ValueError, "a[1] must be finite, got nan"),
    (
        "inf in a matrix",
        lambda: checks.array("a", [[1, 2], [3, INF]], shape=(None, None)),
        ValueError,
        "a[1, 1] must be finite, got inf",
    ),
    (
        "too small",
        lambda: checks.array("a", [1, -2.0], shape=(None,), at_least=0),
        ValueError,
        "a[1] must be >= 0, got -2.0",
    ),
    (
        "too large",
        lambda: checks.array("a", [3], shape=(None,), at_most=2),
        ValueError,
        "a[0] must be <= 2, got 3",
    ),
    (
        "no whole number",
        lambda: checks.array("a", [1, 1.5], shape=(None,), integral=True),
        ValueError,
        "a[1] must be a whole number, got 1.5",
    ),
    (
        "too large to be exact",
        lambda: checks.array("a", [2**53 + 1], shape=(None,), integral=True),
        ValueError,
        "a[0] must be at most 2**53 in magnitude, got 9007199254740993",
    ),
    (
        "the smallest int64",
        lambda: checks.array("a", [-(2**63)], shape=(None,), integral=True),
        ValueError,
        "a[0] must be at most 2**53 in magnitude, got -9223372036854775808",
    ),
    (
        "not sorted",
        lambda: checks.sorted_ascending("a", np.array([1.0, 3.0, 2.5])),
        ValueError,
        "a[2] must be >= a[1] = 3.0, got 2.5",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_arguments(call: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message
    assert type(caught.value) is error
