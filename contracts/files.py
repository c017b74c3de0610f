"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

__all__ = ["named", "write_bytes"]


def named(path: Path) -> str:
    """Return a path as messages show it: on one line, whatever its name holds."""
    text = str(path)
    return text if text.isprintable() else repr(text)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all: beside it first, then synced and renamed.

    Parameters
    ----------
    path : Path
        Folders above it are made where they are missing.
    content : bytes

    Raises
    ------
    OSError
        If it can't be written; what was there before is then still there, and nothing beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, 0o644)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
