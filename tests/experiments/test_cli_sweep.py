"""`evenstep sweep` as a user meets it: what it prints, its exit status, and what it says while it runs."""

import math
import re
import sys
from pathlib import Path

import pandas as pd
import pytest

from experiments import cli
from experiments.sweeps.toml_file import shipped
from experiments.terminal import sweep as terminal_sweep
from experiments.terminal.sweep import means_table, sweep_progress
from tests.experiments.sweep_scenarios import SMALL, drift_file, small


@pytest.fixture
def evenstep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run a command in a folder of its own; return its exit status, standard output and error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["evenstep", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return int(end.value.code or 0), *capsys.readouterr()

    return run


def test_a_sweep_prints_its_means_and_where_the_tables_are(evenstep, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(SMALL)
    status, out, err = evenstep("sweep", "mine.toml")
    assert status == 0
    assert out.startswith("mine: 2 points, 3 policies, 60 steps, replications: 2, seed 5")
    assert len(re.findall(r"^[23]  (?:FCFS|BF-IO)", out, re.MULTILINE)) == 6
    assert out.endswith("Written to results/sweeps/mine: results, theory, loads (.parquet)\n")
    assert err.splitlines()[0] == "0 of 14 runs"
    assert re.fullmatch(r"14 of 14 runs, [\d.e+]+ per s, 0 s left", err.splitlines()[-1])
    status, again, err = evenstep("sweep", "mine.toml", "--resume", "--quiet")
    assert (status, again, err) == (0, out, "")
    status, out, err = evenstep("sweep", "mine.toml")
    assert (status, out) == (2, "")
    assert err.startswith("evenstep: --out results/sweeps/mine: holds a sweep; ")


def test_quick_makes_it_small_and_keeps_it_apart(evenstep, tmp_path: Path) -> None:
    text = SMALL.replace("workers = [2, 3]", "workers = [5, 3, 2]").replace("steps = 60", "steps = 6000")
    (tmp_path / "mine.toml").write_text(f"{text}[quick]\nsteps = 30\nreplications = 1\n")
    status, out, _ = evenstep("sweep", "mine.toml", "--quick", "--quiet")
    assert status == 0
    assert "mine-quick: 2 points, 3 policies, 30 steps, replications: 1" in out
    results = pd.read_parquet(tmp_path / "results" / "sweeps" / "mine-quick" / "results.parquet")
    assert results["workers"].drop_duplicates().tolist() == [3, 2]
    assert set(results["steps"]) == {30}
    assert set(results["warmup"]) == {20}


@pytest.mark.parametrize(
    ("given", "quick", "run"), [(None, 15, 15), (20, 15, 15), (20, 25, 20), (20, None, 20)]
)
def test_quick_takes_the_shorter_warm_up(given: int | None, quick: int | None, run: int) -> None:
    assert small(warmup=given, quick={"warmup": quick}).shrunk().warmup == run


def test_a_failed_run_makes_the_exit_status_one(evenstep, tmp_path: Path) -> None:
    process = drift_file(tmp_path, "if age.size == 12: raise RuntimeError('three workers')")
    (tmp_path / "mine.toml").write_text(f'{SMALL}[[drifts]]\nprocess = "{process}"\n')
    status, out, _ = evenstep("sweep", "mine.toml", "--quiet", "--out", "a")
    assert status == 1
    assert len(re.findall(r"^failed: point 1 .*: RuntimeError: three workers$", out, re.MULTILINE)) == 6
    assert out.endswith("6 failed; try these again with --resume\n")


def test_the_list_names_every_shipped_scenario(evenstep) -> None:
    status, out, _ = evenstep("sweep", "--list")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == sorted(shipped())
    assert len(out.splitlines()) == 8


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a SCENARIO: a TOML file of yours, or one of evenstep sweep --list"),
        (["papre"], "there is no scenario 'papre'; did you mean 'paper'? A file of yours ends in .toml"),
        (
            ["paper", "--on", "moon"],
            "--on must be local, processes, processes:N or tcp://HOST:PORT, got 'moon'",
        ),
    ],
)
def test_a_mistake_is_one_line_and_status_two(evenstep, arguments: list[str], message: str) -> None:
    assert evenstep("sweep", *arguments) == (2, "", f"evenstep: {message}\n")


def test_lines_of_progress_come_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 0.0, 1.0, 12.0, 20.0])
    monkeypatch.setattr(terminal_sweep.time, "monotonic", lambda: next(clock))
    with sweep_progress(quiet=False) as tell:
        for done in (0, 1, 3, 5):
            tell(done, 5)
    assert capsys.readouterr().err.splitlines() == [
        "0 of 5 runs",
        "3 of 5 runs, 0.25 per s, 8 s left",
        "5 of 5 runs, 0.25 per s, 0 s left",
    ]


def test_long_tables_are_cut_and_nothing_measured_is_shown_as_such() -> None:
    keys = {
        "scenario": "s", "workload": "w", "drift": "d", "workers": 2, "slots": 3, "arrivals": "overloaded",
        "load": math.nan, "options": "{}", "binding": "pooled", "lookahead": "none", "horizon": 0, "seed": 1,
        "error": "x", "status": "failed", "variant": "FCFS", "policy": "fcfs", "replication": 0,
    }  # fmt: skip
    text = means_table("title", pd.DataFrame([{**keys, "point": i, "workers": i + 2} for i in range(50)]))
    assert "and 10 rows more" in text
    assert re.search(r"^41 +FCFS +– +– +–", text, re.MULTILINE)


def test_no_load_is_a_dash_beside_others() -> None:
    keys = {
        "scenario": "s", "workload": "w", "drift": "d", "workers": 2, "slots": 3, "options": "{}",
        "binding": "pooled", "lookahead": "none", "horizon": 0, "seed": 1, "error": "", "status": "done",
        "variant": "FCFS", "policy": "fcfs", "replication": 0, "imbalance": 5.0,
    }  # fmt: skip
    places = [("overloaded", math.nan), ("poisson", 0.7), ("poisson", 0.9)]
    rows = [keys | {"point": i, "arrivals": kind, "load": load} for i, (kind, load) in enumerate(places)]
    text = means_table("title", pd.DataFrame(rows))
    assert re.search(r"^overloaded +– +FCFS", text, re.MULTILINE)
    assert re.search(r"^poisson +0.9 +FCFS", text, re.MULTILINE)


def test_a_sweep_that_could_not_begin_leaves_nothing_to_resume(
    evenstep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.toml").write_text(SMALL)
    with monkeypatch.context() as without_dask:
        without_dask.setitem(sys.modules, "distributed", None)
        status, _, err = evenstep("sweep", "mine.toml", "--quiet", "--on", "tcp://127.0.0.1:1")
    assert status == 2
    assert err.startswith("evenstep: --on tcp://127.0.0.1:1 needs Dask")
    assert not (tmp_path / "results" / "sweeps" / "mine" / "scenario.json").exists()
    assert evenstep("sweep", "mine.toml", "--quiet")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["tables", "a", "--out", ""], "--out must not be empty"),
        (["compare", "--trace=", "--out", "b"], "--trace must not be empty"),
        (["sweep", "--list", "--resume"], "--resume can't be given with --list"),
        (["check", "--worst-case", "foo"], "--worst-case must be one of 'iir', 'tightness'; got 'foo'"),
        (
            ["check", "--worst-case", "iir", "--class", "foo"],
            "--class must be SIZES[:S_MAX[:SPAN]],LENGTHS[:P_LO:P_HI],DRIFT, got 'foo'",
        ),
        (
            ["drift", "UnitGrowth", "--lengths", "constant:0", "--sizes", "uniform:1:2"],
            "--lengths 'constant:0': must be whole numbers >= 1",
        ),
    ],
)
def test_a_mistake_names_its_option(evenstep, arguments: list[str], line: str) -> None:
    assert evenstep(*arguments) == (2, "", f"evenstep: {line}\n")


def test_tables_that_can_not_be_written_are_told_by_their_option(evenstep, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(SMALL)
    assert evenstep("sweep", "mine.toml", "--quiet", "--out", "a")[0] == 0
    (tmp_path / "file").write_text("")
    for command in ("tables", "figures"):
        status, out, err = evenstep(command, "a", "--out", "file/b")
        assert (status, out) == (2, "")
        assert err == "evenstep: --out file/b: can't write there (Not a directory)\n"
