"""The report of a reproduction, from the files in its folder. Imports the registry and its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from experiments.paper_section import Section, read_section
from experiments.store import read_metadata, read_table
from paper_figs.artefacts import FIGURES, TABLES, make_figures, make_tables
from paper_figs.claims_table import claims_table
from paper_figs.fig_tightness import tightness_figure
from paper_figs.figure import house_style, picture
from paper_figs.report import Origin, Picture, Report, Shown, report_html
from paper_figs.report import Section as PageSection
from paper_figs.report_claims import compared_notes, compared_table, verdict_notes, verdict_table
from paper_figs.report_origin import (
    DRAWN,
    reproduce_command,
    sweep_origin,
    table_columns,
    versions_in_words,
)
from paper_figs.sweep import read_sweep
from paper_figs.trajectories import trajectory_chart

__all__ = ["reproduction_report"]

#: Points of one store for which trajectories are shown.
MOST_CHARTS = 3


def reproduction_report(folder: Path, section: Path | None = None) -> str:
    """Return the report on what `evenstep reproduce` wrote.

    Parameters
    ----------
    folder : Path
        With ``results``, ``claims`` and ``loads.parquet``.
    section : Path, optional
        What `experiments.paper_section.run_section` wrote. Default: none, a report on one workload.

    Returns
    -------
    str
        One HTML page.

    Raises
    ------
    ValueError
        If a file is missing or is none of ours.
    """
    sections = [_workload(folder)]
    if section is not None:
        ran = read_section(section)
        sections += [_sweep(section / "sweeps" / name) for name in ran.sweeps]
        sections.append(_checks(ran, section / "checks" / "verdicts.json"))
    sections.append(_statements())
    metadata = read_metadata(folder / "results.parquet")
    summary = [
        "Load balancing in barrier-synchronised systems, after Chen, Bu, Song, Lu, Ye and Zhou, A Universal "
        "Load Balancing Principle and Its Application to Large Language Model Serving, arXiv 2601.17855.",
        _headline(folder),
        *([] if section is None else _about(ran)),
        f"Made by evenstep {metadata['versions']['evenstep']}. Below each table and figure it says how.",
    ]
    return report_html(Report("Reproduction", summary, sections))


def _about(ran: Section) -> list[str]:
    """Say how much of the paper's section is here."""
    counts = Counter(verdict.word for verdict in ran.verdicts)
    verdicts = ", ".join(f"{number} {word}" for word, number in counts.items())
    words = [f"{len(ran.sweeps)} sweeps; claims put to the test: {verdicts}."]
    if ran.untested:
        words.append(
            "This is the quick version: small systems, few steps and replications, and the claims whose "
            "test takes seconds. Its numbers are rough. evenstep reproduce --full makes the whole."
        )
    missing = [f"The sweep {name} was left out: {why}." for name, why in ran.left_out.items()]
    return words + missing


def _headline(folder: Path) -> str:
    """Say in words what came out for the one workload."""
    results = read_table(folder / "results.parquet").set_index("policy")
    claims = read_table(folder / "claims.parquet")
    base, own = results.loc["fcfs"], results.loc["bfio"]
    words = f"On {read_metadata(folder / 'results.parquet')['scenario']['source']}, "
    words += (
        f"{100 * base['idle_fraction']:.2f} % of the barrier's capacity idles under FCFS and "
        f"{100 * own['idle_fraction']:.2f} % under BF-IO(0)."
    )
    counts = claims["verdict"].value_counts(sort=False)
    verdicts = ", ".join(f"{number} {word}" for word, number in counts.items())
    return f"{words} Claims against this run: {verdicts}."


def _workload(folder: Path) -> PageSection:
    metadata = read_metadata(folder / "results.parquet")
    scenario = metadata["scenario"]
    sweep = read_sweep(folder)
    command, settings = reproduce_command(scenario), _settings(scenario, metadata["versions"])

    def origin(columns: Sequence[tuple[str, str]]) -> Origin:
        return Origin(command, settings, columns, scenario)

    table = TABLES["main"].make(sweep)
    claims = read_table(folder / "claims.parquet")
    where = _point_words(sweep.loads.iloc[0])
    chart = trajectory_chart(sweep.loads, label="loads", where=where)
    with house_style():
        drawn = FIGURES["loads"].make(sweep)
    shown = [
        Shown(table, origin(table_columns(table, single_run=True))),
        Shown(chart, origin([("loads", DRAWN["loads"])])),
        *_figures({"loads": drawn}, str(scenario["source"]), origin),
        Shown(compared_table(claims), origin(_claim_columns()), compared_notes(claims)),
    ]
    text = [
        f"{scenario['source']}: G\u00a0=\u00a0{scenario['workers']} workers of "
        f"B\u00a0=\u00a0{scenario['slots']} slots, {scenario['steps']:,} steps "
        f"after a warm-up of {scenario['warmup']:,}."
    ]
    return PageSection("workload", "One workload", text, shown)


def _settings(scenario: dict[str, Any], versions: dict[str, str]) -> dict[str, str]:
    replicas = f"{scenario['replicas']} of FCFS, {scenario['replica_steps']:,} steps each, for F0 and F1"
    return {
        "scenario": f"{scenario['source']}, G = {scenario['workers']}, B = {scenario['slots']}, overloaded",
        "seed": f"{scenario['seed']}",
        "replications": f"one run per policy; {replicas if scenario['replicas'] else 'no replicas'}",
        "steps": f"{scenario['steps']:,}, after a warm-up of {scenario['warmup']:,}",
        "versions": versions_in_words(versions),
    }


def _claim_columns() -> list[tuple[str, str]]:
    named = [("bound", "bound_lo, bound_hi"), ("measured", "measured_lo, measured_hi")]
    named += [(name, name) for name in ("claim", "run", "policy", "applies", "verdict")]
    return [(head, f"claims.parquet: {columns}") for head, columns in named]


def _figures(drawn: Mapping[str, Figure], of: str, origin: Callable[..., Origin]) -> list[Shown]:
    return [
        Shown(
            Picture(picture(figure, "svg"), f"{FIGURES[name].title}, {of}.", f"{FIGURES[name].title}."),
            origin([("figure", DRAWN[name])]),
        )
        for name, figure in drawn.items()
    ]


def _sweep(folder: Path) -> PageSection:
    sweep, metadata = read_sweep(folder), read_metadata(folder / "results.parquet")
    scenario, name = sweep.scenario, str(sweep.scenario["name"])

    def origin(columns: Sequence[tuple[str, str]]) -> Origin:
        return sweep_origin(scenario, metadata["versions"], sweep.results, columns)

    tables, figures = make_tables(sweep), make_figures(sweep)
    shown = [
        Shown(replace(table, label=f"{name}-{table.label}"), origin(table_columns(table, single_run=False)))
        for kind, table in tables.made.items()
        if kind != "claims"
    ]
    shown += _figures(figures.made, name, origin)
    points = list(dict.fromkeys(sweep.loads["point"])) if len(sweep.loads) else []
    for point in points[:MOST_CHARTS]:
        at = sweep.loads[sweep.loads["point"] == point]
        chart = trajectory_chart(at, label=f"{name}-loads-{point}", where=_point_words(at.iloc[0]))
        shown.append(
            Shown(chart, origin([("loads", f"loads.parquet: step, worker, load, where point = {point}")]))
        )
    left_out = [f"table {kind}: {why}" for kind, why in tables.left_out.items()]
    left_out += [f"figure {kind}: {why}" for kind, why in figures.left_out.items()]
    if points[MOST_CHARTS:]:
        left_out.append(f"trajectories of {len(points) - MOST_CHARTS} more points, in loads.parquet")
    text = [_sentence(str(scenario.get("title") or "a sweep")), *_failures(sweep.results)]
    return PageSection(f"sweep-{name}", f"Sweep {name}", text, shown, left_out)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _failures(results: pd.DataFrame) -> list[str]:
    failed = results[results["status"] == "failed"]
    if failed.empty:
        return []
    first = failed.iloc[0]
    return [
        f"{len(failed)} of {len(results)} runs failed and are missing below; the first: {first['error']}."
    ]


def _point_words(row: pd.Series) -> str:
    words = [
        str(row["workload"]),
        str(row["drift"]),
        f"G\u00a0=\u00a0{row['workers']}",
        f"B\u00a0=\u00a0{row['slots']}",
    ]
    return ", ".join(word for word in words if word)


def _checks(ran: Section, verdicts: Path) -> PageSection:
    asked = ran.asked
    origin = Origin(
        f"evenstep check {' '.join(verdict.claim for verdict in ran.verdicts)} --seed {asked.seed}",
        {
            "scenario": f"means: sizes {asked.sizes}, lengths {asked.lengths}, G = {asked.workers}, "
            f"B = {asked.slots}; searches and large batches have instances of their own",
            "seed": str(asked.seed),
            "replications": f"column tried; at most {asked.budget:,}",
            "versions": versions_in_words(ran.versions),
        },
        [("all columns", "checks/verdicts.json")],
    )
    with house_style():
        drawn = tightness_figure(verdicts)
    words = "How much of each bound is reached."
    shown = [
        Shown(verdict_table(ran.verdicts), origin, verdict_notes(ran.verdicts)),
        Shown(Picture(picture(drawn, "svg"), f"{words} The numbers are in the table above.", words), origin),
    ]
    left_out = [f"claim {name}: its test is part of evenstep reproduce --full" for name in ran.untested]
    text = [
        "evenstep check tries to prove each claim wrong: by a search for a counterexample, or by measuring "
        "means until the verdict is certain at the error level."
    ]
    return PageSection("checks", "Claims put to the test", text, shown, left_out)


def _statements() -> PageSection:
    table = claims_table()
    origin = Origin("evenstep claims", {}, [("all columns", "bounds.claims.CLAIMS")])
    return PageSection("claims", "What is claimed", [], [Shown(table, origin)])
