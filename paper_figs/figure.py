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

__all__ = ["house_style", "picture", "save"]

STYLE = Path(__file__).with_name("style.mplstyle")

#: No dates and no versions inside, so that the same data gives the same bytes.
_METADATA: dict[str, dict[str, str | None]] = {
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw what follows in the house style, leaving the caller's settings alone."""
    with mpl.rc_context(fname=STYLE):
        yield


def picture(figure: Figure, kind: str) -> bytes:
    """Return a figure as ``"pdf"``, ``"png"`` or ``"svg"``."""
    FigureCanvasAgg(figure)
    buffer = io.BytesIO()
    # what fonts and resolution a file has is decided when it is written, not when it is drawn
    with house_style():
        figure.savefig(buffer, format=kind, metadata=_METADATA[kind])
    return buffer.getvalue()


def save(figure: Figure, stem: Path) -> list[Path]:
    """Write ``stem.pdf`` and ``stem.png``; return their paths."""
    paths = [stem.with_suffix(f".{kind}") for kind in ("pdf", "png")]
    for path in paths:
        write_bytes(path, picture(figure, path.suffix[1:]))
    return paths
