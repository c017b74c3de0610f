"""The routers of vLLM and SGLang: stale counts, local increments and ties, each on a case worked by hand.

Steps last one second where nothing else is said.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_processes import Law, NoGrowth, PoissonArrivals, UnitGrowth, Workload
from simulation import Policy, System, simulate, verify
from simulation.policies import SglangTotalRequests, SglangTotalTokens, VllmDp
from tests.workload_strategies import paced_systems, workloads

SYSTEM = System(2, 1, overhead_s=1.0, seconds_per_token=0.0)


def workers(work: Workload, policy: str | Policy, system: System = SYSTEM) -> list[int]:
    """Run both engines, hold them to each other and return where the requests went."""
    one, other = (
        simulate(work, system, policy, binding="immediate", readable=readable) for readable in (False, True)
    )
    assert one.worker.tolist() == other.worker.tolist()
    assert one.start.tolist() == other.start.tolist()
    verify(one)
    return [int(g) for g in one.worker]


def test_reports_are_as_old_as_the_servers_let_them_become() -> None:
    assert VllmDp().options == {"refresh_s": 0.1}
    assert SglangTotalRequests().options == SglangTotalTokens().options == {"refresh_s": 0.02}


def test_vllm_deals_ties_in_turn() -> None:
    """Three workers are idle whenever someone comes: to 0, 1, 2 and 0 again; a fixed scan would say 0."""
    work = Workload([1] * 4, [1] * 4, NoGrowth(), arrival_s=[0, 5, 10, 15])
    assert workers(work, "vllm_dp", System(3, 1, overhead_s=1.0)) == [0, 1, 2, 0]


def test_one_that_waits_for_vllm_is_worth_four_that_run() -> None:
    """At 0 four come, in turn to 0, 1, 0, 1 (scores 4, 4, 8, 8). Those on worker 1 end after one step.

    In step 1 worker 0 runs two, worker 1 none: reports 2 and 0. Four come: to 1 (2, 4), 0 (6, 4), 1 (6, 8)
    and 0. Did one that waits count once, the first two of them would go to worker 1, and 2 would meet 2.
    """
    lengths = [9, 1, 9, 1, 9, 9, 9, 9]
    work = Workload([1] * 8, lengths, NoGrowth(), arrival_s=[0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5])
    assert workers(work, "vllm_dp", System(2, 2, overhead_s=1.0)) == [0, 1, 0, 1, 1, 0, 1, 0]


def test_in_a_report_too_one_that_waits_is_worth_four() -> None:
    """Five come at 0, in turn to 0, 1, 0, 1 and 0, where the fifth waits; request 1 ends after one step.

    In step 1 worker 0 reports 2 running and 1 waiting, 6, and worker 1 one running. Of two that come both go
    to worker 1, the second at 6 to 5; by 3 to 5 it would go to worker 0.
    """
    work = Workload([1] * 7, [9, 1, 9, 9, 9, 9, 9], NoGrowth(), arrival_s=[0] * 5 + [0.5] * 2)
    assert workers(work, "vllm_dp", System(2, 2, overhead_s=1.0)) == [0, 1, 0, 1, 0, 1, 1]


def test_between_two_reports_vllm_does_not_see_who_left() -> None:
    """One request each, the one on worker 1 ends after a step. The next comes in step 1: worker 1 is idle.

    With reports at every step: 1 and 0, to 1. With a report at 0 only, the local counts are 4 and 4, and the
    scan is at 0 again: to 0, to wait there.
    """
    work = Workload([1, 1, 1], [9, 1, 9], NoGrowth(), arrival_s=[0, 0, 0.5])
    assert workers(work, VllmDp(refresh_s=1.0)) == [0, 1, 1]
    assert workers(work, VllmDp(refresh_s=1.5)) == [0, 1, 0]


def test_vllm_is_told_unasked_and_sglang_asks() -> None:
    """Reports come every 3 s. Requests 0 and 1 come at 0; 1 ends after step 4. Request 2 comes in step 5.

    vLLM was told in steps 0 and 3, one running each: a tie, and the scan is at 0: to 0. SGLang asks in step
    5, when the last answer is 5 s old, and hears that worker 1 is idle.
    """
    work = Workload([1, 1, 1], [9, 5, 9], NoGrowth(), arrival_s=[0, 0, 4.5])
    assert workers(work, VllmDp(refresh_s=3.0)) == [0, 1, 0]
    assert workers(work, SglangTotalRequests(refresh_s=3.0)) == [0, 1, 1]
    assert workers(work, SglangTotalTokens(refresh_s=3.0)) == [0, 1, 1]


def test_sglang_sends_ties_to_the_lowest_index() -> None:
    """After one that ended at once on worker 0, both are idle: to 0 again, where vLLM's scan goes on."""
    work = Workload([1, 1], [1, 9], NoGrowth(), arrival_s=[0, 5])
    assert workers(work, "sglang_total_requests") == [0, 0]
    assert workers(work, "sglang_total_tokens") == [0, 0]
    assert workers(work, "vllm_dp") == [0, 1]


def test_sglang_counts_requests_or_tokens_those_that_wait_included() -> None:
    """Sizes 9, 2, 3, 5, all at 0, then 1 in step 1, growth 1, one slot per worker.

    Requests: 0, 1, 0, 1 by local counts; in step 1 two each: to 0. Tokens: 9 to 0; 2, 3 and, at 5 against 9,
    5 to 1: 10. In step 1 worker 0 holds 9 + 1, worker 1 holds 2 + 1 and 3 + 5 wait: 10 and 11, to 0.
    """
    work = Workload([9, 2, 3, 5, 1], [9] * 5, UnitGrowth(), arrival_s=[0, 0, 0, 0, 0.5])
    assert workers(work, "sglang_total_requests") == [0, 1, 0, 1, 0]
    assert workers(work, "sglang_total_tokens") == [0, 1, 1, 1, 0]


def test_equal_tokens_are_told_apart_by_the_number_of_requests() -> None:
    # 2 and 2 of size 1 to worker 0 and 1 in turn would tie; 2 to 0, then 1 and 1 to 1: two tokens each
    work = Workload([2, 1, 1, 5], [9] * 4, NoGrowth(), arrival_s=[0, 0, 0, 0])
    assert workers(work, "sglang_total_tokens") == [0, 1, 1, 0]


@settings(max_examples=150)
@given(
    work=workloads(clocked=True),
    system=paced_systems(),
    kind=st.sampled_from([VllmDp, SglangTotalRequests, SglangTotalTokens]),
    age=st.sampled_from([0.0, 0.5, 1.0, 2.7, 60.0]),
    steps=st.none() | st.integers(1, 20),
)
def test_both_engines_tell_them_the_same(work, system, kind, age, steps) -> None:
    one, other = (
        simulate(work, system, kind(refresh_s=age), binding="immediate", seed=1, steps=steps, readable=r)
        for r in (False, True)
    )
    assert one.worker.tolist() == other.worker.tolist()
    assert one.start.tolist() == other.start.tolist()


@given(work=workloads(clocked=True), system=paced_systems())
def test_fresh_reports_of_counts_are_join_shortest_queue_but_for_ties(work, system) -> None:
    """With a report at every step the chosen worker has the fewest requests, recounted from the run."""
    run = simulate(work, system, SglangTotalRequests(refresh_s=0.0), binding="immediate", seed=1)
    for k in range(run.steps):
        new = np.flatnonzero(run.shown == k)
        bound = (run.shown >= 0) & (run.shown < k)
        gone = (run.finish >= 0) & (run.finish <= k)
        count = np.bincount(run.worker[bound & ~gone], minlength=system.workers)
        for r in new:
            assert run.worker[r] == np.argmin(count)
            count[run.worker[r]] += 1


def test_stale_reports_cost_waiting_time() -> None:
    work = Workload.synthetic(
        sizes=Law.uniform(1, 9), lengths=Law.geometric(0.3), drift=NoGrowth(), requests=4000, seed=1,
        arrivals=PoissonArrivals(1.8),
    )  # fmt: skip
    system = System(4, 2, overhead_s=1.0, seconds_per_token=0.0)
    waits = [
        simulate(work, system, VllmDp(refresh_s=age), binding="immediate").wait_s.mean() for age in (0, 20)
    ]
    assert waits[0] < waits[1]


@pytest.mark.parametrize("kind", [VllmDp, SglangTotalRequests, SglangTotalTokens])
def test_a_second_run_starts_anew(kind: type[Policy]) -> None:
    work = Workload([3, 1, 2, 2, 5], [4] * 5, NoGrowth(), arrival_s=[0, 0, 0, 1, 2])
    policy = kind()
    runs = [simulate(work, SYSTEM, policy, binding="immediate", readable=True) for _ in range(2)]
    assert runs[0].worker.tolist() == runs[1].worker.tolist()
