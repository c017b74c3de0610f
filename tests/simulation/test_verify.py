"""`simulation.verify` must refuse every kind of tampering."""

import copy
from typing import Any

import numpy as np
import pytest

from contracts import InvariantBroken
from drift_processes import Law, UnitGrowth, Workload
from simulation import Run, System, simulate, verify


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
