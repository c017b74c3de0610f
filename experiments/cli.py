"""The command line: arguments in, exit codes and one-line errors out; no logic.

This is where everything meets, so it alone may import `paper_figs` from this room. Exit status: 0 done, 1 a
claim was violated, 2 a mistake in the arguments or the input.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["app", "main"]

app = typer.Typer(
    name="evenstep",
    add_completion=True,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Load balancing in barrier-synchronised systems: simulate, check worst-case claims, export tables.",
    epilog="Start with: evenstep reproduce",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"evenstep {version('evenstep')} (highspy {version('highspy')}, numba {version('numba')})")
        raise typer.Exit


@app.callback()
def evenstep(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show versions and exit."),
    ] = False,
) -> None:
    """Load balancing in barrier-synchronised systems: simulate, check worst-case claims, export tables."""


@app.command(
    "reproduce",
    epilog="Example: evenstep reproduce --workers 16 --slots 72 --seed 1 --out results/reproduce",
)
def reproduce_command(
    trace: Annotated[
        Path | None,
        typer.Option(
            help="Trace to draw requests from (Parquet, CSV, JSON, JSONL). Default: published quantiles."
        ),
    ] = None,
    workers: Annotated[int, typer.Option(help="G, parallel workers (at least 2).")] = 16,
    slots: Annotated[int, typer.Option(help="B, slots per worker.")] = 72,
    steps: Annotated[
        int, typer.Option(help="Steps measured, after a warm-up derived from the lengths.")
    ] = 20_000,
    seed: Annotated[int, typer.Option(help="Seed; the same seed gives the same bytes.")] = 1,
    out: Annotated[Path, typer.Option(help="Folder for tables and figures.")] = Path("results/reproduce"),
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Leave unusable rows of the trace out, and count them.")
    ] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Recompute every run independently.")] = False,
) -> None:
    """Simulate FCFS, JSQ and BF-IO(0); compare with the theory; write tables and a figure."""
    # imported here so that --help and --version don't wait for numba, pandas and matplotlib
    from experiments.reproduce import reproduce
    from experiments.scenario import Scenario
    from experiments.store import write_bytes, write_table
    from experiments.terminal import progress_bar, show
    from paper_figs import draw_loads, main_table

    scenario = Scenario(
        trace=trace, workers=workers, slots=slots, steps=steps, seed=seed, skip_bad_rows=skip_bad_rows
    )
    _refuse_unwritable(out)
    with progress_bar(tasks=8) as bar:
        outcome = reproduce(
            scenario,
            check_runs=verify,
            progress=lambda what: bar.update(bar.task_ids[0], description=what, advance=1),
        )
    for name in ("results", "claims", "loads"):
        write_table(out / f"{name}.parquet", getattr(outcome, name), scenario=outcome.scenario)
    write_bytes(out / "table_main.tex", main_table(out / "results.parquet").encode())
    pictures = draw_loads(out / "loads.parquet", out / "loads")
    show(outcome)
    typer.echo(f"Written to {out}: results, claims, loads (.parquet), table_main.tex, "
               + ", ".join(path.name for path in pictures))  # fmt: skip
    if (outcome.claims["verdict"] == "violated").any():
        raise typer.Exit(1)


def _refuse_unwritable(folder: Path) -> None:
    """Find out before the work that the results can't be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".evenstep-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise ValueError(f"--out {folder}: can't write there ({error.strerror})") from None


def main() -> None:
    """Run the command line; a user's mistake is one line on standard error and exit status 2."""
    try:
        status = app(standalone_mode=False)
    except typer.Abort:
        sys.exit(130)
    except typer.TyperException as error:
        _fail(error.format_message())
    except (ValueError, TypeError, OSError) as error:
        _fail(str(error))
    sys.exit(status if isinstance(status, int) else 0)


def _fail(message: str) -> None:
    line = " ".join(message.split())
    sys.stderr.write(f"evenstep: {line}\n")
    sys.exit(2)
