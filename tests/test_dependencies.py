"""The rooms as a house: what they import is declared, and no module outgrows its reader."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {
    "contracts", "drift_processes", "formulations", "simulation", "bounds", "experiments", "paper_figs",
}  # fmt: skip


def imported(file: Path) -> set[str]:
    """Return the top-level packages that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_everything_imported_is_a_declared_dependency_and_each_is_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {normal(re.split(r"[^\w.-]", line)[0]) for line in project["dependencies"]}
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    foreign = set().union(*map(imported, files)) - ROOMS - set(sys.stdlib_module_names)
    home = packages_distributions()
    needed = {normal(home[package][0]) for package in foreign}
    # Dask is asked for only by those who run sweeps on a cluster
    extra = {normal(re.split(r"[^\w.-]", line)[0]) for line in project["optional-dependencies"]["cluster"]}
    assert needed == declared | extra


#: Lines that a reader can hold in mind.
LONGEST_MODULE = 250


def test_a_module_does_one_thing() -> None:
    lengths = {
        file.relative_to(ROOT): len(file.read_text(encoding="utf-8").splitlines())
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
    }
    assert {str(name): length for name, length in lengths.items() if length > LONGEST_MODULE} == {}
