"""`simulation.verify` must refuse every kind of tampering."""

import copy
from typing import Any

import numpy as np
import pytest

from contracts import InvariantBroken
from drift_processes import Law, NoGrowth, UnitGrowth, Workload
from simulation import Run, System, simulate, verify
from tests.workload_strategies import AgeGrowth, RandomGrowth, Tenths


@pytest.fixture(scope="module")
def good() -> Run:
    work = Workload.synthetic(
        sizes=Law.uniform(1, 50), lengths=Law.geometric(0.2), drift=UnitGrowth(), requests=200, seed=5
    )
    return simulate(work, System(3, 4), "fcfs", steps=40, record_loads=10)


def tampered(run: Run, field: str, index: Any, change: float) -> Run:
    copied = copy.copy(run)
    values = getattr(run, field).copy()
    values[index] += change
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
        ("energy_j", 5, 0.1, "step 5: wrong energy"),
        ("loads", (4, 1), 1, "step 4: wrong load of worker 1"),
        ("start", 0, 1, "request 0: did not stay for exactly its length"),
        ("finish", 0, 1, "request 0: did not stay for exactly its length"),
        ("wait", 0, 1, "request 0: has a wrong waiting time"),
        ("shown", 90, 1, "request 90: has a wrong waiting time"),
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
@pytest.mark.parametrize("drift", [AgeGrowth(), RandomGrowth(), Tenths()], ids=lambda d: type(d).__name__)
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
