"""BurstGPT: CSV of requests to a GPT service. May import the shared parts of this folder.

Source: github.com/HPMLL/BurstGPT (Wang et al., BurstGPT, arXiv 2401.17644). The header is
``Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type``; times are seconds from the start,
and a request that failed has 0 response tokens.
"""

from __future__ import annotations

from typing import Any

from drift_processes.traces.csv_format import CsvFormat
from drift_processes.traces.rows import BadRow, parsed, seconds, tokens

__all__ = ["BURSTGPT"]


def _time(column: str, cell: str) -> int | float:
    return seconds(column, parsed(cell))


def _answer(column: str, value: Any) -> int:
    if value == 0:
        raise BadRow(f"{column} must be >= 1, got 0: a failed request (skip_bad_rows leaves these out)")
    return tokens(column, value)


BURSTGPT = CsvFormat(
    name="burstgpt",
    title="BurstGPT",
    time="Timestamp",
    prompt="Request tokens",
    output="Response tokens",
    read_time=_time,
    read_output=_answer,
)
