"""The world fails while results are written: old ones stay, whole and together, and one line says why."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.files import together
from experiments import checking, cli
from experiments import reproduce as job

REPRODUCE = ("reproduce", "--workers", "4", "--slots", "8", "--steps", "200")
CHECK = ("check", "B1", "--scale", "0.5")
#: Command to the files it writes.
WRITTEN = {
    REPRODUCE: {
        "results.parquet",
        "claims.parquet",
        "loads.parquet",
        "table_main.tex",
        "loads.pdf",
        "loads.png",
        "report.html",
    },
    CHECK: {"verdicts.json", "B1.json"},
}
CASES = [(command, at) for command, names in WRITTEN.items() for at in range(len(names))]


@pytest.fixture(autouse=True, scope="module")
def computed_once() -> Iterator[None]:
    """Every run of a command shares the numbers of the first: what is put to the test is the writing."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((job, "reproduce"), (checking, "run_checks")):
            patch.setattr(module, name, _once(getattr(module, name)))
        yield


def _once(function: Callable[..., Any]) -> Callable[..., Any]:
    known: list[Any] = []

    def remembering(*given: Any, **named: Any) -> Any:
        known or known.append(function(*given, **named))
        return known[0]

    return remembering


def run(command: tuple[str, ...], out: Path, patch: pytest.MonkeyPatch) -> int:
    patch.setattr(sys, "argv", ["evenstep", *command, "--out", str(out)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, hidden files too."""
    return {path.name: path.read_bytes() if path.is_file() else b"a folder" for path in folder.iterdir()}


def fail_at(number: int, failure: Callable[[], None], patch: pytest.MonkeyPatch) -> None:
    """Let the sync of the ``number``-th file that is written from now on fail."""
    seen: list[int] = []
    sync = os.fsync

    def failing(handle: int) -> None:
        seen.append(handle)
        if len(seen) == number + 1:
            failure()
        sync(handle)

    patch.setattr(os, "fsync", failing)


def disk_is_full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupted() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("command", "at"), CASES, ids=[f"{command[0]}-{at}" for command, at in CASES])
def test_a_disk_that_fills_leaves_the_old_results(
    command: tuple[str, ...],
    at: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    old = dict.fromkeys((*WRITTEN[command], "mine.txt"), b"old")
    for name, content in old.items():
        (tmp_path / name).write_bytes(content)
    fail_at(at, disk_is_full, monkeypatch)
    assert run(command, tmp_path, monkeypatch) == 2
    told = capsys.readouterr()
    assert told.err == f"evenstep: --out {tmp_path}: can't write there (No space left on device)\n"
    assert told.out == ""
    assert contents(tmp_path) == old


@pytest.mark.parametrize("command", WRITTEN, ids=lambda command: command[0])
def test_ctrl_c_while_writing_leaves_the_old_results(
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "verdicts.json").write_bytes(b"old")
    fail_at(1, interrupted, monkeypatch)
    assert run(command, tmp_path, monkeypatch) == 130
    assert capsys.readouterr() == ("", "interrupted\n")
    assert contents(tmp_path) == {"verdicts.json": b"old"}


@pytest.mark.parametrize("command", WRITTEN, ids=lambda command: command[0])
def test_where_nothing_fails_all_is_written_and_nothing_else(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "loads.png").write_bytes(b"old")
    assert run(command, tmp_path, monkeypatch) == (1 if command == CHECK else 0)
    there = contents(tmp_path)
    assert set(there) == WRITTEN[command] | {"loads.png"}
    assert (there["loads.png"] == b"old") == (command == CHECK)


@pytest.mark.parametrize("command", WRITTEN, ids=lambda command: command[0])
def test_a_folder_that_may_not_be_written_is_one_line_before_the_work(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:  # root may write anywhere
        os.seteuid(65534)
    try:
        assert run(command, folder, monkeypatch) == 2
    finally:
        if root:
            os.seteuid(0)
    assert capsys.readouterr() == ("", f"evenstep: --out {folder}: can't write there (Permission denied)\n")
    assert contents(folder) == {}
    folder.rmdir()


#: A real limit on the size of files, and a real kill, both once the numbers are there.
BLOWS = {
    "no room": "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))",
    "killed": "sync = os.fsync; os.fsync = lambda h: (sync(h), size(h) > 3000 and os.kill(os.getpid(), 9))",
}


@pytest.mark.parametrize(("blow", "status"), [("no room", 2), ("killed", -signal.SIGKILL)])
def test_a_real_blow_leaves_the_old_results(blow: str, status: int, tmp_path: Path) -> None:
    for name in WRITTEN[REPRODUCE]:
        (tmp_path / name).write_bytes(b"old")
    code = (
        "import os, resource, experiments.reproduce as job; from experiments.cli import main\n"
        "real = job.reproduce\n"
        "size = lambda handle: os.fstat(handle).st_size\n"
        "def struck(*given, **named):\n"
        "    outcome = real(*given, **named)\n"
        f"    {BLOWS[blow]}\n"
        "    return outcome\n"
        "job.reproduce = struck\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *REPRODUCE, "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout) == (status, "")
    if status == 2:
        assert done.stderr == f"evenstep: --out {tmp_path}: can't write there (File too large)\n"
    visible = {name: content for name, content in contents(tmp_path).items() if not name.startswith(".")}
    assert visible == dict.fromkeys(WRITTEN[REPRODUCE], b"old")
    assert status != 2 or len(contents(tmp_path)) == len(visible)


def test_files_come_together_or_not_at_all(tmp_path: Path) -> None:
    with together(tmp_path / "new" / "folder") as fresh:
        (fresh / "a").write_text("1")
        assert [path.name for path in fresh.parent.iterdir()] == [fresh.name]
    assert contents(tmp_path / "new" / "folder") == {"a": b"1"}
    with pytest.raises(ZeroDivisionError):
        _half_done(tmp_path / "new" / "folder")
    assert contents(tmp_path / "new" / "folder") == {"a": b"1"}


def _half_done(folder: Path) -> None:
    with together(folder) as fresh:
        (fresh / "a").write_text("2")
        (fresh / "b").write_text("2")
        raise ZeroDivisionError
