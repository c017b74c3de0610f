"""Whatever stands in a file, `read_trace` returns a sound trace or raises one clear line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import TraceError
from drift_processes import Trace, read_trace


def _parquet(compression: str) -> bytes:
    buffer = io.BytesIO()
    columns = {"prompt_tokens": [5, 6, 7], "output_tokens": [1, 2, 3], "arrival_s": [0.0, 0.5, 1.5]}
    pq.write_table(pa.table(columns), buffer, compression=compression)
    return buffer.getvalue()


VALID = {
    ".csv": [
        b"TIMESTAMP,ContextTokens,GeneratedTokens\n"
        b"2023-11-16 18:17:03.9799600,4808,10\r\n2023-11-16 18:17:04.0319600,3180,8\n",
        b"Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
        b"5,ChatGPT,472,18,490,Conversation log\n45.5,GPT-4,1087,230,1317,API log\n",
        b"prompt_tokens,output_tokens,arrival_s\n10,3,0.5\n20,1,2\n",
    ],
    ".json": [
        b'{"seed": 42, "data": [{"input_length": 21967, "output_length": 2},\n'
        b'{"input_length": 8, "output_length": 3}]}'
    ],
    ".jsonl": [
        b'{"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1]}\n'
        b'{"timestamp": 3000, "input_length": 7322, "output_length": 490}\n'
    ],
    ".parquet": [_parquet("zstd"), _parquet("none")],
}
PIECES = [
    b"",
    b"\n",
    b"\r",
    b",",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b"-",
    b"0",
    b"9" * 20,
    b"1e400",
    b"NaN",
    b"null",
    b"true",
    b".5",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
    b"[" * 3000,
    b"8" * 5000,
    b'"data":7,',
    b"x" * 140_000,
]

edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(PIECES) | st.binary(max_size=4)),
    min_size=1,
    max_size=4,
)
endings = st.sampled_from(sorted(VALID))


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A valid file in which a few stretches are overwritten, removed or inserted."""
    ending = draw(endings)
    content = draw(st.sampled_from(VALID[ending]))
    for place, removed, piece in draw(edits):
        start = int(place * len(content))
        content = content[:start] + piece + content[start + removed :]
    return ending, content


def assert_sound(trace: Trace, *, skipping: bool) -> None:
    n = len(trace.prompt_tokens)
    assert n >= 1
    assert len(trace.output_tokens) == n
    assert min(trace.prompt_tokens.min(), trace.output_tokens.min()) >= 1
    assert skipping or trace.skipped_rows == 0
    if trace.arrival_s is not None:
        assert len(trace.arrival_s) == n
        assert trace.arrival_s[0] == 0
        assert np.isfinite(trace.arrival_s).all()
        assert (np.diff(trace.arrival_s) >= 0).all()


def trace_or_one_line(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    taken = []
    for skipping in (False, True):
        try:
            trace = read_trace(path, skip_bad_rows=skipping)
        except TraceError as error:
            message = str(error)
            assert message.startswith(path.name)
            assert message.isprintable()
            assert len(message) < 1000
        else:
            assert_sound(trace, skipping=skipping)
            taken.append(trace)
    # a file that is right as it is has nothing to skip
    if len(taken) == 2:
        assert taken[1].skipped_rows == 0
        assert taken[0].prompt_tokens.tolist() == taken[1].prompt_tokens.tolist()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@settings(max_examples=300)
@given(file=mutated())
def test_a_valid_file_damaged_at_a_few_places(folder: Path, file: tuple[str, bytes]) -> None:
    trace_or_one_line(folder / f"damaged{file[0]}", file[1])


@settings(max_examples=200)
@given(ending=endings, content=st.binary(max_size=80))
def test_arbitrary_bytes(folder: Path, ending: str, content: bytes) -> None:
    trace_or_one_line(folder / f"bytes{ending}", content)


@settings(max_examples=200)
@given(ending=st.sampled_from([".csv", ".json", ".jsonl"]), content=st.text(max_size=80))
def test_arbitrary_text(folder: Path, ending: str, content: str) -> None:
    trace_or_one_line(folder / f"text{ending}", content.encode("utf-8", "surrogatepass"))


def footers_with(number: int) -> Iterator[bytes]:
    """Yield a Parquet file of three rows with each 3 of its footer replaced, in Thrift's code."""
    content, code = _parquet("none"), b""
    rest = 2 * number  # zigzag, then seven bits a byte
    while rest >= 128:
        code, rest = code + bytes([rest % 128 + 128]), rest // 128
    code += bytes([rest])
    length = int.from_bytes(content[-8:-4], "little")
    body, footer = content[: -8 - length], content[-8 - length : -8]
    for place, byte in enumerate(footer):
        if byte == 6:
            damaged = footer[:place] + code + footer[place + 1 :]
            yield body + damaged + len(damaged).to_bytes(4, "little") + b"PAR1"


def test_a_footer_that_promises_rows_that_are_not_there(folder: Path) -> None:
    """pyarrow would make room for them: 2**36 rows took all memory there was."""
    messages = set()
    for content in footers_with(2**36):
        path = folder / "rows.parquet"
        path.write_bytes(content)
        try:
            assert len(read_trace(path).prompt_tokens) == 3
        except TraceError as error:
            messages.add(str(error))
    told = "rows.parquet: not a readable Parquet file: its footer is damaged: "
    assert f"{told}68,719,476,736 rows, and 3 in the row groups" in messages
    assert f"{told}row group 0 has 68,719,476,736 rows, and 3 of prompt_tokens" in messages
    assert f"{told}row group 0 has 3 rows, and 68,719,476,736 of arrival_s" in messages


@pytest.mark.search
@settings(max_examples=20_000)
@given(file=mutated() | st.tuples(endings, st.binary(max_size=300)))
def test_twenty_thousand_damaged_files(folder: Path, file: tuple[str, bytes]) -> None:
    trace_or_one_line(folder / f"damaged{file[0]}", file[1])


def test_the_files_that_are_damaged_are_valid(folder: Path) -> None:
    for ending, contents in VALID.items():
        for content in contents:
            path = folder / f"valid{ending}"
            path.write_bytes(content)
            assert_sound(read_trace(path), skipping=False)
