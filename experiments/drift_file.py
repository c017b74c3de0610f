"""A drift process by name: one of evenstep's own, or a class in a Python file of the user's.

The file is the user's program and runs as such; nothing else is ever evaluated as code. Whatever is wrong
with it ends in a `ValueError` of one line. May import contracts and drift_processes.
"""

from __future__ import annotations

import inspect
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import drift_processes
from contracts import DriftError, checks
from drift_processes import DriftProcess
from experiments.law_words import is_law, law_of, number_of

__all__ = ["NamedDrift", "blaming", "in_short", "load_drift", "parameters", "place_of"]

#: Name of the module made of the user's file; it can't hide a module of anybody else.
MODULE = "evenstep_user_drift"


@dataclass(frozen=True)
class NamedDrift:
    """A drift process, and where it comes from.

    Attributes
    ----------
    process : DriftProcess
    words : str
        The class and its parameters as they were given.
    file : Path or None
        The user's file; None for a process of evenstep's own.
    """

    process: DriftProcess
    words: str
    file: Path | None = None


def load_drift(name: str, given: Sequence[str] = ()) -> NamedDrift:
    """Return the process that ``FILE.py:CLASS`` or the name of a built-in class stands for.

    Parameters
    ----------
    name : str
    given : sequence of str
        Parameters of the constructor, each ``NAME=VALUE`` (`parameters`).

    Raises
    ------
    ValueError
        If there is no such file or class, the file doesn't run, the class is no drift process, or it refuses
        the parameters.
    """
    path, colon, kind_name = name.rpartition(":")
    if not colon and name.endswith(".py"):
        path, kind_name = name, ""
    file = Path(path) if path else None
    kind = _built_in(name) if file is None else _class_in(_module(file), file, kind_name)
    values = parameters(given)
    words = f"{kind.__name__}({', '.join(given)})"
    with blaming(file, kind.__name__):
        return NamedDrift(_made(kind, values), words, file)


def parameters(given: Sequence[str]) -> dict[str, Any]:
    """Return ``NAME=VALUE`` pairs as a dict; values are typed by their spelling.

    A whole number, a decimal, true or false, numbers separated by commas (a tuple; of one: ``1,``), rows of
    such separated by semicolons (a tuple of tuples), a law as in `experiments.law_words`, else a string.

    Raises
    ------
    ValueError
        If a pair has no ``=``, a name comes twice, or a law is none.

    Examples
    --------
    >>> parameters(["x=3", "rate=0.5", "steps=1,0,2", "mode=fast", "on=true"])
    {'x': 3, 'rate': 0.5, 'steps': (1, 0, 2), 'mode': 'fast', 'on': True}
    """
    values: dict[str, Any] = {}
    for pair in given:
        checks.instance("--param", pair, str, "NAME=VALUE")
        name, equals, text = pair.partition("=")
        if not equals or not name.isidentifier():
            raise ValueError(f"--param must be NAME=VALUE, got {pair!r}")
        if name in values:
            raise ValueError(f"--param {name} is given twice")
        values[name] = _value(f"--param {name}", text)
    return values


def _value(name: str, text: str) -> Any:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if is_law(text):
        return law_of(name, text)
    number = number_of(text)
    if number is not None:
        return number
    rows = [tuple(map(number_of, row.removesuffix(",").split(","))) for row in text.split(";")]
    if any(None in row for row in rows):
        return text
    return tuple(rows) if ";" in text else rows[0]


@contextmanager
def blaming(file: Path | None, what: str) -> Iterator[None]:
    """Turn an exception from the user's code into a `ValueError` of one line that says where.

    A `DriftError` is such a line already.
    """
    try:
        yield
    except DriftError:
        raise
    except (Exception, SystemExit) as error:
        place = place_of(error, file)
        if place is None:
            raise
        raise ValueError(f"{what}: {in_short(error)} ({place})") from None


def place_of(error: BaseException, file: Path | None) -> str | None:
    """Return the file and line of the user's that an exception came through last; None if none of his.

    His are the file he named and those beside it.
    """
    if file is None:
        return None
    folder = file.resolve().parent
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if not frame.filename.startswith("<") and path.resolve().parent == folder:
            return f"{path.name}, line {frame.lineno}"
    return None


def in_short(error: BaseException) -> str:
    """Return the kind of an exception and what it says, in one line."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _built_in(name: str) -> type[DriftProcess]:
    exported = {each: getattr(drift_processes, each) for each in drift_processes.__all__}
    own = {each: kind for each, kind in exported.items() if _is_process(kind)}
    if name not in own:
        raise ValueError(
            f"there is no built-in drift process {name!r}; there are {', '.join(sorted(own))}. "
            "Name a class of your own as FILE.py:CLASS"
        )
    result: type[DriftProcess] = own[name]
    return result


def _is_process(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, DriftProcess) and kind is not DriftProcess


class _Uncached(SourceFileLoader):
    """Compiles the file each time: a file that changed within a second must not be taken for its old self."""

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        code: CodeType = self.source_to_code(self.get_data(self.path), self.path)
        return code


def _module(file: Path) -> ModuleType:
    """Run the user's file."""
    if not file.is_file():
        raise ValueError(f"there is no file {str(file)!r}" if not file.exists() else f"{file} is no file")
    spec = spec_from_loader(MODULE, _Uncached(MODULE, str(file)))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[MODULE] = module  # dataclasses look their module up by its name
    folder = str(file.resolve().parent)
    sys.path.append(folder)  # last, so that a neighbour of the file hides no package
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        where = f"{Path(error.filename).name}, line {error.lineno}" if error.filename else file.name
        raise ValueError(f"{where}: {type(error).__name__}: {error.msg}") from None
    except (Exception, SystemExit) as error:
        raise ValueError(f"{place_of(error, file) or file.name}: {in_short(error)}") from None
    finally:
        sys.path.remove(folder)
    return module


def _class_in(module: ModuleType, file: Path, name: str) -> type[DriftProcess]:
    found = [each for each, value in vars(module).items() if _is_process(value)]
    own = [each for each in found if getattr(module, each).__module__ == MODULE]
    listed = f"it has {', '.join(own)}" if own else "it has no subclass of DriftProcess"
    if not name:
        raise ValueError(f"name a class as {file.name}:CLASS; {listed}")
    if not hasattr(module, name):
        raise ValueError(f"{file.name} has no class {name!r}; {listed}")
    kind = getattr(module, name)
    if name not in found:
        what = "the base class itself" if kind is DriftProcess else "no subclass of DriftProcess"
        raise ValueError(f"{name} in {file.name} is {what}; {listed}")
    result: type[DriftProcess] = kind
    return result


def _made(kind: type[DriftProcess], values: Mapping[str, Any]) -> DriftProcess:
    """Call the constructor, after comparing the names of its parameters with those given."""
    name = kind.__name__
    try:
        wanted = {
            each: parameter
            for each, parameter in inspect.signature(kind).parameters.items()
            if parameter.kind is not parameter.VAR_POSITIONAL
        }
    except ValueError:  # no signature to look at
        return kind(**values)
    open_ended = any(parameter.kind is parameter.VAR_KEYWORD for parameter in wanted.values())
    listed = ", ".join(each for each in wanted if wanted[each].kind is not inspect.Parameter.VAR_KEYWORD)
    takes = f"it takes {listed}" if listed else "it takes none"
    for each in values:
        if each not in wanted and not open_ended:
            raise ValueError(f"{name} has no parameter {each!r}; {takes}")
    for each, parameter in wanted.items():
        optional = parameter.default is not parameter.empty or parameter.kind is parameter.VAR_KEYWORD
        if each not in values and not optional:
            raise ValueError(f"{name} needs --param {each}=VALUE; {takes}")
    try:
        return kind(**values)
    except (TypeError, ValueError) as error:
        shown = ", ".join(f"{each}={value!r}" for each, value in values.items())
        said = " ".join(str(error).split())
        for each, value in values.items():
            if said.startswith(f"{each} must have shape") and isinstance(value, (int, float)):
                said += f"; a sequence of one number is --param {each}={value},"
        raise ValueError(f"{name}({shown}): {said}") from None
