"""Arrivals by the clock, worked by hand: when steps begin, who waits, and the figures that follow.

One worker of one slot, one second per step and half a second per unit of load; constant loads. Requests
(size, length, arrival): r0 (2, 4, 3 s), r1 (4, 1, 4 s), r2 (0, 1, 20 s).

Nobody is there until 3 s, where r0 starts: four steps of 1 + 1 = 2 s, at 3, 5, 7 and 9. r1 comes at 4, is
seen at 5 and waits until 11: one step of 1 + 2 = 3 s. From 14 to 20 nothing runs; then r2 takes one of 1 s.
The worker draws 400 W while it has the largest load, and 100 W in the step of load 0 and while it is empty.
"""

import numpy as np
import pytest

from drift_processes import NoGrowth, UnitGrowth, Workload
from simulation import POLICIES, PowerModel, Run, System, simulate, verify

POWER = PowerModel(100.0, 400.0, 1.0)
SYSTEM = System(1, 1, overhead_s=1.0, seconds_per_token=0.5, power=POWER)
WORK = Workload([2, 4, 0], [4, 1, 1], NoGrowth(), arrival_s=[3, 4, 20])

BINDINGS = ("pooled", "immediate")
ENGINES = [(binding, readable) for binding in BINDINGS for readable in (False, True)]


def run(binding: str = "pooled", *, readable: bool = False) -> Run:
    return simulate(WORK, SYSTEM, "round_robin", binding=binding, readable=readable)


@pytest.mark.parametrize(("binding", "readable"), ENGINES)
def test_time_passes_where_nothing_runs_and_steps_go_on_where_something_does(binding, readable) -> None:
    result = run(binding, readable=readable)
    assert result.time_s.tolist() == [3, 5, 7, 9, 11, 20]
    assert result.duration_s.tolist() == [2, 2, 2, 2, 3, 1]
    assert result.start.tolist() == [0, 4, 5]
    assert result.finish.tolist() == [4, 5, 6]
    assert result.active.tolist() == [1] * 6
    assert result.is_clocked
    verify(result)


@pytest.mark.parametrize(("binding", "readable"), ENGINES)
def test_who_waits_and_for_how_long(binding, readable) -> None:
    result = run(binding, readable=readable)
    assert result.shown.tolist() == [0, 1, 5]
    assert result.waiting.tolist() == [0, 1, 1, 1, 0, 0]
    assert result.oldest_wait.tolist() == [0, 0, 1, 2, 0, 0]
    assert result.wait.tolist() == [0, 3, 0]
    assert result.wait_s.tolist() == [0, 7, 0]
    # r1: from 4 to the end of its only step at 14
    assert result.ttft_s.tolist() == [2, 10, 1]


def test_the_figures_of_the_service_by_hand() -> None:
    figures = run().summary()
    seconds = 21  # the first request arrives at 3
    assert figures["empty_fraction"] == pytest.approx((3 + 6) / seconds)
    assert figures["occupancy"] == pytest.approx((4 * 2 + 3 + 1) / seconds)
    assert figures["queue"] == pytest.approx(3 * 2 / seconds)
    assert figures["queue_max"] == 1
    assert figures["throughput"] == pytest.approx(6 / seconds)
    assert figures["tpot_s"] == pytest.approx(12 / 6)
    assert figures["energy_per_token_j"] == pytest.approx((400 * 11 + 100 * (1 + 3 + 6)) / 6)
    # of 0, 0, 7
    assert [figures[f"wait_s_p{level}"] for level in (50, 90, 99)] == pytest.approx([0, 7, 7])
    # of 1, 2, 10
    assert [figures[f"ttft_s_p{level}"] for level in (50, 90, 99)] == pytest.approx([2, 10, 10])
    assert (figures["longest_wait"], figures["longest_wait_s"]) == (3, pytest.approx(7))
    assert (figures["admitted"], figures["finished"]) == (3, 3)


def test_the_figures_after_a_warm_up_count_from_the_step_where_it_ends() -> None:
    figures = run().summary(warmup=4)
    seconds = 21 - 11
    # r0 was gone when it ended
    assert (figures["steps"], figures["admitted"], figures["finished"]) == (2, 2, 2)
    assert figures["empty_fraction"] == pytest.approx(6 / seconds)
    assert figures["queue"] == 0
    assert figures["throughput"] == pytest.approx(2 / seconds)
    assert [figures[f"wait_s_p{level}"] for level in (50, 90)] == pytest.approx([0, 7])


def test_the_overloaded_regime_has_no_seconds_of_waiting() -> None:
    result = simulate(WORK.overloaded(), SYSTEM, "fcfs")
    assert not result.is_clocked
    assert result.time_s.tolist() == [0, 2, 4, 6, 8, 11]
    assert result.waiting.tolist() == [2, 2, 2, 2, 1, 0]
    assert result.oldest_wait.tolist() == [0, 1, 2, 3, 4, 0]
    assert np.isnan(result.wait_s).all()
    assert np.isnan(result.ttft_s).all()
    assert not {"queue", "occupancy", "empty_fraction", "ttft_s_p50"} & result.summary().keys()


def test_what_waits_beyond_the_window_was_not_in_sight() -> None:
    # the pool shows nobody while no slot is free and the window is 0: the wait in view is then 0
    result = simulate(WORK.overloaded(), SYSTEM, "fcfs", window=0)
    assert result.waiting.tolist() == [2, 2, 2, 2, 1, 0]
    assert result.oldest_wait.tolist() == [0] * 6
    assert result.shown.tolist() == [0, 4, 5]
    assert result.wait.tolist() == [0, 0, 0]


@pytest.mark.parametrize(("binding", "readable"), ENGINES)
def test_who_comes_at_the_very_moment_a_step_begins_takes_part_in_it(binding, readable) -> None:
    # steps of one second: 1.0 is in time for the second, the next float after it is not
    late = float(np.nextafter(1.0, 2.0))
    work = Workload([1] * 4, [2, 1, 1, 1], NoGrowth(), arrival_s=[0, 1, 1, late])
    system = System(1, 3, overhead_s=1.0, seconds_per_token=0.0)
    result = simulate(work, system, "round_robin", binding=binding, readable=readable)
    assert result.start.tolist() == [0, 1, 1, 2]
    # nothing runs and nobody waits when the third step would begin: who came during the second is there
    assert result.time_s.tolist() == [0, 1, 2]
    assert result.wait_s.tolist() == [0, 0, 0, 2 - late]


@pytest.mark.parametrize(("binding", "readable"), ENGINES)
def test_a_burst_after_a_pause_is_let_in_at_once_and_the_rest_waits(binding, readable) -> None:
    work = Workload([1, 2, 3, 4, 5], [1, 2, 1, 1, 1], UnitGrowth(), arrival_s=[0, 50, 50, 50, 50])
    system = System(2, 1, overhead_s=1.0, seconds_per_token=0.0)
    result = simulate(work, system, "round_robin", binding=binding, readable=readable)
    # the turn goes on: r1 to worker 1, r2 to worker 0; r3 to 1 and r4 to 0 where they are bound on arrival
    if binding == "pooled":
        assert result.worker.tolist() == [0, 1, 0, 0, 1]
        assert result.start.tolist() == [0, 1, 1, 2, 3]
        assert result.time_s.tolist() == [0, 50, 51, 52]
        assert result.waiting.tolist() == [0, 2, 1, 0]
    else:
        assert result.worker.tolist() == [0, 1, 0, 1, 0]
        assert result.start.tolist() == [0, 1, 1, 3, 2]
        assert result.time_s.tolist() == [0, 50, 51, 52]
        assert result.waiting.tolist() == [0, 2, 1, 0]
    assert result.summary()["empty_fraction"] == pytest.approx(49 / 53)


def test_a_run_cut_short_leaves_those_out_that_have_not_come() -> None:
    result = simulate(WORK, SYSTEM, "fcfs", steps=4)
    assert result.start.tolist() == [0, -1, -1]
    assert result.shown.tolist() == [0, 1, -1]
    assert result.wait.tolist() == [0, 3, 0]
    assert np.isnan(result.wait_s[1:]).all()
    assert result.summary()["longest_wait"] == 3


@pytest.mark.parametrize("readable", [False, True])
@pytest.mark.parametrize("policy", ["bfio", "least_load"])
def test_a_pool_limit_holds_back_arrivals_too(policy: str, readable: bool) -> None:
    work = Workload([3, 1, 2], [3, 3, 3], NoGrowth(), arrival_s=[1, 1, 1])
    system = System(3, 1, overhead_s=1.0, seconds_per_token=0.0)
    result = simulate(work, system, policy, pool_limit=1, readable=readable)
    assert result.start.tolist() == [0, 1, 2]
    assert result.time_s.tolist() == [1, 2, 3, 4, 5]
    # those beyond the limit were not in view
    assert result.waiting.tolist() == [2, 1, 0, 0, 0]
    assert result.wait_s.tolist() == [0, 1, 2]


def test_every_policy_serves_what_arrives() -> None:
    work = Workload([3, 1, 2, 5], [3, 1, 2, 1], NoGrowth(), arrival_s=[1, 1, 2, 60])
    for name, kind in POLICIES.items():
        for binding in kind.bindings:
            result = simulate(work, System(2, 1, overhead_s=1.0), name, binding=binding, seed=1)
            verify(result)
            assert result.time_s[-1] == 60
