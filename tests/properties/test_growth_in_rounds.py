"""B1 under growth that is common within a round, and what becomes of it under growth that isn't."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounds import CLAIMS, unmet
from drift_processes import (
    Adversarial,
    CommonGrowth,
    DriftProcess,
    RegimeSwitching,
    SaturatingGrowth,
    SlidingWindow,
    ThrottledGrowth,
    Workload,
)
from simulation import System, simulate

ALIKE = [
    ThrottledGrowth(3),
    SaturatingGrowth(20, 2),
    CommonGrowth([0, 5, 1]),
    RegimeSwitching([0, 7], [[0.5, 0.5], [0.5, 0.5]], scope="system"),
]
UNLIKE = [SlidingWindow(5), RegimeSwitching([0, 7], [[0.5, 0.5], [0.5, 0.5]]), Adversarial("largest")]


@given(
    st.sampled_from(ALIKE),
    st.integers(2, 4),
    st.integers(1, 3),
    st.integers(1, 6),
    st.integers(1, 3),
    st.data(),
)
def test_b1_holds_where_requests_of_a_round_grow_alike(
    drift: DriftProcess, workers: int, slots: int, length: int, rounds: int, data: st.DataObject
) -> None:
    number = workers * slots * rounds
    sizes = data.draw(st.lists(st.integers(0, 30), min_size=number, max_size=number))
    run = simulate(Workload(sizes, [length] * number, drift), System(workers, slots), "bfio_exact", seed=1)
    assert unmet(CLAIMS["B1"], run) == []
    bound = CLAIMS["B1"].evaluate(G=workers, Delta=max(sizes) - min(sizes))
    assert run.imbalance.max() <= bound
    assert np.ptp(run.imbalance.reshape(rounds, length), axis=1).max() == 0


@pytest.mark.parametrize("drift", UNLIKE, ids=lambda drift: type(drift).__name__)
def test_where_they_don_t_b1_does_not_apply_and_would_be_wrong(drift: DriftProcess) -> None:
    """Sizes 4 and 5: balanced to within 1 at first, and beyond the bound once one grows faster."""
    run = simulate(Workload([4, 5], [12, 12], drift), System(2, 1), "bfio_exact", seed=1)
    assert "common_drift_in_rounds" in [finding.name for finding in unmet(CLAIMS["B1"], run)]
    bound = CLAIMS["B1"].evaluate(G=2, Delta=1)
    if isinstance(drift, SlidingWindow):  # it evens the two out instead: 4 grows to 5, the window
        assert run.imbalance.tolist() == [1.0] + [0.0] * 11
    else:
        assert run.imbalance.max() > bound
