"""`simulation.verify` must refuse every kind of tampering."""

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from contracts import InvariantBroken
from drift_processes import Law, NoGrowth, UnitGrowth, Workload
from simulation import Run, System, simulate, verify
from tests.workload_strategies import AgeGrowth, CountsSteps, RandomGrowth, Remembers, Tenths, Thirds


@pytest.fixture(scope="module")
def good() -> Run:
    work = Workload.synthetic(
        sizes=Law.uniform(1, 50), lengths=Law.geometric(0.2), drift=UnitGrowth(), requests=200, seed=5
    )
    return simulate(work, System(3, 4), "fcfs", steps=40, record_loads=10)


def tampered(run: Run, field: str, index: Any, change: float) -> Run:
    copied = copy.copy(run)
    values = getattr(run, field).copy()
    values[index] = change if np.isnan(values[index]) else values[index] + change
    object.__setattr__(copied, field, values)
    return copied


def test_a_true_run_passes(good: Run) -> None:
    verify(good)


@pytest.mark.parametrize(
    ("field", "index", "change", "says"),
    [
        ("max_load", 7, 1, "step 7: wrong largest load"),
        ("total_load", 7, -1, "step 7: wrong total load"),
        ("active", 3, 1, "step 3: wrong number of active requests"),
        ("admitted", 3, 1, "step 3: wrong number of admissions"),
        ("duration_s", 5, 1e-6, "step 5: wrong duration"),
        ("time_s", 5, 1e-9, "step 5: begins at a wrong time"),
        ("waiting", 5, 1, "step 5: wrong number of waiting requests"),
        ("oldest_wait", 5, 1, "step 5: the oldest waiting request waits for another time"),
        ("wait_s", 5, 1, "request 5: wrong wait_s"),
        ("ttft_s", 5, 1, "request 5: wrong ttft_s"),
        ("tpot_s", 5, 1, "request 5: wrong tpot_s"),
        ("start", 0, 40, "request 0: starts after the last step"),
        ("start", 199, -1, "request 199: start is -1 where it did not happen, else >= 0"),
        ("energy_j", 5, 0.1, "step 5: wrong energy"),
        ("loads", (4, 1), 1, "step 4: wrong load of worker 1"),
        ("start", 0, 1, "request 0: did not stay for exactly its length"),
        ("finish", 0, 1, "request 0: did not stay for exactly its length"),
        ("wait", 0, 1, "request 0: has a wrong waiting time"),
        ("shown", 90, 1, "request 90: entered the pool in another step"),
        ("worker", 0, 99, "request 0: has a start without a worker or a worker without a start"),
        ("worker", 0, 1, "step 0: worker 1 holds more requests than slots"),
    ],
)  # fmt: skip
def test_tampering_is_named(good: Run, field: str, index: Any, change: float, says: str) -> None:
    with pytest.raises(InvariantBroken, match=f"^{says}"):
        verify(tampered(good, field, index, change))


@pytest.mark.parametrize(
    ("field", "index", "factor", "says"),
    [
        ("max_load", 7, 1.001, "step 7: wrong largest load"),
        ("total_load", 7, 0.5, "step 7: wrong total load"),
        ("loads", (4, 1), 9, "step 4: wrong load of worker 1"),
        ("energy_j", 5, 9, "step 5: wrong energy"),
        ("energy_j", 5, 1 + 1e-6, "step 5: wrong energy"),
    ],
)
@pytest.mark.parametrize(
    "drift",
    [AgeGrowth(), RandomGrowth(), Tenths(), Remembers(), CountsSteps(), Thirds()],
    ids=lambda d: type(d).__name__,
)
def test_a_falsified_run_is_refused_whatever_the_drift(drift, field, index, factor, says) -> None:
    rng = np.random.default_rng(3)
    work = Workload(rng.random(80) * 100, rng.integers(1, 6, 80), drift)
    run = simulate(work, System(3, 2), "least_load", seed=2, record_loads=10)
    verify(run)
    with pytest.raises(InvariantBroken, match=f"^{says}"):
        verify(tampered(run, field, index, (factor - 1) * getattr(run, field)[index]))


def test_a_negative_gap_or_one_where_nothing_was_decided_is_refused() -> None:
    work = Workload([1, 2], [3, 3], UnitGrowth())
    run = simulate(work, System(2, 1), "bfio")
    assert run.gap.tolist() == [0, 0, 0]
    with pytest.raises(InvariantBroken, match=r"^step 1: a gap is .* \(recorded 2, admitted 0\)$"):
        verify(tampered(run, "gap", 1, 2.0))
    with pytest.raises(InvariantBroken, match=r"^step 0: a gap is .* \(recorded -1, admitted 2\)$"):
        verify(tampered(run, "gap", 0, -1.0))


def test_sums_up_to_the_limit_of_whole_numbers_are_exact() -> None:
    work = Workload([2**53 - 8, 1, 1, 1, 1, 3], [1, 2, 2, 2, 2, 3], NoGrowth())
    run = simulate(work, System(2, 3), "fcfs", record_loads=9)
    verify(run)
    with pytest.raises(InvariantBroken, match=r"^step 0: wrong load of worker 0"):
        verify(tampered(run, "loads", (0, 0), -1))


@pytest.mark.parametrize("drift", [NoGrowth(), UnitGrowth(), Tenths()], ids=lambda d: type(d).__name__)
def test_a_run_of_real_valued_sizes_passes(drift) -> None:
    work = Workload(
        np.random.default_rng(1).random(80) * 100, np.random.default_rng(2).integers(1, 6, 80), drift
    )
    verify(simulate(work, System(3, 2), "fcfs", record_loads=99))


def test_only_runs_can_be_verified() -> None:
    with pytest.raises(TypeError, match=r"^run must be a Run, got 3 \(int\)$"):
        verify(3)


def test_a_request_that_was_never_shown_may_not_run(good: Run) -> None:
    # exchange the records of the first request and of one far beyond the window
    far = int(np.flatnonzero(good.start < 0)[-1])
    lengths, sizes = good.workload.lengths.copy(), good.workload.sizes.copy()
    lengths[far], sizes[far] = lengths[0], sizes[0]
    copied = copy.copy(good)
    object.__setattr__(copied, "workload", Workload(sizes, lengths, UnitGrowth()))
    for field in ("start", "finish", "worker", "shown", "wait"):
        values = getattr(good, field).copy()
        values[far], values[0] = values[0], values[far]
        object.__setattr__(copied, field, values)
    with pytest.raises(InvariantBroken, match=r"^step 0: 11 of \d+ shown requests were admitted"):
        verify(copied)


def short_run(*, binding: str, clocked: bool, drift=None) -> Run:
    """With requests that ran, that wait and that have not arrived; steps in which nobody waits, and jumps."""
    rng = np.random.default_rng(8)
    number = 26
    times = np.concatenate([[0.5] * 5, 30 + np.sort(rng.random(number - 5) * 8)]) if clocked else None
    work = Workload(
        rng.integers(1, 20, number), rng.integers(1, 5, number), drift or Remembers(), arrival_s=times
    )
    system = System(2, 2, overhead_s=1.0)
    return simulate(
        work, system, "least_load", seed=4, binding=binding, steps=14, record_loads=14,
        window=1 if binding == "pooled" else None,
    )  # fmt: skip


RUNS = [(binding, clocked) for binding in ("pooled", "immediate") for clocked in (False, True)]


@pytest.mark.parametrize(("binding", "clocked"), RUNS)
def test_the_short_run_has_all_that_may_happen(binding: str, clocked: bool) -> None:
    run = short_run(binding=binding, clocked=clocked)
    verify(run)
    assert run.finish.max() > 0
    assert ((run.start >= 0) & (run.finish < 0)).any()
    assert ((run.shown >= 0) & (run.start < 0)).any()
    assert run.oldest_wait.max() > 0
    assert (run.admitted == 0).any()
    if clocked:
        assert (np.diff(run.time_s) > 2 * run.duration_s[:-1]).any()
        assert (run.waiting == 0).any()
    assert ((run.shown < 0) & (run.worker < 0)).any() == (binding == "pooled" or clocked)


def is_refused(run: Run) -> bool:
    try:
        verify(run)
    except InvariantBroken:
        return True
    return False


@pytest.mark.parametrize(("binding", "clocked"), RUNS)
def test_no_number_of_a_run_can_be_changed_without_notice(binding: str, clocked: bool) -> None:
    run = short_run(binding=binding, clocked=clocked)
    queued = np.flatnonzero((run.worker >= 0) & (run.start < 0))
    unnoticed = set()
    for field, values in vars(run).items():
        if isinstance(values, np.ndarray):
            # a larger gap is no contradiction where one is proven: that takes the step's program
            for change in (-1,) if (field, binding) == ("gap", "pooled") else (-1, 1):
                unnoticed |= {
                    (field, *index)
                    for index in np.ndindex(values.shape)
                    if not is_refused(tampered(run, field, index, change))
                }
    # nor is it to wait in the other queue until the end
    assert unnoticed <= {("worker", int(i)) for i in queued if binding == "immediate"}


def test_a_run_of_one_binding_is_none_of_the_other() -> None:
    run = short_run(binding="immediate", clocked=True)
    for binding, says in (("pooled", "has a start without a worker or"), ("at once", "run.binding must be")):
        with pytest.raises((InvariantBroken, ValueError), match=says):
            verify(replace(run, binding=binding))


def test_a_request_that_runs_nowhere_is_named() -> None:
    run = short_run(binding="immediate", clocked=True)
    absent = int(np.flatnonzero(run.shown < 0)[0])
    says = rf"^request {absent}: has a start without a worker \(start 5, "
    with pytest.raises(InvariantBroken, match=says):
        verify(tampered(run, "start", absent, 6))


def test_a_request_that_still_runs_has_no_end() -> None:
    run = short_run(binding="pooled", clocked=True)
    runs_on = int(np.flatnonzero((run.start >= 0) & (run.finish < 0))[0])
    end = run.start[runs_on] + run.workload.lengths[runs_on]
    assert end > run.steps
    with pytest.raises(InvariantBroken, match=rf"^request {runs_on}: leaves after the end \(finish {end}\)$"):
        verify(tampered(run, "finish", runs_on, end + 1))


def test_a_request_may_not_stay_beyond_its_length() -> None:
    run = short_run(binding="pooled", clocked=True)
    with pytest.raises(InvariantBroken, match=r"^request 0: should have left before the end \(start 0\)$"):
        verify(tampered(run, "finish", 0, -1 - run.finish[0]))


def delayed(binding: str) -> Run:
    """Two slots, two requests from the start, and the second starts a step late: all else fits."""
    work = Workload([5, 7, 1], [3, 1, 1], NoGrowth(), arrival_s=[0, 0, 9])
    run = simulate(
        work, System(1, 2, overhead_s=1.0, seconds_per_token=0.0), "round_robin", binding=binding,
    )  # fmt: skip
    verify(run)
    assert run.time_s.tolist() == [0, 1, 2, 9]
    watts = np.full(4, 400.0)
    return replace(
        run, start=np.array([0, 1, 3]), max_load=np.array([5.0, 12, 5, 1]),
        total_load=np.array([5.0, 12, 5, 1]), active=np.array([1, 2, 1, 1]),
        admitted=np.array([1, 1, 0, 1]), waiting=np.array([1, 0, 0, 0]), energy_j=watts,
        gap=np.array([np.nan, np.nan, 0, np.nan]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("binding", "says"),
    [
        ("pooled", "step 0: 1 of 2 shown requests were admitted into 2 free slots, 1 recorded"),
        ("immediate", "step 0: worker 0 has a free slot while its queue holds someone (held 1, queued 1)"),
    ],
)
def test_a_slot_left_free_while_someone_waits_is_refused(binding: str, says: str) -> None:
    with pytest.raises(InvariantBroken) as caught:
        verify(delayed(binding))
    assert str(caught.value) == says


def test_a_request_that_overtakes_in_its_queue_is_refused() -> None:
    work = Workload([5, 5, 5], [2, 1, 1], NoGrowth())
    run = simulate(work, System(1, 1, overhead_s=1.0), "jsq", binding="immediate")
    assert run.start.tolist() == [0, 2, 3]
    with pytest.raises(InvariantBroken, match=r"^request 2: overtook another in the queue of worker 0 "):
        verify(replace(run, start=np.array([0, 3, 2])))


@pytest.mark.parametrize(
    ("arrivals", "says"),
    [
        ([0.0, 0.5, 9.25], r"step 3: begins at a wrong time \(recorded 9, recomputed 9.25\)"),
        ([0.0, 1.5, 9.0], r"request 1: starts before it arrives \(step begins 1, arrives 1.5\)"),
        ([0.0, 0.0, 9.0], "step 0: 1 of 2 shown requests were admitted into 2 free slots"),
        ([0.0, 0.75, 9.0], "request 1: wrong wait_s"),
    ],
)
def test_arrivals_at_other_times_than_the_run_saw_are_noticed(arrivals, says: str) -> None:
    system = System(1, 2, overhead_s=1.0, seconds_per_token=0.0)
    work = Workload([5, 7, 1], [3, 1, 1], NoGrowth(), arrival_s=[0, 0.5, 9])
    run = simulate(work, system, "fcfs")
    verify(run)
    assert run.time_s.tolist() == [0, 1, 2, 9]
    other = copy.copy(run)
    object.__setattr__(other, "workload", Workload([5, 7, 1], [3, 1, 1], NoGrowth(), arrival_s=arrivals))
    with pytest.raises(InvariantBroken, match=f"^({says})"):
        verify(other)


def test_a_step_in_which_nothing_runs_is_refused() -> None:
    system = System(1, 1, overhead_s=1.0)
    run = simulate(Workload([5], [1], NoGrowth()), system, "fcfs")
    more = {
        name: np.append(getattr(run, name), 0)
        for name in ("max_load", "total_load", "active", "admitted", "waiting", "oldest_wait", "gap")
    }
    idle = replace(
        run, time_s=np.append(run.time_s, run.duration_s), duration_s=np.append(run.duration_s, 1.0),
        energy_j=np.append(run.energy_j, 100.0), **more,
    )  # fmt: skip
    with pytest.raises(InvariantBroken, match=r"^step 1: nothing runs, and time only passes where"):
        verify(idle)
