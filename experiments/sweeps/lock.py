"""One sweep at a time in a folder. Imports the standard library only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

__all__ = ["LOCK", "alone"]

#: The file that is locked. It stays, empty: whoever removed it could remove the one that another has locked.
LOCK = ".lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder, so that no other process, and nobody else in this one, does.

    The operating system lets go of it when the process ends, however it ends. Where a file system knows no
    locks nobody is kept out.

    Parameters
    ----------
    folder : Path
        It and the folders above it are made where they are missing.

    Raises
    ------
    BlockingIOError
        If it is held.
    OSError
        If it can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("ab") as file:  # handed on to no process that is started meanwhile
        _take(file)
        yield


if sys.platform == "win32":
    import errno
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EDEADLK):
                raise BlockingIOError(*error.args) from None
else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:  # no locks there
            pass
