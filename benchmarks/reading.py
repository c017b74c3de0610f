"""Time and peak memory of reading a large trace: ``python -m benchmarks.reading [ROWS]`` (default 10^7).

Writes a file of each format into a temporary folder and reads it in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

FORMATS = ("parquet", "csv", "azure.csv", "jsonl", "json")


def write(path: Path, form: str, rows: int) -> None:
    """Write a trace of lognormal prompts, geometric answers and one request every millisecond or so."""
    rng = np.random.default_rng(1)
    prompts = np.maximum(rng.lognormal(7, 1, rows).astype(np.int64), 1)
    answers = rng.geometric(0.01, rows)
    times = np.cumsum(rng.exponential(0.001, rows)).round(6)
    frame = pd.DataFrame({"arrival_s": times, "prompt_tokens": prompts, "output_tokens": answers})
    if form == "parquet":
        frame.to_parquet(path, index=False)
    elif form == "csv":
        frame.to_csv(path, index=False)
    elif form == "azure.csv":
        stamps = (pd.Timestamp("2024-05-10") + pd.to_timedelta(times, unit="s")).strftime(
            "%Y-%m-%d %H:%M:%S.%f"
        )
        columns = {"TIMESTAMP": stamps, "ContextTokens": prompts, "GeneratedTokens": answers}
        pd.DataFrame(columns).to_csv(path, index=False)
    else:
        columns = {"timestamp": (1000 * times).astype(np.int64)} if form == "jsonl" else {}
        records = pd.DataFrame({**columns, "input_length": prompts, "output_length": answers})
        text = records.to_json(orient="records", lines=form == "jsonl")
        path.write_text(text if form == "jsonl" else f'{{"data": {text}}}')


def read(path: str) -> None:
    """Read a trace and print seconds, and peak memory before and after in bytes."""
    from drift_processes import read_trace

    before = _peak()
    begun = time.perf_counter()
    trace = read_trace(path)
    seconds = time.perf_counter() - begun
    after = _peak()
    print(json.dumps({"rows": len(trace.prompt_tokens), "s": seconds, "before": before, "after": after}))  # noqa: T201


def _peak() -> int:
    # not ru_maxrss, which a process inherits from the one that started it
    status = Path("/proc/self/status").read_text()
    return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def main(rows: int) -> None:
    """Print one row of the table of docs/benchmarks.md per format."""
    with tempfile.TemporaryDirectory() as folder:
        for form in FORMATS:
            path = Path(folder) / f"trace.{form}"
            write(path, form, rows)
            command = [sys.executable, "-m", "benchmarks.reading", "--read", str(path)]
            told = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
            print(  # noqa: T201
                f"| {form} | {path.stat().st_size / 1e6:,.0f} | {told['s']:.1f} | "
                f"{(told['after'] - told['before']) / 1e9:.2f} |",
                flush=True,
            )
            path.unlink()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        read(sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
