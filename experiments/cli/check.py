"""`evenstep check`: claims put to the test, the worst law of a class searched.

What is slow to import is imported where the work begins.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.output import (
    AsJson,
    from_options,
    refuse_beside,
    refuse_file,
    refuse_unwritable,
    refuse_without,
    results_in,
    say,
    say_json,
)

__all__ = ["check_command"]

#: Parameters that a search for the worst case uses.
WORST_CASE = {"worst_case", "law_class", "workers", "slots", "window", "level", "seed", "as_json"}


def check_command(
    context: typer.Context,
    claims: Annotated[
        list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Claims. Default: all that have a test.")
    ] = None,
    controls: Annotated[
        bool, typer.Option("--controls", help="Test false statements instead: each must be refuted.")
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
    as_json: AsJson = False,
) -> None:
    """Put claims to the test: search for counterexamples, measure means until the verdict is certain."""
    if replay is not None:
        refuse_beside(context, "--replay", {"replay", "as_json"})
        _replay(replay, as_json)
        return
    if worst_case is not None:
        refuse_beside(context, "--worst-case", WORST_CASE)
        workers, slots = (2 if value is None else value for value in (workers, slots))
        _worst_case(worst_case, law_class, workers, slots, window, level, seed, as_json)
        return
    refuse_without(context, "--worst-case", {"law_class", "window"})
    from bounds.checker import Setting
    from bounds.checker.statistical import STATISTICAL
    from contracts import checks
    from experiments.checking import chosen, run_checks, write_verdicts
    from experiments.law_words import law_of
    from experiments.terminal.check import check_report
    from experiments.terminal.forms import progress_bar

    workers, slots = 8 if workers is None else workers, 16 if slots is None else slots
    names = chosen(claims or [])
    if controls and scale != 1:
        raise ValueError("--scale can't be given with --controls, whose bounds are false by themselves")
    checks.number("--scale", scale, above=0)
    checks.number("--level", level, above=0, below=1)
    checks.count("--budget", budget, at_least=1)
    checks.seed_value("--seed", seed)
    setting = from_options(
        Setting, sizes=law_of("--sizes", sizes), lengths=law_of("--lengths", lengths), workers=workers,
        slots=slots,
    )  # fmt: skip
    if out is not None:
        refuse_file(out)
        refuse_unwritable(out)
    with progress_bar(tasks=len(names)) as advance:
        done = run_checks(
            names, setting, level=level, budget=budget, seed=seed, scale=scale, controls=controls,
            progress=advance,
        )  # fmt: skip
    written: list[str] = []
    if out is not None:
        with results_in(out) as fresh:
            written = [path.name for path in write_verdicts(fresh, done, scale=scale, seed=seed)]
    if as_json:
        say_json(
            "check", sizes=sizes, lengths=lengths, workers=workers, slots=slots, level=level, budget=budget,
            scale=scale, seed=seed, verdicts=[entry.to_dict() for entry in done], out=out, written=written,
        )  # fmt: skip
    else:
        heading = f"seed {seed}"
        if set(names) & set(STATISTICAL):  # only these have their settings from the options
            heading += f"; means: sizes {sizes}, lengths {lengths}, G = {workers}, B = {slots}"
        text = check_report(done, heading if scale == 1 else f"{heading}; bounds times {scale:g}")
        say(f"{text}Written to {out}: {', '.join(written)}" if written else text)
    if any(entry.is_alarm for entry in done):
        raise typer.Exit(1)


def _replay(path: Path, as_json: bool) -> None:
    """Check one saved counterexample."""
    from bounds.falsifier import replay
    from experiments.terminal.check import replay_report

    verdict = replay(path)
    if as_json:
        say_json("check", replay=path, verdicts=[verdict.to_dict()])
    else:
        say(replay_report(verdict))
    raise typer.Exit(int(verdict.word == "refuted"))


def _worst_case(
    goal: str,
    law_class: str,
    workers: int,
    slots: int,
    window: int | None,
    level: float,
    seed: int,
    as_json: bool,
) -> None:
    """Search a class of laws for the one where BF-IO gains least, or where its bound is tightest."""
    from bounds.checker.worst_case import GOALS, worst_case
    from contracts import checks
    from experiments.terminal.worst_case import worst_case_facts, worst_case_report
    from experiments.worst_case import class_of

    checks.choice("--worst-case", goal, GOALS)
    searched = from_options(class_of, words=law_class, workers=workers, slots=slots, window=window)
    found = worst_case(searched, goal=goal, level=level, seed=seed)
    if as_json:
        say_json("check", worst_case=worst_case_facts(found), verdicts=[found.verdict.to_dict()])
    else:
        say(worst_case_report(found))
    if found.verdict.word == "refuted":
        raise typer.Exit(1)
