"""`evenstep reproduce`: the main job, and the paper's experiments.

What is slow to import is imported where the work begins.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.output import (
    AsJson,
    from_options,
    refuse_file,
    refuse_unwritable,
    results_in,
    say,
    say_json,
)

if TYPE_CHECKING:
    from experiments.paper_section import Section

__all__ = ["reproduce_command"]

#: Tables of the outcome, each a file of its name.
TABLES = ("results", "claims", "loads")


def reproduce_command(
    trace: Annotated[
        Path | None,
        typer.Option(
            help="Trace to draw requests from (Parquet, CSV, JSON, JSONL). Default: published quantiles."
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="G, parallel workers (at least 2): 16.", show_default=False)
    ] = None,
    slots: Annotated[int | None, typer.Option(help="B, slots per worker: 72.", show_default=False)] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            help="Steps measured, after a warm-up derived from the lengths: 20000.", show_default=False
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed; the same seed gives the same bytes: 1.", show_default=False)
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for tables and figures.")] = Path("results/reproduce"),
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Leave unusable rows of the trace out, and count them.")
    ] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Recompute every run independently.")] = False,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help="And an outline of the paper's experiments: the default without other options."
        ),
    ] = False,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="And all of them at full size, all claims: half an hour; goes on if killed."
        ),
    ] = False,
    on: Annotated[
        str, typer.Option(help="Where the paper's experiments run, as in evenstep sweep.")
    ] = "processes",
    as_json: AsJson = False,
) -> None:
    """Simulate FCFS, JSQ and BF-IO(0), and the paper's experiments; write tables, figures and a report."""
    # imported here so that --help and --version don't wait for numba, pandas and matplotlib
    from experiments.reproduce import reproduce, stages
    from experiments.scenario import Scenario
    from experiments.store import write_table
    from experiments.sweeps.executors import executor
    from experiments.terminal.forms import progress_bar
    from experiments.terminal.reproduce import report
    from experiments.terminal.section import section_report
    from paper_figs import write_reproduction

    if quick and full:
        raise ValueError("--quick can't be given with --full")
    settings = {
        "trace": trace, "workers": workers, "slots": slots, "steps": steps, "seed": seed,
        "skip_bad_rows": skip_bad_rows or None,
    }  # fmt: skip
    given = {name: value for name, value in settings.items() if value is not None}
    scenario = from_options(Scenario, **given)
    # a workload of one's own has nothing to do with the paper's, unless they are asked for
    with_section = full or quick or not (given or verify)
    if with_section:
        executor(on)  # so that a mistake in it is told now
    refuse_file(out)
    with progress_bar(tasks=stages(check_runs=verify) + 1) as advance:
        advance("reading lengths")
        requests = scenario.requests()
        refuse_unwritable(out)
        outcome = reproduce(scenario, requests=requests, check_runs=verify, progress=advance)
    folder, section = None, None
    if with_section:
        folder = out / ("full" if full else "quick")
        section = _paper_section(folder, full=full, seed=scenario.seed, on=on)
    with results_in(out) as fresh:
        for name in TABLES:
            write_table(fresh / f"{name}.parquet", getattr(outcome, name), scenario=outcome.scenario)
        written = write_reproduction(fresh, folder)
    if as_json:
        say_json(
            "reproduce", scenario=outcome.scenario, policies=outcome.results, claims=outcome.claims,
            section=section, out=out, written=[*(f"{name}.parquet" for name in TABLES), *written],
        )  # fmt: skip
    else:
        text = report(outcome)
        if section is not None and folder is not None:
            text += section_report(section, folder)
        say(
            f"{text}Written to {out}:\n  {', '.join(TABLES)} (.parquet)\n  {', '.join(written)}\n"
            f"Report: {out / 'report.html'}"
        )
    is_sound = section is None or not (section.failed or section.refuted)
    if not is_sound or (outcome.claims["verdict"] == "violated").any():
        raise typer.Exit(1)


def _paper_section(folder: Path, *, full: bool, seed: int, on: str) -> Section:
    """Run the paper's section, told on standard error."""
    from experiments.paper_section import run_section
    from experiments.terminal.section import section_tell
    from experiments.terminal.sweep import sweep_progress

    return run_section(
        folder, full=full, seed=seed, on=on, tell=section_tell, watch=lambda: sweep_progress(quiet=False)
    )
