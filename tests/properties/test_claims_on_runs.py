"""Claims held against simulated runs of random systems: F0 statistically, B1 and E0 in every step."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds import (
    CLAIMS,
    fcfs_imbalance,
    independent_mean,
    memory_steps,
    stationary_after,
    step_energy_bounds,
)
from drift_processes import (
    JointLaw,
    Law,
    NoGrowth,
    RegimeSwitching,
    SpeculativeDecoding,
    UnitGrowth,
    Workload,
)
from simulation import PowerModel, System, simulate
from tests.law_strategies import as_joint_law, as_law, pair_tables, size_tables

#: One false alarm in a million runs of all examples, as far as replication means are normal.
HONEST = 1 - 1e-8
REPLICATIONS = 40


def empirical_lengths(seen: list[int]) -> Law:
    """With a 1, so that there is no period."""
    return Law.empirical([1, *seen])


def aperiodic_pairs(pairs: dict) -> JointLaw:
    """A quarter of the requests is (3, 1)."""
    mixed = {pair: 3 * weight / 4 for pair, weight in pairs.items()}
    mixed[3, 1] = mixed.get((3, 1), 0) + 1 / 4
    return as_joint_law(mixed)


LENGTHS = st.one_of(
    st.floats(0.1, 0.9).map(Law.geometric),
    st.lists(st.integers(1, 12), min_size=1, max_size=8).map(empirical_lengths),
    st.integers(1, 9).map(Law.constant),
)
REQUESTS = st.one_of(
    st.builds(JointLaw.independent, size_tables().map(as_law), LENGTHS), pair_tables().map(aperiodic_pairs)
)


#: None of these looks at sizes: fcfs, and queues of the workers' own that are filled in turn or at random.
BLIND = (("fcfs", "pooled"), ("round_robin", "immediate"), ("random", "immediate"))


def agrees_with_f0(law, drift, rule, *, workers, slots, seed) -> None:
    policy, binding = rule
    lengths = law.length_law
    warmup = 0 if lengths.is_constant else stationary_after(lengths, tolerance=1e-6)
    steps = warmup + 4 * memory_steps(lengths)
    # a slot starts at most one request per step; chance may send a worker fewer than its share
    spare = 2 if policy == "random" else 1
    system = System(workers, slots)
    means = []
    for replication in range(REPLICATIONS):
        work = Workload.synthetic(
            sizes=law,
            drift=drift,
            requests=workers * (spare * slots * steps + 8 * spare**3),
            seed=seed + replication * 2**20,
        )
        run = simulate(work, system, policy, steps=steps, seed=seed + replication, binding=binding)
        assert (run.active == system.capacity).all()
        means.append(run.imbalance[warmup:].mean())
    exact = fcfs_imbalance(law, None, drift, workers=workers, slots=slots)
    interval = independent_mean(means, level=HONEST)
    room = 1e-9 * (1 + exact.hi)
    assert interval.lo - room <= exact.hi
    assert interval.hi + room >= exact.lo


@settings(max_examples=25)
@given(
    law=REQUESTS,
    drift=st.sampled_from([UnitGrowth(), NoGrowth()]),
    rule=st.sampled_from(BLIND),
    workers=st.integers(2, 6),
    slots=st.integers(1, 6),
    seed=st.integers(0, 2**20),
)
def test_who_never_looks_at_sizes_matches_f0_within_its_interval(
    law, drift, rule, workers, slots, seed
) -> None:
    """F0 needs no more than slots that are never free, and requests that come in whatever order."""
    agrees_with_f0(law, drift, rule, workers=workers, slots=slots, seed=seed)


@settings(max_examples=6)
@given(
    sizes=size_tables().map(as_law),
    success=st.floats(0.3, 0.9),
    drift=st.sampled_from([SpeculativeDecoding(2, 0.5), RegimeSwitching([0, 3], [[0.5, 0.5], [0.25, 0.75]])]),
    rule=st.sampled_from(BLIND),
    workers=st.integers(2, 4),
    slots=st.integers(1, 3),
    seed=st.integers(0, 2**20),
)
def test_so_it_does_where_each_request_grows_in_its_own_way(
    sizes, success, drift, rule, workers, slots, seed
) -> None:
    law = JointLaw.independent(sizes, Law.geometric(success))
    agrees_with_f0(law, drift, rule, workers=workers, slots=slots, seed=seed)


@settings(max_examples=40)
@given(data=st.data(), policy=st.sampled_from(["bfio", "bfio_exact"]))
def test_b1_holds_in_every_step_of_homogeneous_rounds(data, policy) -> None:
    workers = data.draw(st.integers(2, 3 if policy == "bfio_exact" else 8))
    slots = data.draw(st.integers(1, 3 if policy == "bfio_exact" else 8))
    most = data.draw(st.sampled_from([1, 5, 1000]))
    rounds, length = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    number = rounds * workers * slots + data.draw(st.integers(0, 6))
    sizes = np.array(data.draw(st.lists(st.integers(0, most), min_size=number, max_size=number)), dtype=float)
    work = Workload(sizes, np.full(number, length), UnitGrowth())
    run = simulate(work, System(workers, slots), policy, steps=rounds * length)
    bound = CLAIMS["B1"].evaluate(G=workers, Delta=float(np.ptp(sizes)))
    assert run.imbalance.max() <= bound * (1 + 1e-9)


@settings(max_examples=60)
@given(
    law=REQUESTS,
    policy=st.sampled_from(["fcfs", "jsq", "bfio", "power_of_two"]),
    workers=st.integers(2, 6),
    slots=st.integers(1, 6),
    idle=st.floats(0, 200),
    swing=st.floats(0, 400),
    exponent=st.floats(0.05, 1),
)
def test_e0_contains_the_energy_of_every_step(law, policy, workers, slots, idle, swing, exponent) -> None:
    work = Workload.synthetic(sizes=law, drift=UnitGrowth(), requests=20 * workers * slots, seed=3)
    power = PowerModel(idle_w=idle, busy_w=idle + swing, exponent=exponent)
    run = simulate(work, System(workers, slots, power=power), policy, seed=3)
    lower, upper = step_energy_bounds(
        run.duration_s,
        run.max_load,
        run.total_load,
        workers=workers,
        idle_w=power.idle_w,
        busy_w=power.busy_w,
        exponent=exponent,
    )
    assert (run.energy_j >= lower * (1 - 1e-9)).all()
    assert (run.energy_j <= upper * (1 + 1e-9)).all()


def test_half_of_b1_is_refuted() -> None:
    """The bound is tight, so the property above can fail: one large request among equal ones."""
    work = Workload([9.0, *[2.0] * 3], [1] * 4, UnitGrowth())
    run = simulate(work, System(2, 2), "bfio", steps=1)
    assert run.imbalance.max() == pytest.approx(CLAIMS["B1"].evaluate(G=2, Delta=7))
