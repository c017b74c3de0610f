"""Where the published trace files are, for tests that read them; the repository does not contain them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

__all__ = ["trace_file"]

_BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[2] / "shared" / "traces"


def trace_file(name: str) -> Path:
    """Return the path of a published trace such as ``"azure2023_code.parquet"``; skip the test without it.

    The folder is that of the environment variable EVENSTEP_TRACES, else ``../shared/traces`` beside the
    repository.
    """
    folder = Path(os.environ.get("EVENSTEP_TRACES") or _BESIDE_THE_REPOSITORY)
    path = folder / name
    if not path.is_file():
        pytest.skip(f"needs the trace {name}: not in {folder} (the folder EVENSTEP_TRACES names)")
    return path
