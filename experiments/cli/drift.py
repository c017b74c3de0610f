"""`evenstep drift`: which claims survive a drift process.

What is slow to import is imported where the work begins.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.output import (
    AsJson,
    from_options,
    refuse_file,
    results_in,
    say,
    say_json,
)

__all__ = ["drift_command"]


def drift_command(
    process: Annotated[
        str, typer.Argument(metavar="PROCESS", help="FILE.py:CLASS of yours, or a built-in process.")
    ],
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A parameter of the process; as often as needed."),
    ] = None,
    sizes: Annotated[
        str | None, typer.Option(help="Law of the sizes. Default: uniform:1:100.", show_default=False)
    ] = None,
    lengths: Annotated[
        str | None, typer.Option(help="Law of the steps. Default: geometric:0.02.", show_default=False)
    ] = None,
    trace: Annotated[Path | None, typer.Option(help="Trace to draw requests from instead.")] = None,
    workers: Annotated[int, typer.Option(help="G, parallel workers (at least 2).")] = 16,
    slots: Annotated[int, typer.Option(help="B, slots per worker.")] = 72,
    steps: Annotated[int, typer.Option(help="Steps measured, after the warm-up.")] = 5_000,
    seed: Annotated[int, typer.Option(help="Seed; the same seed gives the same numbers.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder for the tables. Default: none written.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check a drift process, simulate policies under it, and show which claims survive."""
    # imported here, and the slow ones once the process is known to load
    from experiments.drift_file import load_drift

    drift = load_drift(process, param or [])
    from contracts.files import write_bytes
    from experiments.drift_job import drift_scenario, drift_stages, examine
    from experiments.store import write_table
    from experiments.terminal.drift import drift_report
    from experiments.terminal.forms import progress_bar
    from paper_figs import main_table_latex

    scenario = from_options(
        drift_scenario, drift=drift, trace=trace, sizes=sizes, lengths=lengths, workers=workers, slots=slots,
        steps=steps, seed=seed,
    )  # fmt: skip
    refuse_file(out)
    requests = scenario.requests()  # before the search: a mistake in the trace is told at once
    with progress_bar(tasks=drift_stages()) as advance:
        outcome = examine(drift, scenario, requests=requests, progress=advance)
    written: list[str] = []
    if out is not None:
        with results_in(out) as fresh:
            for name in ("results", "claims"):
                write_table(fresh / f"{name}.parquet", getattr(outcome, name), scenario=outcome.scenario)
            write_bytes(fresh / "table_main.tex", main_table_latex(fresh).encode())
        written = ["results.parquet", "claims.parquet", "table_main.tex"]
    if as_json:
        say_json(
            "drift", scenario=outcome.scenario, phases=outcome.phases, searched=outcome.searched,
            doubt=outcome.doubt, policies=outcome.results, claims=outcome.claims, out=out, written=written,
        )  # fmt: skip
    else:
        where = f"Written to {out}: results, claims (.parquet), table_main.tex" if written else ""
        say(f"{drift_report(outcome)}{where}")
    if outcome.is_violated:
        raise typer.Exit(1)
