"""Every example in a docstring prints what it says."""

import doctest
import importlib
import importlib.util
import pkgutil

import numpy as np
import pytest

ROOMS = (
    "contracts", "drift_processes", "formulations", "simulation", "bounds", "experiments", "paper_figs",
)  # fmt: skip


def modules() -> list[str]:
    """Return the modules of all rooms whose text has an example."""
    names = []
    for room in ROOMS:
        package = importlib.import_module(room)
        found = pkgutil.walk_packages(package.__path__, prefix=f"{room}.")
        names += [room, *(module.name for module in found)]
    with_examples = []
    for name in names:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        with open(spec.origin, encoding="utf-8") as file:
            if ">>>" in file.read():
                with_examples.append(name)
    return with_examples


@pytest.mark.parametrize("name", modules())
def test_examples(name: str) -> None:
    module = importlib.import_module(name)
    result = doctest.testmod(module, extraglobs={"np": np}, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 0
    assert result.failed == 0
