"""The compiled engine against the readable one, and both against the model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import InvariantBroken
from drift_processes import Law, NoGrowth, UnitGrowth, Workload
from simulation import Lookahead, Run, System, simulate, verify
from simulation.compiled import simulate_compiled
from simulation.policies import Bfio, Fcfs
from simulation.settings import Settings
from tests.workload_strategies import (
    ANY_SIZES,
    COMMON_DRIFTS,
    COMPILED_POLICIES,
    DRIFTS,
    EIGHTHS,
    QUICK_POLICIES,
    SEVENTHS,
    AgeGrowth,
    RandomGrowth,
    Tenths,
    systems,
    workloads,
)

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


@given(
    work=workloads((*DRIFTS, Tenths(), RandomGrowth()), sizes=ANY_SIZES),
    system=systems(),
    policy=st.sampled_from(QUICK_POLICIES),
    steps=st.none() | st.integers(1, 30),
    readable=st.booleans(),
)
def test_runs_of_real_valued_workloads_survive_it_too(work, system, policy, steps, readable) -> None:
    run = simulate(work, system, policy, steps=steps, seed=1, record_loads=30, readable=readable)
    verify(run)
    assert np.isfinite(run.energy_j).all()
    assert (run.loads >= 0).all()


@given(
    work=workloads((UnitGrowth(), NoGrowth()), sizes=EIGHTHS),
    system=systems(),
    policy=st.sampled_from(COMPILED_POLICIES),
)
def test_the_engines_agree_to_the_bit_on_sizes_that_float64_adds_exactly(work, system, policy) -> None:
    options = {"seed": 1, "record_loads": 30}
    assert_same(
        simulate(work, system, policy, **options),
        simulate(work, system, policy, readable=True, **options),
    )


@given(
    work=workloads((NoGrowth(), UnitGrowth(), Tenths()), sizes=SEVENTHS),
    system=systems(),
    policy=st.sampled_from(["fcfs", "random"]),  # these never look at loads, where rounding could break a tie
)
def test_the_engines_agree_up_to_rounding_on_other_sizes(work, system, policy) -> None:
    one = simulate(work, system, policy, seed=1, record_loads=30)
    other = simulate(work, system, policy, seed=1, record_loads=30, readable=True)
    np.testing.assert_array_equal(one.worker, other.worker)
    for name in ("max_load", "total_load", "loads", "energy_j"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-12, err_msg=name)


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


def test_a_worker_left_with_a_request_of_size_zero_has_load_zero_and_finite_power() -> None:
    # .1 + .2 and the like, added and taken away again, must not leave -2.8e-17 behind
    work = Workload([0.1, 0.2, 0.7, 0.3, 0.0], [1, 1, 1, 2, 2], NoGrowth())
    run = simulate(work, System(2, 3), "fcfs", record_loads=9)
    assert run.loads.tolist() == [[0.1 + 0.7, 0.2 + 0.3], [0, 0.3]]
    idle_and_busy = 100 + 400
    assert run.energy_j[1] == pytest.approx(idle_and_busy * run.duration_s[1], rel=1e-15)


def test_two_hundred_thousand_real_valued_requests_leave_no_rounding_behind() -> None:
    # one worker that never empties: its long request keeps whatever the others leave behind
    rng = np.random.default_rng(1)
    number = 200_000
    work = Workload([0.1, *rng.random(number)], [number + 1, *np.ones(number, dtype=int)], NoGrowth())
    assert simulate(work, System(1, 2), "fcfs").max_load[-1] == 0.1


def test_a_kernel_that_breaks_a_rule_is_stopped_before_it_writes() -> None:
    # past every check at the door: infinite sums, of which no decision can come
    work = Workload([1.0] * 8, [1, 2] * 4, NoGrowth())
    object.__setattr__(work, "sizes", np.full(8, 1e308))
    settings = Settings(10, 8, None, 0, Lookahead("none"), None)
    message = r"^step \d: the kernel of policy 'bfio' broke a rule of the step$"
    with pytest.raises(InvariantBroken, match=message):
        simulate_compiled(work, System(2, 4), Bfio(), settings)


class FcfsBackwards(Fcfs):
    """Overrides the decision of a policy that has a compiled twin."""

    def assign(self, view):
        return super().assign(view)[::-1]


def test_a_subclass_that_decides_itself_is_asked() -> None:
    work = Workload([1, 2, 3, 4], [1] * 4, NoGrowth())
    assert simulate(work, System(2, 1), FcfsBackwards()).start.tolist() == [1, 1, 0, 0]


def test_without_a_seed_the_same_run_as_with_one_where_nothing_is_drawn() -> None:
    work = Workload([3, 1, 2], [1, 2, 3], AgeGrowth())
    run = simulate(work, System(2, 1), "fcfs")
    assert run.seed is None
    assert_same(run, simulate(work, System(2, 1), "fcfs", seed=4))


def test_a_run_keeps_the_options_of_its_policy() -> None:
    work = Workload([3, 1, 2], [1, 2, 3], NoGrowth())
    run = simulate(work, System(2, 1), Bfio(horizon=2, discount=0.5, max_wait=7), lookahead="oracle")
    assert run.options == {"horizon": 2, "discount": 0.5, "objective": "imbalance", "max_wait": 7}
    assert (run.lookahead.kind, run.lookahead.refill) == ("oracle", "balanced")
    assert simulate(work, System(2, 1), "fcfs").options == {}


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
