"""How IIR grows with B and G: ``python -m benchmarks.scaling [FOLDER]``.

Writes ``scaling.parquet`` (a row per point of the grid) and ``scaling_runs.parquet`` (a row per run), draws
``scaling`` and ``regimes``, each PDF and PNG, and prints the tables as Markdown. Three minutes on one core.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from drift_processes import Law
from experiments.scaling import Effort, Setting, measure
from experiments.scaling_cells import REGIONS, cells
from experiments.scaling_fits import exponents, local_exponents
from experiments.store import write_table
from paper_figs.fig_regimes import draw_regimes
from paper_figs.fig_scaling import draw_scaling

SEED = 1

UNIFORM = Law.uniform(1, 100)
TWO_SIZES = Law([1, 100], [0.5, 0.5])

#: Each setting, what is simulated of it, and the largest batch of its fits.
STUDY: tuple[tuple[Setting, Effort, int], ...] = (
    (
        Setting(
            name="uniform 1..100, p = 0.02",
            sizes=UNIFORM,
            p=0.02,
            a=25,
            b=75,
            workers=(2, 4, 8, 16, 32, 64),
            slots=(9, 18, 36, 72, 144, 288, 576, 1152),
        ),
        Effort(longest=4000, shortest=300, slot_steps=8e6),
        144,
    ),
    (
        Setting(
            name="uniform 1..100, p = 0.02, rich pool",
            sizes=UNIFORM,
            p=0.02,
            a=25,
            b=75,
            workers=(2, 4, 8, 16, 32),
            slots=(9, 18, 36, 72),
        ),
        Effort(longest=200, shortest=200, warmup=200, pool=1000),
        72,
    ),
    (
        Setting(
            name="uniform 1..100, p = 0.1",
            sizes=UNIFORM,
            p=0.1,
            a=25,
            b=75,
            workers=(2, 4, 8, 16, 32, 64),
            slots=(2, 4, 8, 16, 32, 64, 128),
        ),
        Effort(longest=4000, shortest=300, slot_steps=2e6),
        8,
    ),
    (
        Setting(
            name="sizes 1 and 100, p = 0.5, rich pool",
            sizes=TWO_SIZES,
            p=0.5,
            a=1,
            b=100,
            workers=(2, 4, 8, 16),
            slots=(4, 9, 18, 36, 72, 144, 288),
        ),
        Effort(longest=20, shortest=20, pool=68),
        288,
    ),
)


def main() -> None:
    """Measure, store, draw, print."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("results/scaling")
    runs, tables = [], []
    for setting, effort, _ in STUDY:
        runs.append(measure(setting, effort, seed=SEED))
        tables.append(cells(runs[-1], setting))
    scenario = {
        "seed": SEED,
        "settings": [{**setting.described(), "effort": effort.described()} for setting, effort, _ in STUDY],
    }
    write_table(folder / "scaling_runs.parquet", pd.concat(runs, ignore_index=True), scenario=scenario)
    write_table(folder / "scaling.parquet", pd.concat(tables, ignore_index=True), scenario=scenario)
    draw_scaling(folder / "scaling.parquet", folder / "scaling")
    draw_regimes(folder / "scaling.parquet", folder / "regimes")
    for (setting, _, most), rows, table in zip(STUDY, runs, tables, strict=True):
        sys.stdout.write(f"\n## {setting.name}\n")
        for part in _report(rows, table, most):
            sys.stdout.write(f"\n{part}\n")


def _report(rows: pd.DataFrame, table: pd.DataFrame, most: int) -> Iterable[str]:
    for column, title, width in (
        ("iir", "IIR", 1),
        ("published", "IIR / √(B·log G)", 2),
        ("c", "c of B4", 2),
    ):
        yield f"**{title}**\n\n{_grid(table, column, width)}"
    yield f"**IIR, 99 % interval**\n\n{_intervals(table)}"
    yield f"**Pool rich, share of the steps measured**\n\n{_grid(table, 'rich_measured', 2)}"
    yield f"**Steps with any imbalance, share**\n\n{_grid(table, 'idle_steps', 3)}"
    yield f"**Exponent of B between neighbours**\n\n{_local(table)}"
    for least in (2, 8):
        fitted = exponents(rows, table, least_workers=least, most_slots=most)
        yield f"**Fit for G >= {least}, B <= {most}**\n\n{_fit(fitted)}"
    yield f"**Where B2 begins**: {dict(zip(table['G'], table['least_batch'], strict=True))}"
    counts = table["region"].value_counts()
    yield "**Regions**: " + ", ".join(f"{region} {counts.get(region, 0)}" for region in REGIONS)
    measured = table.loc[table["region"] == "proved", "verdict"].value_counts().to_dict()
    yield f"**Measured where B2 is proved**: {measured or 'nowhere'}"


def _grid(table: pd.DataFrame, column: str, places: int) -> str:
    wide = table.pivot(index="G", columns="B", values=column)
    lines = [[f"{g}", *(_number(value, places) for value in wide.loc[g])] for g in wide.index]
    return _markdown(["G \\ B", *(f"{b}" for b in wide.columns)], lines)


def _intervals(table: pd.DataFrame) -> str:
    words = [
        f"{_number(low, 2)} to {_number(high, 2)}"
        for low, high in zip(table["iir_lo"], table["iir_hi"], strict=True)
    ]
    wide = table.assign(words=words).pivot(index="G", columns="B", values="words")
    return _markdown(
        ["G \\ B", *(f"{b}" for b in wide.columns)], [[f"{g}", *wide.loc[g]] for g in wide.index]
    )


def _local(table: pd.DataFrame) -> str:
    frame = local_exponents(table)
    workers = [name for name in frame if name not in ("from", "to")]
    lines = [
        [f"{row['from']:.0f} to {row['to']:.0f}", *(_number(row[w], 2) for w in workers)]
        for _, row in frame.iterrows()
    ]
    return _markdown(["B", *(f"G = {w}" for w in workers)], lines)


def _fit(frame: pd.DataFrame) -> str:
    lines = [
        [
            str(row["quantity"]),
            *(f"{row[n]:.2f} ({row[n + '_lo']:.2f} to {row[n + '_hi']:.2f})" for n in ("beta", "gamma")),
            f"{100 * math.expm1(row['residual']):.0f} %",
        ]
        for _, row in frame.iterrows()
    ]
    return _markdown(["quantity", "exponent of B", "exponent of log G", "worst misfit"], lines)


def _number(value: float, places: int) -> str:
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.{places}f}"


def _markdown(heads: list[str], lines: list[list[str]]) -> str:
    rows = ["| " + " | ".join(cells_) + " |" for cells_ in [heads, *lines]]
    return "\n".join([rows[0], "|---|" + "--:|" * (len(heads) - 1), *rows[1:]])


if __name__ == "__main__":
    main()
