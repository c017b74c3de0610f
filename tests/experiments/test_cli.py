"""The command line as a user meets it, in processes of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

SMALL = ["--workers", "4", "--slots", "8", "--steps", "400"]


def evenstep(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from experiments.cli import main; main()", *arguments]
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, env=environment)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("reproduce")
    done = evenstep("reproduce", *SMALL, "--out", "a", "--verify", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""  # no progress where nobody watches
    return folder, done.stdout


def test_reproduce_writes_tables_and_pictures(made: tuple[Path, str]) -> None:
    folder, _ = made
    assert sorted(path.name for path in (folder / "a").iterdir()) == [
        "claims.parquet",
        "loads.parquet",
        "loads.pdf",
        "loads.png",
        "results.parquet",
        "table_main.tex",
    ]


def test_reproduce_twice_gives_the_same_bytes(made: tuple[Path, str]) -> None:
    folder, _ = made
    assert evenstep("reproduce", *SMALL, "--out", "b", cwd=folder).returncode == 0
    for path in (folder / "a").iterdir():
        assert path.read_bytes() == (folder / "b" / path.name).read_bytes(), path.name


def test_bfio_balances_better_than_fcfs_and_no_claim_is_violated(made: tuple[Path, str]) -> None:
    folder, _ = made
    results = pd.read_parquet(folder / "a" / "results.parquet").set_index("policy")
    assert results.loc["bfio", "iir"] > 1.5
    assert results.loc["fcfs", "iir"] == 1
    claims = pd.read_parquet(folder / "a" / "claims.parquet")
    assert set(claims["claim"]) == {"F0", "F1", "B1", "B1-ratio", "T0", "E0"}
    assert "violated" not in set(claims["verdict"])
    serving_b1 = claims[(claims["claim"] == "B1") & (claims["run"] == "serving")].iloc[0]
    assert serving_b1["verdict"] == "not applicable"
    homogeneous_b1 = claims[(claims["claim"] == "B1") & (claims["run"] == "homogeneous")].iloc[0]
    assert homogeneous_b1["verdict"] == "consistent"


def test_the_printed_table_is_the_stored_one(made: tuple[Path, str]) -> None:
    folder, printed = made
    results = pd.read_parquet(folder / "a" / "results.parquet").set_index("policy")
    row = next(line for line in printed.splitlines() if re.search(r"\bbfio\b", line))
    assert f"{results.loc['bfio', 'iir']:.2f}" in row
    assert f"{results.loc['bfio', 'throughput']:,.0f}" in row


MISTAKES = [
    (["reproduce", "--workers", "1"], "evenstep: workers must be >= 2, got 1"),
    (["reproduce", "--slots", "0"], "evenstep: slots must be >= 1, got 0"),
    (["reproduce", "--steps", "5"], "evenstep: steps must be >= 100, got 5"),
    (["reproduce", "--seed", "-1"], "evenstep: seed must be >= 0, got -1"),
    (
        ["reproduce", "--workers", "many"],
        "evenstep: Invalid value for '--workers': Input should be a valid integer",
    ),
    (["reproduce", "--wrokers", "4"], "evenstep: No such option: --wrokers"),
    (["reprodcue"], "evenstep: No such command 'reprodcue'"),
    (["reproduce", "--trace", "nowhere.parquet"], "evenstep: there is no trace file 'nowhere.parquet'"),
    (["reproduce", "--out", "/proc/nowhere"], "evenstep: --out /proc/nowhere: can't write there"),
]


@pytest.mark.parametrize(("arguments", "line"), MISTAKES, ids=[" ".join(a) for a, _ in MISTAKES])
def test_a_mistake_is_one_line_and_status_two(arguments: list[str], line: str, tmp_path: Path) -> None:
    done = evenstep(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1


def test_help_shows_a_working_example(tmp_path: Path) -> None:
    done = evenstep("reproduce", "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Example: evenstep reproduce" in " ".join(done.stdout.split())


def test_version_names_the_solver(tmp_path: Path) -> None:
    assert "highspy" in evenstep("--version", cwd=tmp_path).stdout


def test_no_arguments_says_what_to_do_next(tmp_path: Path) -> None:
    done = evenstep(cwd=tmp_path)
    assert "reproduce" in done.stdout + done.stderr
