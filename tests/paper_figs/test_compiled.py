"""A real LaTeX reads every table; each number in them, and in the PDF, is that of the store.

The numbers are read back out of the LaTeX by a parser of its own, and worked out from the store by pandas,
scipy's quantile of Student's law and the roots of Fieller's quadratic; nothing of `paper_figs` helps.
"""

from __future__ import annotations

import math
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bounds import CLAIMS
from experiments.store import write_table
from paper_figs import compare_table, write_tables
from paper_figs.latex import PACKAGES
from tests.paper_figs.stores import MACHINE, POINTS, results, theory, write_store
from tests.tools import needs

PAPER = r"""\documentclass[twocolumn]{article}
\usepackage{%s}
\usepackage[letterpaper,margin=0.75in]{geometry}
\begin{document}
%s
\end{document}
"""

NAMES = ("main", "scaling_b", "scaling_g", "horizon", "drift", "energy", "production")

#: Column of the store and factor, by the head of a column.
FIGURES = {
    "imbalance": ("imbalance", 1),
    "idle": ("idle_fraction", 100),
    "throughput": ("throughput", 1),
    "TPOT": ("tpot_s", 1000),
    "energy": ("energy_per_token_j", 1),
    "TTFT p50": ("ttft_s_p50", 1),
    "TTFT p90": ("ttft_s_p90", 1),
    "TTFT p99": ("ttft_s_p99", 1),
    "wait p50": ("wait_s_p50", 1),
    "wait p99": ("wait_s_p99", 1),
}
KEYS = {"$G$": "workers", "$B$": "slots", "drift": "drift", "arrivals": "arrivals", "load": "load"}
STUDENT = float(stats.t.ppf(0.995, 2))

Shown = tuple[str, str, str]  # digits of the value, and of the ends of its interval, "" where there is none


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paper")
    write_store(folder)
    write_tables(folder, folder)
    return folder


def compiled(folder: Path, body: str) -> str:
    """Return what LaTeX says of a paper of this body; it leaves a PDF."""
    (folder / "paper.tex").write_text(PAPER % (",".join(PACKAGES), body), encoding="utf-8")
    done = subprocess.run(
        [needs("pdflatex"), "-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    return done.stdout


def read_back(text: str) -> list[dict[str, str | Shown]]:
    """Return the rows of the LaTeX of a table: by head, text or the digits of a number."""
    widths = re.search(r"\\begin\{tabular\}\{(.*)\}\n", text)
    assert widths is not None
    lines = [
        line.removeprefix("    ").removesuffix(r" \\") for line in text.splitlines() if line.endswith(r" \\")
    ]
    heads = [re.sub(r"^\\multicolumn\{2\}\{c\}|^(?=\{)", "", cell)[1:-1] for cell in lines[0].split(" & ")]
    pairs = [r"@{\,}l" in each for each in re.findall(r"(?:S\[[^]]*\](?:@\{\\,\}l)?|p\{.*?\}|l)", widths[1])]
    assert len(heads) == len(pairs)
    rows: list[dict[str, str | Shown]] = []
    for line in lines[2:]:
        cells, row = iter(line.split(" & ")), {}
        for head, has_interval in zip(heads, pairs, strict=True):
            cell = next(cells)
            digits = re.fullmatch(r"(?:\\bfseries )?(-?[\d.]+)", cell)
            ends = interval(next(cells)) if has_interval else ("", "")
            row[head] = (digits[1], *ends) if digits else cell
            if cell in ("", "{}") and head in {*KEYS, "policy, lookahead"}:  # a key as in the row above
                row[head] = rows[-1][head]
        assert not list(cells)
        rows.append(row)
    return rows


def interval(cell: str) -> tuple[str, str]:
    numbers = re.findall(r"\\num\{(-?[\d.]+)\}", cell)
    return (("±", numbers[0]) if "pm" in cell else (numbers[0], numbers[1])) if numbers else ("", "")


def check(shown: str | Shown, value: float, lo: float, hi: float) -> None:
    """Demand that digits are those of a value, within half a unit, and its ends within one, outward."""
    if math.isnan(value):
        assert shown == "{--}"
        return
    assert not isinstance(shown, str)
    digits, low, high = shown
    unit = 10.0 ** -len(digits.partition(".")[2])
    if lo < hi:  # two digits of the nearer half; a whole number may end in zeros
        unit = max(unit, 10.0 ** (math.floor(math.log10(min(value - lo, hi - value))) - 1))
    assert abs(float(digits) - value) <= 0.5001 * unit
    assert (low == "") == (not lo < hi)
    if not low:
        return
    ends = (
        (float(digits) - float(high), float(digits) + float(high))
        if low == "±"
        else (float(low), float(high))
    )
    for end, wanted, sign in ((ends[0], lo, 1), (ends[1], hi, -1)):
        assert -0.5001 * unit <= sign * (wanted - end) <= 1.5001 * unit


def mean_interval(values: pd.Series) -> tuple[float, float, float]:
    half = STUDENT * float(values.std(ddof=1)) / math.sqrt(3)
    return float(values.mean()), float(values.mean()) - half, float(values.mean()) + half


def ratio_interval(above: pd.Series, below: pd.Series) -> tuple[float, float, float]:
    (s_aa, s_ab), (_, s_bb) = np.cov(above, below) * STUDENT**2 / 3
    a, b = above.mean(), below.mean()
    roots = sorted(np.roots([b * b - s_bb, 2 * (s_ab - a * b), a * a - s_aa]).real)
    return float(a / b), max(float(roots[0]), 0.0), float(roots[1])


def expected(head: str, point: int, variant: str) -> tuple[float, float, float]:
    """Return what a column says of a variant at a point, from the store."""
    frame = results().set_index(["point", "variant", "replication"]).sort_index()
    own, fcfs, myopic = (frame.loc[(point, each)] for each in (variant, "FCFS", "BF-IO(0)"))
    exact = theory().set_index("point")
    if head in FIGURES:
        name, factor = FIGURES[head]
        return mean_interval(own[name] * factor)
    if head == "IIR":
        is_base = variant == "FCFS"
        return (1.0, math.nan, math.nan) if is_base else ratio_interval(fcfs["imbalance"], own["imbalance"])
    if head == "$I/I_{H=0}$":
        is_base = variant == "BF-IO(0)"
        return (1.0, math.nan, math.nan) if is_base else ratio_interval(own["imbalance"], myopic["imbalance"])
    if head == "saved":
        ratio, lo, hi = ratio_interval(own["energy_j"], fcfs["energy_j"])
        return 100 * (1 - ratio), 100 * (1 - hi), 100 * (1 - lo)
    if head == "proved at least":
        idle, busy, exponent = (MACHINE["power"][key] for key in ("idle_w", "busy_w", "exponent"))
        leak = exponent * idle + (1 - exponent) * busy
        most = busy * own["work"].sum() + leak * own["idle_work"].sum()
        return (
            100 * (1 - most / (busy * fcfs["work"].sum() + idle * fcfs["idle_work"].sum())),
            math.nan,
            math.nan,
        )
    by_head = {"F0, exact": ("f0_lo", "FCFS"), "IIR at least": ("iir_bound", "BF-IO(0)")}
    column, only = by_head[head]
    return (float(exact.loc[point, column]) if variant == only else math.nan), math.nan, math.nan


def points_of(row: dict[str, str | Shown], name: str) -> tuple[int, str]:
    """Return the point and the variant of a row, from its keys; keys that don't vary are those of point 3."""
    frame = results()
    for head, key in KEYS.items():
        if head in row and row[head] != "{--}":
            shown = row[head]
            frame = frame[frame[key] == (shown if isinstance(shown, str) else float(shown[0]))]
        elif head in row:
            frame = frame[frame[key].isna()]
    if name in ("scaling_b", "scaling_g"):
        frame = frame[(frame["drift"] == "unit") & (frame["arrivals"] == "overloaded")]
    if name in ("main", "drift"):
        frame = frame[(frame["workers"] == 4) & (frame["slots"] == 16) & (frame["arrivals"] == "overloaded")]
    if name == "energy":
        frame = frame[frame["arrivals"] == "overloaded"]
    (point,) = set(frame["point"])
    if name == "horizon":
        return point, "BF-IO(0)" if row["$H$"][0] == "0" else "BF-IO(5)"
    return point, str(row["policy"])


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_that_of_the_store(written: Path, name: str) -> None:
    rows = read_back((written / f"table_{name}.tex").read_text(encoding="utf-8"))
    seen = set()
    for row in rows:
        point, variant = points_of(row, name)
        seen.add((point, variant))
        for head in row.keys() - KEYS.keys() - {"policy", "policy, lookahead", "$H$", "proved by"}:
            check(row[head], *expected(head, point, variant))
    assert len(seen) == len(rows)


def test_latex_reads_every_table_and_they_fit_the_page(written: Path) -> None:
    names = [*NAMES, "claims"]
    said = compiled(written, "".join(rf"\input{{table_{name}}}" + "\n" for name in names))
    assert "Overfull" not in said
    text = subprocess.run(
        [needs("pdftotext"), "-layout", "paper.pdf", "-"],
        cwd=written,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    printed = Counter(re.findall(r"\d[\d.]*", text.replace(",", "")))
    for name in NAMES:
        wanted = Counter(digits_of(written / f"table_{name}.tex"))
        assert wanted <= printed, (name, wanted - printed)
        printed -= wanted
    # without brackets and signs: small fractions are set as two lines
    assert all(re.search(rf"(?m)^ *{re.escape(claim)} ", text) for claim in CLAIMS)


def digits_of(path: Path) -> Iterator[str]:
    """Yield all numbers in the body of a table, without their signs."""
    for row in read_back(path.read_text(encoding="utf-8")):
        for head, shown in row.items():
            if not isinstance(shown, str) and head not in KEYS:
                yield from (digits.lstrip("-") for digits in shown if digits not in ("", "±"))


def test_a_table_of_large_numbers_fits_the_page(tmp_path: Path) -> None:
    frame = results()
    frame["workload"] = frame["drift"].map(
        {"unit": "a workload of some name", "none": "another of a long name"}
    )
    frame["imbalance"] *= 1234567.0
    frame["throughput"] *= 123456.0
    write_store(tmp_path, results=frame)
    write_tables(tmp_path, tmp_path)
    assert "Overfull" not in compiled(tmp_path, r"\input{table_main}")


def test_latex_reads_the_comparison_and_a_long_table(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "policy": ["fcfs", "brh"] * 30, "binding": ["pooled", "immediate"] * 30, "imbalance": 3192351.2,
            "idle_fraction": 0.269, "throughput": 8316.4, "ttft_s_p50": 14.382, "ttft_s_p99": math.inf,
            "tpot_s_p50": 0.11833, "tpot_s_p99": 0.13928, "energy_per_token_j": 0.6459,
        }
    )  # fmt: skip
    scenario = {
        "source": "a_b & c.csv",
        "workers": 4,
        "slots": 8,
        "offered_load": 0.9,
        "steps": None,
        "warmup": 0,
    }
    write_table(tmp_path / "compare.parquet", frame, scenario=scenario)
    said = compiled(tmp_path, compare_table(tmp_path / "compare.parquet"))
    assert "Overfull" not in said
    assert "Float too large" not in said


def test_latex_sets_an_infinite_best_in_bold_and_the_dash_of_a_caption(tmp_path: Path) -> None:
    frame = results()
    frame.loc[(frame["variant"] == "BF-IO(0)") & (frame["point"] == 3), "imbalance"] = 0.0
    write_store(tmp_path, results=frame)
    machines = [{"system": MACHINE | {"overhead_s": 0.1 * (point == 0)}} for point in range(len(POINTS))]
    for name in ("results", "theory"):
        path = tmp_path / f"{name}.parquet"
        write_table(path, pd.read_parquet(path), scenario={"points": machines})
    write_tables(tmp_path, tmp_path)
    said = compiled(tmp_path, "\\input{table_main}\n\\input{table_energy}\n")
    assert "Overfull" not in said
    fonts = subprocess.run(
        [needs("pdffonts"), "paper.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert "CMBSY" in fonts  # the bold face of the signs
    shown = (tmp_path / "table_energy.tex").read_text(encoding="utf-8")
    assert "does not cover steps with an overhead ({\\textendash})" in shown


def test_a_load_that_nobody_names_is_not_repeated_either(written: Path) -> None:
    text = (written / "table_horizon.tex").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if "[" in line and line.endswith("\\\\")]
    firsts = [line for line in rows if "overloaded" in line or "poisson" in line]
    assert (len(firsts), len(rows)) == (len(POINTS), 2 * len(POINTS))
    assert sum("{--}" in line for line in rows) == sum("{--}" in line for line in firsts) == 5
