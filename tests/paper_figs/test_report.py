"""The report's bytes, without a browser: escaped, complete, the same each time."""

import base64
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.paper_section import read_section, write_section
from paper_figs.artefacts import FIGURES, TABLES, make_tables
from paper_figs.report import Chart
from paper_figs.report_origin import DRAWN, reproduce_command, sweep_command, table_columns
from paper_figs.report_store import reproduction_report
from paper_figs.sweep import read_sweep
from paper_figs.trajectories import trajectory_chart
from tests.paper_figs.reproductions import write_reproduction_files, write_section_files
from tests.paper_figs.stores import write_store


@pytest.fixture(scope="module")
def own(reproduction: Path) -> str:
    """The page without the library's script."""
    text = (reproduction / "report.html").read_text(encoding="utf-8")
    start = text.index("plotly.js v")
    return text[:start] + text[text.index("</script>", start) :]


def test_the_same_results_give_the_same_bytes_wherever_they_lie(reproduction: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    shutil.copytree(reproduction, folder)
    again = reproduction_report(folder, folder / "quick")
    assert again.encode() == (reproduction / "report.html").read_bytes()


def test_each_sweep_has_its_tables_and_figures(reproduction: Path) -> None:
    names = {path.name for path in (reproduction / "quick" / "sweeps" / "hand").iterdir()}
    assert {"table_main.tex", "table_energy.tex", "figure_loads.pdf", "figure_regimes.png"} <= names


def test_strings_of_files_are_text_and_no_markup(own: str) -> None:
    assert "<script>alert" not in own
    assert "my &lt;script&gt;alert(" in own
    assert "By hand &lt;/script&gt;" in own
    assert "no counterexample &lt;b&gt;" in own


def test_nothing_is_fetched_and_nothing_dated(own: str) -> None:
    assert "default-src 'none'" in own
    assert not re.search(r'(src|href)="(?!#|data:)', own)
    # MathML and SVG name their namespaces; nothing else has an address
    assert set(re.findall(r"https?://[^\s\"'<]+", own)) <= {"http://www.w3.org/1998/Math/MathML"}
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", own)


def test_ids_are_unique_and_links_lead_to_them(own: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', own)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', own)) <= set(ids)


def test_what_is_missing_is_said(own: str) -> None:
    assert "The sweep traces was left out: no folder." in own
    assert "claim B2: its test is part of evenstep reproduce --full" in own
    assert "This is the quick version" in own


def test_a_report_on_one_workload_has_no_section(tmp_path: Path) -> None:
    folder = write_reproduction_files(tmp_path)
    assert "Claims put to the test" not in reproduction_report(folder)


def test_every_column_of_every_table_says_where_it_comes_from(tmp_path: Path) -> None:
    tables = make_tables(read_sweep(write_store(tmp_path))).made
    assert set(tables) == set(TABLES)
    for name, table in tables.items():
        if name != "claims":
            assert len(table_columns(table, single_run=False)) == len(table.columns), name
    assert set(DRAWN) == set(FIGURES)


def test_columns_named_as_sources_are_in_the_store(tmp_path: Path) -> None:
    store = read_sweep(write_store(tmp_path))
    there = {*store.results, *store.theory, *store.loads}
    tables = make_tables(store).made
    tables.pop("claims")
    for table in tables.values():
        for _, where in table_columns(table, single_run=False):
            file, _, columns = where.partition(": ")
            assert file in ("results.parquet", "theory.parquet")
            assert columns.split(",")[0].split(" ")[0] in there, where


def test_commands_are_those_that_make_the_store() -> None:
    scenario = {
        "source": "a b.csv", "trace": "a b.csv", "workers": 4, "slots": 8, "steps": 9, "seed": 2,
        "skip_bad_rows": True, "verified_runs": 3,
    }  # fmt: skip
    options = "--workers 4 --slots 8 --steps 9 --seed 2"
    made_of_trace = f"evenstep reproduce --trace 'a b.csv' {options} --skip-bad-rows --verify"
    assert reproduce_command(scenario) == made_of_trace
    scenario |= {"source": "x (published quantiles)", "skip_bad_rows": False, "verified_runs": 0}
    assert reproduce_command(scenario) == f"evenstep reproduce {options}"
    assert sweep_command({"name": "paper"}) == "evenstep sweep paper"
    assert sweep_command({"name": "paper-quick"}) == "evenstep sweep paper --quick"


@pytest.mark.parametrize("scale", [1.0, 0.1, 1e9], ids=["whole", "fractions", "large"])
def test_a_chart_holds_the_loads_of_the_store(scale: float) -> None:
    loads = pd.DataFrame(
        [
            {"variant": variant, "step": step, "worker": worker, "load": scale * (3 * step + worker)}
            for variant in ("a", "b")
            for step in range(3)
            for worker in range(2)
        ]
    )
    chart = trajectory_chart(loads, label="x", where="here")
    drawn = json.loads(chart.json)["data"]
    assert [(line["name"], line["yaxis"]) for line in drawn] == [
        ("worker 0", "y"), ("worker 1", "y"), ("worker 0", "y2"), ("worker 1", "y2"),
    ]  # fmt: skip
    for line in drawn:
        worker = int(line["name"].split()[1])
        numbers = np.frombuffer(base64.b64decode(line["y"]["bdata"]), f"<{line['y']['dtype']}")
        np.testing.assert_array_equal(numbers, [scale * (3 * step + worker) for step in range(3)])
        assert (line["x0"], line["dx"]) == (0, 1)


def test_the_json_of_a_chart_can_not_end_its_element() -> None:
    name = "</script><!-- &"
    chart = Chart("x", [{"name": name}], {}, 1, "", "")
    assert not set("<>&") & set(chart.json)
    assert json.loads(chart.json)["data"][0]["name"] == name


def test_a_section_reads_back_as_it_was_written(tmp_path: Path) -> None:
    section = read_section(write_section_files(tmp_path))
    assert section.refuted == ("F1",)
    changed = replace(section, failed=("a", "b"))
    write_section(tmp_path, changed)
    assert read_section(tmp_path) == changed
