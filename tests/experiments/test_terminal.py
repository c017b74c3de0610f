"""How the command line looks: at most 80 columns, no colour where none is wanted, and errors that lead on."""

import math
import os
import pty
import re
import sys
from pathlib import Path

import pytest

from experiments import cli
from experiments.terminal.forms import best, make_table, rendered

ROOT = Path(__file__).parents[2]
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7])[\d;]*m")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_a_terminal(*arguments: str, cwd: Path, **environment: str) -> str:
    """Return what a terminal of 80 columns receives."""
    child, terminal = pty.fork()
    if child == 0:
        for name in ("NO_COLOR", "FORCE_COLOR"):
            os.environ.pop(name, None)
        os.chdir(cwd)
        os.environ.update(TERM="xterm-256color", COLUMNS="80", PYTHONPATH=str(ROOT), **environment)
        os.execv(
            sys.executable, [sys.executable, "-c", "from experiments.cli import main; main()", *arguments]
        )
    received = b""
    try:
        while part := os.read(terminal, 65536):
            received += part
    except OSError:
        pass  # how Linux says that the other end is closed
    os.waitpid(child, 0)
    return received.decode()


def test_no_color_is_honoured(tmp_path: Path) -> None:
    search = ("check", "B1", "--scale", "0.5")
    assert COLOUR.search(on_a_terminal(*search, cwd=tmp_path))  # the progress bar
    plain = on_a_terminal(*search, cwd=tmp_path, NO_COLOR="1")
    assert "refuted" in plain
    assert not COLOUR.search(plain)


@pytest.mark.parametrize(
    "arguments", [(), ("claims", "B2"), ("check", "--help"), ("compare", "--help")], ids=" ".join
)
def test_a_terminal_of_eighty_columns_is_enough(arguments: tuple[str, ...], tmp_path: Path) -> None:
    shown = ESCAPE.sub("", on_a_terminal(*arguments, cwd=tmp_path))
    lines = [line.rstrip() for line in re.split(r"[\r\n]+", shown)]
    assert len(lines) > 5
    assert max(map(len, lines)) <= 80


def test_the_summary_of_no_command_is_cut_short(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["evenstep"])
    with pytest.raises(SystemExit):
        cli.main()
    commands = capsys.readouterr().out.partition("Commands:")[2]
    assert "reproduce" in commands
    assert "..." not in commands


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["bogus"], "No such command 'bogus'; see evenstep --help"),
        (["--bogus"], "No such option: --bogus; see evenstep --help"),
        (["compare"], "Missing option '--trace'; see evenstep compare --help"),
        (["drift"], "Missing argument 'PROCESS'; see evenstep drift --help"),
        (["reproduce", "--out"], "Option '--out' requires an argument; see evenstep --help"),
    ],
)
def test_an_error_of_the_parser_says_where_to_read_on(
    arguments: list[str], line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["evenstep", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"evenstep: {line}\n"


def test_the_title_of_a_narrow_table_stays_in_one_line() -> None:
    table = make_table("The requests: TTFT in s, TPOT in ms")
    table.add_column("policy")
    table.add_row("fcfs")
    assert rendered([table]).splitlines()[0].rstrip() == "The requests: TTFT in s, TPOT in ms"


@pytest.mark.parametrize(
    ("values", "marked", "least"),
    [
        ([3.0, 1.2, 1.1], [False, True, True], True),  # 1.2 and 1.1 are both shown as 1
        ([3.0, 1.2, 1.1], [True, False, False], False),
        ([math.inf, 2.0], [True, False], False),
        ([math.nan, 2.0, 1.0], [False, False, True], True),
        ([1.2, 1.1], [False, False], True),
        ([math.nan, 2.0], [False, False], True),
        ([math.nan], [False], True),
        ([], [], True),
    ],
)
def test_the_best_are_those_that_read_like_it(values: list[float], marked: list[bool], least: bool) -> None:
    assert best(values, [f"{value:.0f}" for value in values], more_is_better=not least) == marked
