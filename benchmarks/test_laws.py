"""Time of the exact FCFS law."""

from __future__ import annotations

import pytest

from bounds import fcfs_imbalance
from drift_processes import JointLaw, Law, UnitGrowth, published_laws

LAWS = {
    "uniform, geometric": lambda: JointLaw.independent(Law.uniform(1, 100), Law.geometric(0.02)),
    "azure2023_code": lambda: JointLaw.independent(*published_laws("azure2023_code")),
    "paper_longbench_8000": lambda: JointLaw.independent(*published_laws("paper_longbench_8000")),
}


@pytest.mark.parametrize("name", LAWS)
def test_f0(benchmark, name: str) -> None:
    law = LAWS[name]()
    value = benchmark.pedantic(
        lambda: fcfs_imbalance(law, None, UnitGrowth(), workers=256, slots=72), rounds=1, warmup_rounds=0
    )
    benchmark.group = "F0, G=256, B=72"
    benchmark.extra_info.update(rule=name, imbalance=value.mid, decisions=1)
