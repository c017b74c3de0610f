"""The command line: arguments in, exit codes and one-line errors out; no logic.

This is where everything meets, so it alone may import `paper_figs` from this room. Exit status:

- 0: done; claims may be inconclusive or not applicable.
- 1: a claim was refuted, or a control wasn't (``check``). A claim was violated: T0, E0 or B1, which hold
  exactly, or F0, F1 or B1-ratio outside the confidence interval of level 1 - 1e-6, which chance does to one
  run in a million. The snapshot law that the user gave has another mean load than was measured. Cells of a
  sweep failed.
- 2: a mistake in the arguments or the input, or results that can't be written.
- 130: interrupted. 141: whoever read standard output went away (``| head``), after the files were written.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

__all__ = ["app", "main"]

T = TypeVar("T")

#: Exit status of a command ended by Ctrl-C, as shells have it.
INTERRUPTED = 130

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
        typer.echo(f"evenstep {version('evenstep')} (highspy {version('highspy')}, numba {version('numba')})")
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
        _say(context.get_help())


@app.command(
    "reproduce",
    short_help="Simulate FCFS, JSQ and BF-IO(0), and compare with theory.",
    epilog="Example: evenstep reproduce --workers 16 --slots 72 --seed 1 --out results/reproduce",
)
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
        typer.Option("--full", help="And all of them at full size, all claims: hours; goes on if killed."),
    ] = False,
    on: Annotated[
        str, typer.Option(help="Where the paper's experiments run, as in evenstep sweep.")
    ] = "processes",
) -> None:
    """Simulate FCFS, JSQ and BF-IO(0), and the paper's experiments; write tables, figures and a report."""
    # imported here so that --help and --version don't wait for numba, pandas and matplotlib
    from experiments.reproduce import reproduce, stages
    from experiments.scenario import Scenario
    from experiments.store import write_table
    from experiments.sweeps.executors import executor
    from experiments.terminal import progress_bar, report
    from paper_figs import write_reproduction

    if quick and full:
        raise ValueError("--quick can't be given with --full")
    settings = {
        "trace": trace, "workers": workers, "slots": slots, "steps": steps, "seed": seed,
        "skip_bad_rows": skip_bad_rows or None,
    }  # fmt: skip
    given = {name: value for name, value in settings.items() if value is not None}
    scenario = _scenario(Scenario, **given)
    # a workload of one's own has nothing to do with the paper's, unless they are asked for
    with_section = full or quick or not (given or verify)
    if with_section:
        executor(on)  # so that a mistake in it is told now
    _refuse_file(out)
    with progress_bar(tasks=stages(check_runs=verify) + 1) as advance:
        advance("reading lengths")
        requests = scenario.requests()
        _refuse_unwritable(out)
        outcome = reproduce(scenario, requests=requests, check_runs=verify, progress=advance)
    section, words, is_sound = None, "", True
    if with_section:
        section = out / ("full" if full else "quick")
        words, is_sound = _paper_section(section, full=full, seed=scenario.seed, on=on)
    with _results_in(out) as fresh:
        for name in ("results", "claims", "loads"):
            write_table(fresh / f"{name}.parquet", getattr(outcome, name), scenario=outcome.scenario)
        written = ", ".join(write_reproduction(fresh, section))
    _say(
        f"{report(outcome)}{words}Written to {out}:\n  results, claims, loads (.parquet)\n  {written}\n"
        f"Report: {out / 'report.html'}"
    )
    if not is_sound or (outcome.claims["verdict"] == "violated").any():
        raise typer.Exit(1)


def _paper_section(folder: Path, *, full: bool, seed: int, on: str) -> tuple[str, bool]:
    """Run the paper's section; return what to print, and whether no run failed and no claim was refuted."""
    from experiments.paper_section import run_section
    from experiments.terminal_section import section_report, section_tell
    from experiments.terminal_sweep import sweep_progress

    section = run_section(
        folder, full=full, seed=seed, on=on, tell=section_tell, watch=lambda: sweep_progress(quiet=False)
    )
    return section_report(section, folder), not (section.failed or section.refuted)


@app.command(
    "drift",
    short_help="See which claims survive a drift process of yours.",
    epilog="Example: evenstep drift SlidingWindow --param window=30",
)
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
) -> None:
    """Check a drift process, simulate policies under it, and show which claims survive."""
    # imported here, as above, and the slow ones once the process is known to load
    from experiments.drift_file import load_drift

    drift = load_drift(process, param or [])
    from contracts.files import write_bytes
    from experiments.drift_job import drift_scenario, drift_stages, examine
    from experiments.store import write_table
    from experiments.terminal import progress_bar
    from experiments.terminal_drift import drift_report
    from paper_figs import main_table_latex

    scenario = _scenario(
        drift_scenario, drift=drift, trace=trace, sizes=sizes, lengths=lengths, workers=workers, slots=slots,
        steps=steps, seed=seed,
    )  # fmt: skip
    if out is not None:
        _refuse_file(out)
    with progress_bar(tasks=drift_stages()) as advance:
        outcome = examine(drift, scenario, progress=advance)
    written = ""
    if out is not None:
        _refuse_unwritable(out)
        with _results_in(out) as fresh:
            for name in ("results", "claims"):
                write_table(fresh / f"{name}.parquet", getattr(outcome, name), scenario=outcome.scenario)
            write_bytes(fresh / "table_main.tex", main_table_latex(fresh).encode())
        written = f"Written to {out}: results, claims (.parquet), table_main.tex"
    _say(f"{drift_report(outcome)}{written}".rstrip("\n"))
    if outcome.is_violated:
        raise typer.Exit(1)


@app.command("compare", epilog="Example: evenstep compare --trace requests.csv --workers 32 --load 0.9")
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
) -> None:
    """Compare routing policies on a trace of your own."""
    from contracts.files import write_bytes
    from experiments.compare import POLICIES_COMPARED, Comparison, compare
    from experiments.store import write_table
    from experiments.terminal import progress_bar
    from experiments.terminal_compare import compare_report
    from paper_figs import compare_table, draw_compare

    comparison = _scenario(
        Comparison, trace=trace, workers=workers, slots=slots, speed=speed, load=load, overloaded=overloaded,
        policies=",".join(POLICIES_COMPARED) if policies is None else policies, steps=steps, seed=seed,
        mean_load_s=mean_load_s, skip_bad_rows=skip_bad_rows,
    )  # fmt: skip
    if out is not None:
        _refuse_file(out)
    with progress_bar(tasks=len(comparison.rules) + 1) as advance:
        outcome = compare(comparison, progress=advance)
    written = ""
    if out is not None:
        _refuse_unwritable(out)
        with _results_in(out) as fresh:
            write_table(fresh / "compare.parquet", outcome.table, scenario=outcome.scenario)
            write_bytes(fresh / "table_compare.tex", compare_table(fresh / "compare.parquet").encode())
            pictures = draw_compare(fresh / "compare.parquet", fresh / "compare")
        names = ["compare.parquet", "table_compare.tex", *(path.name for path in pictures)]
        written = f"Written to {out}: {', '.join(names)}"
    _say(f"{compare_report(outcome)}{written}".rstrip("\n"))


@app.command("claims", epilog="Example: evenstep claims B2")
def claims_command(
    claims: Annotated[
        list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Claims to show whole. Default: a table.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="Of the table: terminal, markdown or latex.")
    ] = "terminal",
) -> None:
    """List the claims: statements, assumptions, proofs. Runs no simulation."""
    from experiments.claims_listing import claim_details, claims_markdown, claims_report, find_claim
    from paper_figs import claims_latex

    if claims:
        _say("\n".join(claim_details(find_claim(name)) for name in claims).rstrip("\n"))
        return
    tables = {"terminal": claims_report, "markdown": claims_markdown, "latex": claims_latex}
    if form not in tables:
        raise ValueError(f"--format must be one of {', '.join(tables)}; got {form!r}")
    _say(tables[form]().rstrip("\n"))


@app.command(
    "check",
    short_help="Put claims to the test.",
    epilog="Example: evenstep check B1 --scale 0.5   (a bound halved, which must be refuted)",
)
def check_command(
    claims: Annotated[
        list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Claims. Default: all that have a test.")
    ] = None,
    controls: Annotated[
        bool, typer.Option("--controls", help="Test false neighbours instead: each must be refuted.")
    ] = False,
    scale: Annotated[
        float, typer.Option(help="Factor of the bound; of a search, of the larger side of each inequality.")
    ] = 1.0,
    replay: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Check one saved counterexample, and nothing else.")
    ] = None,
    worst_case: Annotated[
        str | None, typer.Option(metavar="GOAL", help="Search for the worst law: iir or tightness.")
    ] = None,
    law_class: Annotated[
        str, typer.Option("--class", help="Where: SIZES[:S_MAX[:SPAN]],LENGTHS[:P_LO:P_HI],DRIFT.")
    ] = "two-point:20,rounds,unit",
    window: Annotated[
        int | None, typer.Option(help="Requests in sight beyond the free slots, in a worst case.")
    ] = None,
    level: Annotated[float, typer.Option(help="Error level of each claim about means.")] = 0.01,
    budget: Annotated[int, typer.Option(help="The most replications of a claim about means.")] = 2000,
    sizes: Annotated[str, typer.Option(help="Law of the sizes, for claims about means.")] = "uniform:1:100",
    lengths: Annotated[str, typer.Option(help="Law of the steps, for them.")] = "geometric:0.05",
    workers: Annotated[
        int | None, typer.Option(help="G, for them: 8; 2 in a worst case.", show_default=False)
    ] = None,
    slots: Annotated[
        int | None, typer.Option(help="B, for them: 16; 2 in a worst case.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same verdicts.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Folder for verdicts.json and counterexamples. Default: none.")
    ] = None,
) -> None:
    """Put claims to the test: search for counterexamples, measure means until the verdict is certain."""
    from bounds.checker import Setting
    from bounds.falsifier import replay as replayed
    from contracts import checks
    from experiments.checking import chosen, run_checks, write_verdicts
    from experiments.law_words import law_of
    from experiments.terminal import progress_bar
    from experiments.terminal_check import check_report, replay_report

    if replay is not None:
        verdict = replayed(replay)
        _say(replay_report(verdict).rstrip("\n"))
        raise typer.Exit(int(verdict.word == "refuted"))
    if worst_case is not None:
        workers, slots = (2 if value is None else value for value in (workers, slots))
        _worst_case(worst_case, law_class, workers, slots, window, level, seed)
        return
    workers, slots = 8 if workers is None else workers, 16 if slots is None else slots
    names = chosen(claims or [])
    if controls and scale != 1:
        raise ValueError("--scale can't be given with --controls, whose bounds are false by themselves")
    checks.number("--scale", scale, above=0)
    checks.number("--level", level, above=0, below=1)
    checks.count("--budget", budget, at_least=1)
    checks.seed_value("--seed", seed)
    setting = _scenario(
        Setting, sizes=law_of("--sizes", sizes), lengths=law_of("--lengths", lengths), workers=workers,
        slots=slots,
    )  # fmt: skip
    if out is not None:
        _refuse_file(out)
        _refuse_unwritable(out)
    with progress_bar(tasks=len(names)) as advance:
        done = run_checks(
            names, setting, level=level, budget=budget, seed=seed, scale=scale, controls=controls,
            progress=advance,
        )  # fmt: skip
    heading = f"seed {seed}; means: sizes {sizes}, lengths {lengths}, G = {workers}, B = {slots}"
    text = check_report(done, heading if scale == 1 else f"{heading}; bounds times {scale:g}")
    if out is not None:
        with _results_in(out) as fresh:
            written = write_verdicts(fresh, done, scale=scale, seed=seed)
        text += f"Written to {out}: {', '.join(path.name for path in written)}"
    _say(text.rstrip("\n"))
    if any(entry.is_alarm for entry in done):
        raise typer.Exit(1)


@app.command(
    "sweep",
    short_help="Run a scenario: many workloads, systems, policies.",
    epilog="Example: evenstep sweep paper --quick --on processes   (some seconds)",
)
def sweep_command(
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
) -> None:
    """Run every policy at every point of a scenario, with replications; on one machine or on a cluster."""
    from experiments.sweep_command import list_scenarios, sweep

    if listed:
        _say(list_scenarios())
        return
    if scenario is None:
        raise ValueError("name a SCENARIO: a TOML file of yours, or one of evenstep sweep --list")
    text, is_complete = sweep(scenario, out, on=on, resume=resume, quick=quick, quiet=quiet)
    _say(text)
    if not is_complete:
        raise typer.Exit(1)


@app.command(
    "tables",
    short_help="Make a paper's tables from stored results.",
    epilog="Example: evenstep tables results/sweeps/paper --out paper/tables",
)
def tables_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="What evenstep sweep wrote.")],
    form: Annotated[str, typer.Option("--format", help="latex, markdown or html.")] = "latex",
    out: Annotated[Path | None, typer.Option(help="Folder for the tables. Default: FOLDER.")] = None,
) -> None:
    """Make the tables of a paper from the results of a sweep, or of reproduce."""
    from paper_figs import write_tables

    if out is not None:
        _refuse_file(out)
    _say(write_tables(folder, out or folder, form=form))


@app.command(
    "figures",
    short_help="Draw a paper's figures from stored results.",
    epilog="Example: evenstep figures results/sweeps/paper --out paper/figures",
)
def figures_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="What evenstep sweep wrote.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the figures. Default: FOLDER.")] = None,
) -> None:
    """Draw the figures of a paper, PDF and PNG, from the results of a sweep, or of reproduce."""
    from paper_figs import write_figures

    if out is not None:
        _refuse_file(out)
    _say(write_figures(folder, out or folder))


def _worst_case(
    goal: str, law_class: str, workers: int, slots: int, window: int | None, level: float, seed: int
) -> None:
    """Search a class of laws for the one where BF-IO gains least, or where its bound is tightest."""
    from bounds.checker.worst_case import worst_case
    from experiments.terminal_worst_case import worst_case_report
    from experiments.worst_case import class_of

    searched = class_of(law_class, workers=workers, slots=slots, window=window)
    found = worst_case(searched, goal=goal, level=level, seed=seed)
    _say(worst_case_report(found).rstrip("\n"))
    if found.verdict.word == "refuted":
        raise typer.Exit(1)


def _scenario(make: Callable[..., T], **settings: Any) -> T:
    """Build the scenario; its complaints start with the name of the field, which is that of the option."""
    try:
        return make(**settings)
    except (ValueError, TypeError) as error:
        raise ValueError(f"--{error}") from None


def _refuse_file(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"--out {folder}: is a file; name a folder")


def _refuse_unwritable(folder: Path) -> None:
    """Find out before the work, but after the input proved usable, that the results can't be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".evenstep-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise ValueError(f"--out {folder}: can't write there ({error.strerror})") from None


@contextmanager
def _results_in(folder: Path) -> Iterator[Path]:
    """Yield a folder whose files come into this one together, or, where one can't be written, not at all."""
    from contracts.files import together

    try:
        with together(folder) as fresh:
            yield fresh
    except OSError as error:
        raise ValueError(f"--out {folder}: can't write there ({error.strerror or error})") from None


def main() -> None:
    """Run the command line; a user's mistake is one line on standard error and exit status 2."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without "≥" shows "?" and no traceback
    try:
        status = app(prog_name="evenstep", standalone_mode=False)
        if status == INTERRUPTED:  # typer turns Ctrl-C into this status, and says nothing
            raise KeyboardInterrupt
    except (typer.Abort, KeyboardInterrupt):
        sys.stderr.write("interrupted\n")
        sys.exit(INTERRUPTED)
    except typer.TyperException as error:
        # the parser says what is wrong; where to read what would be right, it leaves to us
        command = context.command_path if (context := getattr(error, "ctx", None)) else "evenstep"
        _fail(f"{error.format_message().rstrip('.')}; see {command} --help")
    except _ReaderGone:
        sys.exit(141)
    except MemoryError:
        _fail("out of memory: lower --workers, --slots or --steps")
    except (ValueError, TypeError, OSError) as error:
        _fail(str(error))
    sys.exit(status if isinstance(status, int) else 0)


class _ReaderGone(Exception):
    """Nobody reads standard output any more. No OSError: typer would end those with status 1 by itself."""


def _say(text: str) -> None:
    """Write to standard output at once, while an error can still be told in one line."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError as error:
        # the interpreter would flush again at its end, and fail again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise _ReaderGone from None
        raise ValueError(f"can't write to standard output ({error.strerror})") from None


def _fail(message: str) -> NoReturn:
    line = " ".join(message.split())
    sys.stderr.write(f"evenstep: {line}\n")
    sys.exit(2)
