"""What resuming mends, what it refuses, and that two sweeps never share a folder."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from experiments.sweeps.driver import Swept, run_sweep
from experiments.sweeps.lock import alone
from tests.experiments.sweep_scenarios import SMALL, bytes_of, drift_file, small
from tests.experiments.test_sweep_executors import PAUSES, cells, start, wait_for


def resumed(scenario: Path, out: Path) -> tuple[Swept, int]:
    """Resume a sweep; return it, and how many tasks were missing."""
    told: list[tuple[int, int]] = []
    swept = run_sweep(scenario, out, resume=True, progress=lambda *now: told.append(now))
    return swept, told[0][1]


@pytest.mark.parametrize("kind", ["cells", "loads", "theory"])
@pytest.mark.parametrize("damage", ["cut off", "gone"])
def test_every_part_that_is_damaged_or_gone_is_made_again(kind: str, damage: str, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(SMALL)
    run_sweep(tmp_path / "s.toml", tmp_path / "a")
    whole = bytes_of(tmp_path / "a")
    assert len(whole) == 3
    parts = sorted((tmp_path / "a" / kind).iterdir())
    if damage == "gone":
        parts[0].unlink()
    else:
        parts[0].write_bytes(parts[0].read_bytes()[:-40])
    assert resumed(tmp_path / "s.toml", tmp_path / "a")[1] == 1
    assert bytes_of(tmp_path / "a") == whole
    assert resumed(tmp_path / "s.toml", tmp_path / "a")[1] == 0


def test_a_cell_that_fails_anew_keeps_no_loads_of_before(tmp_path: Path) -> None:
    flag = tmp_path / "broken"
    process = drift_file(tmp_path, f"if Path({str(flag)!r}).exists(): raise ValueError('broken')")
    (tmp_path / "s.toml").write_text(f'{SMALL}\n[[drifts]]\nprocess = "{process}"\n')
    swept = run_sweep(tmp_path / "s.toml", tmp_path / "a")
    part = min((tmp_path / "a" / "loads").iterdir())
    part.write_bytes(b"PAR1")
    flag.touch()
    again, missing = resumed(tmp_path / "s.toml", tmp_path / "a")
    assert (missing, len(again.failed)) == (1, 1)
    assert not part.exists()
    [failed] = again.results[again.results["status"] == "failed"].to_dict("records")
    same = (swept.loads["workers"] == failed["workers"]) & (swept.loads["variant"] == failed["variant"])
    assert len(again.loads) == (~same).sum() < len(swept.loads)
    flag.unlink()
    mended, missing = resumed(tmp_path / "s.toml", tmp_path / "a")
    assert missing == 1
    assert mended.loads.equals(swept.loads)


def test_that_nothing_is_known_of_a_point_is_asked_once(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(f'{SMALL}\n[[drifts]]\nprocess = "{drift_file(tmp_path, "pass")}"\n')
    swept = run_sweep(tmp_path / "s.toml", tmp_path / "a")
    assert swept.theory.empty
    assert not (tmp_path / "a" / "theory.parquet").exists()
    assert resumed(tmp_path / "s.toml", tmp_path / "a")[1] == 0


@pytest.mark.parametrize("content", ["[]", "null", "7", "{", "", "[" * 200_000])
def test_a_damaged_manifest_is_told(content: str, tmp_path: Path) -> None:
    run_sweep(small(replications=1), tmp_path / "a")
    (tmp_path / "a" / "scenario.json").write_text(content)
    with pytest.raises(ValueError, match=r"scenario.json: is damaged; name another folder$"):
        run_sweep(small(replications=1), tmp_path / "a", resume=True)


def test_a_folder_is_held_by_one(tmp_path: Path) -> None:
    with alone(tmp_path / "a"):
        with pytest.raises(BlockingIOError), alone(tmp_path / "a"):
            pass
        for resume in (False, True):
            with pytest.raises(
                ValueError, match=r"^--out .*a: another sweep is running there; wait for its end"
            ):
                run_sweep(small(), tmp_path / "a", resume=resume)
    with alone(tmp_path / "a"):
        pass
    run_sweep(small(replications=1), tmp_path / "a")  # a folder that was only ever held is empty


def test_what_is_no_sweep_s_folder_gets_no_lock(tmp_path: Path) -> None:
    (tmp_path / "cat.png").touch()
    with pytest.raises(ValueError, match="is not empty, and no folder of a sweep"):
        run_sweep(small(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["cat.png"]


@pytest.mark.parametrize("on", ["local", "processes:2"])
def test_a_second_process_is_refused_until_the_first_is_killed(on: str, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(f'{SMALL}\n[[drifts]]\nprocess = "{drift_file(tmp_path, PAUSES)}"\n')
    first = start(tmp_path, on)
    wait_for(lambda: cells(tmp_path) > 0)
    in_flight = tmp_path / "a" / "cells" / ".x.parquet.12345678"
    in_flight.touch()
    second = start(tmp_path, on)
    out, err = second.communicate(timeout=60)
    assert (second.returncode, out) == (2, b"")
    assert err.decode() == (
        "evenstep: --out a: another sweep is running there; wait for its end, or name another folder\n"
    )
    assert first.poll() is None
    assert in_flight.exists()
    first.kill()
    first.wait()  # and not for its processes: they hold nothing
    _close(first)
    run_sweep(tmp_path / "s.toml", tmp_path / "a", resume=True)
    assert not in_flight.exists()
    run_sweep(tmp_path / "s.toml", tmp_path / "b")
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdout, process.stderr):
        assert pipe is not None
        pipe.close()
