"""A user's file is run, and whatever is wrong with it ends in one line that says where."""

import re
import sys
from pathlib import Path

import pytest

from drift_processes import Law, UnitGrowth
from experiments.drift_file import blaming, load_drift, parameters
from tests.experiments.drift_files import SOURCE


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("drift")
    (path / "mine.py").write_text(SOURCE, encoding="utf-8")
    files = {
        "empty.py": "",
        "syntax.py": "x = 1\n\ndef f(:\n",
        "indented.py": "def f():\nreturn 1\n",
        "imports.py": "import numpy\nimport nowhere_to_be_found\n",
        "fails.py": "def f():\n    return 1 / 0\n\n\nf()\n",
        "leaves.py": "import sys\n\nsys.exit(3)\n",
        "neighbour.py": "from beside import Beside\n",
        "beside.py": "from drift_processes import UnitGrowth\n\n\nclass Beside(UnitGrowth):\n    pass\n",
    }
    for name, text in files.items():
        (path / name).write_text(text, encoding="utf-8")
    (path / "nul.py").write_bytes(b"x = 1\0\n")
    (path / "latin.py").write_bytes("x = 'é'\n".encode("latin-1"))
    (path / "folder.py").mkdir()
    return path


def test_a_class_of_a_file_is_made_with_its_parameters(folder: Path) -> None:
    drift = load_drift(f"{folder}/mine.py:Growth", ["x=2"])
    assert type(drift.process).__name__ == "Growth"
    assert drift.process.x == 2
    assert drift.words == "Growth(x=2)"
    assert drift.file == folder / "mine.py"


def test_a_built_in_process_needs_no_file() -> None:
    drift = load_drift("UnitGrowth")
    assert isinstance(drift.process, UnitGrowth)
    assert (drift.words, drift.file) == ("UnitGrowth()", None)


def test_a_class_that_the_file_imports_from_beside_it_is_found(folder: Path) -> None:
    before = list(sys.path)
    assert type(load_drift(f"{folder}/neighbour.py:Beside").process).__name__ == "Beside"
    assert sys.path == before


def test_any_parameter_may_be_given_where_the_constructor_takes_any(folder: Path) -> None:
    assert load_drift(f"{folder}/mine.py:OpenEnded", ["x=2", "y=3"]).process.x == 2


def test_a_changed_file_is_read_anew_and_no_cache_is_left(tmp_path: Path) -> None:
    file = tmp_path / "quick.py"
    template = "from drift_processes import UnitGrowth\n\n\nclass A(UnitGrowth):\n    mark = {}\n"
    for mark in (1, 2):  # the same size, within the same second
        file.write_text(template.format(mark), encoding="utf-8")
        assert load_drift(f"{file}:A").process.mark == mark
    assert [path.name for path in tmp_path.iterdir()] == ["quick.py"]


HAS = "it has Growth, AgeSeven, LargeSizes, "

MISTAKES = [
    ("nowhere.py:A", [], "there is no file '{folder}/nowhere.py'"),
    ("folder.py:A", [], "{folder}/folder.py is no file"),
    ("mine.py", [], f"name a class as mine.py:CLASS; {HAS}"),
    ("mine.py:", [], f"name a class as mine.py:CLASS; {HAS}"),
    ("mine.py:Missing", [], f"mine.py has no class 'Missing'; {HAS}"),
    ("empty.py:Missing", [], "empty.py has no class 'Missing'; it has no subclass of DriftProcess"),
    ("mine.py:helper", [], f"helper in mine.py is no subclass of DriftProcess; {HAS}"),
    ("mine.py:Law", [], f"Law in mine.py is no subclass of DriftProcess; {HAS}"),
    ("mine.py:DriftProcess", [], f"DriftProcess in mine.py is the base class itself; {HAS}"),
    ("syntax.py:A", [], "syntax.py, line 3: SyntaxError: invalid syntax"),
    ("indented.py:A", [], "indented.py, line 2: IndentationError: expected an indented block"),
    ("nul.py:A", [], "nul.py: "),
    ("latin.py:A", [], "latin.py"),
    ("imports.py:A", [], "imports.py, line 2: ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
    ("fails.py:A", [], "fails.py, line 2: ZeroDivisionError: division by zero"),
    ("leaves.py:A", [], "leaves.py, line 3: SystemExit: 3"),
    ("mine.py:Growth", ["y=1"], "Growth has no parameter 'y'; it takes x"),
    ("mine.py:AgeSeven", ["x=3"], "AgeSeven(x=3): x must be <= 2, got 3"),
    ("mine.py:Growth", ["x=two"], "Growth(x='two'): '>' not supported between instances of 'str' and 'int'"),
    ("mine.py:Unfinished", ["y=1"], "Unfinished has no parameter 'y'; it takes none"),
    ("mine.py:Needs", [], "Needs needs --param rate=VALUE; it takes rate, mode"),
    ("mine.py:BrokenConstructor", [], "BrokenConstructor: KeyError: 1 (mine.py, line "),
    ("mine.py:Growth", ["x"], "--param must be NAME=VALUE, got 'x'"),
    ("mine.py:Growth", ["=3"], "--param must be NAME=VALUE, got '=3'"),
    ("mine.py:Growth", ["x=1", "x=2"], "--param x is given twice"),
    ("mine.py:Growth", ["x=uniform:3:1"], "--param x 'uniform:3:1': hi must be >= 3, got 1"),
]


@pytest.mark.parametrize(
    ("name", "given", "message"), MISTAKES, ids=[" ".join([name, *given]) for name, given, _ in MISTAKES]
)
def test_a_mistake_is_one_line(name: str, given: list[str], message: str, folder: Path) -> None:
    expected = re.escape(message.replace("{folder}", str(folder)))
    with pytest.raises(ValueError, match=f"^{expected}") as raised:
        load_drift(f"{folder}/{name}", given)
    assert "\n" not in str(raised.value)


def test_one_number_where_a_sequence_was_wanted_says_how_that_is_spelt() -> None:
    message = (
        "CommonGrowth(steps=1): steps must have shape (n), got (); "
        "a sequence of one number is --param steps=1,"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        load_drift("CommonGrowth", ["steps=1"])
    assert load_drift("CommonGrowth", ["steps=1,"]).process.steps.tolist() == [1]


def test_an_unknown_name_lists_what_is_built_in() -> None:
    with pytest.raises(
        ValueError, match=r"^there is no built-in drift process 'Growth'; there are .*UnitGrowth"
    ):
        load_drift("Growth")


def test_parameters_are_typed_by_their_spelling_and_never_run() -> None:
    assert parameters(["a=3", "b=-0.5", "c=1e3", "d=true", "e=False", "f=1,2.5", "g=slow", "h=a,b"]) == {
        "a": 3, "b": -0.5, "c": 1000.0, "d": True, "e": False, "f": (1, 2.5), "g": "slow", "h": "a,b",
    }  # fmt: skip
    assert parameters(["m=0.9,0.1;0.5,0.5"]) == {"m": ((0.9, 0.1), (0.5, 0.5))}
    assert parameters(["code=__import__('os')", "empty="]) == {"code": "__import__('os')", "empty": ""}
    # as in Python, a comma at the end makes one number a tuple
    assert parameters(["one=1,", "two=1,2,", "rows=1,;2,", "comma=,", "commas=1,,"]) == {
        "one": (1,), "two": (1, 2), "rows": ((1,), (2,)), "comma": ",", "commas": "1,,",
    }  # fmt: skip
    assert isinstance(parameters(["a=3"])["a"], int)
    law = parameters(["law=uniform:0:3"])["law"]
    assert isinstance(law, Law)
    assert law.support == (0, 3)


def test_an_exception_in_a_file_beside_it_is_the_users_too(folder: Path) -> None:
    (folder / "helping.py").write_text("def law():\n    return {}['law']\n", encoding="utf-8")
    (folder / "helped.py").write_text(
        "import helping\nfrom drift_processes import UnitGrowth\n\n\nclass Helped(UnitGrowth):\n"
        "    def snapshot(self, law):\n        return helping.law()\n",
        encoding="utf-8",
    )
    drift = load_drift(f"{folder}/helped.py:Helped")
    message = r"^Helped: KeyError: 'law' \(helping.py, line 2\)$"
    with pytest.raises(ValueError, match=message), blaming(drift.file, "Helped"):
        drift.process.snapshot(None)


def test_an_exception_of_somebody_else_is_not_blamed_on_the_file(folder: Path) -> None:
    with pytest.raises(KeyError), blaming(folder / "mine.py", "Growth"):
        raise KeyError("not yours")
