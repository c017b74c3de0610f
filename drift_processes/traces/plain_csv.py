"""Our own format as text: CSV of prompt_tokens, output_tokens, perhaps arrival_s. Imports the shared parts.

The columns and their meaning are those of the Parquet format; times are seconds from any origin.
"""

from __future__ import annotations

from drift_processes.traces.csv_format import CsvFormat
from drift_processes.traces.rows import parsed, seconds

__all__ = ["PLAIN_CSV"]


def _time(column: str, cell: str) -> int | float:
    return seconds(column, parsed(cell))


PLAIN_CSV = CsvFormat(
    name="csv",
    title="a plain CSV",
    time="arrival_s",
    prompt="prompt_tokens",
    output="output_tokens",
    read_time=_time,
    may_lack_time=True,
)
