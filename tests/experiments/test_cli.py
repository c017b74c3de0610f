"""The command line as a user meets it, in processes of its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from experiments import cli, paper_section
from experiments.store import read_metadata

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
        "report.html",
        "results.parquet",
        "table_main.tex",
    ]


def test_reproduce_twice_gives_the_same_bytes(made: tuple[Path, str]) -> None:
    folder, _ = made
    assert evenstep("reproduce", *SMALL, "--out", "b", "--verify", cwd=folder).returncode == 0
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
    homogeneous_b1 = claims[(claims["claim"] == "B1") & (claims["run"] == "rounds")].iloc[0]
    assert homogeneous_b1["verdict"] == "consistent"


def test_the_printed_table_is_the_stored_one(made: tuple[Path, str]) -> None:
    folder, printed = made
    results = pd.read_parquet(folder / "a" / "results.parquet").set_index("policy")
    row = next(line for line in printed.splitlines() if re.search(r"\bbfio\b", line))
    assert f"{results.loc['bfio', 'iir']:.2f}" in row
    assert f"{results.loc['bfio', 'throughput']:,.0f}" in row


MISTAKES = [
    (["reproduce", "--workers", "1"], "evenstep: --workers must be >= 2, got 1"),
    (["reproduce", "--slots", "0"], "evenstep: --slots must be >= 1, got 0"),
    (["reproduce", "--steps", "0"], "evenstep: --steps must be >= 1, got 0"),
    (["reproduce", "--workers", "99999999999"], "evenstep: --workers must be <= 1000000, got 99999999999"),
    (["reproduce", "--steps", "99999999999"], "evenstep: --steps must be <= 10000000, got 99999999999"),
    (
        ["reproduce", "--workers", "90000", "--slots", "70000"],
        "evenstep: --workers 90000 --slots 70000 --steps 20000 would need ",
    ),
    (["reproduce", "--quick", "--full"], "evenstep: --quick can't be given with --full"),
    (["reproduce", "--seed", "-1"], "evenstep: --seed must be >= 0, got -1"),
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
    assert done.returncode == 0
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) > 5
    assert "Usage: evenstep" in done.stdout
    assert "Start with: evenstep reproduce" in done.stdout


def test_the_report_fits_into_eighty_columns(made: tuple[Path, str]) -> None:
    _, printed = made
    assert max(map(len, printed.splitlines())) <= 80
    rows = [line for line in printed.splitlines() if re.match(r"(F0|F1|T0|E0|B1)", line)]
    # no cell is broken over lines: each row of the table has its verdict in its own line
    assert sum(bool(re.search(r"consistent|inconclusive|not applicable", row)) for row in rows) >= 12


def test_the_papers_section_is_run_where_it_is_asked_for(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(paper_section, "shipped", dict)  # its sweeps take minutes
    monkeypatch.setattr(paper_section, "QUICK_CLAIMS", ("F1",))
    out = tmp_path / "o"
    cli.app(["reproduce", *SMALL, "--quick", "--out", str(out)], standalone_mode=False)
    printed = capsys.readouterr().out
    assert re.search(r"^F1 +≥ [\d.,]+ +≥ [\d.,]+ +holds", printed, re.MULTILINE)
    assert printed.rstrip().endswith(f"Report: {out / 'report.html'}")
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Claims put to the test" in page
    assert "This is the quick version" in page


def test_a_workload_of_ones_own_is_reported_without_the_papers(made: tuple[Path, str]) -> None:
    folder, printed = made
    assert printed.endswith(f"Report: {Path('a') / 'report.html'}\n")
    assert "Claims put to the test" not in (folder / "a" / "report.html").read_text(encoding="utf-8")


def test_verification_leaves_a_trace(made: tuple[Path, str]) -> None:
    folder, printed = made
    assert "every run recomputed independently (37 runs): no difference" in printed
    assert read_metadata(folder / "a" / "results.parquet")["scenario"]["verified_runs"] == 37


def trace(folder: Path, lengths: list[int]) -> str:
    rows = [{"input_length": 5 + i % 7, "output_length": length} for i, length in enumerate(lengths)]
    (folder / "t.json").write_text(json.dumps({"data": rows}))
    return "t.json"


@pytest.mark.parametrize(
    ("lengths", "verdict", "words"),
    [
        ([10], "consistent", "there is no imbalance"),
        ([10] * 7, "consistent", "rounds"),
        ([8, 16, 24], "not applicable", "F0 (replicas) not applicable: lengths are multiples of 8"),
        ([10, 11] * 200 + [10**6], "inconclusive", "lengths up to 1,000,000 the ages need more than"),
        ([10, 11] * 200 + [10**15], "inconclusive", "the ages need more than 100,000 steps to settle"),
    ],
    ids=["one row", "constant", "periodic", "outlier", "absurd"],
)
def test_any_lengths_run_and_the_exact_law_says_whether_it_speaks(
    lengths: list[int], verdict: str, words: str, tmp_path: Path
) -> None:
    done = evenstep("reproduce", "--trace", trace(tmp_path, lengths), *SMALL, "--out", "o", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert words in " ".join(done.stdout.split())
    claims = pd.read_parquet(tmp_path / "o" / "claims.parquet").set_index(["claim", "run"])
    assert claims.loc[("F0", "replicas"), "verdict"] == verdict
    results = pd.read_parquet(tmp_path / "o" / "results.parquet").set_index("policy")
    assert results.loc["fcfs", "iir"] == 1


@pytest.mark.parametrize("steps", ["1", "100", "159"])
def test_few_steps_still_give_a_table_and_an_honest_law(steps: str, tmp_path: Path) -> None:
    done = evenstep(
        "reproduce", "--workers", "2", "--slots", "1", "--steps", steps, "--out", "o", cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
    results = pd.read_parquet(tmp_path / "o" / "results.parquet")
    assert results["imbalance_lo"].isna().all()  # no interval from too few steps
    assert results["imbalance"].notna().all()


def test_a_reader_that_leaves_is_no_violation(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from experiments.cli import main; main()", "reproduce", *SMALL]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        command, cwd=tmp_path, stdout=write, stderr=subprocess.PIPE, env=environment, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")
    assert (tmp_path / "results" / "reproduce" / "claims.parquet").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_under_standard_output_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from experiments.cli import main; main()"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, env=environment, check=False
        )
    assert done.returncode == 2
    assert done.stderr == b"evenstep: can't write to standard output (No space left on device)\n"


def test_the_output_folder_is_made_only_for_usable_input(tmp_path: Path) -> None:
    assert evenstep("reproduce", "--trace", "none.csv", "--out", "new", cwd=tmp_path).returncode == 2
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").touch()
    done = evenstep("reproduce", "--out", "file", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "evenstep: --out file: is a file; name a folder\n")


@pytest.mark.parametrize(
    ("raised", "status", "line"),
    [
        (KeyboardInterrupt, 130, "interrupted\n"),
        (MemoryError, 2, "evenstep: out of memory: lower --workers, --slots or --steps\n"),
    ],
)
def test_interruption_and_exhaustion_end_in_one_line(raised, status, line, monkeypatch, capsys) -> None:
    def fail(**_options: object) -> None:
        raise raised

    monkeypatch.setattr(cli.entry, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == status
    assert capsys.readouterr().err == line


def test_ctrl_c_is_one_word(tmp_path: Path) -> None:
    code = (
        "import signal, experiments.reproduce as r; from experiments.cli import main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "r.settle = lambda *a, **k: signal.raise_signal(signal.SIGINT)\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "reproduce", *SMALL],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")
