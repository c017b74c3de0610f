"""Matplotlib without a display, in the house style, with bytes that depend on the data alone.

Imports `experiments.store` for whole-or-nothing files.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from contracts.files import write_bytes

__all__ = ["house_style", "save"]

STYLE = Path(__file__).with_name("style.mplstyle")

#: No dates and no versions inside, so that the same data gives the same bytes.
_METADATA: dict[str, dict[str, str | None]] = {
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "png": {"Software": None},
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw what follows in the house style, leaving the caller's settings alone."""
    with mpl.rc_context(fname=STYLE):
        yield


def save(figure: Figure, stem: Path) -> list[Path]:
    """Write ``stem.pdf`` and ``stem.png``; return their paths."""
    FigureCanvasAgg(figure)
    paths = []
    for kind, metadata in _METADATA.items():
        buffer = io.BytesIO()
        figure.savefig(buffer, format=kind, metadata=metadata)
        path = stem.with_suffix(f".{kind}")
        write_bytes(path, buffer.getvalue())
        paths.append(path)
    return paths
