"""Waiting by size, worked by hand. The other figures: `test_worked_example`, `test_arrivals`."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from drift_processes import NoGrowth, Workload
from simulation import System, simulate
from simulation.metrics import by_size
from tests.workload_strategies import COMPILED_RULES, paced_systems, workloads

ONE = System(1, 1, overhead_s=1.0, seconds_per_token=0.0)


def test_waits_by_size_in_steps_where_all_are_there_from_the_start() -> None:
    # size n waits n - 1 steps: 1..5 wait 0..4, 6..10 wait 5..9
    run = simulate(Workload(np.arange(1, 11), [1] * 10, NoGrowth()), ONE, "fcfs", window=10)
    rows = run.fairness(groups=2).to_dict("records")
    assert rows == [
        {
            "size_lo": 1, "size_hi": 5, "requests": 5, "still_waiting": 0, "wait_p50": 2,
            "wait_p90": 4, "wait_p99": 4, "longest": 4, "unit": "steps",
        },
        {
            "size_lo": 6, "size_hi": 10, "requests": 5, "still_waiting": 0, "wait_p50": 7,
            "wait_p90": 9, "wait_p99": 9, "longest": 9, "unit": "steps",
        },
    ]  # fmt: skip


def test_those_that_still_wait_count_in_steps_with_the_time_they_have_waited() -> None:
    run = simulate(Workload(np.arange(1, 11), [1] * 10, NoGrowth()), ONE, "fcfs", window=10, steps=7)
    large = run.fairness(groups=2).iloc[1]
    # 5 and 6, and three that wait since the first of seven steps
    assert (large.requests, large.still_waiting, large.wait_p50, large.longest) == (5, 3, 7, 7)


def test_in_seconds_everyone_counts_who_has_arrived_whether_in_sight_or_not() -> None:
    work = Workload([1, 9, 9, 1, 5], [2, 1, 1, 1, 1], NoGrowth(), arrival_s=[0.5, 1, 1, 1.25, 9])
    run = simulate(work, ONE, "fcfs", steps=3, window=0)
    # steps begin at 0.5, 1.5 and 2.5, where the first of size 9 enters; the run ends at 3.5, and the last to
    # come is not there yet. With no window nobody but those admitted was ever shown.
    assert (run.shown >= 0).sum() == 2
    small, large = run.fairness(groups=2).to_dict("records")
    assert (small["requests"], small["still_waiting"], small["longest"], small["unit"]) == (2, 1, 2.25, "s")
    assert (small["wait_p50"], small["wait_p90"]) == (0, 2.25)
    assert (large["requests"], large["still_waiting"], large["longest"]) == (2, 1, 2.5)
    assert large["wait_p50"] == 1.5
    assert run.summary()["longest_wait_s"] == 2.5


def test_equal_sizes_stay_together() -> None:
    run = simulate(Workload([4] * 6, [1] * 6, NoGrowth()), ONE, "fcfs")
    assert run.fairness()[["size_lo", "size_hi", "requests"]].to_numpy().tolist() == [[4, 4, 6]]
    assert by_size(np.array([1.0, 1, 1, 1, 2, 3]), 3).tolist() == [1]
    assert by_size(np.array([1.0, 5, 5, 5]), 2).tolist() == []


@given(work=workloads(clocked=True), system=paced_systems(), rule=st.sampled_from(COMPILED_RULES))
def test_everyone_who_was_here_is_in_one_group(work, system, rule) -> None:
    policy, binding = rule
    run = simulate(work, system, policy, seed=1, binding=binding, steps=10)
    table = run.fairness(groups=4)
    assert 1 <= len(table) <= 4
    admitted = int((run.start >= 0).sum())
    still = int(run.waiting[-1]) if run.is_clocked else int(((run.shown >= 0) & (run.start < 0)).sum())
    assert table.still_waiting.sum() == still
    assert table.requests.sum() == admitted + still
    assert (table.size_hi.to_numpy()[:-1] < table.size_lo.to_numpy()[1:]).all()


def test_tpot_of_each_request_is_the_time_after_its_first_token_by_token() -> None:
    """One slot on either of two workers; a step takes the largest load in seconds.

    Loads 4 and 1, 4 and 1, 4 and 2, then 2: steps end at 4, 8, 12, 14. Request 0 (three steps) has 8 s for
    two further tokens, request 1 (two steps) 4 s for one, request 2 (two steps) 2 s for one, from 12 to 14.
    Request 3 comes at 20 for one step and has no further token.
    """
    work = Workload([4, 1, 2, 9], [3, 2, 2, 1], NoGrowth(), arrival_s=[0, 0, 0, 20])
    run = simulate(work, System(2, 1, overhead_s=0.0, seconds_per_token=1.0), "fcfs")
    np.testing.assert_array_equal(run.tpot_s, [4, 4, 2, np.nan])
    figures = run.summary()
    assert [figures[f"tpot_s_p{level}"] for level in (50, 90, 99)] == [4, 4, 4]
    assert run.summary(warmup=3)["tpot_s_p99"] == 2  # only request 2 and 3 end after step 3 began
    cut = simulate(work, System(2, 1, overhead_s=0.0, seconds_per_token=1.0), "fcfs", steps=1)
    assert np.isnan(cut.tpot_s).all()
    assert np.isnan(cut.summary()["tpot_s_p50"])
