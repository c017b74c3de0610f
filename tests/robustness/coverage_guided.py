"""Trace readers under atheris: bytes that reach new code are kept and varied further.

``python -m tests.robustness.coverage_guided FOLDER [libFuzzer options]``. Hypothesis damages valid files at
random places; libFuzzer sees which lines of the readers a file reaches. The first byte of an input says what
the file's name ends in. FOLDER gets the corpus; it ends at the first file neither read nor refused well.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["drift_processes.traces"]):
    from drift_processes import read_trace

from tests.drift_processes.traces.test_fuzz import VALID, trace_or_one_line

ENDINGS = sorted(VALID)


def seeds() -> list[bytes]:
    """Return every valid file with the byte of its ending before it."""
    return [bytes([ENDINGS.index(ending)]) + content for ending, files in VALID.items() for content in files]


def main() -> None:
    folder = Path(sys.argv[1])
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(seeds()):
        (corpus / f"seed{number}").write_bytes(content)

    def one(content: bytes) -> None:
        if content:
            trace_or_one_line(folder / f"fuzzed{ENDINGS[content[0] % len(ENDINGS)]}", content[1:])

    assert read_trace.__module__.startswith("drift_processes.traces")
    atheris.Setup([sys.argv[0], *sys.argv[2:], str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
