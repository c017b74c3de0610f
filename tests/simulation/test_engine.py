"""The compiled engine against the readable one, and both against the model."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contracts import InvariantBroken
from drift_processes import DriftProcess, Law, NoGrowth, PoissonArrivals, UnitGrowth, Workload
from simulation import POLICIES, Lookahead, Run, System, simulate, verify
from simulation.compiled import run_compiled
from simulation.engine import make_engine
from simulation.policies import Bfio, Fcfs
from simulation.settings import Settings
from tests.workload_strategies import (
    ANY_SIZES,
    COMPILED_POOLED,
    COMPILED_RULES,
    DRIFTS,
    EIGHTHS,
    QUICK_POLICIES,
    SEVENTHS,
    VARIED_DRIFTS,
    AgeGrowth,
    CountsSteps,
    RandomGrowth,
    Remembers,
    Tenths,
    Thirds,
    paced_systems,
    systems,
    workloads,
)

EXACT = (
    "max_load",
    "total_load",
    "active",
    "admitted",
    "time_s",
    "duration_s",
    "waiting",
    "oldest_wait",
    "gap",
    "start",
    "finish",
    "worker",
    "wait",
    "shown",
    "loads",
)

QUICK_RULES = tuple((name, how) for name in QUICK_POLICIES for how in POLICIES[name]().bindings)


def assert_same(one: Run, other: Run, *, but: str = "") -> None:
    for name in set(EXACT) - {but}:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    np.testing.assert_allclose(one.energy_j, other.energy_j, rtol=1e-12)


def of_a_pool(binding: str, **options: object) -> dict[str, object]:
    """Return options that only a pool takes, where there is one."""
    return options if binding == "pooled" else {}


@settings(max_examples=250)
@given(
    work=workloads(clocked=True),
    system=paced_systems(),
    rule=st.sampled_from(COMPILED_RULES),
    steps=st.none() | st.integers(1, 30),
    window=st.integers(0, 6),
    limit=st.none() | st.integers(1, 8),
    seed=st.integers(0, 9),
)
def test_compiled_and_readable_engine_agree_to_the_bit(
    work, system, rule, steps, window, limit, seed
) -> None:
    policy, binding = rule
    options = {"steps": steps, "seed": seed, "record_loads": 5, "binding": binding}
    options |= of_a_pool(binding, window=window, pool_limit=limit)
    compiled = simulate(work, system, policy, **options)
    assert_same(compiled, simulate(work, system, policy, readable=True, **options))


@settings(max_examples=200)
@given(
    work=workloads(clocked=True),
    system=paced_systems(),
    rule=st.sampled_from(QUICK_RULES),
    steps=st.none() | st.integers(1, 30),
    window=st.integers(0, 6),
    limit=st.none() | st.integers(1, 8),
    readable=st.booleans(),
)
def test_every_run_survives_independent_verification(
    work, system, rule, steps, window, limit, readable
) -> None:
    policy, binding = rule
    options = of_a_pool(binding, window=window, pool_limit=limit)
    verify(
        simulate(
            work, system, policy, steps=steps, seed=1, record_loads=4, binding=binding, readable=readable,
            **options,
        )
    )  # fmt: skip


@given(
    work=workloads((*DRIFTS, Tenths(), RandomGrowth(), Thirds()), sizes=ANY_SIZES, clocked=True),
    system=paced_systems(),
    rule=st.sampled_from(QUICK_RULES),
    steps=st.none() | st.integers(1, 30),
    readable=st.booleans(),
)
def test_runs_of_real_valued_workloads_survive_it_too(work, system, rule, steps, readable) -> None:
    policy, binding = rule
    run = simulate(
        work, system, policy, steps=steps, seed=1, record_loads=30, binding=binding, readable=readable
    )
    verify(run)
    assert np.isfinite(run.energy_j).all()
    assert (run.loads >= 0).all()


@given(
    work=workloads((*VARIED_DRIFTS, RandomGrowth(), Thirds()), sizes=ANY_SIZES, clocked=True),
    system=paced_systems(),
    policy=st.sampled_from(COMPILED_POOLED),
)
def test_where_requests_grow_each_in_its_way_the_engines_agree_to_the_bit_on_any_size(
    work, system, policy
) -> None:
    """Both sum the loads anew in every step, in the order of admission; gaps are differences, and rounded."""
    options = {"seed": 1, "record_loads": 30}
    assert_same(
        simulate(work, system, policy, **options),
        simulate(work, system, policy, readable=True, **options),
        but="gap",
    )


@given(
    work=workloads((UnitGrowth(), NoGrowth()), sizes=EIGHTHS),
    system=systems(),
    policy=st.sampled_from(COMPILED_POOLED),
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


@given(work=workloads(clocked=True), system=paced_systems(), rule=st.sampled_from(QUICK_RULES))
def test_a_run_to_the_end_serves_every_request_for_exactly_its_length(work, system, rule) -> None:
    policy, binding = rule
    run = simulate(work, system, policy, seed=1, binding=binding)
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


@pytest.mark.parametrize("arrivals", ["overloaded", PoissonArrivals(1.0)], ids=["overloaded", "poisson"])
@pytest.mark.parametrize("drift", [UnitGrowth(), CountsSteps(), Remembers()], ids=lambda d: type(d).__name__)
def test_a_run_is_the_same_in_blocks_of_any_length(monkeypatch, drift, arrivals) -> None:
    work = Workload.synthetic(
        sizes=Law.uniform(1, 9), lengths=Law.geometric(0.2), drift=drift, requests=300, arrivals=arrivals,
        seed=2,
    )  # fmt: skip
    system = System(3, 2, overhead_s=1.0)
    whole = simulate(work, system, "jsq", record_loads=50, seed=1)
    monkeypatch.setattr("simulation.compiled.BLOCK_STEPS", 7)
    assert_same(whole, simulate(work, system, "jsq", record_loads=50, seed=1))


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
    told = Settings(10, 8, None, 0, Lookahead("none"), None)
    engine = make_engine([work], System(2, 4), Bfio(), told)
    message = r"^step \d: the kernel of policy 'bfio' broke a rule of the step$"
    with pytest.raises(InvariantBroken, match=message):
        run_compiled(engine, lambda _first, _steps, _feed: None)


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


class Witness(DriftProcess):
    """Keeps what it is asked, and what it might write to."""

    increment_range = (0.0, 3.0)
    sees_workers = True
    has_memory = True

    def __init__(self, *, is_common: bool) -> None:
        self.is_common = is_common
        self.asked: list[dict[str, object]] = []
        self.open: set[str] = set()

    def increments(self, *, step, rng, **state):
        known = {name: (column.dtype, column.tolist()) for name, column in state.items()}
        self.asked.append({"step": step, "draw": rng.integers(9), **known})
        self.open |= {name for name, column in state.items() if len(column) and column.flags.writeable}
        memory = state["memory"]
        memory[:] += 1
        if self.is_common:
            return (step + memory[0]) % 4
        return (state["age"] + state["size"] + state["worker"] + memory) % 4


@pytest.mark.parametrize("is_common", [True, False])
@pytest.mark.parametrize("readable", [True, False])
@pytest.mark.parametrize("binding", ["pooled", "immediate"])
def test_engine_and_verification_ask_a_process_the_same_questions(
    is_common: bool, readable: bool, binding: str
) -> None:
    rng = np.random.default_rng(6)
    drift = Witness(is_common=is_common)
    work = Workload(
        rng.integers(0, 9, 30), rng.integers(1, 7, 30), drift, arrival_s=np.sort(rng.random(30) * 40)
    )
    system = System(2, 2, overhead_s=1.0)
    run = simulate(work, system, "least_load", seed=3, binding=binding, readable=readable)
    asked, drift.asked = drift.asked, []
    drift.open.clear()
    verify(run)
    assert drift.open == {"memory"}
    assert len(drift.asked) >= run.steps - 1  # the growth after the last step is of no account
    assert asked[: len(drift.asked)] == drift.asked
    # a new request has nothing to remember; from then on the process finds what it left
    for step, question in enumerate(asked):
        assert question["memory"][1] == ([step] if is_common else question["age"][1])


def test_a_process_may_not_write_to_the_records_of_the_engine() -> None:
    drift = Witness(is_common=False)
    simulate(Workload([1, 2, 3], [3, 2, 1], drift), System(2, 1), "fcfs", seed=1)
    assert drift.open == {"memory"}


@given(
    work=workloads(clocked=False), system=paced_systems(), policy=st.sampled_from(COMPILED_POOLED),
    steps=st.none() | st.integers(1, 20), window=st.integers(0, 6),
)  # fmt: skip
def test_arrivals_all_at_the_start_are_the_overloaded_run(work, system, policy, steps, window) -> None:
    clocked = Workload(work.sizes, work.lengths, work.drift, arrival_s=np.zeros(work.requests))
    options = {"seed": 1, "steps": steps, "window": window, "record_loads": 9}
    run = simulate(clocked, system, policy, **options)
    assert_same(run, simulate(work, system, policy, **options))
    ran = run.start >= 0
    np.testing.assert_array_equal(run.wait_s[ran], run.time_s[run.start[ran]])


@given(
    work=workloads(clocked=True), system=paced_systems(), factor=st.sampled_from([0.25, 2.0, 1024.0]),
    rule=st.sampled_from(COMPILED_RULES),
)  # fmt: skip
def test_a_clock_that_ticks_otherwise_changes_only_the_times(work, system, factor, rule) -> None:
    """Every constant of time and every arrival scaled by a power of two: the same run, later."""
    policy, binding = rule
    slow = System(
        system.workers, system.slots, overhead_s=factor, mean_load_s=factor * system.mean_load_s,
        seconds_per_token=factor * system.seconds_per_token,
    )  # fmt: skip
    times = None if work.arrival_s is None else work.arrival_s * factor
    other = Workload(work.sizes, work.lengths, work.drift, arrival_s=times)
    one = simulate(work, system, policy, seed=1, binding=binding)
    two = simulate(other, slow, policy, seed=1, binding=binding)
    for name in ("start", "worker", "shown", "waiting", "oldest_wait", "max_load"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name), err_msg=name)
    for name in ("time_s", "duration_s", "wait_s", "ttft_s"):
        np.testing.assert_array_equal(getattr(one, name) * factor, getattr(two, name), err_msg=name)


@given(work=workloads(clocked=True), slots=st.integers(1, 4), policy=st.sampled_from(COMPILED_RULES))
def test_with_one_worker_it_matters_neither_who_decides_nor_when(work, slots, policy) -> None:
    """Of those that take the oldest first, that is all but BF-IO."""
    name, binding = policy
    assume(name != "bfio")
    system = System(1, slots, overhead_s=1.0)
    one = simulate(work, system, "fcfs", seed=1)
    two = simulate(work, system, name, seed=1, binding=binding)
    for column in ("start", "max_load", "time_s", "waiting"):
        np.testing.assert_array_equal(getattr(one, column), getattr(two, column), err_msg=column)
