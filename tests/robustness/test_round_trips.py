"""Public values survive pickling and copying, and their repr says what they are."""

from __future__ import annotations

import copy
import dataclasses
import math
import pickle
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import bounds
from bounds.falsifier import Budget
from drift_processes import published_laws
from simulation import simulate_stream
from tests.robustness.damage import arguments, outcome
from tests.robustness.registry import RUNS, SIZES, SYSTEMS, TARGETS, WORKS

KEPT = {name: target for name, target in TARGETS.items() if target.kept}


def same(one: Any, other: Any) -> bool:
    """Whether two values hold the same, down to every array; most compare by identity alone."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, float):
        return one == other or (math.isnan(one) and math.isnan(other))
    if isinstance(one, pd.DataFrame):
        return bool(one.equals(other))
    if isinstance(one, Mapping):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return all(same(getattr(one, name), getattr(other, name)) for name in names)
    if hasattr(one, "__dict__") and not isinstance(one, type) and not callable(one):
        return same(vars(one), vars(other))
    return bool(one == other)


#: Values that are handed out, and that no constructor of a user's makes.
HANDED_OUT = {
    "Claim": lambda: list(bounds.CLAIMS.values()),
    "Falsification": lambda: [bounds.falsify("B1", budget=Budget(2, 2, 2, 5.0))],
    "Finding": lambda: bounds.unmet(bounds.CLAIMS["B1"], RUNS[0]),
    "Growth": lambda: bounds.fcfs_growth(SIZES[1], workers=[2, 3], slots=[1]),
    "Run": lambda: list(RUNS),
    "Totals": lambda: [simulate_stream([WORKS[0]], SYSTEMS[0], "fcfs")],
    "published laws": lambda: list(published_laws("azure2023_code")),
}


def assert_survives(value: Any) -> None:
    for protocol in (2, pickle.HIGHEST_PROTOCOL):
        assert same(value, pickle.loads(pickle.dumps(value, protocol)))  # noqa: S301 (our own bytes)
    assert same(value, copy.deepcopy(value))
    assert same(value, copy.copy(value))
    shown = repr(value)
    assert shown == repr(pickle.loads(pickle.dumps(value)))  # noqa: S301
    assert type(value).__name__ in shown
    assert "object at 0x" not in shown
    assert "\n" not in shown


@pytest.mark.parametrize("name", HANDED_OUT)
def test_what_is_handed_out_survives_pickling_and_copying(name: str) -> None:
    values = HANDED_OUT[name]()
    assert values
    for value in values:
        assert_survives(value)


def test_a_run_is_read_only_again() -> None:
    run = pickle.loads(pickle.dumps(RUNS[0]))  # noqa: S301
    assert not run.start.flags.writeable
    with pytest.raises(TypeError):
        run.options["horizon"] = 3


@pytest.mark.parametrize("name", KEPT)
def test_a_value_survives_pickling_and_copying(name: str) -> None:
    target, seen = KEPT[name], []

    @settings(max_examples=8, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(arguments(target))
    def there_and_back(chosen: dict[str, Any]) -> None:
        value = outcome(target, chosen)
        if not isinstance(value, Exception):
            seen.append(value)
            assert_survives(value)

    there_and_back()
    assert seen


def test_equal_means_equal_down_to_an_array() -> None:
    law = KEPT["drift_processes.Law"].call([1, 2], [0.5, 0.5])
    assert same(law, KEPT["drift_processes.Law"].call([1, 2], [0.5, 0.5]))
    assert not same(law, KEPT["drift_processes.Law"].call([1, 2], [0.25, 0.75]))
    assert not same(law, KEPT["drift_processes.Law"].call([1, 3], [0.5, 0.5]))
