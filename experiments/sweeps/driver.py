"""`run_sweep`: runs what is missing of a sweep, wherever it is told to, and gathers the tables.

May import everything of this package.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from experiments.sweeps.executors import executor
from experiments.sweeps.folder import opened
from experiments.sweeps.plan import Cell, Plan, make_plan
from experiments.sweeps.scenario import SweepScenario
from experiments.sweeps.tasks import Task
from experiments.sweeps.toml_file import load_plan

__all__ = ["Progress", "Swept", "run_plan", "run_sweep"]

#: Told how many tasks are finished of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Swept:
    """The tables of a sweep, and what failed.

    Attributes
    ----------
    results, theory, loads : pandas.DataFrame
        As in the files of these names (docs/sweeps.md); the last two may be empty.
    failed : tuple of str
        One line for each task that failed.
    """

    results: pd.DataFrame
    theory: pd.DataFrame
    loads: pd.DataFrame
    failed: tuple[str, ...]


def run_sweep(
    scenario: SweepScenario | str | Path,
    out: Path | str,
    *,
    on: str = "local",
    resume: bool = False,
    quick: bool = False,
    progress: Progress | None = None,
) -> Swept:
    """Run a sweep and write its tables.

    Parameters
    ----------
    scenario : SweepScenario, str or Path
        A value, the name of a shipped scenario, or the path of a TOML file. In a value, paths of traces and
        drift processes start in the working directory, in a file beside it.
    out : Path or str
        Folder for the tables.
    on : str
        ``"local"``, ``"processes"``, ``"processes:N"`` or the address of a Dask scheduler. Which one never
        changes a byte of the tables. A script that uses processes needs ``if __name__ == "__main__":``.
    resume : bool
        Go on with what is in ``out``; failed cells are tried again.
    quick : bool
        Fewer steps and replications, smaller systems.
    progress : callable, optional
        Called with the numbers of finished and of all tasks.

    Returns
    -------
    Swept

    Raises
    ------
    ValueError, OSError
        If the scenario, ``out`` or ``on`` can't be used. A cell that fails raises nothing.
    """
    if isinstance(scenario, SweepScenario):
        plan = make_plan(scenario.shrunk() if quick else scenario)
    else:
        plan = load_plan(str(scenario), quick=quick)
    return run_plan(plan, Path(out), on=on, resume=resume, progress=progress)


def run_plan(
    plan: Plan, out: Path, *, on: str = "local", resume: bool = False, progress: Progress | None = None
) -> Swept:
    """Run what is missing of a plan; see `run_sweep`."""
    run = executor(on)
    failed: dict[str, str] = {}
    with opened(out, plan, resume=resume) as folder:
        missing = folder.missing()
        if progress is not None:
            progress(0, len(missing))
        with closing(run(missing)) as finished:
            for number, (task, outcome) in enumerate(finished, start=1):
                folder.write(task, outcome)
                if outcome.error:
                    failed[task.key] = f"{_words(task)}: {outcome.error}"
                if progress is not None:
                    progress(number, len(missing))
        tables = folder.gather()
    results, theory, loads = (tables.get(name, pd.DataFrame()) for name in ("results", "theory", "loads"))
    return Swept(results, theory, loads, tuple(failed[task.key] for task in missing if task.key in failed))


def _words(task: Task) -> str:
    system = task.point.system
    what = (
        f"{task.variant.label}, replication {task.replication}" if isinstance(task, Cell) else "exact numbers"
    )
    where = ", ".join([*task.point.labels, f"G = {system.workers}", f"B = {system.slots}"])
    return f"point {task.point.number} ({where}), {what}"
