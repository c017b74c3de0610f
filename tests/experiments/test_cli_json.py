"""``--json``: every command has it, and says to a machine what it says to people and writes into files."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bounds.claims import CLAIMS
from bounds.falsifier import Counterexample, save_counterexample
from experiments import cli
from experiments.cli.output import JSON_SCHEMA, say_json
from experiments.sweeps.toml_file import shipped
from tests.experiments.sweep_scenarios import SMALL

TINY = ["--workers", "2", "--slots", "4", "--steps", "50"]


def strict(text: str) -> dict[str, Any]:
    """Parse one JSON object on one line; NaN and Infinity, which JSON does not have, are mistakes."""
    assert text.count("\n") == 1
    known = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert (known["schema"], known["evenstep"]) == (JSON_SCHEMA, "0.1.0")
    return known


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run a command with --json in a folder of its own; return its exit status and what it said."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr("sys.argv", ["evenstep", *arguments, "--json"])
        with pytest.raises(SystemExit) as end:
            cli.main()
        known = strict(capsys.readouterr().out)
        assert known["command"] == arguments[0]
        for name in known.get("written", []):
            assert (tmp_path / known["out"] / name).is_file()
        return int(end.value.code or 0), known

    return run


def test_every_command_has_it() -> None:
    names = {command.name: command.callback for command in cli.app.registered_commands}
    assert len(names) == 8
    assert [name for name, body in names.items() if "as_json" not in body.__annotations__] == []


def same_table(rows: list[dict[str, Any]], stored: pd.DataFrame) -> None:
    assert list(rows[0]) == list(stored.columns)
    for row, kept in zip(rows, stored.to_dict("records"), strict=True):
        for name, value in kept.items():
            if isinstance(value, float) and not np.isfinite(value):
                assert row[name] is None
            else:
                assert row[name] == value


def test_reproduce_says_what_it_stores(said, tmp_path: Path) -> None:
    status, known = said("reproduce", *TINY, "--out", "a")
    assert status == 0
    same_table(known["policies"], pd.read_parquet(tmp_path / "a" / "results.parquet"))
    same_table(known["claims"], pd.read_parquet(tmp_path / "a" / "claims.parquet"))
    assert "report.html" in known["written"]
    assert known["section"] is None


def test_drift_says_what_it_stores(said, tmp_path: Path) -> None:
    status, known = said("drift", "UnitGrowth", *TINY, "--out", "a")
    assert status == 0
    same_table(known["policies"], pd.read_parquet(tmp_path / "a" / "results.parquet"))
    assert (known["phases"], known["doubt"]) == (1, "")
    assert known["scenario"]["growth_class"] == "constant"


def test_compare_says_what_it_stores(said, tmp_path: Path) -> None:
    rows = "".join(f"{20 + i % 7},{5 + i % 3}\n" for i in range(60))
    (tmp_path / "t.csv").write_text(f"prompt_tokens,output_tokens\n{rows}")
    status, known = said("compare", "--trace", "t.csv", *TINY, "--policies", "jsq,fcfs", "--out", "a")
    assert status == 0
    same_table(known["policies"], pd.read_parquet(tmp_path / "a" / "compare.parquet"))
    assert known["scenario"]["trace"] == "t.csv"


def test_nothing_is_written_where_no_folder_is_named(said) -> None:
    _, known = said("drift", "UnitGrowth", *TINY)
    assert (known["out"], known["written"]) == (None, [])


def test_claims_are_all_or_those_that_are_named(said) -> None:
    assert [claim["id"] for claim in said("claims")[1]["claims"]] == list(CLAIMS)
    [claim] = said("claims", "B2")[1]["claims"]
    assert claim["assumptions"] == list(CLAIMS["B2"].assumptions)
    assert set(claim["symbols"]) == set(CLAIMS["B2"].symbols)


def test_check_says_its_verdicts_and_ends_as_always(said, tmp_path: Path) -> None:
    status, known = said("check", "B1", "--scale", "0.5", "--out", "a")
    assert status == 1
    assert known["verdicts"] == json.loads((tmp_path / "a" / "verdicts.json").read_text())
    assert known["verdicts"][0]["word"] == "refuted"
    assert known["written"] == ["verdicts.json", "B1.json"]


def test_a_replay_and_a_worst_case_are_told_too(said, tmp_path: Path) -> None:
    instance = {"workers": 2, "slots": 1, "sizes": [0, 1]}
    save_counterexample(tmp_path / "c.json", Counterexample("B1", 0.5, 1, instance))
    status, known = said("check", "--replay", "c.json")
    assert (status, known["verdicts"][0]["word"]) == (1, "refuted")
    status, known = said("check", "--worst-case", "iir", "--slots", "1", "--window", "0")
    low, high = known["worst_case"]["iir_range"]
    assert low <= 1 <= high
    assert status == 0


def test_a_sweep_says_its_means_and_tables_and_figures_their_files(said, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(SMALL)
    status, known = said("sweep", "mine.toml", "--quiet", "--out", "a")
    assert (status, known["failed"]) == (0, [])
    stored = pd.read_parquet(tmp_path / "a" / "results.parquet")
    for row in known["means"]:
        own = stored[(stored["point"] == row["point"]) & (stored["variant"] == row["variant"])]
        assert row["imbalance"] == pytest.approx(own["imbalance"].mean())
    assert known["scenario"]["name"] == "mine"
    status, known = said("tables", "a", "--out", "b")
    assert "table_main.tex" in known["written"]
    assert known["left_out"]["drift"] == "it has one drift only"
    status, known = said("figures", "a", "--out", "b")
    assert {"figure_loads.pdf", "figure_loads.png"} <= set(known["written"])


def test_shipped_scenarios_are_listed_by_name(said) -> None:
    assert list(said("sweep", "--list")[1]["scenarios"]) == list(shipped())


def test_a_mistake_is_told_on_standard_error_and_nothing_is_said(monkeypatch, capsys) -> None:
    monkeypatch.setattr("sys.argv", ["evenstep", "claims", "B9", "--json"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    out, err = capsys.readouterr()
    assert (end.value.code, out) == (2, "")
    assert err.startswith("evenstep: claim must be one of ")


@dataclass
class Fact:
    place: Path
    ends: tuple[float, float]


def test_whatever_is_said_comes_in_json_types(capsys) -> None:
    table = pd.DataFrame({"n": np.array([1, 2]), "x": [0.5, float("nan")]})
    say_json("test", fact=Fact(Path("a/b"), (float("-inf"), np.float64(2))), table=table, count=np.int64(3))
    known = strict(capsys.readouterr().out)
    assert known["fact"] == {"place": "a/b", "ends": [None, 2.0]}
    assert known["table"] == [{"n": 1, "x": 0.5}, {"n": 2, "x": None}]
    assert known["count"] == 3


def test_what_a_user_s_file_prints_is_no_part_of_the_json(said, tmp_path: Path) -> None:
    (tmp_path / "loud.py").write_text(
        "from drift_processes import UnitGrowth\nprint('hello')\nclass Loud(UnitGrowth):\n    pass\n"
    )
    status, known = said("drift", "loud.py:Loud", *TINY)
    assert (status, known["scenario"]["drift"]) == (0, "Loud()")
    assert known["scenario"]["trace"] is None  # laws were drawn from, and no trace
