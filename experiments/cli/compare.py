"""`evenstep compare`: routing policies on a trace of one's own.

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

__all__ = ["compare_command"]


def compare_command(
    trace: Annotated[Path, typer.Option(help="Trace of requests (Parquet, CSV, JSON, JSONL).")],
    workers: Annotated[int, typer.Option(help="G, parallel workers (at least 2).")] = 16,
    slots: Annotated[int, typer.Option(help="B, slots per worker.")] = 72,
    policies: Annotated[
        str | None, typer.Option(help="With commas between; NAME:pooled or NAME:immediate is one binding.")
    ] = None,
    speed: Annotated[
        float | None, typer.Option(help="Let the trace's clock run so many times as fast.")
    ] = None,
    load: Annotated[
        float | None, typer.Option(help="Pace the trace so that it asks for this share of the capacity.")
    ] = None,
    overloaded: Annotated[
        bool, typer.Option("--overloaded", help="Everyone waits from the start. Default without times.")
    ] = False,
    steps: Annotated[
        int | None, typer.Option(help="Steps at the most. Default: the whole trace; overloaded, 20000.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed; the same seed gives the same bytes.")] = 1,
    mean_load_s: Annotated[
        float, typer.Option(help="Seconds per step and token of the mean load, beside the largest.")
    ] = 0.0,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Leave unusable rows of the trace out, and count them.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for table and figure. Default: none.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare routing policies on a trace of your own."""
    from contracts.files import write_bytes
    from experiments.compare import POLICIES_COMPARED, Comparison, compare
    from experiments.store import write_table
    from experiments.terminal.compare import compare_report
    from experiments.terminal.forms import progress_bar
    from paper_figs import compare_table, draw_compare

    comparison = from_options(
        Comparison, trace=trace, workers=workers, slots=slots, speed=speed, load=load, overloaded=overloaded,
        policies=",".join(POLICIES_COMPARED) if policies is None else policies, steps=steps, seed=seed,
        mean_load_s=mean_load_s, skip_bad_rows=skip_bad_rows,
    )  # fmt: skip
    refuse_file(out)
    with progress_bar(tasks=len(comparison.rules) + 1) as advance:
        outcome = compare(comparison, progress=advance)
    written: list[str] = []
    if out is not None:
        with results_in(out) as fresh:
            write_table(fresh / "compare.parquet", outcome.table, scenario=outcome.scenario)
            write_bytes(fresh / "table_compare.tex", compare_table(fresh / "compare.parquet").encode())
            pictures = draw_compare(fresh / "compare.parquet", fresh / "compare")
        written = ["compare.parquet", "table_compare.tex", *(path.name for path in pictures)]
    if as_json:
        say_json("compare", scenario=outcome.scenario, policies=outcome.table, out=out, written=written)
        return
    where = f"Written to {out}: {', '.join(written)}" if written else ""
    say(f"{compare_report(outcome)}{where}")
