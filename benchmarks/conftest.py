"""Prints decision time and imbalance side by side below pytest-benchmark's table."""

from __future__ import annotations

from collections import defaultdict


def pytest_terminal_summary(terminalreporter, config) -> None:
    session = getattr(config, "_benchmarksession", None)
    if session is None:
        return
    rows = defaultdict(list)
    for bench in session.benchmarks:
        info = bench.extra_info
        if bench.stats is not None and "rule" in info:
            each = bench.stats.mean / info["decisions"]
            rows[bench.group].append((info["rule"], each * 1e6, info["imbalance"]))
    for group, lines in rows.items():
        terminalreporter.section(group)
        terminalreporter.write_line(f"{'rule':<24}{'time of one, µs':>18}{'imbalance':>18}")
        for rule, each, value in lines:
            terminalreporter.write_line(f"{rule:<24}{each:>18,.1f}{value:>18,.1f}")
