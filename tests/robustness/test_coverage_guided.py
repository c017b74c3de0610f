"""A coverage-guided search for trace files that are neither read nor refused in one line."""

from __future__ import annotations

import importlib.util
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

RUNS = 50_000

#: What a file of a few thousand bytes may take while it is read.
MEMORY_MB = 1000


@pytest.mark.search
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has wheels for Linux only")
def test_files_that_reach_new_code_are_read_or_refused_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "tests.robustness.coverage_guided", str(tmp_path), f"-runs={RUNS}"]
    # a process inherits the peak memory of the one that started it, and libFuzzer looks at the peak
    inherited = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    options = ["-seed=1", "-max_len=4096", "-timeout=10", "-print_final_stats=1"]
    options += [f"-rss_limit_mb={inherited + MEMORY_MB}"]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    [ran] = re.findall(r"stat::number_of_executed_units: (\d+)", done.stderr)
    assert int(ran) >= RUNS
    covered = [int(edges) for edges in re.findall(r"cov: (\d+)", done.stderr)]
    assert covered[-1] > covered[0]  # it was guided: new lines of the readers were reached
    with capsys.disabled():
        print(f"\n{int(ran):,} files by coverage, {covered[-1]} edges of the readers")  # noqa: T201
