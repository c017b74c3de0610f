"""``evenstep compare`` as a user meets it: files, the printed table, and mistakes in one line."""

from pathlib import Path

import pandas as pd
import pytest

from experiments.store import read_metadata
from tests.experiments.test_cli import evenstep
from tests.experiments.test_compare import trace

ARGUMENTS = ["compare", "--trace", "t.csv", "--workers", "2", "--slots", "4", "--load", "0.9"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("compare")
    trace(folder)
    done = evenstep(*ARGUMENTS, "--out", "a", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder, done.stdout


def test_the_same_command_gives_the_same_bytes(made: tuple[Path, str]) -> None:
    folder, printed = made
    names = ["compare.parquet", "compare.pdf", "compare.png", "table_compare.tex"]
    assert sorted(path.name for path in (folder / "a").iterdir()) == names
    again = evenstep(*ARGUMENTS, "--out", "b", cwd=folder)
    assert again.stdout == printed.replace("Written to a", "Written to b")
    for name in names:
        assert (folder / "a" / name).read_bytes() == (folder / "b" / name).read_bytes(), name


def test_the_printed_table_is_the_stored_one_and_the_best_is_marked(made: tuple[Path, str]) -> None:
    folder, printed = made
    table = pd.read_parquet(folder / "a" / "compare.parquet")
    assert read_metadata(folder / "a" / "compare.parquet")["scenario"]["offered_load"] == pytest.approx(0.9)
    work = printed[printed.index("The workers") : printed.index("The requests")].splitlines()
    rows = [line for line in work if " pool " in line or " arrival " in line]
    assert len(rows) == len(table) == 14
    for line, row in zip(rows, table.to_dict("records"), strict=True):
        assert line.split()[0] == row["policy"]
        best = row["throughput"] == table["throughput"].max()
        assert (f"{row['throughput']:,.0f}*" in line) == best
    assert max(map(len, printed.splitlines())) <= 80


def test_without_out_nothing_is_written(tmp_path: Path) -> None:
    trace(tmp_path)
    done = evenstep(*ARGUMENTS, "--policies", "fcfs,jsq:immediate", "--steps", "30", cwd=tmp_path)
    assert done.returncode == 0
    assert "cut off at 30 steps: the policies finished " in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_overloaded_has_no_first_tokens_to_wait_for(tmp_path: Path) -> None:
    trace(tmp_path)
    done = evenstep(*ARGUMENTS[:-2], "--overloaded", "--steps", "300", "--out", "o", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "overloaded" in done.stdout
    assert "TTFT p50" not in done.stdout
    assert "TTFT p50" not in (tmp_path / "o" / "table_compare.tex").read_text()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--policies", "vllm"], "evenstep: --policies must be one of 'fcfs', "),
        (["--overloaded"], "evenstep: --load and --overloaded exclude each other: give one of them"),
        (["--trace", "none.csv"], "evenstep: there is no trace file 'none.csv'"),
        (["--out", "t.csv"], "evenstep: --out t.csv: is a file; name a folder"),
    ],
)
def test_a_mistake_is_one_line_and_status_two(arguments: list[str], line: str, tmp_path: Path) -> None:
    trace(tmp_path)
    done = evenstep(*ARGUMENTS, *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1


def test_a_trace_must_be_named(tmp_path: Path) -> None:
    done = evenstep("compare", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "evenstep: Missing option '--trace'; see evenstep compare --help\n",
    )
