"""The samples of the paper's authors: one JSON object with a list of lengths. Imports the shared parts.

Source: github.com/Echoscd/Load-Balancing-Release, the code of arXiv 2601.17855. The file reads ``{"data":
[{"input_length": 21967, "output_length": 2}, ...]}``, with further keys that are not needed; it has no times.
"""

from __future__ import annotations

import json
import re
from typing import Any, BinaryIO

from contracts import TraceError
from drift_processes.traces.json_values import NotJson, parse_json
from drift_processes.traces.rows import BadRow, Rows, decoded, listed, shown, tokens
from drift_processes.traces.trace import Trace

__all__ = ["read_authors_json"]

_KEYS = ("input_length", "output_length")
_SHAPE = '{"data": [{"input_length": …, "output_length": …}, …]}'
_GAP = re.compile(r"[\s,:]*")


def read_authors_json(source: BinaryIO, name: str, skip_bad_rows: bool) -> Trace:
    """Read a file of the authors' format; raises `TraceError` where it is unusable."""
    text = decoded(source, name)
    rows = Rows(name, skip_bad_rows)
    for index, entry in enumerate(_entries(text, name)):
        try:
            _check_entry(entry)
            rows.add(tokens(_KEYS[0], entry[_KEYS[0]]), tokens(_KEYS[1], entry[_KEYS[1]]))
        except BadRow as bad:
            # the line is looked up only for an error that will be shown
            line = "" if skip_bad_rows else f"line {_line_of_entry(text, index)}, "
            rows.refuse(f"{line}entry {index + 1} of data", bad)
    return rows.trace("authors")


def _entries(text: str, name: str) -> list[Any]:
    try:
        document = parse_json(text)
    except NotJson as error:
        where = f", line {error.line}, column {error.column}" if error.line else ""
        hint = " (a file of one object per line must end in .jsonl)" if str(error) == "extra data" else ""
        raise TraceError(f"{name}{where}: not valid JSON: {error}{hint}") from None
    if not isinstance(document, dict):
        raise TraceError(f"{name}: must be of the form {_SHAPE}, got {shown(document)}")
    if "data" not in document:
        raise TraceError(f"{name}: must have the key 'data' as in {_SHAPE}, found {listed(document)}")
    data = document["data"]
    if not isinstance(data, list):
        raise TraceError(f"{name}: the key 'data' must hold a list as in {_SHAPE}, got {shown(data)}")
    return data


def _check_entry(entry: Any) -> None:
    if not isinstance(entry, dict):
        raise BadRow(f"must be an object with the keys input_length and output_length, got {shown(entry)}")
    for key in _KEYS:
        if key not in entry:
            raise BadRow(f"must have the key {key!r}, found {listed(entry)}")


def _line_of_entry(text: str, index: int) -> int:
    # the json module tells no positions of values, so step over the values of this (valid) text one by one
    step = json.JSONDecoder().raw_decode
    start, position = 0, _past_gap(text, text.index("{") + 1)
    while text[position] != "}":
        key, position = step(text, position)
        position = _past_gap(text, position)
        if key == "data":  # the last one counts, as in the parser
            start = position
        position = _past_gap(text, step(text, position)[1])
    position = _past_gap(text, start + 1)
    for _ in range(index):
        position = _past_gap(text, step(text, position)[1])
    return text.count("\n", 0, position) + 1


def _past_gap(text: str, position: int) -> int:
    return _GAP.match(text, position).end()  # type: ignore[union-attr]  # matches the empty text too
