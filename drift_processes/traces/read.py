"""`read_trace`: the reader for a file, chosen by its ending (and a CSV's by its header).

May import contracts and the readers of this folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from contracts import TraceError, checks
from drift_processes.traces.authors_json import read_authors_json
from drift_processes.traces.azure import AZURE
from drift_processes.traces.burstgpt import BURSTGPT
from drift_processes.traces.csv_format import read_csv
from drift_processes.traces.mooncake import read_mooncake
from drift_processes.traces.parquet_format import read_parquet
from drift_processes.traces.plain_csv import PLAIN_CSV
from drift_processes.traces.trace import Trace

__all__ = ["read_trace"]


def _read_csv(source: BinaryIO, name: str, skip_bad_rows: bool) -> Trace:
    return read_csv(source, name, skip_bad_rows, (AZURE, BURSTGPT, PLAIN_CSV))


_READERS: dict[str, Callable[[BinaryIO, str, bool], Trace]] = {
    ".parquet": read_parquet,
    ".csv": _read_csv,
    ".jsonl": read_mooncake,
    ".json": read_authors_json,
}
_ENDINGS = ".parquet, .csv (plain, Azure or BurstGPT), .jsonl (Mooncake), .json (the paper authors' samples)"


def read_trace(path: str | os.PathLike[str], *, skip_bad_rows: bool = False) -> Trace:
    """Read the requests of a trace file.

    Parameters
    ----------
    path : str or Path
        ``.parquet`` or ``.csv`` with the columns ``prompt_tokens``, ``output_tokens`` and perhaps
        ``arrival_s`` (seconds); ``.csv`` of the Azure LLM inference traces or of BurstGPT; ``.jsonl`` of
        Mooncake; ``.json`` of the authors of arXiv 2601.17855.
    skip_bad_rows : bool
        Leave unusable rows out and count them instead of raising at the first. Of rows that are not sorted by
        time, those earlier than a row kept before them are unusable.

    Returns
    -------
    Trace
        Rows in the order of the file, times in seconds from the first row kept.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TraceError
        If the file or a row is unusable: the one-line message names file, line or row, column and value.
    """
    checks.instance("path", path, (str, os.PathLike), "a str or a Path")
    checks.instance("skip_bad_rows", skip_bad_rows, bool, "True or False")
    file = Path(path)
    name = file.name or str(file)
    name = name if name.isprintable() else repr(name)
    reader = _READERS.get(file.suffix.lower())
    try:
        with file.open("rb") as source:
            if reader is None:
                ending = repr(file.suffix) if file.suffix else "no ending"
                raise TraceError(f"{name}: the ending must be one of {_ENDINGS}; got {ending}")
            return reader(source, name, skip_bad_rows)
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no trace file {str(path)!r}") from None
    except IsADirectoryError:
        raise TraceError(f"{name}: must be a trace file, got a directory") from None
    except OSError as error:
        raise TraceError(f"{name}: can't be read: {error.strerror or error}") from None
