"""The result store: Parquet files that say how they were made and appear only when whole.

The folder of one job holds a few tables, each ``NAME.parquet``; the scenario, the seed, the versions of the
packages that computed it and a schema number are in the metadata of every one. Read one back with
``pandas.read_parquet`` or `read_table`. May import contracts, pandas and pyarrow.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from contracts import checks
from contracts.files import named, write_bytes

__all__ = ["SCHEMA", "made_by", "read_metadata", "read_table", "versions", "write_table"]

#: Raised by one whenever a column changes its meaning.
SCHEMA = 1

#: Packages whose version can change a number.
VERSIONED = ("evenstep", "numpy", "numba", "highspy", "PuLP", "scipy")


def write_table(path: Path, frame: pd.DataFrame, *, scenario: Mapping[str, Any]) -> None:
    """Write one table of results.

    Parameters
    ----------
    path : Path
    frame : pandas.DataFrame
    scenario : mapping
        How it was made, JSON-able; the same scenario and versions give the same bytes.
    """
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(made_by(scenario))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    write_bytes(path, sink.getvalue().to_pybytes())


def made_by(scenario: Mapping[str, Any]) -> dict[str, str]:
    """Return the metadata of a table: schema number, scenario and versions."""
    return {
        "evenstep.schema": str(SCHEMA),
        "evenstep.scenario": json.dumps(dict(scenario), sort_keys=True),
        "evenstep.versions": json.dumps(versions()),
    }


def versions() -> dict[str, str]:
    """Return the versions of the packages that can change a number."""
    return {name: importlib.metadata.version(name) for name in VERSIONED}


def read_table(path: Path) -> pd.DataFrame:
    """Read one table of results.

    Raises
    ------
    ValueError
        If the file is not one of ours, or has another schema number.
    """
    schema = read_metadata(path)["schema"]
    if schema != SCHEMA:
        raise ValueError(f"{path.name} has schema {schema}, this version reads {SCHEMA}; make it anew")
    with _readable(path):
        frame: pd.DataFrame = pq.read_table(path).to_pandas()
    return frame


def read_metadata(path: Path) -> dict[str, Any]:
    """Return ``schema`` (int), ``scenario`` and ``versions`` (dicts) of a table of results."""
    checks.instance("path", path, (str, os.PathLike), "a str or a Path")
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"{named(path)} is not there; run `evenstep reproduce` to make it")
    with _readable(path):
        stored = pq.read_schema(path).metadata or {}
    if b"evenstep.schema" not in stored:
        raise ValueError(f"{named(path)} was not written by evenstep: it has no schema number")
    with _readable(path):
        return {
            name: json.loads(stored[f"evenstep.{name}".encode()])
            for name in ("schema", "scenario", "versions")
        }


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Word what a damaged file makes pyarrow, pandas and json say."""
    try:
        yield
    except pa.ArrowInvalid:
        raise ValueError(f"{named(path)} is not a Parquet file") from None
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError) as error:
        words = " ".join(str(error).split())
        raise ValueError(f"{named(path)} is damaged, make it anew: {words[:100]}") from None
