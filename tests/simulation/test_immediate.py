"""Requests bound to a worker when they arrive: each policy on a case worked by hand.

Steps last one second. Two workers of one slot; the workers' own queues are first come, first served.
"""

import numpy as np
import pytest

from contracts import stream
from drift_processes import Law, NoGrowth, UnitGrowth, Workload
from simulation import Policy, Run, System, View, simulate, verify

SYSTEM = System(2, 1, overhead_s=1.0, seconds_per_token=0.0)


def bound(work: Workload, policy: str | Policy, *, system: System = SYSTEM, **options: object) -> Run:
    """Run both engines, hold them to each other, and return one result."""
    one, other = (
        simulate(work, system, policy, binding="immediate", readable=readable, **options)
        for readable in (False, True)
    )
    assert one.worker.tolist() == other.worker.tolist()
    assert one.start.tolist() == other.start.tolist()
    verify(one)
    return one


def test_round_robin_never_looks_and_leaves_a_worker_without_work() -> None:
    # r0 to 0, r1 to 1, r2 to 0, r3 to 1, and the turn is kept for r4, which comes later: to 0
    work = Workload([9, 1, 1, 1, 1], [3, 1, 1, 1, 1], NoGrowth(), arrival_s=[0, 0, 0, 0, 1.5])
    run = bound(work, "round_robin")
    assert run.worker.tolist() == [0, 1, 0, 1, 0]
    assert run.start.tolist() == [0, 0, 3, 1, 4]
    assert run.shown.tolist() == [0, 0, 0, 0, 2]
    # worker 1 has nothing to do from step 2 on, while two wait for worker 0; from one pool they would not
    assert run.active.tolist() == [2, 2, 1, 1, 1]
    assert run.waiting.tolist() == [2, 1, 2, 1, 0]
    assert run.oldest_wait.tolist() == [0, 1, 2, 1, 0]
    assert simulate(work, SYSTEM, "round_robin").start.tolist() == [0, 0, 1, 2, 3]


def test_random_draws_a_worker_for_each_in_the_order_of_arrival() -> None:
    work = Workload([1] * 9, [2] * 9, NoGrowth(), arrival_s=[0, 0, 0, 1, 1.5, 2, 7, 7, 60])
    run = bound(work, "random", system=System(3, 1, overhead_s=1.0), seed=11)
    assert run.worker.tolist() == (stream(11, "policy").random(9) * 3).astype(int).tolist()


def test_jsq_counts_those_that_wait() -> None:
    """Size, length, arrival: r0 (1, 9, 0), r1 (50, 2, 0), r2 (1, 1, 0), r3 (60, 9, 0), r4 (5, 1, 2.5).

    Nobody is there: r0 to 0, r1 to 1. One each: r2 to the lighter, 0. Then 2 and 1: r3 to 1, where it starts
    in step 2. In step 3 worker 0 has r0 and, waiting, r2; worker 1 has r3 alone: r4 to 1. Of those that run
    there is one each, and the lighter is 0.
    """
    work = Workload([1, 50, 1, 60, 5], [9, 2, 1, 9, 1], NoGrowth(), arrival_s=[0, 0, 0, 0, 2.5])
    run = bound(work, "jsq")
    assert run.worker.tolist() == [0, 1, 0, 1, 1]
    assert run.start.tolist() == [0, 0, 9, 2, 11]


def test_least_load_counts_the_sizes_of_those_that_wait() -> None:
    """Of sizes 10, 4, 5, 2, 1, all at 0, and 3 at 0.5; lengths 2, and every load grows by 1 a step.

    10 to worker 0, then 4 (-> 4), 5 (-> 9) and 2 (-> 11) to worker 1, 1 to worker 0 (-> 11). In step 1 the
    requests that run have grown to 11 and 5, those that wait have not: 12 and 5 + 7 = 12, a tie: to worker 0.
    Of those that run alone it would be 11 and 5.
    """
    work = Workload([10, 4, 5, 2, 1, 3], [2] * 6, UnitGrowth(), arrival_s=[0, 0, 0, 0, 0, 0.5])
    run = bound(work, "least_load")
    assert run.worker.tolist() == [0, 1, 1, 1, 0, 0]
    assert run.start.tolist() == [0, 0, 2, 4, 2, 4]


def test_power_of_two_compares_loads_and_what_waits() -> None:
    rng = np.random.default_rng(5)
    sizes = rng.integers(1, 30, 40)
    run = bound(
        Workload(sizes, [3] * 40, NoGrowth()), "power_of_two", system=System(4, 1, overhead_s=1.0), seed=6
    )
    draws = (stream(6, "policy").random((40, 2)) * 4).astype(int)
    load, expected = [0] * 4, []
    for size, pair in zip(sizes.tolist(), draws.tolist(), strict=True):
        g = min(sorted(pair), key=lambda worker: load[worker])
        load[g] += size
        expected.append(g)
    assert run.worker.tolist() == expected


def test_more_may_arrive_at_once_than_slots_and_window_hold() -> None:
    work = Workload(np.arange(500) % 7, [1] * 500, NoGrowth())
    run = bound(work, "least_load", record_loads=1)
    load, expected = np.zeros(2), []
    for size in work.sizes:
        expected.append(int(np.argmin(load)))
        load[expected[-1]] += size
    assert run.worker.tolist() == expected
    assert run.shown.tolist() == [0] * 500


class Noting(Policy):
    """Sends everyone to worker 1 and keeps what it sees."""

    name = "noting"

    def __init__(self) -> None:
        self.seen: list[View] = []

    def assign(self, view: View) -> np.ndarray:
        self.seen.append(view)
        return np.ones(len(view.sizes), dtype=np.int64)


def test_a_policy_of_ones_own_sees_the_queues() -> None:
    policy = Noting()
    work = Workload([5, 6, 7, 8], [2] * 4, UnitGrowth(), arrival_s=[0, 0, 0, 0.5])
    run = simulate(work, SYSTEM, policy, binding="immediate")
    assert run.start.tolist() == [0, 2, 4, 6]
    first, second = policy.seen
    assert first.sizes.tolist() == [5, 6, 7]
    assert (first.queued.tolist(), first.queued_load.tolist()) == ([0, 0], [0, 0])
    assert second.sizes.tolist() == [8]
    assert second.step == 1
    assert second.loads.tolist() == [[0], [6]]
    assert second.active.tolist() == [0, 1]
    assert (second.queued.tolist(), second.queued_load.tolist()) == ([0, 2], [0, 13])
    assert second.admissions == 1
    assert second.waited.tolist() == [0]


def test_where_nobody_arrives_nobody_is_asked() -> None:
    policy = Noting()
    simulate(Workload([5], [7], UnitGrowth()), SYSTEM, policy, binding="immediate")
    assert len(policy.seen) == 1


@pytest.mark.parametrize("readable", [False, True])
def test_a_gap_is_not_proven_where_someone_enters_and_0_where_nobody_does(readable: bool) -> None:
    work = Workload([5, 6], [2, 2], NoGrowth(), arrival_s=[0, 0])
    run = simulate(work, System(1, 1, overhead_s=1.0), "jsq", binding="immediate", readable=readable)
    np.testing.assert_array_equal(run.gap, [np.nan, 0, np.nan, 0])


def test_in_a_light_system_it_matters_when_a_request_is_bound() -> None:
    """Counting is better than taking turns: fewer wait, from the same arrivals."""
    rng = np.random.default_rng(2)
    work = Workload.synthetic(
        sizes=Law.uniform(1, 9), lengths=Law.geometric(0.3), drift=NoGrowth(), requests=4000, seed=1
    )
    times = np.cumsum(rng.exponential(0.55, 4000))
    work = Workload(work.sizes, work.lengths, NoGrowth(), arrival_s=times)
    system = System(4, 2, overhead_s=1.0, seconds_per_token=0.0)
    waits = {
        (policy, binding): simulate(work, system, policy, binding=binding).wait_s.mean()
        for policy, binding in (("round_robin", "immediate"), ("jsq", "immediate"), ("jsq", "pooled"))
    }
    in_turn, shortest, pooled = waits.values()
    assert in_turn > shortest > pooled
