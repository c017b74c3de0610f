"""The compiled engine against the readable one, and both against the model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_processes import Law, NoGrowth, UnitGrowth, Workload
from simulation import Run, System, simulate, verify
from tests.workload_strategies import COMMON_DRIFTS, COMPILED_POLICIES, QUICK_POLICIES, systems, workloads

EXACT = (
    "max_load",
    "total_load",
    "active",
    "admitted",
    "duration_s",
    "start",
    "finish",
    "worker",
    "wait",
    "shown",
    "loads",
)


def assert_same(one: Run, other: Run) -> None:
    for name in EXACT:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    np.testing.assert_allclose(one.energy_j, other.energy_j, rtol=1e-12)


@given(
    work=workloads(COMMON_DRIFTS),
    system=systems(),
    policy=st.sampled_from(COMPILED_POLICIES),
    steps=st.none() | st.integers(1, 30),
    window=st.integers(0, 6),
    limit=st.none() | st.integers(1, 8),
    seed=st.integers(0, 9),
)
def test_compiled_and_readable_engine_agree_to_the_bit(
    work, system, policy, steps, window, limit, seed
) -> None:
    options = {"steps": steps, "window": window, "pool_limit": limit, "seed": seed, "record_loads": 5}
    compiled = simulate(work, system, policy, **options)
    assert_same(compiled, simulate(work, system, policy, readable=True, **options))


@given(
    work=workloads(),
    system=systems(),
    policy=st.sampled_from(QUICK_POLICIES),
    steps=st.none() | st.integers(1, 30),
    window=st.integers(0, 6),
)
def test_every_run_survives_independent_verification(work, system, policy, steps, window) -> None:
    verify(simulate(work, system, policy, steps=steps, window=window, seed=1, record_loads=4))


@given(work=workloads(), system=systems(), policy=st.sampled_from(QUICK_POLICIES))
def test_a_run_to_the_end_serves_every_request_for_exactly_its_length(work, system, policy) -> None:
    run = simulate(work, system, policy, seed=1)
    np.testing.assert_array_equal(run.finish - run.start, work.lengths)
    assert run.active.sum() == work.lengths.sum()
    assert run.admitted.sum() == work.requests
    assert run.active.max() <= system.capacity


@given(work=workloads(), system=systems(), seed=st.integers(0, 3))
def test_the_same_seed_gives_the_same_run(work, system, seed) -> None:
    assert_same(*(simulate(work, system, "power_of_two", seed=seed) for _ in range(2)))


@given(work=workloads((UnitGrowth(),)), system=systems(), factor=st.integers(1, 1000))
def test_scaling_constant_workloads_scales_loads(work, system, factor) -> None:
    one = simulate(Workload(work.sizes, work.lengths, NoGrowth()), system, "least_load")
    other = simulate(Workload(work.sizes * factor, work.lengths, NoGrowth()), system, "least_load")
    np.testing.assert_array_equal(one.worker, other.worker)
    np.testing.assert_array_equal(one.imbalance * factor, other.imbalance)


def test_a_run_longer_than_one_block_equals_the_readable_one(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Workload.synthetic(
        sizes=Law.uniform(1, 9), lengths=Law.geometric(0.2), drift=UnitGrowth(), requests=300, seed=2
    )
    whole = simulate(work, System(3, 2), "jsq", record_loads=50)
    monkeypatch.setattr("simulation.compiled.BLOCK_STEPS", 7)
    assert_same(whole, simulate(work, System(3, 2), "jsq", record_loads=50))


def test_real_valued_workloads_leave_no_rounding_behind_when_a_worker_empties() -> None:
    rng = np.random.default_rng(0)
    work = Workload(rng.random(2000), rng.integers(1, 6, 2000), UnitGrowth())
    run = simulate(work, System(4, 3), "least_load")
    verify(run)
    assert run.max_load[-1] > 0


def test_the_turn_of_fcfs_goes_on_where_it_ended() -> None:
    # one request a step: a baseline that always began with worker 0 would load only that one
    work = Workload([5] * 4, [4] * 4, NoGrowth())
    run = simulate(work, System(4, 1), "fcfs", pool_limit=1)
    assert run.start.tolist() == [0, 1, 2, 3]
    assert run.worker.tolist() == [0, 1, 2, 3]


def test_a_length_beyond_the_horizon_needs_no_memory_for_its_end() -> None:
    work = Workload([1, 2], [2**40, 2**50], NoGrowth())
    run = simulate(work, System(2, 1), "fcfs", steps=3)
    assert run.finish.tolist() == [-1, -1]
    assert run.imbalance.tolist() == [1, 1, 1]
