"""Survival-weighted routing: what it learns, and where a request goes, worked by hand."""

import numpy as np
from hypothesis import given, settings

from contracts import stream
from drift_processes import NoGrowth, UnitGrowth, Workload
from simulation import Policy, System, View, simulate
from simulation.policies import Running, Survival
from tests.workload_strategies import paced_systems, workloads


def view(*, worker=(), age=(), load=(), sizes=(), finished=(), workers=2) -> View:
    worker, load = np.array(worker, dtype=np.int64), np.array(load, dtype=float)
    return View(
        step=3,
        loads=np.bincount(worker, weights=load, minlength=workers)[:, None],
        active=np.bincount(worker, minlength=workers),
        free_slots=np.full(workers, 9),
        sizes=np.array(sizes, dtype=float),
        waited=np.zeros(len(sizes), dtype=np.int64),
        growth=np.zeros(1),
        weights=np.ones(1),
        rng=stream(0, "policy"),
        queued_load=np.zeros(workers),
        step_growth=1.0,
        running=Running(worker, np.array(age, dtype=np.int64), load),
        finished=np.array(finished, dtype=np.int64),
    )


def learnt(lengths, points) -> Survival:
    policy = Survival(points=points)
    policy.watch(view(finished=lengths))
    return policy


def test_the_points_cut_the_law_of_remaining_steps_into_equal_parts() -> None:
    """Lengths 2 and 6: S = 1, 1, 1/2, 1/2, 1/2, 1/2, E o = 4, S / E o = 2/8, 2/8, 1/8, 1/8, 1/8, 1/8.

    The levels 1/4 and 3/4 are reached at h = 0 and h = 3 (6/8 there); of one point, 1/2, at h = 1.
    """
    assert learnt([2, 6], 2)._stays.tolist() == [1, 1, 0.5, 0.5, 0.5, 0.5]
    assert learnt([2, 6], 2)._steps.tolist() == [0, 3]
    assert learnt([2, 6], 1)._steps.tolist() == [1]


def test_who_is_about_to_leave_weighs_less() -> None:
    """All lengths are 4 so far, one point at h = 1. Worker 0 holds 10 of age 3, which will have left by then;
    worker 1 holds 8 of age 0, 9 by then. A request of 3 has 4 then, and the envelope is 9: it overflows
    worker 0 by max(4 - 9, 0) = 0 and worker 1 by 4. By present loads worker 1 is the lighter one.
    """
    state = {"worker": [0, 1], "age": [3, 0], "load": [10, 8], "sizes": [3]}
    assert learnt([4, 4], 1).assign(view(**state)).tolist() == [0]
    assert Survival().assign(view(**state)).tolist() == [1]  # nothing learnt: as by least load


def test_a_request_is_there_with_its_chance_to_be() -> None:
    """Lengths 2 and 6, one point at h = 1. Worker 0 holds 8 of age 1, there with S(2)/S(1) = 1/2, as 9.

    That is 4.5; worker 1 holds 5 of age 2, there with S(3)/S(2) = 1, as 6: the envelope. A request of 2 has 3
    then: worker 0 has a margin of 1.5 and overflows by 1.5, worker 1 by 3: to 0, though 8 > 5. It is there
    with S(1) = 1: worker 0 has 7.5 then, the envelope. One of 1 has 2: it overflows 0 by 2 and 1 by 0.5.
    """
    state = view(worker=[0, 1], age=[1, 2], load=[8, 5], sizes=[2, 1])
    assert learnt([2, 6], 1).assign(state).tolist() == [0, 1]


def test_one_older_than_all_that_have_finished_ends_next() -> None:
    state = view(worker=[0, 1], age=[50, 1], load=[90, 8], sizes=[5])
    assert learnt([2, 6], 1).assign(state).tolist() == [0]


class Noting(Policy):
    """Worker 0, and keeps what it sees."""

    name = "noting"

    def __init__(self) -> None:
        self.seen: list[View] = []

    def watch(self, view: View) -> None:
        self.seen.append(view)

    def assign(self, view: View) -> np.ndarray:
        assert view.finished.tolist() == self.seen[-1].finished.tolist()
        return np.zeros(len(view.sizes), dtype=np.int64)


def test_a_policy_watches_every_step_and_is_told_of_each_end_once() -> None:
    work = Workload([5, 6, 7], [2, 1, 3], UnitGrowth(), arrival_s=[0, 0, 1.5])
    for binding in ("pooled", "immediate"):
        policy = Noting()
        simulate(work, System(1, 3, overhead_s=1.0, seconds_per_token=0.0), policy, binding=binding)
        assert [seen.time_s for seen in policy.seen] == [0, 1, 2, 3, 4]
        assert [seen.finished.tolist() for seen in policy.seen] == [[], [1], [2], [], []]
        assert [seen.running.age.tolist() for seen in policy.seen] == [[], [1], [], [1], [2]]
        assert policy.seen[1].running.load.tolist() == [6]
        assert [len(seen.sizes) for seen in policy.seen] == [0] * 5
        assert policy.seen[0].step_growth == 1


@settings(max_examples=60)
@given(work=workloads((NoGrowth(), UnitGrowth()), clocked=True), system=paced_systems())
def test_it_learns_the_lengths_of_all_that_have_finished(work, system) -> None:
    policy = Survival()
    run = simulate(work, system, policy)
    told = np.concatenate([*policy._finished, np.zeros(0, dtype=np.int64)])
    done = run.finish[
        (run.finish >= 0) & (run.finish < run.steps)
    ]  # the ends of the last step are told nobody
    assert len(told) == len(done)
    assert sorted(told) == sorted(work.lengths[(run.finish >= 0) & (run.finish < run.steps)])
