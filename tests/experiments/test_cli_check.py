"""`evenstep check` as a user meets it: what it prints, writes, and ends with."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bounds.checker import CHECKED
from bounds.checker.statistical import exact_imbalance
from docs.refresh import EXAMPLES
from experiments.cli import app
from tests.bounds.checker.small import CHECK

HALVED = '{"workers": 2, "slots": 1, "sizes": [0, 1]}'
LISTED = ", ".join(map(repr, CHECKED))
ROUNDS = ["--sizes", "uniform:1:9", "--lengths", "constant:2"]


def evenstep(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-c", "from experiments.cli import main; main()", "check", *arguments]
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, env=environment)


def ended(*arguments: str) -> int:
    """Run the command in this process; return its exit status."""
    return app(["check", *arguments], prog_name="evenstep", standalone_mode=False) or 0


def rows_ending_in(word: str, printed: str) -> set[str]:
    """Return the claims whose row of the table has this verdict."""
    rows = [line.split() for line in printed.splitlines()]
    return {row[0] for row in rows if row and row[0] in CHECKED and row[-1] == word}


@pytest.fixture(scope="module")
def halved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("halved")
    return folder, evenstep("B1", "--scale", "0.5", "--out", "found", cwd=folder)


def test_half_of_a_tight_bound_ends_with_status_one_and_a_minimal_counterexample(halved) -> None:
    folder, done = halved
    assert (done.returncode, done.stderr) == (1, "")
    assert f"counterexample: {HALVED}" in done.stdout
    assert "bounds times 0.5" in done.stdout
    assert sorted(path.name for path in (folder / "found").iterdir()) == ["B1.json", "verdicts.json"]
    row = json.loads((folder / "found" / "verdicts.json").read_text(encoding="utf-8"))[0]
    assert (row["claim"], row["word"], row["instance"]) == ("B1", "refuted", json.loads(HALVED))


def test_the_file_that_the_page_replays_is_the_one_written(halved) -> None:
    folder, _ = halved
    assert (folder / "found" / "B1.json").read_bytes() == (EXAMPLES / "B1.json").read_bytes()


def test_a_replay_finds_the_same(halved, capsys: pytest.CaptureFixture[str]) -> None:
    folder, _ = halved
    for _ in range(2):
        assert ended("--replay", str(folder / "found" / "B1.json")) == 1
        assert f"counterexample: {HALVED}" in capsys.readouterr().out


def test_a_replay_of_what_is_none_ends_with_status_zero(
    halved, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = json.loads((halved[0] / "found" / "B1.json").read_text())
    (tmp_path / "B1.json").write_text(json.dumps(saved | {"scale": 1.0}))
    assert ended("--replay", str(tmp_path / "B1.json")) == 0
    assert "B1 holds: the instance is no counterexample" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("{", "not JSON: Expecting property name enclosed in double quotes in line 1, column 2"),
        ("[]", "not a counterexample: it must be an object"),
        ('{"schema": 9}', "schema must be 1, which this version reads, got 9"),
        ('{"schema": 1}', "'claim' is missing; needed are schema, claim, scale, seed, instance"),
    ],
)
def test_a_damaged_file_is_one_line(content: str, line: str, tmp_path: Path) -> None:
    path = tmp_path / "B1.json"
    path.write_text(content)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole line is compared
        ended("--replay", str(path))
    assert str(caught.value) == f"{path}: {line}"


def test_a_damaged_file_ends_with_status_two(tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_text((EXAMPLES / "B1.json").read_text()[:30])
    done = evenstep("--replay", "cut.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("evenstep: cut.json: not JSON: ")
    assert done.stderr.count("\n") == 1


def test_what_holds_ends_with_status_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("F1", "B1-ratio", *ROUNDS, "--out", str(tmp_path)) == 0
    printed = capsys.readouterr().out
    assert rows_ending_in("holds", printed) == {"F1", "B1-ratio"}
    assert f"Written to {tmp_path}: verdicts.json" in printed
    assert [path.name for path in tmp_path.iterdir()] == ["verdicts.json"]


def test_neither_inconclusive_nor_not_applicable_is_an_alarm(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("F0", "--budget", "2", *ROUNDS) == 0
    assert "inconclusive" in capsys.readouterr().out
    assert ended("F1", "--sizes", "constant:0", "--lengths", "constant:2") == 0
    assert "not applicable" in capsys.readouterr().out


def test_controls_end_with_status_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--controls") == 0
    assert rows_ending_in("refuted", capsys.readouterr().out) == set(CHECKED)


def test_a_false_claim_ends_with_status_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def false(setting, level, budget, seed, scale):
        return exact_imbalance(setting, level, budget, seed, 1.2 * scale)

    monkeypatch.setattr(CHECK, "STATISTICAL", {**CHECK.STATISTICAL, "F0": false})
    assert ended("F0", *ROUNDS) == 1
    assert "refuted" in capsys.readouterr().out


def test_the_same_seed_prints_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for seed in ("5", "5", "6"):
        ended("F1", "B1-ratio", *ROUNDS, "--seed", seed)
        printed.append(capsys.readouterr().out.replace(f"seed {seed}", ""))
    assert printed[0] == printed[1] != printed[2]


MISTAKES = [
    (["B7"], f"claim must be one of {LISTED}; got 'B7'"),
    (["F0", "--level", "2"], "level must be < 1, got 2"),
    (["B1", "--level", "0"], "level must be > 0, got 0"),
    (["F0", "--budget", "0"], "budget must be >= 1, got 0"),
    (["B1", "--scale", "0"], "scale must be > 0, got 0"),
    (["F1", "--scale", "nan"], "scale must be finite, got nan"),
    (["F1", "--seed", "-1"], "seed must be >= 0, got -1"),
    (["F1", "--workers", "1"], "workers must be >= 2, got 1"),
    (["F1", "--slots", "0"], "slots must be >= 1, got 0"),
    (["F1", "--lengths", "uniform:0:3"], "lengths must be whole numbers >= 1, got 0"),
    (["--replay", "nowhere.json"], "nowhere.json is not a file"),
]


@pytest.mark.parametrize(("arguments", "line"), MISTAKES, ids=[" ".join(words) for words, _ in MISTAKES])
def test_a_mistake_is_one_line(arguments: list[str], line: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        ended(*arguments)
    assert str(caught.value).removeprefix("--") == line


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["F1", "B7"], "claim must be one of 'F0', "),
        (["F1", "--sizes", "foo"], "--sizes must be one of uniform:LO:HI, "),
        (["F1", "--out", "file"], "--out file: is a file; name a folder"),
    ],
)
def test_a_mistake_is_told_before_anything_is_done(
    arguments: list[str], line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match=f"^{re.escape(line)}"):
        ended(*arguments)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
