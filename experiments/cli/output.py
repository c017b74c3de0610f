"""What commands say, as text or as JSON, and the folders they write into. Imports `contracts`."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager, redirect_stdout
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, NoReturn, TextIO, TypeVar

import typer

__all__ = [
    "AsJson",
    "ReaderGone",
    "fail",
    "from_options",
    "only_results",
    "refuse_beside",
    "refuse_file",
    "refuse_unwritable",
    "refuse_without",
    "results_in",
    "say",
    "say_json",
]

T = TypeVar("T")

#: Raised by one whenever a name in what `say_json` writes changes its meaning.
JSON_SCHEMA = 1

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines, and no text.")]


class ReaderGone(Exception):
    """Nobody reads standard output any more. No OSError: typer would end those with status 1 by itself."""


#: Where results go; None: wherever `sys.stdout` leads.
_results: TextIO | None = None


@contextmanager
def only_results() -> Iterator[None]:
    """Let nothing but what is said here reach standard output; a `print` of the user's doesn't."""
    global _results
    _results = sys.stdout
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        _results = None


def say(text: str) -> None:
    """Write to standard output at once, while an error can still be told in one line."""
    out = sys.stdout if _results is None else _results
    try:
        out.write(text.rstrip("\n") + "\n")
        out.flush()
    except OSError as error:
        # the interpreter would flush again at its end, and fail again
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        if isinstance(error, BrokenPipeError):
            raise ReaderGone from None
        raise ValueError(f"can't write to standard output ({error.strerror})") from None


def say_json(command: str, **facts: Any) -> None:
    """Write one JSON object on one line: who says it, and the facts; what is not a finite number is null.

    Parameters
    ----------
    command : str
    **facts
        JSON types, tables (a list of one object per row), paths, dataclasses, and mappings and sequences of
        all these.
    """
    said = {"schema": JSON_SCHEMA, "evenstep": version("evenstep"), "command": command, **_plain(facts)}
    say(json.dumps(said, allow_nan=False))


def _plain(value: Any) -> Any:
    """Return a value in JSON types."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if hasattr(value, "to_dict"):
        return _plain(value.to_dict("records"))  # a table
    return _plain(value.item())  # a number of numpy


def fail(message: str) -> NoReturn:
    """Say what is wrong in one line on standard error, and end with status 2."""
    line = " ".join(message.split())
    sys.stderr.write(f"evenstep: {line}\n")
    sys.exit(2)


def from_options(make: Callable[..., T], **settings: Any) -> T:
    """Build what options describe; its complaints start with the name of the field, which is the option's."""
    try:
        return make(**settings)
    except (ValueError, TypeError) as error:
        raise ValueError(f"--{error}") from None


def refuse_file(folder: Path | None) -> None:
    """Complain where results are to go into a file."""
    if folder is not None and folder.exists() and not folder.is_dir():
        raise ValueError(f"--out {folder}: is a file; name a folder")


def refuse_beside(context: typer.Context, option: str, used: Set[str]) -> None:
    """Complain where parameters were given that this option leaves nothing to do for."""
    for name, shown in _given(context).items():
        if name not in used:
            raise ValueError(f"{shown} can't be given with {option}")


def refuse_without(context: typer.Context, option: str, needs: Set[str]) -> None:
    """Complain where parameters were given that mean something with this option only."""
    for name, shown in _given(context).items():
        if name in needs:
            raise ValueError(f"{shown} needs {option}")


def _given(context: typer.Context) -> dict[str, str]:
    """Return the parameters that stand on the command line, each with how it is written there."""
    given = {}
    for parameter in context.command.params:
        source = context.get_parameter_source(str(parameter.name))
        if source is not None and source.name == "COMMANDLINE":
            written = parameter.opts[0]
            # an argument has no name there but what its help shows
            shown = written if written.startswith("-") else str(parameter.metavar).strip("[].")
            given[str(parameter.name)] = shown
    return given


def refuse_unwritable(folder: Path) -> None:
    """Find out before the work, but after the input proved usable, that the results can't be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".evenstep-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise ValueError(f"--out {folder}: can't write there ({error.strerror})") from None


@contextmanager
def results_in(folder: Path) -> Iterator[Path]:
    """Yield a folder whose files come into this one together, or, where one can't be written, not at all."""
    from contracts.files import together

    try:
        with together(folder) as fresh:
            yield fresh
    except OSError as error:
        raise ValueError(f"--out {folder}: can't write there ({error.strerror or error})") from None
