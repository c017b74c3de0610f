"""Whatever a user hands to anything public: a sound value comes back, or one clear line, and soon.

`damage` says what is wrong with arguments, `registry` whom they are handed to.
"""

from __future__ import annotations

import importlib
import inspect
import time
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.robustness.damage import JUNK, Target, arguments, damaged, outcome
from tests.robustness.registry import EXCEPTIONS, TARGETS

ROOMS = ("contracts", "drift_processes", "formulations", "simulation", "bounds", "experiments", "paper_figs")
#: Packages inside a room that docs/ sends users to.
INNER = ("simulation.policies", "bounds.checker", "bounds.confidence", "bounds.falsifier")

WITH_ARGUMENTS = {name: target for name, target in TARGETS.items() if target.sound}

#: What the long test tries at least, and refuses.
MANY = 100_000


def _public() -> dict[str, Any]:
    """Return what is callable in the ``__all__`` of the packages, and class methods."""
    found: dict[str, Any] = {}
    for room in (*ROOMS, *INNER):
        module = importlib.import_module(room)
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            if callable(value) and value not in found.values():
                found[f"{room}.{name}"] = value
    classes = {name: value for name, value in found.items() if inspect.isclass(value)}
    for name, kind in classes.items():
        for part, value in vars(kind).items():
            if isinstance(value, classmethod) and not part.startswith("_"):
                found[f"{name}.{part}"] = value
    return found


def test_every_public_name_has_a_target_or_a_reason() -> None:
    known = {*TARGETS, *EXCEPTIONS}
    assert set(_public()) - known == set()
    assert not set(TARGETS) & set(EXCEPTIONS)
    extra = ("experiments.", "bounds.checker.")  # rooms and inner packages that list nothing, or less
    assert {name for name in known - set(_public()) if not name.startswith(extra)} <= {
        "simulation.policies.Policy",
        "simulation.policies.View",
    }


@pytest.mark.parametrize("name", TARGETS)
def test_sound_arguments_are_taken(name: str) -> None:
    taken = []

    @settings(max_examples=10, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(arguments(TARGETS[name]))
    def try_all(chosen: dict[str, Any]) -> None:
        if not taken and not isinstance(outcome(TARGETS[name], chosen), Exception):
            taken.append(chosen)

    try_all()
    refuses_here = (
        "worst_case",
        "compare_table",
        "draw_",
        "main_table",
        "write_",
        "read_table",
        "replay",
        "load_counterexample",
    )
    assert taken or any(word in name for word in refuses_here)


@pytest.mark.parametrize("name", WITH_ARGUMENTS)
def test_damaged_arguments_are_refused_in_one_line_or_make_a_sound_value(name: str) -> None:
    target = WITH_ARGUMENTS[name]

    @settings(max_examples=10, suppress_health_check=list(HealthCheck))
    @given(damaged(target))
    def try_one(chosen: dict[str, Any]) -> None:
        outcome(target, chosen)

    try_one()


def _sweep(target: Target, tally: Counter[str]) -> None:
    """Put every piece of junk in the place of every argument, twice; then damage at random."""

    @settings(max_examples=2, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(arguments(target))
    def all_junk(chosen: dict[str, Any]) -> None:
        for name in chosen:
            for junk in JUNK:
                refused = isinstance(outcome(target, {**chosen, name: junk}), Exception)
                tally["refused" if refused else "taken"] += 1

    @settings(max_examples=100, suppress_health_check=list(HealthCheck))
    @given(damaged(target))
    def at_random(chosen: dict[str, Any]) -> None:
        tally["refused" if isinstance(outcome(target, chosen), Exception) else "taken"] += 1

    all_junk()
    at_random()


@pytest.mark.search
def test_a_hundred_thousand_malformed_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    tally: Counter[str] = Counter()
    begun = time.monotonic()
    for target in WITH_ARGUMENTS.values():
        _sweep(target, tally)
    assert tally["refused"] >= MANY
    with capsys.disabled():
        print(  # noqa: T201 (the count is the point)
            f"\n{tally['refused']:,} malformed inputs refused, {tally['taken']:,} odd ones taken, "
            f"{len(WITH_ARGUMENTS)} targets, {time.monotonic() - begun:.0f} s"
        )
