"""The commands as one program, and its exit status. Imports the commands."""

from __future__ import annotations

import io
import sys
from contextlib import nullcontext
from importlib.metadata import version
from typing import Annotated

import typer

from experiments.cli.check import check_command
from experiments.cli.claims import claims_command
from experiments.cli.compare import compare_command
from experiments.cli.drift import drift_command
from experiments.cli.export import figures_command, tables_command
from experiments.cli.output import ReaderGone, fail, only_results, say
from experiments.cli.reproduce import reproduce_command
from experiments.cli.sweep import sweep_command

__all__ = ["app", "main"]

#: Exit status of a command ended by Ctrl-C, and of one whose output nobody reads any more, as shells have it.
INTERRUPTED, READER_GONE = 130, 141

app = typer.Typer(
    name="evenstep",
    add_completion=True,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Load balancing in barrier-synchronised systems: simulate, check worst-case claims, export tables.",
    epilog="Start with: evenstep reproduce (some minutes; needs no input). "
    "Options and an example of each: evenstep COMMAND --help",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"evenstep {version('evenstep')} (highspy {version('highspy')}, numba {version('numba')})")
        raise typer.Exit


@app.callback()
def evenstep(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show versions and exit."),
    ] = False,
) -> None:
    """Load balancing in barrier-synchronised systems: simulate, check worst-case claims, export tables."""
    if context.invoked_subcommand is None:
        say(context.get_help())


app.command(
    "reproduce",
    short_help="Simulate FCFS, JSQ and BF-IO(0), and compare with theory.",
    epilog="Example: evenstep reproduce --workers 16 --slots 72 --seed 1 --out results/reproduce",
)(reproduce_command)
app.command(
    "drift",
    short_help="See which claims survive a drift process of yours.",
    epilog="Example: evenstep drift SlidingWindow --param window=30",
)(drift_command)
app.command(
    "compare",
    epilog="Example: evenstep compare --trace requests.csv --workers 32 --load 0.9",
)(compare_command)
app.command("claims", epilog="Example: evenstep claims B2")(claims_command)
app.command(
    "check",
    short_help="Put claims to the test.",
    epilog="Example: evenstep check B1 --scale 0.5   (a bound halved, which must be refuted)",
)(check_command)
app.command(
    "sweep",
    short_help="Run a scenario: many workloads, systems, policies.",
    epilog="Example: evenstep sweep paper --quick --on processes   (some seconds)",
)(sweep_command)
app.command(
    "tables",
    short_help="Make a paper's tables from stored results.",
    epilog="Example: evenstep tables results/sweeps/paper --out paper/tables",
)(tables_command)
app.command(
    "figures",
    short_help="Draw a paper's figures from stored results.",
    epilog="Example: evenstep figures results/sweeps/paper --out paper/figures",
)(figures_command)


def _refuse_empty(arguments: list[str]) -> None:
    """Complain about an empty value: an unset variable of the shell is no wish for a default."""
    for place, argument in enumerate(arguments):
        if argument == "" or (argument.startswith("--") and argument.endswith("=")):
            what = argument.rstrip("=") or (arguments[place - 1] if place else "the command")
            raise ValueError(f"{what} must not be empty")


def main() -> None:
    """Run the command line; a user's mistake is one line on standard error and exit status 2."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without "≥" shows "?" and no traceback
    try:
        _refuse_empty(sys.argv[1:])
        with only_results() if "--json" in sys.argv[1:] else nullcontext():
            status = app(prog_name="evenstep", standalone_mode=False)
        if status == INTERRUPTED:  # typer turns Ctrl-C into this status, and says nothing
            raise KeyboardInterrupt
    except (typer.Abort, KeyboardInterrupt):
        sys.stderr.write("interrupted\n")
        sys.exit(INTERRUPTED)
    except typer.TyperException as error:
        # the parser says what is wrong; where to read what would be right, it leaves to us
        command = context.command_path if (context := getattr(error, "ctx", None)) else "evenstep"
        fail(f"{error.format_message().rstrip('.')}; see {command} --help")
    except ReaderGone:
        sys.exit(READER_GONE)
    except MemoryError:
        fail("out of memory: lower --workers, --slots or --steps")
    except (ValueError, TypeError, OSError) as error:
        fail(str(error))
    sys.exit(status if isinstance(status, int) else 0)
