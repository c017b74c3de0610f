"""`evenstep sweep`: a scenario on one machine or on a cluster.

What is slow to import is imported where the work begins.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.output import AsJson, refuse_beside, say, say_json

__all__ = ["sweep_command"]

#: Folder of sweeps where none is named.
RESULTS = Path("results/sweeps")


def sweep_command(
    context: typer.Context,
    scenario: Annotated[
        str | None, typer.Argument(metavar="SCENARIO", help="A shipped scenario, or a TOML file of yours.")
    ] = None,
    on: Annotated[
        str,
        typer.Option(help="Where: local, processes[:N], or tcp://HOST:PORT, a Dask scheduler."),
    ] = "local",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what is in --out.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the tables. Default: results/sweeps/NAME.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A small version of the scenario.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List the shipped scenarios and exit.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run every policy at every point of a scenario, with replications; on one machine or on a cluster."""
    if listed:
        refuse_beside(context, "--list", {"listed", "as_json"})
        _list(as_json)
        return
    if scenario is None:
        raise ValueError("name a SCENARIO: a TOML file of yours, or one of evenstep sweep --list")
    from experiments.sweep_means import point_means
    from experiments.sweeps.driver import run_plan
    from experiments.sweeps.toml_file import load_plan
    from experiments.terminal.sweep import plan_title, sweep_progress, sweep_report

    plan = load_plan(scenario, quick=quick)
    folder = RESULTS / plan.scenario.name if out is None else out
    with sweep_progress(quiet=quiet) as progress:
        swept = run_plan(plan, folder, on=on, resume=resume, progress=progress)
    written = [name for name in ("results", "theory", "loads") if len(getattr(swept, name))]
    if as_json:
        say_json(
            "sweep", scenario=plan.identity, means=point_means(swept.results), failed=swept.failed,
            out=folder, written=[f"{name}.parquet" for name in written],
        )  # fmt: skip
    else:
        say(sweep_report(plan_title(plan), swept, folder, written))
    if swept.failed:
        raise typer.Exit(1)


def _list(as_json: bool) -> None:
    from experiments.sweeps.toml_file import shipped

    titles = {name: source.read().title for name, source in shipped().items()}
    if as_json:
        say_json("sweep", scenarios=titles)
        return
    width = max(map(len, titles))
    say("\n".join(f"{name:<{width}}  {title}" for name, title in titles.items()))
