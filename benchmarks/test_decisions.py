"""Decision time and imbalance of each rule on the same steady states: ``make bench``."""

from __future__ import annotations

import pytest

from benchmarks.contenders import authors, exact, fast, fcfs
from benchmarks.states import Setting, steady_states
from formulations import imbalance

STATES = 20
SETTINGS = [
    Setting("uniform", 16, 0),
    Setting("uniform", 256, 0),
    Setting("uniform", 256, 20),
    Setting("paper_longbench_8000", 16, 0),
    Setting("paper_burst_8000", 32, 0),
]
#: HiGHS proves a step of 16 workers in about a second; of 256 workers it would need its whole limit.
EXACT_STATES = 3


@pytest.fixture(scope="module")
def states() -> dict[str, list]:
    return {str(setting): steady_states(setting, STATES) for setting in SETTINGS}


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize("rule", ["fcfs", "fast", "authors", "fast, first three", "exact, first three"])
def test_decide(benchmark, states, setting: Setting, rule: str) -> None:
    problems = states[str(setting)]
    if rule.endswith("first three"):
        if setting.workers > 32:
            pytest.skip("HiGHS is not run at this scale")
        problems = problems[:EXACT_STATES]
    make = {
        "fcfs": fcfs,
        "fast": fast,
        "exact": exact,
        "authors": lambda problem: authors(problem, slots=setting.slots),
    }[rule.split(",")[0]]
    calls = [make(problem) for problem in problems]
    if calls[0] is None:
        pytest.skip("EVENSTEP_AUTHORS names no checkout, or the setting looks ahead")
    found = [imbalance(problem, call().copy()) for problem, call in zip(problems, calls, strict=True)]
    benchmark.group = str(setting)
    benchmark.extra_info.update(rule=rule, imbalance=sum(found) / len(found), decisions=len(calls))

    def all_states() -> None:
        for call in calls:
            call()

    benchmark.pedantic(all_states, rounds=20 if rule.startswith("f") else 1, warmup_rounds=0)
