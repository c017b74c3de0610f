"""`evenstep tables` and `evenstep figures`: what they write, what they say, and mistakes in one line."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from experiments import cli
from experiments.store import write_table
from paper_figs.artefacts import FIGURES, TABLES
from tests.paper_figs.stores import results, write_store


def evenstep(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["evenstep", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize(("form", "suffix"), [("latex", "tex"), ("markdown", "md"), ("html", "html")])
def test_tables_in_every_format(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    form: str,
    suffix: str,
) -> None:
    write_store(tmp_path / "store")
    assert (
        evenstep(
            monkeypatch, "tables", tmp_path / "store", "--format", form, "--out", tmp_path / "new" / "out"
        )
        == 0
    )
    names = [f"table_{name}.{suffix}" for name in TABLES]
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == sorted(names)
    assert capsys.readouterr().out.splitlines() == [
        f"Written to {tmp_path}/new/out:", *(f"  {name}" for name in names)
    ]  # fmt: skip


def test_tables_beside_the_store_and_what_was_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_store(tmp_path, only=(0, 1))
    assert evenstep(monkeypatch, "tables", tmp_path) == 0
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "Left out, as the store lacks what they need:",
        "  scaling_g: it has one number of workers only",
        "  drift: it has one drift only",
        "  production: no request arrives by the clock in it: all points are overloaded",
    ]
    before = {path: path.read_bytes() for path in tmp_path.glob("*.tex")}
    assert len(before) == 5
    assert evenstep(monkeypatch, "tables", tmp_path) == 0
    assert {path: path.read_bytes() for path in before} == before


def test_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    write_store(tmp_path, only=(0,), theory=None)
    assert evenstep(monkeypatch, "figures", tmp_path) == 0
    made = ["loads", "horizon", "energy"]
    said = capsys.readouterr().out.splitlines()
    assert said[1:7] == [f"  figure_{name}.{kind}" for name in made for kind in ("pdf", "png")]
    assert [line.split(":")[0].strip() for line in said[8:]] == [name for name in FIGURES if name not in made]
    assert all((tmp_path / line.strip()).stat().st_size > 1000 for line in said[1:7])


def no_store(folder: Path) -> str:
    folder.mkdir()
    return f"{folder} holds no results.parquet; name the folder that `evenstep sweep` wrote"


def other_table(folder: Path) -> str:
    write_table(folder / "results.parquet", pd.DataFrame({"a": [1]}), scenario={})
    return f"{folder / 'results.parquet'} is no table of `evenstep sweep`: it has no column 'scenario'"


def no_parquet(folder: Path) -> str:
    folder.mkdir()
    (folder / "results.parquet").write_text("a,b")
    return f"{folder / 'results.parquet'} is not a Parquet file"


def nothing_done(folder: Path) -> str:
    write_store(folder, results=results().assign(status="failed"))
    return f"{folder / 'results.parquet'}: no cell is done; run `evenstep sweep` with --resume"


@pytest.mark.parametrize("command", ["tables", "figures"])
@pytest.mark.parametrize("make", [no_store, other_table, no_parquet, nothing_done])
def test_a_folder_that_is_no_store_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, make
) -> None:
    wanted = make(tmp_path / "x")
    assert evenstep(monkeypatch, command, tmp_path / "x") == 2
    assert capsys.readouterr().err == f"evenstep: {wanted}\n"


def test_other_mistakes_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evenstep(monkeypatch, "tables", tmp_path, "--format", "pdf") == 2
    assert (
        capsys.readouterr().err
        == "evenstep: --format must be one of 'latex', 'markdown', 'html'; got 'pdf'\n"
    )
    (tmp_path / "file").touch()
    assert evenstep(monkeypatch, "figures", tmp_path, "--out", tmp_path / "file") == 2
    assert capsys.readouterr().err == f"evenstep: --out {tmp_path}/file: is a file; name a folder\n"
