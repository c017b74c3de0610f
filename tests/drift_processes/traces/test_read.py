"""`read_trace`: the reader is chosen by the ending, and a CSV's by its header."""

import os
from pathlib import Path

import pytest

from contracts import TraceError
from drift_processes import Trace, read_trace


def test_the_ending_may_be_in_capitals_and_the_path_a_string(tmp_path: Path) -> None:
    path = tmp_path / "X.JSON"
    path.write_text('{"data": [{"input_length": 1, "output_length": 2}]}')
    trace = read_trace(os.fspath(path))
    assert isinstance(trace, Trace)
    assert trace.format == "authors"


def test_the_header_tells_the_two_csv_formats_apart(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,1,1\n")
    assert read_trace(path).format == "azure"
    path.write_text("Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n0,m,1,1,2,log\n")
    assert read_trace(path).format == "burstgpt"


def test_an_error_carries_no_other_error_along(tmp_path: Path) -> None:
    for name, content in (("x.json", b"{"), ("x.jsonl", b"{"), ("x.csv", b"\xff"), ("x.parquet", b"PAR1")):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(TraceError) as caught:
            read_trace(path)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__


def test_what_the_operating_system_says_is_one_line(tmp_path: Path) -> None:
    name = "x" * 300 + ".csv"
    with pytest.raises(TraceError) as caught:
        read_trace(tmp_path / name)
    assert str(caught.value) == f"{name}: can't be read: File name too long"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("")
    path.chmod(0)
    with pytest.raises(TraceError, match=r"^x.csv: can't be read: Permission denied$"):
        read_trace(path)
