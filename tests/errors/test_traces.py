"""Bad trace files: one line with file, row, column, value and what would be right."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts import TraceError
from drift_processes import read_trace

AZURE = "TIMESTAMP,ContextTokens,GeneratedTokens\n"
BURST = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
WHEN = "2023-11-16 18:17:03.9799600"
SHAPE = '{"data": [{"input_length": …, "output_length": …}, …]}'
CSV_FORMATS = (
    "TIMESTAMP, ContextTokens, GeneratedTokens (the Azure LLM inference trace) or "
    "Timestamp, Request tokens, Response tokens (BurstGPT) or "
    "prompt_tokens, output_tokens and perhaps arrival_s (a plain CSV)"
)
NAN, INF = float("nan"), float("inf")


def parquet(**columns: Any) -> bytes:
    """A Parquet file of two good rows, with columns changed, added, or left out (None)."""
    good = {"prompt_tokens": [5, 6], "output_tokens": [7, 8], "arrival_s": [0.5, 1.5]}
    table = {name: column for name, column in {**good, **columns}.items() if column is not None}
    buffer = io.BytesIO()
    pq.write_table(pa.table(table), buffer)
    return buffer.getvalue()


def twice() -> bytes:
    column = pa.array([1])
    buffer = io.BytesIO()
    names = ["prompt_tokens", "output_tokens", "prompt_tokens"]
    pq.write_table(pa.Table.from_arrays([column] * 3, names=names), buffer)
    return buffer.getvalue()


def mooncake(**changes: str) -> str:
    """One line of Mooncake's format, with the JSON of some values changed or a key left out (empty)."""
    values = {"timestamp": "0", "input_length": "5", "output_length": "6", **changes}
    return "{" + ", ".join(f'"{key}": {value}' for key, value in values.items() if value) + "}\n"


def entry(value: str) -> str:
    """A file of the authors' format whose second entry, in line 3, has ``value`` as its output."""
    good = '{"input_length": 5, "output_length": 6}'
    return '{"data": [\n' + good + ",\n" + good.replace("6", value) + "]}"


#: (name of the file, what it holds, the message after the name)
BAD: list[tuple[str, str | bytes, str]] = [
    # Azure
    ("a.csv", "", ": the file is empty"),
    ("a.csv", " \r\n\n", ": the file is empty"),
    ("a.csv", '"\n"', f", line 1: the columns must include {CSV_FORMATS}; found none"),
    ("a.csv", AZURE, ": the file has no rows"),
    (
        "a.csv",
        AZURE.encode() + b"2023-11-16 18:17:03,\xe9,1\n",
        ", line 2: must be UTF-8 text, got the byte 0xe9",
    ),
    ("a.csv", AZURE.encode("utf-16"), ", line 1: must be UTF-8 text, got the byte 0xff"),
    ("a.csv", "a,b\n1,2\n", f", line 1: the columns must include {CSV_FORMATS}; found 'a', 'b'"),
    (
        "a.csv",
        "\nTIMESTAMP,ContextTokens,Generated\n",
        ", line 2: missing column GeneratedTokens; the Azure LLM inference trace has TIMESTAMP, "
        "ContextTokens, GeneratedTokens; found 'TIMESTAMP', 'ContextTokens', 'Generated'",
    ),
    (
        "a.csv",
        "TIMESTAMP;ContextTokens;GeneratedTokens\n",
        f", line 1: the columns must include {CSV_FORMATS}; found 'TIMESTAMP;ContextTokens;GeneratedTokens'",
    ),
    (
        "a.csv",
        "TIMESTAMP,ContextTokens,GeneratedTokens,ContextTokens\n",
        ", line 1: the column ContextTokens must be there once, got 2",
    ),
    ("a.csv", f"{AZURE}{WHEN},1,1\n{WHEN},0,1\n", ", line 3: ContextTokens must be >= 1, got 0"),
    ("a.csv", f"{AZURE}{WHEN},1,-3\n", ", line 2: GeneratedTokens must be >= 1, got -3"),
    ("a.csv", f"{AZURE}{WHEN},1.5,1\n", ", line 2: ContextTokens must be a whole number >= 1, got 1.5"),
    (
        "a.csv",
        f"{AZURE}{WHEN},,1\n",
        ", line 2: ContextTokens must be a whole number >= 1, got an empty cell",
    ),
    ("a.csv", f"{AZURE}{WHEN},NaN,1\n", ", line 2: ContextTokens must be a whole number >= 1, got 'NaN'"),
    ("a.csv", f"{AZURE}{WHEN},True,1\n", ", line 2: ContextTokens must be a whole number >= 1, got 'True'"),
    ("a.csv", f"{AZURE}{WHEN},1_0,1\n", ", line 2: ContextTokens must be a whole number >= 1, got '1_0'"),
    (
        "a.csv",
        f'{AZURE}{WHEN},"4\nx",1\n',
        ", line 2: ContextTokens must be a whole number >= 1, got '4\\nx'",
    ),
    (
        "a.csv",
        f"{AZURE}{WHEN},9007199254740993,1\n",
        ", line 2: ContextTokens must be at most 2**53, got 9007199254740993",
    ),
    (
        "a.csv",
        f"{AZURE}{WHEN},{'9' * 500},1\n",
        ", line 2: ContextTokens must be a whole number >= 1, got inf",
    ),
    ("a.csv", f"{AZURE}{WHEN},1\n", ", line 2: must have 3 cells like the header, got 2"),
    ("a.csv", f"{AZURE},,\n", ", line 2: ContextTokens must be a whole number >= 1, got an empty cell"),
    (
        "a.csv",
        f"{AZURE}{WHEN},1,2,3\n",
        ", line 2: must have 3 cells like the header, got 4",
    ),
    (
        "a.csv",
        f"{AZURE}16/11/2023 18:17,1,1\n",
        ", line 2: TIMESTAMP must be a time like 2023-11-16 18:17:03.9799600, got '16/11/2023 18:17'",
    ),
    (
        "a.csv",
        f"{AZURE}2023-02-30 18:17:03,1,1\n",
        ", line 2: TIMESTAMP must be a time like 2023-11-16 18:17:03.9799600, got '2023-02-30 18:17:03'",
    ),
    (
        "a.csv",
        f"{AZURE}now,1,1\n",
        ", line 2: TIMESTAMP must be a time like 2023-11-16 18:17:03.9799600, got 'now'",
    ),
    (
        "a.csv",
        f"{AZURE}2023-11-16 18:17:04,1,1\n2023-11-16 18:17:03.9999999,1,1\n",
        ", line 3: TIMESTAMP must not be earlier than '2023-11-16 18:17:04' of the row before, "
        "got '2023-11-16 18:17:03.9999999'",
    ),
    ("a.csv", f'{AZURE}"{WHEN},1,1\n', ", line 2: not readable as CSV: unexpected end of data"),
    (
        "a.csv",
        f"{AZURE}{WHEN},1,1\n{'x' * 140_000},1,1\n",
        ", line 3: not readable as CSV: field larger than field limit (131072)",
    ),
    # BurstGPT
    (
        "b.csv",
        BURST + "5,ChatGPT,472,0,472,Conversation log\n",
        ", line 2: Response tokens must be >= 1, got 0: a failed request (skip_bad_rows leaves these out)",
    ),
    (
        "b.csv",
        "Timestamp,Request tokens\n",
        ", line 1: missing column Response tokens; BurstGPT has Timestamp, Request tokens, Response tokens; "
        "found 'Timestamp', 'Request tokens'",
    ),
    (
        "b.csv",
        BURST + "noon,ChatGPT,472,1,473,Conversation log\n",
        ", line 2: Timestamp must be a time in seconds, got 'noon'",
    ),
    (
        "b.csv",
        BURST + "1e300,ChatGPT,472,1,473,Conversation log\n",
        ", line 2: Timestamp must be at most 2**53 seconds in magnitude, got 1e+300",
    ),
    (
        "b.csv",
        BURST + "5,ChatGPT,472,1,473,Conversation log\n4.5,ChatGPT,472,1,473,Conversation log\n",
        ", line 3: Timestamp must not be earlier than '5' of the row before, got '4.5'",
    ),
    # Mooncake
    ("m.jsonl", "", ": the file is empty"),
    ("m.jsonl", b"\xff", ", line 1: must be UTF-8 text, got the byte 0xff"),
    (
        "m.jsonl",
        mooncake() + '{"timestamp": 3, "input_le',
        ", line 2: must be one JSON object, but it is not valid JSON at column 18: unterminated string",
    ),
    (
        "m.jsonl",
        mooncake() + mooncake().strip() + mooncake(),
        ", line 2: must be one JSON object, but it is not valid JSON at column 56: extra data",
    ),
    (
        "m.jsonl",
        "[" * 100_000,
        ", line 1: must be one JSON object, but it is not valid JSON: nested too deeply",
    ),
    (
        "m.jsonl",
        mooncake(input_length="9" * 5000),
        ", line 1: must be one JSON object, but it is not valid JSON: a number has too many digits",
    ),
    ("m.jsonl", "[1]\n", ", line 1: must be a JSON object, got a list"),
    ("m.jsonl", "12\n", ", line 1: must be a JSON object, got 12"),
    ("m.jsonl", "null\n", ", line 1: must be a JSON object, got null"),
    (
        "m.jsonl",
        mooncake(output_length=""),
        ", line 1: must have the key 'output_length', found 'timestamp', 'input_length'",
    ),
    ("m.jsonl", "{}\n", ", line 1: must have the key 'timestamp', found none"),
    ("m.jsonl", "\n" + mooncake(input_length="0"), ", line 2: input_length must be >= 1, got 0"),
    (
        "m.jsonl",
        mooncake(output_length="true"),
        ", line 1: output_length must be a whole number >= 1, got True",
    ),
    (
        "m.jsonl",
        mooncake(output_length="null"),
        ", line 1: output_length must be a whole number >= 1, got null",
    ),
    (
        "m.jsonl",
        mooncake(output_length="NaN"),
        ", line 1: output_length must be a whole number >= 1, got nan",
    ),
    (
        "m.jsonl",
        mooncake(output_length='"6"'),
        ", line 1: output_length must be a whole number >= 1, got '6'",
    ),
    (
        "m.jsonl",
        mooncake(output_length="[6]"),
        ", line 1: output_length must be a whole number >= 1, got a list",
    ),
    (
        "m.jsonl",
        mooncake(timestamp="Infinity"),
        ", line 1: timestamp must be a time in milliseconds, got inf",
    ),
    (
        "m.jsonl",
        mooncake(timestamp="20") + mooncake(timestamp="10"),
        ", line 2: timestamp must not be earlier than 20 of the row before, got 10",
    ),
    # the authors' samples
    ("s.json", "", ": the file is empty"),
    ("s.json", '{"data": [\n{"input_', ", line 2, column 2: not valid JSON: unterminated string"),
    ("s.json", '{"data": [\n', ", line 2, column 1: not valid JSON: expecting value"),
    (
        "s.json",
        mooncake() + mooncake(),
        ", line 2, column 1: not valid JSON: extra data (a file of one object per line must end in .jsonl)",
    ),
    ("s.json", "[" * 100_000, ": not valid JSON: nested too deeply"),
    ("s.json", "[1, 2]", f": must be of the form {SHAPE}, got a list"),
    ("s.json", "7", f": must be of the form {SHAPE}, got 7"),
    ("s.json", '{"rows": [], "seed": 1}', f": must have the key 'data' as in {SHAPE}, found 'rows', 'seed'"),
    ("s.json", '{"data": {"a": 1}}', f": the key 'data' must hold a list as in {SHAPE}, got an object"),
    ("s.json", '{"data": null}', f": the key 'data' must hold a list as in {SHAPE}, got null"),
    ("s.json", '{"data": []}', ": the file has no rows"),
    (
        "s.json",
        '{"data": [[1, 2]]}',
        ", line 1, entry 1 of data: must be an object with the keys input_length and output_length, "
        "got a list",
    ),
    (
        "s.json",
        '{"data": [{"input_length": 3, "output": 4}]}',
        ", line 1, entry 1 of data: must have the key 'output_length', found 'input_length', 'output'",
    ),
    ("s.json", entry("0"), ", line 3, entry 2 of data: output_length must be >= 1, got 0"),
    (
        "s.json",
        '{"data":[{"input_length":3,"output_length":4},\n{"input_length":3,"output_length":-4}],"data ":1}',
        ", line 2, entry 2 of data: output_length must be >= 1, got -4",
    ),
    ("s.json", entry("2.5"), ", line 3, entry 2 of data: output_length must be a whole number >= 1, got 2.5"),
    ("s.json", entry('"2"'), ", line 3, entry 2 of data: output_length must be a whole number >= 1, got '2'"),
    (
        "s.json",
        entry("1e400"),
        ", line 3, entry 2 of data: output_length must be a whole number >= 1, got inf",
    ),
    (
        "s.json",
        entry("10000000000000000"),
        ", line 3, entry 2 of data: output_length must be at most 2**53, got 10000000000000000",
    ),
    # Parquet
    ("t.parquet", b"", ": the file is empty"),
    (
        "t.parquet",
        parquet(output_tokens=None),
        ": missing column output_tokens; wanted are prompt_tokens, output_tokens and perhaps arrival_s; "
        "found 'prompt_tokens', 'arrival_s'",
    ),
    ("t.parquet", twice(), ": the column prompt_tokens must be there once, got 2"),
    (
        "t.parquet",
        parquet(prompt_tokens=["5", "6"]),
        ": the column prompt_tokens must hold whole numbers, got the type string",
    ),
    (
        "t.parquet",
        parquet(prompt_tokens=[True, False]),
        ": the column prompt_tokens must hold whole numbers, got the type bool",
    ),
    (
        "t.parquet",
        parquet(arrival_s=pa.array([0, 1], pa.timestamp("us"))),
        ": the column arrival_s must hold seconds as numbers, got the type timestamp[us]",
    ),
    (
        "t.parquet",
        parquet(output_tokens=[None, None]),
        ": the column output_tokens must hold whole numbers, got the type null",
    ),
    (
        "t.parquet",
        parquet(
            prompt_tokens=pa.array([], pa.int32()),
            output_tokens=pa.array([], pa.int32()),
            arrival_s=pa.array([], pa.float64()),
        ),
        ": the file has no rows",
    ),
    ("t.parquet", parquet(prompt_tokens=[5, 0]), ", row 2: prompt_tokens must be >= 1, got 0"),
    ("t.parquet", parquet(output_tokens=[-7, 8]), ", row 1: output_tokens must be >= 1, got -7"),
    (
        "t.parquet",
        parquet(output_tokens=[7, None]),
        ", row 2: output_tokens must be a whole number >= 1, got null",
    ),
    (
        "t.parquet",
        parquet(output_tokens=[7.0, NAN]),
        ", row 2: output_tokens must be a whole number >= 1, got nan",
    ),
    (
        "t.parquet",
        parquet(output_tokens=[7.5, 8]),
        ", row 1: output_tokens must be a whole number >= 1, got 7.5",
    ),
    (
        "t.parquet",
        parquet(output_tokens=pa.array([7, 2**64 - 1], pa.uint64())),
        ", row 2: output_tokens must be at most 2**53, got 18446744073709551615",
    ),
    (
        "t.parquet",
        parquet(output_tokens=[7, 2**53 + 1]),
        ", row 2: output_tokens must be at most 2**53, got 9007199254740993",
    ),
    ("t.parquet", parquet(arrival_s=[0.5, INF]), ", row 2: arrival_s must be a time in seconds, got inf"),
    ("t.parquet", parquet(arrival_s=[None, 1.0]), ", row 1: arrival_s must be a time in seconds, got null"),
    (
        "t.parquet",
        parquet(arrival_s=[1.5, 1.25]),
        ", row 2: arrival_s must not be earlier than 1.5 of the row before, got 1.25",
    ),
    (
        "t.parquet",
        parquet(prompt_tokens=[0, 6], arrival_s=[1.5, 1.25]),
        ", row 1: prompt_tokens must be >= 1, got 0",
    ),
    # endings
    (
        "t.txt",
        "x",
        ": the ending must be one of .parquet, .csv (plain, Azure or BurstGPT), .jsonl (Mooncake), "
        ".json (the paper authors' samples); got '.txt'",
    ),
    (
        "trace",
        "x",
        ": the ending must be one of .parquet, .csv (plain, Azure or BurstGPT), .jsonl (Mooncake), "
        ".json (the paper authors' samples); got no ending",
    ),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD, ids=[f"{row[0]}{row[2][:60]}" for row in BAD])
def test_bad_file(tmp_path: Path, name: str, content: str | bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TraceError) as caught:
        read_trace(path)
    assert str(caught.value) == name + message


@pytest.mark.parametrize(
    ("content", "start"),
    [
        (b"not a table at all", "t.parquet: not a readable Parquet file: Parquet magic bytes not found"),
        (parquet()[:-20], "t.parquet: not a readable Parquet file: "),
        (parquet().replace(b"PAR1", b"PAR2"), "t.parquet: not a readable Parquet file: "),
    ],
    ids=["text", "cut", "magic"],
)
def test_corrupt_parquet_is_said_in_the_words_of_pyarrow(tmp_path: Path, content: bytes, start: str) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(content)
    with pytest.raises(TraceError) as caught:
        read_trace(path)
    assert str(caught.value).startswith(start)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", f"{AZURE}{WHEN},0,1\n{WHEN},1,0\n", "a.csv: no usable row is left, 2 were skipped"),
        ("m.jsonl", mooncake(input_length="0"), "m.jsonl: no usable row is left, 1 were skipped"),
        ("s.json", '{"data": [1, 2, 3]}', "s.json: no usable row is left, 3 were skipped"),
        ("t.parquet", parquet(prompt_tokens=[0, 0]), "t.parquet: no usable row is left, 2 were skipped"),
        # faults of the whole file are no bad rows
        ("a.csv", AZURE, "a.csv: the file has no rows"),
        ("a.csv", "", "a.csv: the file is empty"),
        ("a.csv", f'{AZURE}{WHEN},1,1\n"', "a.csv, line 3: not readable as CSV: unexpected end of data"),
        (
            "s.json",
            "{",
            "s.json, line 1, column 2: not valid JSON: expecting property name enclosed in double quotes",
        ),
        ("t.parquet", twice(), "t.parquet: the column prompt_tokens must be there once, got 2"),
    ],
)
def test_skipping_bad_rows_does_not_hide_that_nothing_is_left(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TraceError) as caught:
        read_trace(path, skip_bad_rows=True)
    assert str(caught.value) == message


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.csv"
    with pytest.raises(FileNotFoundError) as caught:
        read_trace(path)
    assert str(caught.value) == f"there is no trace file {str(path)!r}"
    assert caught.value.__suppress_context__


def test_a_directory(tmp_path: Path) -> None:
    (tmp_path / "folder.parquet").mkdir()
    with pytest.raises(TraceError, match=r"^folder.parquet: must be a trace file, got a directory$"):
        read_trace(tmp_path / "folder.parquet")


def test_a_name_that_does_not_print(tmp_path: Path) -> None:
    path = tmp_path / "two\nlines.csv"
    path.write_text("")
    with pytest.raises(TraceError, match=r"^'two\\nlines.csv': the file is empty$"):
        read_trace(path)


def test_a_path_and_a_flag_of_another_type() -> None:
    with pytest.raises(TypeError, match=r"^path must be a str or a Path, got 7 \(int\)$"):
        read_trace(7)
    with pytest.raises(TypeError, match=r"^skip_bad_rows must be True or False, got 1 \(int\)$"):
        read_trace("x.csv", skip_bad_rows=1)
