"""What ``evenstep compare`` prints. Imports rich, pandas, and from this room the job and the terminal."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from rich.table import Table

from experiments.compare import Outcome
from experiments.terminal.forms import best, make_table, number, rendered

__all__ = ["compare_report"]


class _Figure(NamedTuple):
    """A column: of the table, head, how a number is written, and whether more of it is better."""

    name: str
    head: str
    written: Callable[[float], str]
    more_is_better: bool = False


def _seconds(value: float) -> str:
    return f"{value:.3f}" if value < 100 else f"{value:,.1f}"


_WORK = (
    _Figure("imbalance", "imbalance", number),
    _Figure("idle_fraction", "idle %", lambda value: f"{100 * value:.2f}"),
    _Figure("throughput", "tokens/s", lambda value: f"{value:,.0f}", True),
    _Figure("energy_per_token_j", "J/token", lambda value: f"{value:.5f}"),
)
_SERVICE = (
    _Figure("ttft_s_p50", "TTFT p50", _seconds),
    _Figure("ttft_s_p90", "p90", _seconds),
    _Figure("ttft_s_p99", "p99", _seconds),
    _Figure("tpot_s_p50", "TPOT p50", lambda value: f"{1000 * value:.2f}"),
    _Figure("tpot_s_p99", "p99", lambda value: f"{1000 * value:.2f}"),
)


def compare_report(outcome: Outcome) -> str:
    """Return the two tables, and the notes below them."""
    return rendered(_parts(outcome))


def _parts(outcome: Outcome) -> Iterator[str | Table]:
    yield _heading(outcome.scenario)
    if outcome.scenario["skipped_rows"]:
        yield f"{outcome.scenario['skipped_rows']:,} unusable rows of the trace were left out"
    finished = outcome.table["finished"]
    service = [figure for figure in _SERVICE if figure.name in outcome.table]
    yield _table("The workers", outcome.table, _WORK)
    yield _table("The requests: TTFT in s, TPOT in ms", outcome.table, service)
    yield "* best; pool: a free slot takes who waits; arrival: bound to a worker on arrival"
    least, most, requests = finished.min(), finished.max(), outcome.scenario["requests"]
    if outcome.scenario["offered_load"] is not None and least < requests:
        yield (
            f"cut off at {outcome.scenario['steps']:,} steps: the policies finished {least:,} to {most:,} of "
            f"{requests:,} requests"
        )


def _heading(scenario: Mapping[str, Any]) -> str:
    of = f"G = {scenario['workers']} workers of B = {scenario['slots']} slots"
    if scenario["offered_load"] is None:
        return (
            f"{scenario['source']}: overloaded, {of}, {scenario['steps']:,} steps after a warm-up of "
            f"{scenario['warmup']:,}, seed {scenario['seed']}"
        )
    return (
        f"{scenario['source']}: {scenario['requests']:,} requests at {scenario['speed']:.4g} times their "
        f"pace, offered load {scenario['offered_load']:.3g}, {of}, seed {scenario['seed']}"
    )


def _table(title: str, rows: pd.DataFrame, figures: Sequence[_Figure]) -> Table:
    table = make_table(title)
    table.add_column("policy", no_wrap=True)
    table.add_column("binding", no_wrap=True)
    for figure in figures:
        table.add_column(figure.head, justify="right")
    columns = [_marked(rows[figure.name].tolist(), figure) for figure in figures]
    names = {"pooled": "pool", "immediate": "arrival"}
    for i, row in enumerate(rows.to_dict("records")):
        table.add_row(str(row["policy"]), names[row["binding"]], *(column[i] for column in columns))
    return table


def _marked(values: Sequence[float], figure: _Figure) -> list[str]:
    """Return the cells; the best have a star, the others a blank below it."""
    cells = ["–" if math.isnan(value) else figure.written(value) for value in values]
    marks = best(values, cells, more_is_better=figure.more_is_better)
    return [f"{cell}*" if is_best else f"{cell} " for cell, is_best in zip(cells, marks, strict=True)]
