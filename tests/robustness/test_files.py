"""Files that are wrong as a whole: encodings, columns, types, endings; saved results; counterexamples.

`tests/drift_processes/traces/test_fuzz.py` damages traces byte by byte.
"""

from __future__ import annotations

import datetime
import gzip
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.falsifier import load_counterexample
from experiments.store import read_metadata, read_table, write_table
from tests.drift_processes.traces.test_fuzz import VALID, trace_or_one_line

FILES = [(ending, content) for ending, contents in VALID.items() for content in contents]

#: What may become of a whole file.
WHOLE: dict[str, Callable[[bytes], bytes]] = {
    "UTF-16": lambda raw: raw.decode("latin-1").encode("utf-16"),
    "UTF-32 without a mark": lambda raw: raw.decode("latin-1").encode("utf-32-be"),
    "Latin-1": lambda raw: raw.replace(b"o", b"\xf6"),
    "two byte order marks": lambda raw: b"\xef\xbb\xbf" * 2 + raw,
    "a mark of UTF-16 alone": lambda raw: b"\xff\xfe" + raw,
    "gzip": lambda raw: gzip.compress(raw, mtime=0),
    "NUL after it": lambda raw: raw + bytes(4096),
    "NUL between": lambda raw: b"\x00".join(raw[i : i + 1] for i in range(len(raw))),
    "twice": lambda raw: raw + raw,
    "backwards": lambda raw: raw[::-1],
    "old Mac": lambda raw: raw.replace(b"\n", b"\r"),
    "magic alone": lambda raw: raw[:4],
    "last magic missing": lambda raw: raw[:-4],
    "another magic": lambda raw: b"PAR2" + raw[4:],
    "a very long line": lambda raw: raw.replace(b"\n", b" ") * 2000,
    "deep": lambda raw: b'{"data": ' + b"[" * 10_000 + raw,
    "no line at all": lambda _raw: b"",
    "spaces": lambda _raw: b" \n\t\r\n" * 9,
}

CELLS = (
    "", " ", "1", "0", "-1", "1.0", "1.5", "1e3", "1e400", "nan", "NaN", "inf", "-inf", "9" * 20,
    "9" * 5000, "0x10", "1_000", "１", "²", "+5", '"5"', '"', "null", "true", "2023-11-16 18:17:03",
    "9999-99-99 00:00:00", "0001-01-01 00:00:00+23:59", "\x00", "é",
)  # fmt: skip
HEADERS = (
    ("arrival_s", "prompt_tokens", "output_tokens"),
    ("TIMESTAMP", "ContextTokens", "GeneratedTokens"),
    ("Timestamp", "Model", "Request tokens", "Response tokens", "Total tokens", "Log Type"),
)
SOUND = ("2023-11-16 18:17:04", "7", "3")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.mark.parametrize("what", WHOLE)
def test_a_file_that_is_wrong_as_a_whole(what: str, folder: Path) -> None:
    for ending, content in FILES:
        trace_or_one_line(folder / f"whole{ending}", WHOLE[what](content))


def test_a_file_under_the_ending_of_another(folder: Path) -> None:
    for _, content in FILES:
        for ending in VALID:
            trace_or_one_line(folder / f"other{ending}", content)


def test_a_file_cut_anywhere(folder: Path) -> None:
    for ending, content in FILES:
        for end in range(0, len(content), 1 if len(content) < 200 else 23):
            trace_or_one_line(folder / f"cut{ending}", content[:end])


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """CSV whose columns are dropped, doubled or swapped, with odd cells."""
    known = list(draw(st.sampled_from(HEADERS)))
    header = draw(st.lists(st.sampled_from(known), max_size=7) | st.permutations(known))
    cell = st.sampled_from(SOUND) | st.sampled_from(CELLS)
    rows = draw(st.lists(st.lists(cell, min_size=len(header), max_size=len(header)), max_size=4))
    end = draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
    return end.join(",".join(row) for row in [header, *rows]).encode()


@settings(max_examples=80)
@given(content=tables())
def test_csv_with_odd_columns_and_cells(folder: Path, content: bytes) -> None:
    trace_or_one_line(folder / "table.csv", content)


@st.composite
def records(draw: st.DrawFn) -> tuple[str, bytes]:
    """JSON in which keys are missing, doubled or hold something else."""
    value = st.sampled_from(
        [1, 0, -1, 1.5, 1e300, 2**53 + 1, 10**400, None, True, "7", "", [], [7], {}, {"a": 1}, float("nan")]
    )
    keys = ("timestamp", "input_length", "output_length", "hash_ids", "data")
    entry = st.dictionaries(st.sampled_from(keys), st.integers(1, 9) | value, max_size=5) | value
    entries = draw(st.lists(entry, max_size=4))
    if draw(st.booleans()):
        return ".jsonl", "\n".join(map(json.dumps, entries)).encode()
    document = draw(
        st.sampled_from([{"data": entries}, entries, {"data": {"data": entries}}, {"DATA": entries}])
    )
    return ".json", json.dumps(document).encode()


@settings(max_examples=80)
@given(file=records())
def test_json_with_odd_values(folder: Path, file: tuple[str, bytes]) -> None:
    trace_or_one_line(folder / f"records{file[0]}", file[1])


COLUMNS: tuple[Any, ...] = (
    pa.array([1, 2]), pa.array([1.0, 2.0]), pa.array([1, None]), pa.array([None, None]),
    pa.array([1.5, float("nan")]), pa.array([float("inf"), 1.0]), pa.array([0, -1]),
    pa.array([2**63, 2**64 - 1], pa.uint64()), pa.array([2**53 + 1, 1]), pa.array([1, 2], pa.int8()),
    pa.array(np.array([1, 2], np.float16)), pa.array(["1", "2"]), pa.array([b"1", b"2"]),
    pa.array([True, False]), pa.array([Decimal("1.0"), Decimal("2.0")]), pa.array([[1], [2]]),
    pa.array([{"a": 1}, {"a": 2}]), pa.array(["1", "1"]).dictionary_encode(),
    pa.array([1, 1]).dictionary_encode(), pa.array([datetime.date(2024, 1, 1)] * 2),
    pa.array([datetime.datetime(2024, 1, 1)] * 2), pa.array([datetime.timedelta(1)] * 2),
    pa.array([datetime.time(1)] * 2),
)  # fmt: skip


@st.composite
def parquet(draw: st.DrawFn) -> bytes:
    """Parquet with columns missing, doubled, empty, or of any type."""
    names = draw(st.lists(st.sampled_from(["prompt_tokens", "output_tokens", "arrival_s", "x"]), max_size=5))
    if draw(st.booleans()):
        names = ["prompt_tokens", "output_tokens", "arrival_s"]
    columns = [draw(st.sampled_from(COLUMNS[:3]) | st.sampled_from(COLUMNS)) for _ in names]
    table = pa.Table.from_arrays(columns, names=names)
    buffer = io.BytesIO()
    pq.write_table(table.slice(0, 0) if draw(st.integers(0, 9)) == 0 else table, buffer)
    return buffer.getvalue()


@settings(max_examples=80)
@given(content=parquet())
def test_parquet_with_odd_columns(folder: Path, content: bytes) -> None:
    trace_or_one_line(folder / "odd.parquet", content)


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """A few stretches overwritten, removed or inserted."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        content = content[:start] + draw(st.binary(max_size=4)) + content[start + draw(st.integers(0, 9)) :]
    return content


COUNTEREXAMPLE = (
    b'{"schema": 1, "claim": "B1", "scale": 0.5, "seed": 0, '
    b'"instance": {"workers": 2, "slots": 1, "sizes": [0, 1]}}'
)


def assert_one_line(error: ValueError, path: Path) -> None:
    assert path.name in str(error)
    assert "\n" not in str(error)


@settings(max_examples=100)
@given(content=damaged(COUNTEREXAMPLE) | st.binary(max_size=40))
def test_a_damaged_counterexample_is_one_line(folder: Path, content: bytes) -> None:
    path = folder / "counterexample.json"
    path.write_bytes(content)
    try:
        found = load_counterexample(path)
    except ValueError as error:
        assert_one_line(error, path)
    else:
        assert found.claim


def _results(folder: Path) -> bytes:
    path = folder / "whole.parquet"
    if not path.exists():
        write_table(
            path, pd.DataFrame({"policy": ["fcfs", "bfio"], "imbalance": [2.5, 1.0]}), scenario={"seed": 1}
        )
    return path.read_bytes()


@pytest.mark.parametrize("at", range(16))
def test_damaged_results_are_one_line(folder: Path, at: int) -> None:
    path, content = folder / "results.parquet", _results(folder)
    rng = np.random.default_rng(at)
    for start in range(at, len(content), 32):
        # every second byte becomes another, one after the other
        path.write_bytes(content[:start] + rng.bytes(1 + at % 4) + content[start + 1 + at % 3 :])
        _read_or_one_line(path)


def _read_or_one_line(path: Path) -> None:
    for read in (read_table, read_metadata):
        try:
            read(path)
        except ValueError as error:
            assert_one_line(error, path)
