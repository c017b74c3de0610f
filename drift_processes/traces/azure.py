"""The Azure LLM inference traces: CSV with a timestamp per request. Imports the shared parts here.

Source: github.com/Azure/AzurePublicDataset, AzureLLMInferenceDataset2023
(Patel et al., Splitwise, ISCA 2024).
The columns are TIMESTAMP, ContextTokens, GeneratedTokens; times read ``2023-11-16 18:17:03.9799600``. A time
may end in an offset such as ``+00:00``; without one it is taken as UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from drift_processes.traces.csv_format import CsvFormat
from drift_processes.traces.rows import BadRow, shown

__all__ = ["AZURE"]

_STAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(Z|[-+][0-9]{2}:[0-9]{2})?"
)
_START = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_TICKS_PER_SECOND = 10**9


def _time(column: str, cell: str) -> int:
    # nanoseconds as an int: float64 seconds since 1970 would round the seventh decimal away
    match = _STAMP.fullmatch(cell.strip())
    try:
        if match is None:
            raise ValueError
        second = datetime.fromisoformat(match[1] + (match[3] or "Z"))
        since = (second - _START) // _SECOND
    except (ValueError, OverflowError):
        raise BadRow(f"{column} must be a time like 2023-11-16 18:17:03.9799600, got {shown(cell)}") from None
    return since * _TICKS_PER_SECOND + int((match[2] or "").ljust(9, "0"))


AZURE = CsvFormat(
    name="azure",
    title="the Azure LLM inference trace",
    time="TIMESTAMP",
    prompt="ContextTokens",
    output="GeneratedTokens",
    read_time=_time,
    ticks_per_second=_TICKS_PER_SECOND,
)
