"""The folder of a sweep: one file per finished task, and the tables gathered from them (docs/sweeps.md).

A task counts as done when its files are there, whole; that is all that resuming needs. May import the store
and this package's lock, plan and tasks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from contracts.files import write_bytes
from experiments.store import SCHEMA, read_table, versions, write_table
from experiments.sweeps.lock import LOCK, alone
from experiments.sweeps.plan import Cell, Plan, Point, Theory
from experiments.sweeps.tasks import Outcome, Task

__all__ = ["SweepFolder", "opened"]

#: Says whose results a folder holds.
MANIFEST = "scenario.json"

#: Folders of the parts.
KINDS = ("cells", "theory", "loads")

#: Columns of figures that are whole numbers; all others are float64.
WHOLE = ("warmup", "steps")


@contextmanager
def opened(path: Path, plan: Plan, *, resume: bool) -> Iterator[SweepFolder]:
    """Yield the results of a plan, which nobody else touches until the end.

    Parameters
    ----------
    path : Path
    plan : Plan
    resume : bool
        Go on with what is there; otherwise the folder must be new or empty.

    Raises
    ------
    ValueError
        If the folder holds something else, or anything without ``resume``, or another sweep is at it.
    """
    if path.exists() and not path.is_dir():
        raise ValueError(f"--out {path}: is a file; name a folder")
    if _holds_something(path) and not (path / MANIFEST).is_file():
        raise ValueError(f"--out {path}: is not empty, and no folder of a sweep; name another")
    with ExitStack() as held:
        try:
            held.enter_context(alone(path))
        except BlockingIOError:
            raise ValueError(
                f"--out {path}: another sweep is running there; wait for its end, or name another folder"
            ) from None
        except OSError as error:
            raise _unwritable(path, error) from None
        is_new = not _holds_something(path)
        try:
            yield SweepFolder(path, plan, resume=resume)
        except BaseException:
            if is_new and not any((path / kind).exists() for kind in KINDS):
                (path / MANIFEST).unlink(missing_ok=True)  # nothing was done: nobody has to resume it
            raise


class SweepFolder:
    """The results of one plan; made by `opened`."""

    def __init__(self, path: Path, plan: Plan, *, resume: bool) -> None:
        self.path, self.plan = path, plan
        about = {"schema": SCHEMA, "versions": versions(), "scenario": plan.identity}
        # as JSON has it: tuples are lists there
        self._about: dict[str, Any] = json.loads(json.dumps(about))
        if _holds_something(path):
            self._refuse_other(resume=resume)
        try:
            write_bytes(path / MANIFEST, (json.dumps(self._about, indent=1, sort_keys=True) + "\n").encode())
            for rest in _cut_off(path):
                rest.unlink()
        except OSError as error:
            raise _unwritable(path, error) from None

    def _refuse_other(self, *, resume: bool) -> None:
        manifest = self.path / MANIFEST
        if not resume:
            raise ValueError(f"--out {self.path}: holds a sweep; go on with it by --resume, or name another")
        try:
            there = json.loads(manifest.read_text(encoding="utf-8"))
        except (ValueError, RecursionError):
            there = None
        if not isinstance(there, dict):
            raise ValueError(f"{manifest}: is damaged; name another folder")
        for what in ("schema", "versions", "scenario"):
            if there.get(what) != self._about[what]:
                raise ValueError(
                    f"--out {self.path}: holds a sweep of another {what.removesuffix('s')} "
                    f"({_difference(there.get(what), self._about[what])}); name another folder"
                )

    def missing(self) -> list[Task]:
        """Return the tasks that are not done, or failed, in the order of the plan."""
        theories = {theory.point.number: theory for theory in self.plan.theories}
        tasks: list[Task] = []
        for cell in self.plan.cells:
            theory = theories.pop(cell.point.number, None)  # before the cells that share its law
            tasks += [cell] if theory is None else [theory, cell]
        return [task for task in tasks if not self._is_done(task)]

    def write(self, task: Task, outcome: Outcome) -> None:
        """Keep what came of a task."""
        if isinstance(task, Theory):
            self._keep("theory", task, None if outcome.error else self._known(task, outcome))
            return
        # first, since the cell's own file says that all is there
        self._keep("loads", task, self._loads(task, outcome) if outcome.loads.size else None)
        self._keep("cells", task, pd.DataFrame([self._row(task, outcome)]))

    def gather(self) -> dict[str, pd.DataFrame]:
        """Write the tables from the files of the tasks, in the order of the plan, and return them."""
        kept = {
            "results": self._all("cells", self.plan.cells),
            "theory": self._all("theory", self.plan.theories),
            "loads": self._all("loads", [cell for cell in self.plan.cells if cell.record_loads]),
        }
        tables = {name: pd.concat(parts, ignore_index=True) for name, parts in kept.items() if parts}
        for name, table in tables.items():
            write_table(self.path / f"{name}.parquet", table, scenario=self.plan.identity)
        return tables

    def _all(self, kind: str, tasks: Iterable[Task]) -> list[pd.DataFrame]:
        paths = [self._file(kind, task) for task in tasks]
        frames = [read_table(path) for path in paths if path.is_file()]
        return [frame for frame in frames if len(frame)]

    def _file(self, kind: str, task: Task) -> Path:
        return self.path / kind / f"{task.key}.parquet"

    def _keep(self, kind: str, task: Task, frame: pd.DataFrame | None) -> None:
        """Write a part; with None, see that none is left of an earlier run."""
        if frame is None:
            self._file(kind, task).unlink(missing_ok=True)
        else:
            write_table(self._file(kind, task), frame, scenario={"name": self.plan.scenario.name})

    def _is_done(self, task: Task) -> bool:
        if isinstance(task, Theory):
            return self._part("theory", task) is not None
        cell = self._part("cells", task)
        if cell is None or cell["status"].iloc[0] != "done":
            return False
        return not task.record_loads or self._part("loads", task) is not None

    def _part(self, kind: str, task: Task) -> pd.DataFrame | None:
        """Return what was kept of a task; None where it is missing or damaged, and to be made again."""
        path = self._file(kind, task)
        try:
            return read_table(path) if path.is_file() else None
        except (ValueError, OSError, pa.ArrowException):
            return None

    def _known(self, theory: Theory, outcome: Outcome) -> pd.DataFrame:
        """Return the row of a point; no row where nothing is known of it, so that nobody asks again."""
        place = self._place(theory.point)
        return pd.DataFrame([place | outcome.figures] if outcome.figures else [])

    def _place(self, point: Point) -> dict[str, Any]:
        return {
            "scenario": self.plan.scenario.name,
            "point": point.number,
            "workload": point.workload.label,
            "drift": point.drift.label,
            "workers": point.system.workers,
            "slots": point.system.slots,
        }

    def _row(self, cell: Cell, outcome: Outcome) -> dict[str, Any]:
        arrival, variant = cell.point.arrival, cell.variant
        load = np.nan if arrival.load is None else arrival.load
        row = {
            **self._place(cell.point),
            "arrivals": arrival.kind,
            "load": load,
            "variant": variant.label,
            "policy": variant.policy,
            "options": json.dumps(dict(variant.options), sort_keys=True),
            "binding": variant.binding,
            "lookahead": variant.lookahead_words,
            "horizon": variant.horizon,
            "replication": cell.replication,
            "seed": cell.seed,
            "steps": cell.steps,
            "warmup": 0,
            "status": "failed" if outcome.error else "done",
            "error": outcome.error,
        }
        figures = outcome.figures or {}
        return row | {name: int(value) if name in WHOLE else float(value) for name, value in figures.items()}

    def _loads(self, cell: Cell, outcome: Outcome) -> pd.DataFrame:
        steps, workers = outcome.loads.shape
        place = {**self._place(cell.point), "variant": cell.variant.label}
        frame = pd.DataFrame(
            {
                "step": np.repeat(np.arange(steps), workers),
                "worker": np.tile(np.arange(workers), steps),
                "load": outcome.loads.ravel(),
            }
        )
        for i, (name, value) in enumerate(place.items()):
            frame.insert(i, name, value)
        return frame


def _holds_something(path: Path) -> bool:
    """Whether a folder is there with more in it than sweeps leave that were cut off before they began."""
    return path.is_dir() and bool(set(path.iterdir()) - {path / LOCK, *_cut_off(path)})


def _unwritable(path: Path, error: OSError) -> ValueError:
    return ValueError(f"--out {path}: can't write there ({error.strerror})")


def _cut_off(path: Path) -> list[Path]:
    """Return what writes left behind that were cut off (`contracts.files`): ``.NAME.XXXXXXXX``."""
    names = (f".{MANIFEST}.*", ".*.parquet.*", "*/.*.parquet.*")
    return [rest for name in names for rest in path.glob(name)]


def _difference(there: Any, here: Any) -> str:
    """Return the first key whose values differ, with the two where they are short."""
    if not isinstance(there, dict) or not isinstance(here, dict):
        return f"{there!r} there, {here!r} here"
    key = next(key for key in [*here, *there] if there.get(key, ...) != here.get(key, ...))
    values = [repr(each.get(key)) for each in (there, here)]
    shown = max(map(len, values)) <= 60
    return f"{key}: {values[0]} there, {values[1]} here" if shown else f"its {key} differ"
