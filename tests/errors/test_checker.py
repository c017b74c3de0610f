"""Bad input to the checker: the exact line a user reads."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from bounds.checker import CHECKED, Setting, check, check_control, search
from drift_processes import JointLaw, Law, NoGrowth

PAIRS = JointLaw([1, 2], [1, 2], [0.5, 0.5])
LISTED = ", ".join(map(repr, CHECKED))
WHOLE = SimpleNamespace(
    sizes=Law.constant(1), lengths=Law.constant(1), drift=NoGrowth(), workers=1, slots=1
)  # fmt: skip
PARTLY = SimpleNamespace(sizes=Law.constant(1), lengths=Law.constant(1), drift=NoGrowth())
NEEDED = "scenario must be a Setting or have sizes, lengths, drift, workers, slots, got one without"

BAD: list[tuple[Callable[[], Any], str]] = [
    (lambda: check("B7"), f"claim must be one of {LISTED}; got 'B7'"),
    (lambda: check_control("f0"), f"claim must be one of {LISTED}; got 'f0'"),
    (lambda: search(""), f"claim must be one of {LISTED}; got ''"),
    (lambda: check("F0", level=2), "level must be < 1, got 2"),
    (lambda: check("F0", level=0), "level must be > 0, got 0"),
    (lambda: check("B1", level=2), "level must be < 1, got 2"),
    (lambda: check_control("F0", level=2), "level must be < 1, got 2"),
    (lambda: check_control("B1", level=2), "level must be < 1, got 2"),
    (lambda: check("F0", budget=0), "budget must be >= 1, got 0"),
    (lambda: check("B2", budget=0), "budget must be >= 1, got 0"),
    (lambda: check("T0", budget=0.5), "budget must be a whole number, got 0.5 (float)"),
    (lambda: check_control("F1", budget=0), "budget must be >= 1, got 0"),
    (lambda: check("F0", scale=0), "scale must be > 0, got 0"),
    (lambda: check("B1", scale=-1), "scale must be > 0, got -1"),
    (lambda: check("F0", scale=float("nan")), "scale must be finite, got nan"),
    (lambda: check("F0", seed=-1), "seed must be >= 0, got -1"),
    (lambda: check("B1", seed=-1), "seed must be >= 0, got -1"),
    (lambda: check_control("B1-ratio", seed=-1), "seed must be >= 0, got -1"),
    (lambda: check("F0", object()), f"{NEEDED} sizes, lengths, drift, workers, slots"),
    (lambda: check("F0", PARTLY), f"{NEEDED} workers, slots"),
    (lambda: check("F0", WHOLE), "workers must be >= 2, got 1"),
    (lambda: Setting(sizes=[1, 2]), "sizes must be a Law or a JointLaw, got [1, 2] (list)"),
    (lambda: Setting(lengths=3), "lengths must be a Law, got 3 (int)"),
    (
        lambda: Setting(lengths=None),
        "lengths must be None exactly where sizes is a JointLaw: it has the lengths",
    ),
    (lambda: Setting(PAIRS), "lengths must be None exactly where sizes is a JointLaw: it has the lengths"),
    (lambda: Setting(lengths=Law.uniform(0, 2)), "lengths must be whole numbers >= 1, got 0"),
    (lambda: Setting(lengths=Law.constant(1.5)), "lengths must be whole numbers >= 1, got 1.5"),
    (lambda: Setting(drift="unit"), "drift must be a DriftProcess, got 'unit' (str)"),
    (lambda: Setting(workers=1), "workers must be >= 2, got 1"),
    (lambda: Setting(slots=0), "slots must be >= 1, got 0"),
    (lambda: Setting(steps=0), "steps must be >= 1, got 0"),
    (lambda: Setting(window=-1), "window must be >= 0, got -1"),
]


@pytest.mark.parametrize(("call", "line"), BAD, ids=[line for _, line in BAD])
def test_a_mistake_is_one_clear_line(call: Callable[[], Any], line: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    assert str(caught.value) == line
