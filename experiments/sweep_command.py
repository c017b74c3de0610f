"""What `evenstep sweep` does with its arguments. May import the sweeps and what they print."""

from __future__ import annotations

from pathlib import Path

from experiments.sweeps.driver import run_plan
from experiments.sweeps.toml_file import load_plan, shipped
from experiments.terminal_sweep import sweep_progress, sweep_report

__all__ = ["list_scenarios", "sweep"]

#: Folder of sweeps where none is named.
RESULTS = Path("results/sweeps")


def list_scenarios() -> str:
    """Return the shipped scenarios, one line each."""
    own = shipped()
    width = max(map(len, own))
    return "\n".join(f"{name:<{width}}  {source.read().title}" for name, source in own.items())


def sweep(
    name: str, out: Path | None, *, on: str, resume: bool, quick: bool, quiet: bool
) -> tuple[str, bool]:
    """Run a scenario; return what to print, and whether all its cells are done.

    Raises
    ------
    ValueError, OSError
        If the scenario, the folder or the place to run can't be used.
    """
    plan = load_plan(name, quick=quick)
    scenario = plan.scenario
    folder = RESULTS / scenario.name if out is None else out
    with sweep_progress(quiet=quiet) as progress:
        swept = run_plan(plan, folder, on=on, resume=resume, progress=progress)
    title = (
        f"{scenario.name}: {len(plan.points)} points, {len(plan.variants)} policies, "
        f"{scenario.steps:,} steps, replications: {scenario.replications}, seed {scenario.seed}"
    )
    written = [each for each in ("results", "theory", "loads") if len(getattr(swept, each))]
    lines = [*(f"failed: {line}" for line in swept.failed)]
    lines.append(f"Written to {folder}: {', '.join(written)} (.parquet)")
    if swept.failed:
        lines.append(f"{len(swept.failed)} failed; try these again with --resume")
    return sweep_report(title, swept.results) + "\n".join(lines), not swept.failed
