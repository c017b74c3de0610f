"""Sweeps in processes and on a Dask cluster, and killed ones: the bytes of one undisturbed process."""

from __future__ import annotations

import contextlib
import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from experiments.sweeps.driver import run_sweep
from experiments.sweeps.executors import ENDED
from tests.experiments.sweep_scenarios import SMALL, bytes_of, drift_file, small

ROOT = Path(__file__).parents[2]

#: Slow where the environment says so, which changes no result.
PAUSES = 'time.sleep(float(os.environ.get("PAUSE_S", 0)))'


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Address of a cluster of two worker processes that gives a task up after its second death."""
    dask = pytest.importorskip("dask")
    distributed = pytest.importorskip("distributed")
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as running,
    ):
        yield running.scheduler_address


@pytest.fixture
def place(request: pytest.FixtureRequest) -> str:
    """Where to run: ``"processes:2"``, or the address of the cluster."""
    return request.getfixturevalue("cluster") if request.param == "dask" else request.param


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "s.toml").write_text(SMALL)
    run_sweep(folder / "s.toml", folder / "a")
    return bytes_of(folder / "a")


@pytest.mark.parametrize("place", ["processes:2", "dask"], indirect=True)
def test_the_bytes_are_the_same_wherever_it_runs(
    place: str, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "s.toml").write_text(SMALL)
    assert run_sweep(tmp_path / "s.toml", tmp_path / "a", on=place).failed == ()
    assert set(undisturbed) == {"results.parquet", "theory.parquet", "loads.parquet"}
    assert bytes_of(tmp_path / "a") == undisturbed


@pytest.mark.parametrize("place", ["processes:2", "dask"], indirect=True)
def test_a_cell_that_kills_its_process_fails_and_one_killed_in_passing_does_not(
    place: str, tmp_path: Path
) -> None:
    flag = tmp_path / "killed"
    path = f"Path({str(flag)!r})"
    once = f"{path}.exists() or ({path}.touch(), os.kill(os.getpid(), signal.SIGKILL))"
    # after the other: a cell that kills its process alone, for the first time or not, is given up
    second = f"[time.sleep(0.05) for _ in range(600) if age.size == 12 and not {path}.exists()]"
    action = f"{second}\n        age.size == 12 and os._exit(1)\n        age.size == 8 and ({once})"
    scenario = small(
        drifts=[{"process": drift_file(tmp_path, action)}],
        system={"workers": [2, 3, 4], "slots": 4},
        variants=[{"policy": "fcfs"}],
        replications=1,
    )
    swept = run_sweep(scenario, tmp_path / "a", on=place)
    assert flag.exists()
    assert swept.results["status"].tolist() == ["done", "failed", "done"]
    assert swept.results["error"][1] == ENDED
    assert len(swept.failed) == 1
    others = scenario.model_copy(update={"system": scenario.system.model_copy(update={"workers": (2, 4)})})
    alone = run_sweep(others, tmp_path / "b").results
    assert alone["imbalance"].tolist() == swept.results["imbalance"][[0, 2]].tolist()


def start(folder: Path, on: str) -> subprocess.Popen[bytes]:
    # a shell's background jobs ignore Ctrl-C, and so would what they start
    command = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    command += "from experiments.cli import main; main()"
    arguments = ["sweep", "s.toml", "--out", "a", "--on", on, "--resume", "--quiet"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PAUSE_S": "0.004"}
    return subprocess.Popen(
        [sys.executable, "-c", command, *arguments], cwd=folder, env=environment, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def cells(folder: Path) -> int:
    return len(list(folder.glob("a/cells/*.parquet")))


def wait_for(condition, seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def session_is_empty(leader: int) -> bool:
    """Whether no process is left of the session that a process led."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, *numbers = path.read_text().rpartition(")")[2].split()[:4]
            if int(numbers[2]) == leader and state != "Z":
                return False
    return True


def kill_later(folder: Path, on: str, seconds: float) -> None:
    """Start a sweep, kill it so long after its first cell, and see that it leaves no process behind."""
    before = cells(folder)
    running = start(folder, on)
    wait_for(lambda: cells(folder) > before)
    time.sleep(seconds)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    wait_for(lambda: session_is_empty(running.pid))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_killed_at_random_moments_and_resumed_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    process = drift_file(tmp_path, PAUSES)
    text = SMALL.replace('policy = "bfio"\nhorizon = [0, 3]\nlookahead = "oracle"', 'policy = "bfio"')
    (tmp_path / "s.toml").write_text(f'{text}\n[[drifts]]\nprocess = "{process}"\n')
    chance = random.Random(6)
    for on in ("local", "processes:2"):
        before = cells(tmp_path)
        kill_later(tmp_path, on, chance.uniform(0, 0.4))
        assert before < cells(tmp_path) < 8
        assert not (tmp_path / "a" / "results.parquet").exists()
    run_sweep(tmp_path / "s.toml", tmp_path / "a", resume=True)
    run_sweep(tmp_path / "s.toml", tmp_path / "b")
    assert len(bytes_of(tmp_path / "a")) >= 2
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_ctrl_c_ends_it_at_once_with_status_130(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(f'{SMALL}\n[[drifts]]\nprocess = "{drift_file(tmp_path, PAUSES)}"\n')
    running = start(tmp_path, "processes:2")
    wait_for(lambda: cells(tmp_path) > 0)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to all of them
    out, err = running.communicate(timeout=120)
    assert (running.returncode, out, err) == (130, b"", b"interrupted\n")
    wait_for(lambda: session_is_empty(running.pid))


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("experiments.sweeps.executors.PATIENCE_S", 1)
    with pytest.raises(
        ValueError, match=r"^--on tcp://127.0.0.1:9: can't reach a Dask scheduler there \(OSError"
    ):
        run_sweep(small(), tmp_path / "a", on="tcp://127.0.0.1:9")


def test_without_dask_a_cluster_can_not_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ValueError, match=r"^--on tcp://x:1 needs Dask: pip install 'evenstep\[cluster\]'$"):
        run_sweep(small(), tmp_path / "a", on="tcp://x:1")


def test_workers_of_other_versions_are_refused(cluster: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("experiments.store.VERSIONED", ("evenstep",))
    with pytest.raises(ValueError, match=r"^a Dask worker on .* has .*numpy.*, while this process has"):
        run_sweep(small(), tmp_path / "a", on=cluster)
