"""Mooncake: one JSON object per line. May import the shared parts of this folder.

Source: github.com/kvcache-ai/Mooncake (Qin et al., Mooncake, FAST 2025). A line reads ``{"timestamp": 27,
"input_length": 6758, "output_length": 500, "hash_ids": [...]}``; times are milliseconds from the start.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from drift_processes.traces.json_values import NotJson, parse_json
from drift_processes.traces.rows import BadRow, Rows, decoded, listed, seconds, shown, tokens
from drift_processes.traces.trace import Trace

__all__ = ["read_mooncake"]

_KEYS = ("timestamp", "input_length", "output_length")
_MILLISECONDS_PER_SECOND = 1000


def read_mooncake(source: BinaryIO, name: str, skip_bad_rows: bool) -> Trace:
    """Read a file of Mooncake's format; raises `TraceError` where it is unusable."""
    rows = Rows(name, skip_bad_rows)
    # not splitlines: a string of JSON may hold characters that Python takes for the end of a line
    for line, text in enumerate(decoded(source, name).split("\n"), start=1):
        if not text.strip():
            continue
        try:
            record = _record(text)
            rows.add_timed(
                tokens("input_length", record["input_length"]),
                tokens("output_length", record["output_length"]),
                seconds("timestamp", record["timestamp"], "milliseconds"),
                "timestamp",
                record["timestamp"],
            )
        except BadRow as bad:
            rows.refuse(f"line {line}", bad)
    return rows.trace("mooncake", _MILLISECONDS_PER_SECOND)


def _record(text: str) -> dict[str, Any]:
    try:
        record = parse_json(text)
    except NotJson as error:
        where = f" at column {error.column}" if error.column else ""
        raise BadRow(f"must be one JSON object, but it is not valid JSON{where}: {error}") from None
    if not isinstance(record, dict):
        raise BadRow(f"must be a JSON object, got {shown(record)}")
    for key in _KEYS:
        if key not in record:
            raise BadRow(f"must have the key {key!r}, found {listed(record)}")
    return record
