"""Two workers, two slots, five requests, worked by hand (also in docs/worked_example.md).

Requests (size, length): r0 (9, 2), r1 (1, 1), r2 (7, 2), r3 (2, 1), r4 (6, 2); every load grows by 1 a step.

FCFS. Step 0: r0, r2 to worker 0, r1, r3 to worker 1: loads 16 and 3, I = 2·16 - 19 = 13. r1 and r3 leave,
r0 and r2 grow to 10 and 8. Step 1: worker 0 is full, r4 goes to worker 1: 18 and 6, I = 12. r0 and r2 leave,
r4 grows to 7. Step 2: 0 and 7, I = 7. Then r4 leaves.

BF-IO(0), shown one request beyond the free slots, that is all five. Step 0: of all ways to place four of
{9, 1, 7, 2, 6} on two workers only {7, 1} and {2, 6} balance exactly: 8 and 8, I = 0; r0 waits. r1 and r3
leave; 8 and 7 remain. Step 1: r0 joins the lighter: 8 and 16, I = 8 (the other way 17 and 7, I = 10). r2 and
r4 leave, r0 grows to 10. Step 2: 0 and 10, I = 10.

With C = 1 s and κ = 1/2 s per token FCFS's first step takes 1 + 8 = 9 s; with 100 W idle, 400 W busy and
γ = 1 its workers draw 400 + (100 + 300·3/16) = 556.25 W, so it costs 5006.25 J.
"""

import pytest

from drift_processes import UnitGrowth, Workload
from simulation import PowerModel, Run, System, simulate, verify

SYSTEM = System(2, 2, overhead_s=1.0, seconds_per_token=0.5, power=PowerModel(100.0, 400.0, 1.0))


def run(policy: str, *, readable: bool = False) -> Run:
    work = Workload(sizes=[9, 1, 7, 2, 6], lengths=[2, 1, 2, 1, 2], drift=UnitGrowth())
    return simulate(work, SYSTEM, policy, window=1, record_loads=3, readable=readable)


@pytest.mark.parametrize("readable", [False, True])
def test_fcfs_step_by_step(readable: bool) -> None:
    result = run("fcfs", readable=readable)
    assert result.loads.tolist() == [[16, 3], [18, 6], [0, 7]]
    assert result.imbalance.tolist() == [13, 12, 7]
    assert result.active.tolist() == [4, 3, 1]
    assert result.admitted.tolist() == [4, 1, 0]
    assert result.start.tolist() == [0, 0, 0, 0, 1]
    assert result.finish.tolist() == [2, 1, 2, 1, 3]
    assert result.worker.tolist() == [0, 1, 0, 1, 1]
    assert result.wait.tolist() == [0, 0, 0, 0, 1]
    assert result.duration_s.tolist() == [9, 10, 4.5]
    assert result.energy_j[0] == pytest.approx(5006.25)


@pytest.mark.parametrize("policy", ["bfio", "bfio_exact"])
def test_bfio_step_by_step(policy: str) -> None:
    result = run(policy)
    assert result.imbalance.tolist() == [0, 8, 10]
    assert sorted(result.loads[1]) == [8, 16]
    assert result.start.tolist() == [1, 0, 0, 0, 0]
    verify(result)


def test_the_summary_counts_by_hand() -> None:
    # 8 tokens in 23.5 s; Σ I = 32 of Σ G·max = 2·(16 + 18 + 7) = 82
    figures = run("fcfs").summary()
    assert figures["imbalance"] == pytest.approx(32 / 3)
    assert figures["idle_fraction"] == pytest.approx(32 / 82)
    assert figures["throughput"] == pytest.approx(8 / 23.5)
    # a token of step k takes that step's time: (4·9 + 3·10 + 1·4.5) / 8
    assert figures["tpot_s"] == pytest.approx(70.5 / 8)
    assert figures["longest_wait"] == 1
    assert figures["finished"] == 5
