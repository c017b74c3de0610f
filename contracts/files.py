"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["named", "together", "write_bytes"]


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


@contextmanager
def together(folder: Path) -> Iterator[Path]:
    """Yield an empty folder whose files come into ``folder`` at the end: all of them, or none after an error.

    What was there under their names is replaced. At the end files are only renamed, which needs no space, so
    that a disk that fills or Ctrl-C leaves the old ones, which belong together.

    Parameters
    ----------
    folder : Path
        It and the folders above it are made where they are missing.

    Raises
    ------
    OSError
        If it can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder, prefix=".evenstep-"))
    try:
        yield fresh
        for path in sorted(fresh.iterdir()):
            os.replace(path, folder / path.name)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
