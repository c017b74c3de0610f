"""Settings and searches that take little time."""

import importlib
from functools import partial
from types import ModuleType

import pytest

from bounds.checker import Setting
from bounds.falsifier import Budget, falsify
from drift_processes import Law

#: The module; `bounds.checker.check` itself is the function.
CHECK: ModuleType = importlib.import_module("bounds.checker.check")

#: Rounds of two steps: F0 is exact from the first step on, and the imbalance varies little.
ROUNDS = Setting(sizes=Law.uniform(1, 9), lengths=Law.constant(2), steps=400)


def hasten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let searches try few instances at random, and all tiny ones as ever, however slow the machine is."""
    budget = Budget(random=20, guided=20, seconds=120)
    monkeypatch.setattr(CHECK, "falsify", partial(falsify, budget=budget))
