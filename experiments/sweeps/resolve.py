"""What the tables of a scenario stand for: traces found and hashed, drift processes loaded, policies made.

May import contracts, drift_processes, simulation, `experiments.drift_file` and the schema.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drift_processes import DriftProcess, read_trace
from experiments.drift_file import load_drift
from experiments.sweeps.mistakes import Mistake, nearest
from experiments.sweeps.scenario import DriftTable, VariantTable, WorkloadTable
from simulation import POLICIES, Lookahead
from simulation.policies import Policy

__all__ = ["TRACES", "DriftChoice", "Variant", "WorkloadChoice", "drifts", "variants", "workloads"]

#: The environment variable that names the folder of traces.
TRACES = "EVENSTEP_TRACES"

#: How tables call the policies; any other goes by its own name.
SHOWN = {"fcfs": "FCFS", "jsq": "JSQ", "bfio": "BF-IO", "bfio_exact": "BF-IO exact"}


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


@dataclass(frozen=True)
class Variant:
    """A policy with everything that it is told."""

    label: str
    policy: str
    options: tuple[tuple[str, Any], ...]
    binding: str
    lookahead: str
    lookahead_options: tuple[tuple[str, Any], ...]
    horizon: int

    @property
    def content(self) -> dict[str, Any]:
        """What it is, JSON-able."""
        return {
            "policy": self.policy,
            "options": dict(self.options),
            "binding": self.binding,
            "lookahead": self.lookahead,
            "lookahead_options": dict(self.lookahead_options),
            "horizon": self.horizon,
        }

    @property
    def lookahead_words(self) -> str:
        """The lookahead as tables show it."""
        told = ", ".join(f"{name}={value}" for name, value in self.lookahead_options)
        return f"{self.lookahead}({told})" if told else self.lookahead

    def make(self) -> tuple[Policy, Lookahead]:
        """Return the policy and its lookahead, both new."""
        return POLICIES[self.policy](**dict(self.options)), Lookahead(
            self.lookahead, **dict(self.lookahead_options)
        )


def workloads(tables: Sequence[WorkloadTable], base: Path) -> list[WorkloadChoice]:
    """Return the workloads, one for each file where a trace has ``*``."""
    chosen: list[WorkloadChoice] = []
    for i, table in enumerate(tables):
        if table.trace is not None:
            chosen += _traces(table, table.trace, base, i)
            continue
        words = f"{table.sizes}, {table.lengths}" if table.published is None else table.published
        chosen.append(WorkloadChoice(table.label or words, table.published, table.sizes, table.lengths))
    _refuse_twice("workloads", [each.label for each in chosen])
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
        found = sorted(folder.glob(name)) if "*" in name else [folder / name]
        found = [path for path in found if path.is_file()]
        if found:
            return found
    where = f"nor in {set_to} ({TRACES})" if set_to else f"and {TRACES}, the folder of traces, is not set"
    raise Mistake(place, f"there is no file {name!r} beside the scenario, {where}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def drifts(tables: Sequence[DriftTable], base: Path) -> list[DriftChoice]:
    """Return the drift processes, each loaded once to see that it can be."""
    chosen = []
    for i, table in enumerate(tables):
        given = tuple(f"{name}={_parameter(value)}" for name, value in table.params.items())
        path, colon, kind = table.process.rpartition(":")
        name = f"{(base / path).resolve()}:{kind}" if colon else table.process
        try:
            loaded = load_drift(name, given)
        except (TypeError, ValueError) as error:
            raise Mistake(("drifts", i), str(error).replace("--param ", "params.")) from None
        digest = None if loaded.file is None else _digest(loaded.file)
        label = table.label or loaded.words.removesuffix("()")
        chosen.append(DriftChoice(label, name, given, loaded.words, digest))
    _refuse_twice("drifts", [each.label for each in chosen])
    return chosen


def _parameter(value: Any) -> str:
    """Return a value of a TOML file as ``--param`` takes it."""
    if isinstance(value, (list, tuple)):
        rows = any(isinstance(each, (list, tuple)) for each in value)
        inner = (";" if rows else ",").join(map(_parameter, value))
        return inner if rows or len(value) > 1 else f"{inner},"
    return str(value)


def variants(tables: Sequence[VariantTable]) -> list[Variant]:
    """Return the variants, one for each horizon, each made once to see that it can be."""
    chosen = [
        _variant(table, horizon, i) for i, table in enumerate(tables) for horizon in table.horizon or (None,)
    ]
    _refuse_twice("variants", [each.label for each in chosen])
    return chosen


def _variant(table: VariantTable, horizon: int | None, i: int) -> Variant:
    place = ("variants", i)
    if table.policy not in POLICIES:
        raise Mistake(
            (*place, "policy"), f"there is no policy {table.policy!r}{nearest(table.policy, POLICIES)}"
        )
    options = dict(table.options) if horizon is None else {**table.options, "horizon": horizon}
    known = inspect.signature(POLICIES[table.policy]).parameters
    for name in options:
        if name not in known:
            key = (
                (*place, "horizon")
                if name == "horizon" and horizon is not None
                else (*place, "options", name)
            )
            takes = nearest(name, known) if known else ", it takes none"
            raise Mistake(key, f"policy {table.policy!r} has no such option{takes}")
    variant = Variant(
        label="",
        policy=table.policy,
        options=tuple(sorted(options.items())),
        binding=table.binding,
        lookahead=table.lookahead,
        lookahead_options=tuple(sorted(table.lookahead_options.items())),
        horizon=0,
    )
    try:
        policy, _lookahead = variant.make()
    except (TypeError, ValueError) as error:
        raise Mistake(place, str(error)) from None
    if table.binding not in policy.bindings:
        can = " or ".join(map(repr, policy.bindings))
        raise Mistake(
            (*place, "binding"), f"must be {can} for policy {table.policy!r}, got {table.binding!r}"
        )
    label = _label(table, policy.horizon, numbered=len(table.horizon or ()) > 1)
    return Variant(**{**vars(variant), "label": label, "horizon": policy.horizon})


def _label(table: VariantTable, horizon: int, *, numbered: bool) -> str:
    if table.label is not None:
        return (
            table.label.replace("{H}", str(horizon))
            if "{H}" in table.label
            else (f"{table.label}({horizon})" if numbered else table.label)
        )
    name = SHOWN.get(table.policy, table.policy)
    if "horizon" in inspect.signature(POLICIES[table.policy]).parameters:
        name += f"({horizon})"
    told = [f"{key}={value}" for key, value in table.options.items()]
    told += [table.lookahead] if horizon and table.lookahead != "none" else []
    told += ["immediate"] if table.binding == "immediate" else []
    return ", ".join([name, *told])


def _refuse_twice(what: str, labels: Sequence[str]) -> None:
    for i, label in enumerate(labels):
        if label in labels[:i]:
            raise Mistake((what,), f"two of them are called {label!r}; give one of them a label")
