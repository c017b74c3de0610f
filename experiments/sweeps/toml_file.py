"""Scenarios of sweeps as TOML files: the user's own, and those shipped in `experiments.scenarios`.

May import contracts, the schema and the plan of this package.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from experiments.sweeps.mistakes import Mistake, first_mistake, line_of, nearest
from experiments.sweeps.plan import Plan, make_plan
from experiments.sweeps.scenario import SweepScenario

__all__ = ["ScenarioFile", "load_plan", "scenario_file", "shipped"]


@dataclass(frozen=True)
class ScenarioFile:
    """The text of a scenario: ``name`` as messages call it, ``folder`` where its traces lie."""

    name: str
    text: str
    folder: Path

    @property
    def stem(self) -> str:
        """The name of the scenario where it has none of its own."""
        return self.name.removesuffix(".toml")

    def read(self) -> SweepScenario:
        """Return the scenario.

        Raises
        ------
        ValueError
            If the text is no TOML, or no scenario: file, line, key, and what would be right.
        """
        try:
            table = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"{self.name}: is no TOML: {error}") from None
        except RecursionError:
            raise ValueError(
                f"{self.name}: is nested too deeply; a scenario needs no more than 4 levels"
            ) from None
        try:
            return SweepScenario.model_validate({"name": self.stem, **table})
        except ValidationError as error:
            raise self.located(first_mistake(error, SweepScenario)) from None

    def located(self, mistake: Mistake) -> ValueError:
        """Return the error that a user reads: with the name of the file and the line of the key."""
        line = line_of(self.text, mistake.place)
        return ValueError(f"{self.name}{f' line {line}' if line else ''}: {mistake}")


def shipped() -> dict[str, ScenarioFile]:
    """Return the scenarios that come with evenstep, by name."""
    folder = files("experiments").joinpath("scenarios")
    texts = {
        each.name: each.read_text(encoding="utf-8")
        for each in folder.iterdir()
        if each.name.endswith(".toml")
    }
    return {name.removesuffix(".toml"): ScenarioFile(name, texts[name], Path()) for name in sorted(texts)}


def scenario_file(name: str) -> ScenarioFile:
    """Return the scenario of this name, or the file at this path.

    Raises
    ------
    ValueError
        If there is neither.
    """
    own = shipped()
    if name in own:
        return own[name]
    path = Path(name)
    if path.suffix != ".toml":
        hint = nearest(name, own)
        stop = "" if hint.endswith("?") else "."
        raise ValueError(f"there is no scenario {name!r}{hint}{stop} A file of yours ends in .toml")
    try:
        return ScenarioFile(path.name, path.read_text(encoding="utf-8"), path.parent)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is no UTF-8 text"
        raise ValueError(f"can't read scenario {name!r}: {reason}") from None


def load_plan(name: str, *, quick: bool = False) -> Plan:
    """Return what the scenario of this name or path is going to run.

    Raises
    ------
    ValueError
        If it can't be read or used; one line with file, line and key.
    """
    source = scenario_file(name)
    scenario = source.read()
    try:
        return make_plan(scenario.shrunk() if quick else scenario, folder=source.folder)
    except Mistake as mistake:
        raise source.located(mistake) from None
