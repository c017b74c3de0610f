"""What tables of a scenario stand for: traces found and hashed, drift processes loaded, systems made.

May import contracts, drift_processes, simulation, `experiments.drift_file` and the schema.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from contracts import checks
from drift_processes import DriftProcess, read_trace
from experiments.drift_file import load_drift
from experiments.sweeps.mistakes import Mistake
from experiments.sweeps.scenario import DriftTable, SystemTable, WorkloadTable
from simulation import System
from simulation.system import PowerModel

__all__ = ["TRACES", "DriftChoice", "WorkloadChoice", "drifts", "refuse_twice", "systems", "workloads"]

#: The environment variable that names the folder of traces.
TRACES = "EVENSTEP_TRACES"

#: A step of unit loads lasts no shorter: rates per second stay numbers.
SHORTEST_STEP_S = 1e-12

_LOADING = threading.Lock()


@dataclass(frozen=True)
class WorkloadChoice:
    """Where the requests of a point come from; ``path`` and ``digest`` where that is a trace file."""

    label: str
    published: str | None = None
    sizes: str | None = None
    lengths: str | None = None
    path: str | None = None
    digest: str | None = None
    skip_bad_rows: bool = False
    has_times: bool = False

    @property
    def content(self) -> dict[str, Any]:
        """What it is, JSON-able: of a trace its content and not its place."""
        if self.digest is not None:
            return {"trace": self.digest, "skip_bad_rows": self.skip_bad_rows}
        return {"published": self.published, "sizes": self.sizes, "lengths": self.lengths}


@dataclass(frozen=True)
class DriftChoice:
    """A drift process by name and parameters in words, as `experiments.drift_file` loads it."""

    label: str
    name: str
    given: tuple[str, ...]
    words: str
    digest: str | None = None

    @property
    def content(self) -> dict[str, Any]:
        """What it is, JSON-able: of a file of the user's its content and not its place."""
        return {"process": self.words, "file": self.digest}

    def load(self) -> DriftProcess:
        """Return the process."""
        with _LOADING:  # the tasks of a Dask worker are threads, and a user's file becomes a module
            return load_drift(self.name, self.given).process


def workloads(tables: Sequence[WorkloadTable], base: Path) -> list[WorkloadChoice]:
    """Return the workloads, one for each file where a trace has ``*``."""
    chosen: list[WorkloadChoice] = []
    for i, table in enumerate(tables):
        if table.trace is not None:
            chosen += _traces(table, table.trace, base, i)
            continue
        words = f"{table.sizes}, {table.lengths}" if table.published is None else table.published
        chosen.append(WorkloadChoice(table.label or words, table.published, table.sizes, table.lengths))
    refuse_twice("workloads", [each.label for each in chosen])
    return chosen


def _traces(table: WorkloadTable, name: str, base: Path, i: int) -> Iterator[WorkloadChoice]:
    found = _files(name, base, i)
    if table.label is not None and len(found) > 1:
        raise Mistake(("workloads", i, "label"), f"can't be given where trace stands for {len(found)} files")
    for path in found:
        try:
            trace = read_trace(path, skip_bad_rows=table.skip_bad_rows)
        except (ValueError, OSError) as error:
            raise Mistake(("workloads", i, "trace"), str(error)) from None
        yield WorkloadChoice(
            label=table.label or path.stem,
            path=str(path.resolve()),
            digest=_digest(path),
            skip_bad_rows=table.skip_bad_rows,
            has_times=trace.arrival_s is not None,
        )


def _files(name: str, base: Path, i: int) -> list[Path]:
    """Return the files that the name of a trace stands for, beside the scenario or else among the traces."""
    place = ("workloads", i, "trace")
    set_to = os.environ.get(TRACES)
    for folder in [base, *([Path(set_to)] if set_to else [])]:
        try:
            found = [path for path in _matches(folder, name) if path.is_file()]
        except (OSError, ValueError) as error:  # a name or pattern that no file can have
            raise Mistake(place, f"can't look for {checks.shown(name)}: {_reason(error)}") from None
        if found:
            return found
    where = f"nor in {set_to} ({TRACES})" if set_to else f"and {TRACES}, the folder of traces, is not set"
    raise Mistake(place, f"there is no file {checks.shown(name)} beside the scenario, {where}")


def _matches(folder: Path, name: str) -> list[Path]:
    """Return the path of this name, or what fits the pattern that it is."""
    if "*" not in name:
        return [folder / name]
    root = Path(name).anchor
    return sorted(Path(root).glob(name.removeprefix(root)) if root else folder.glob(name))


def _reason(error: OSError | ValueError) -> str:
    """Return what an error says, without the path that the message names already."""
    return str(error.strerror if isinstance(error, OSError) else error)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def drifts(tables: Sequence[DriftTable], base: Path) -> list[DriftChoice]:
    """Return the drift processes, each loaded once to see that it can be."""
    chosen = []
    for i, table in enumerate(tables):
        given = tuple(f"{name}={_parameter(value)}" for name, value in table.params.items())
        path, colon, kind = table.process.rpartition(":")
        try:
            name = f"{(base / path).resolve()}:{kind}" if colon else table.process
        except ValueError as error:
            raise Mistake(
                ("drifts", i, "process"), f"can't be {checks.shown(table.process)}: {error}"
            ) from None
        try:
            loaded = load_drift(name, given)
        except OSError as error:
            what = f"can't read {checks.shown(table.process)}: {error.strerror}"
            raise Mistake(("drifts", i, "process"), what) from None
        except (TypeError, ValueError) as error:
            raise Mistake(("drifts", i), str(error).replace("--param ", "params.")) from None
        digest = None if loaded.file is None else _digest(loaded.file)
        label = table.label or loaded.words.removesuffix("()")
        chosen.append(DriftChoice(label, name, given, loaded.words, digest))
    refuse_twice("drifts", [each.label for each in chosen])
    return chosen


def _parameter(value: Any) -> str:
    """Return a value of a TOML file as ``--param`` takes it."""
    if isinstance(value, (list, tuple)):
        rows = any(isinstance(each, (list, tuple)) for each in value)
        inner = (";" if rows else ",").join(map(_parameter, value))
        return inner if rows or len(value) > 1 else f"{inner},"
    return str(value)


def refuse_twice(what: str, labels: Sequence[str]) -> None:
    """Raise if two things of a table have the same label."""
    for i, label in enumerate(labels):
        if label in labels[:i]:
            raise Mistake((what,), f"two of them are called {label!r}; give one of them a label")


def systems(table: SystemTable) -> Iterator[System]:
    """Return the systems, every G with every B."""
    power, machine = PowerModel(), {}
    for name in ("idle_w", "busy_w", "exponent"):
        value = getattr(table, name)
        machine[name] = getattr(power, name) if value is None else value
    constants = {
        name: value
        for name in ("overhead_s", "seconds_per_token", "mean_load_s")
        if (value := getattr(table, name)) is not None
    }
    for workers, slots in product(table.workers, table.slots):
        try:
            system = System(workers, slots, **constants, power=PowerModel(**machine))
        except ValueError as error:
            raise Mistake(("system",), str(error)) from None
        if system.balanced_step_s(1.0) < SHORTEST_STEP_S:
            what = (
                f"must be larger, or seconds_per_token or mean_load_s: steps must last {SHORTEST_STEP_S:g} s"
            )
            raise Mistake(("system", "overhead_s"), what)
        yield system
