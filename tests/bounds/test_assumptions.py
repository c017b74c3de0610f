"""Predicates on runs: what holds, what fails, and the reason word for word."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounds import CLAIMS, PREDICATES, required_batch, unmet
from bounds.assumptions import large_batch, large_batch_spread, overloaded, rich_pool
from bounds.pool import pool_counts
from drift_processes import JointLaw, Law, NoGrowth, UnitGrowth, Workload
from simulation import Policy, System, simulate
from simulation.policies import Bfio, BfioExact
from tests.workload_strategies import AgeGrowth, EveryThirdStep, paced_systems, systems, workloads

SIZES = Law.uniform(1, 9)


def synthetic(lengths, *, sizes=SIZES, drift=None, requests=200, policy="fcfs", workers=2, slots=3):
    work = Workload.synthetic(
        sizes=sizes, lengths=lengths, drift=drift or UnitGrowth(), requests=requests, seed=5
    )
    return simulate(work, System(workers, slots), policy, steps=20, seed=1)


GEOMETRIC = synthetic(Law.geometric(0.25))
SERVING = synthetic(Law.geometric(0.2))
EQUAL = synthetic(Law.constant(4))
EVEN = synthetic(Law([2, 4], [0.5, 0.5]))
PAIRS = synthetic(None, sizes=JointLaw([1, 9], [1, 3], [0.5, 0.5]))
BALANCED = synthetic(Law.constant(4), policy="bfio")
GIVEN = simulate(Workload([7, 4, 1, 4], [2, 1, 2, 2], AgeGrowth()), System(2, 3), "least_load")
SPREAD = synthetic(Law.constant(4), policy=Bfio(objective="spread"))
QUICK = simulate(GEOMETRIC.workload, System(2, 3, overhead_s=0.0), "fcfs", steps=20, seed=1)
COMMON = synthetic(Law.geometric(0.25), drift=EveryThirdStep())

FINDINGS = [
    ("iid_sizes", PAIRS, True, "requests are independent draws from JointLaw(2 pairs, mean length 2)"),
    ("iid_sizes", GIVEN, False, "requests (given) were not drawn from a law"),
    ("aperiodic_lengths", GIVEN, True, "the lengths have no common divisor but 1"),
    ("aperiodic_lengths", EVEN, False, "the lengths have the common divisor 2"),
    ("aperiodic_lengths", EQUAL, False, "the lengths have the common divisor 4"),
    ("aperiodic_or_equal_lengths", EQUAL, True, "every length is 4"),
    ("aperiodic_or_equal_lengths", EVEN, False, "the lengths have the common divisor 2"),
    ("aperiodic_or_equal_lengths", GEOMETRIC, True, "the lengths have no common divisor but 1"),
    ("homogeneous_lengths", EQUAL, True, "every length is 4"),
    ("homogeneous_lengths", GIVEN, False, "lengths range from 1 to 2"),
    ("geometric_lengths", GEOMETRIC, True, "lengths are geometric with p = 0.25"),
    ("geometric_lengths", EVEN, False, "the lengths were not drawn from Law.geometric"),
    ("geometric_lengths", GIVEN, False, "the lengths were not drawn from Law.geometric"),
    ("independent_sizes_and_lengths", GEOMETRIC, True, "sizes and lengths were drawn independently"),
    (
        "independent_sizes_and_lengths",
        PAIRS,
        False,
        "sizes and lengths were drawn as pairs from a joint law",
    ),
    ("independent_sizes_and_lengths", GIVEN, False, "the requests have no known law"),
    ("non_decreasing_drift", GIVEN, True, "AgeGrowth grows by 0 to 2 per step"),
    ("common_drift", EQUAL, True, "UnitGrowth grows all active requests alike"),
    (
        "common_drift",
        GIVEN,
        False,
        "AgeGrowth grows requests by different amounts, 0 to 2 per step",
    ),
    ("common_drift_in_rounds", EQUAL, True, "UnitGrowth grows all active requests alike"),
    (
        "common_drift_in_rounds",
        GIVEN,
        False,
        "AgeGrowth grows requests by different amounts, 0 to 2 per step",
    ),
    ("fixed_increments", EQUAL, True, "UnitGrowth grows requests by 1 in every step"),
    ("fixed_increments", COMMON, False, "EveryThirdStep grows requests by 0 to 3 per step"),
    ("known_load_law", EQUAL, True, "one slot holds a load of mean 5, Law(9 values in [1, 9], mean 5)"),
    ("known_load_law", EVEN, False, "lengths must be aperiodic for F0, got only multiples of 2"),
    (
        "known_load_law",
        COMMON,
        False,
        "drift EveryThirdStep has no exact snapshot law (its snapshot is None)",
    ),
    ("known_load_law", GIVEN, False, "the requests have no known law"),
    ("empty_start", EQUAL, True, "6 requests were active in step 0, 6 of them new"),
    ("pool_fills_all", EQUAL, True, "200 requests for 6 slots"),
    ("pool_fills_all", GIVEN, False, "4 requests for 6 slots"),
    ("fcfs_policy", EQUAL, True, "the policy was 'fcfs', requests pooled"),
    ("fcfs_policy", GIVEN, False, "the policy was 'least_load', requests pooled"),
    ("bfio_policy", BALANCED, True, "the policy was 'bfio', requests pooled"),
    ("solved_to_optimality", BALANCED, True, "the decisions of all 20 steps were proven optimal"),
    (
        "solved_to_optimality",
        EQUAL,
        False,
        "step 0: policy 'fcfs' proves nothing, the first of 5 such steps",
    ),
    ("bfio_policy", EQUAL, False, "the policy was 'fcfs', requests pooled"),
    ("spread_policy", SPREAD, True, "the policy was 'bfio', requests pooled"),
    (
        "spread_policy",
        BALANCED,
        False,
        "the policy was 'bfio' with objective = 'imbalance', must be 'spread'",
    ),
    ("serving_size", SERVING, True, "p·B = 0.6, at most 6; p·s_max = 1.8, at most 2"),
    ("serving_size", GEOMETRIC, False, "p·B = 0.75, at most 6; p·s_max = 2.25, at most 2"),
    ("serving_size", EVEN, False, "the lengths were not drawn from Law.geometric"),
    ("no_overhead", QUICK, True, "a step takes 0 s whatever its load"),
    ("no_overhead", EQUAL, False, "a step takes 0.0023 s whatever its load"),
    ("overloaded", EQUAL, True, "all 6 slots were full in steps 0..19"),
    ("overloaded", GIVEN, False, "step 0: 2 of 6 slots stayed empty, the first of 2 such steps"),
]


@pytest.mark.parametrize(("name", "run", "holds", "reason"), FINDINGS, ids=[row[0] for row in FINDINGS])
def test_finding(name, run, holds, reason) -> None:
    finding = PREDICATES[name](run)
    assert (finding.name, finding.holds, finding.reason) == (name, holds, reason)


WITH_OPTIONS = {"rich_pool", "large_batch", "large_batch_spread"}


def test_every_predicate_is_tried_both_ways_where_it_can_fail() -> None:
    tried = {(name, holds) for name, _, holds, _ in FINDINGS}
    # an engine run starts empty and grows; those that need options have their own tests below
    assert {name for name, holds in tried if not holds} >= set(PREDICATES) - {
        "empty_start",
        "non_decreasing_drift",
        *WITH_OPTIONS,
    }
    assert {name for name, holds in tried if holds} == set(PREDICATES) - WITH_OPTIONS


def test_a_request_active_before_the_start_is_noticed() -> None:
    late = replace(EQUAL, admitted=np.concatenate([[4], EQUAL.admitted[1:]]))
    assert PREDICATES["empty_start"](late).reason == "6 requests were active in step 0, 4 of them new"
    assert not PREDICATES["empty_start"](late).holds


@pytest.mark.parametrize(
    ("options", "lookahead", "reason"),
    [
        (
            {"objective": "makespan"},
            None,
            "the policy was 'bfio' with objective = 'makespan', must be 'imbalance'",
        ),
        ({"max_wait": 9}, None, "the policy was 'bfio' with max_wait = 9, must be None"),
        (
            {"horizon": 3},
            "oracle",
            "the policy was 'bfio' with horizon = 3, must be 0: lookahead 'oracle' predicts completions",
        ),
    ],
)
def test_bfio_with_other_options_is_another_policy(options, lookahead, reason) -> None:
    run = simulate(EQUAL.workload, EQUAL.system, Bfio(**options), steps=20, lookahead=lookahead)
    found = PREDICATES["bfio_policy"](run)
    assert (found.holds, found.reason) == (False, reason)


def test_a_horizon_that_foresees_nothing_is_bfio_of_horizon_0() -> None:
    ahead = simulate(EQUAL.workload, EQUAL.system, Bfio(horizon=3), steps=20)
    np.testing.assert_array_equal(ahead.imbalance, BALANCED.imbalance)
    found = PREDICATES["bfio_policy"](ahead)
    words = "the policy was 'bfio' with horizon = 3, which decides as 0 does, requests pooled"
    assert (found.holds, found.reason) == (True, words)
    # with slots left empty it is not: the growth of a worker counts its requests
    short = simulate(EQUAL.workload, EQUAL.system, Bfio(horizon=3), steps=20, pool_limit=1)
    assert PREDICATES["bfio_policy"](short).reason.endswith(
        "must be 0: slots stayed empty in step 0, and fuller workers grow faster"
    )
    differing = simulate(GIVEN.workload, System(2, 1), Bfio(horizon=3))
    assert PREDICATES["bfio_policy"](differing).reason.endswith("must be 0: drift is not common")


def test_a_policy_of_the_same_name_without_options_is_not_taken_for_bfio() -> None:
    found = PREDICATES["bfio_policy"](replace(EQUAL, policy="bfio"))
    assert found.reason == "the policy was 'bfio' with objective = 'unknown', must be 'imbalance'"


def test_one_open_gap_is_named() -> None:
    gap = BALANCED.gap.copy()
    gap[4] = 2.0
    found = PREDICATES["solved_to_optimality"](replace(BALANCED, gap=gap))
    assert (found.holds, found.reason) == (False, "step 4: proven to be within 2 of the optimum only")


def test_solver_tolerance_is_no_open_gap_where_loads_are_not_whole() -> None:
    work = Workload(np.arange(1, 13) / 7, [2] * 12, NoGrowth())
    run = simulate(work, System(2, 2), BfioExact())
    assert 0 < run.gap.max() < 1e-5
    assert PREDICATES["solved_to_optimality"](run).holds


def test_overloaded_looks_only_between_warmup_and_until() -> None:
    run = simulate(Workload([1] * 9, [2] * 9, NoGrowth()), System(2, 2), "fcfs")
    assert run.active.tolist() == [4, 4, 4, 4, 1, 1]
    assert overloaded(run, until=4).reason == "all 4 slots were full in steps 0..3"
    assert overloaded(run, warmup=5).reason == "step 5: 3 of 4 slots stayed empty"
    assert overloaded(run, warmup=2).reason == "step 4: 3 of 4 slots stayed empty, the first of 2 such steps"


def test_rich_pool_by_hand() -> None:
    # one worker, two slots, window 1; step 0 shows sizes 1, 9, 1: two small, one large
    work = Workload([1, 9, 1, 9, 1, 9], [1] * 6, NoGrowth())
    run = simulate(work, System(1, 2), "fcfs", window=1)
    assert [column.tolist() for column in pool_counts(run, 1, 9)] == [[2, 2, 2], [2, 2, 1], [1, 1, 1]]
    assert rich_pool(run, a=1, b=9).reason == (
        "step 0: 2 free slots, but 2 sizes <= 1 and 1 sizes >= 9 in the pool, the first of 3 such steps"
    )
    wide = simulate(work, System(1, 2), "fcfs", window=4, steps=2)
    found = rich_pool(wide, a=1, b=9)
    assert (found.holds, found.reason) == (
        True,
        "every step with U free slots showed at least U sizes <= 1 and U sizes >= 9",
    )
    assert not rich_pool(simulate(work, System(1, 2), "fcfs", pool_limit=3, steps=1), a=1, b=9).holds


def test_requests_bound_on_arrival_have_no_common_pool() -> None:
    found = rich_pool(replace(EQUAL, binding="immediate"), a=1, b=9)
    assert (found.holds, found.reason) == (
        False,
        "requests were bound by 'immediate' on arrival, so there was no common pool",
    )


class AnyOfTheShown(Policy):
    """Takes a random choice of the requests shown, so that old ones stay behind."""

    name = "any_of_the_shown"

    def assign(self, view):
        slots = view.rng.permutation(np.repeat(np.arange(len(view.free_slots)), view.free_slots))
        worker = np.full(len(view.sizes), -1)
        chosen = view.rng.permutation(len(view.sizes))[: view.admissions]
        worker[chosen] = slots[: view.admissions]
        return worker


@given(
    work=workloads() | workloads(clocked=True),
    system=systems() | paced_systems(),
    window=st.integers(0, 8),
    limit=st.none() | st.integers(1, 9),
    seed=st.integers(0, 99),
)
def test_the_pool_rebuilt_is_the_pool_shown(work, system, window, limit, seed) -> None:
    shown = {}

    class Recorder(AnyOfTheShown):
        def assign(self, view):
            shown[view.step] = (view.free_slots.sum(), (view.sizes <= 9).sum(), (view.sizes >= 20).sum())
            return super().assign(view)

    run = simulate(work, system, Recorder(), window=window, pool_limit=limit, seed=seed)
    free, small, large = pool_counts(run, 9, 20)
    for step in range(run.steps):
        wanted = shown.get(step, (free[step], 0, 0))
        assert (free[step], small[step], large[step]) == wanted


def test_unmet_lists_what_fails_and_only_that() -> None:
    assert unmet(CLAIMS["F0"], GEOMETRIC) == []
    assert [finding.name for finding in unmet(CLAIMS["F0"], GIVEN)] == [
        "fcfs_policy",
        "overloaded",
        "iid_sizes",
        "known_load_law",
    ]
    assert [finding.name for finding in unmet(CLAIMS["B1"], EQUAL)] == ["bfio_policy"]
    assert unmet(CLAIMS["T0"], GIVEN) == []


def test_unmet_hands_options_to_the_predicate() -> None:
    run = simulate(EQUAL.workload, System(2, 3), "fcfs")
    assert [finding.name for finding in unmet(CLAIMS["F0"], run)] == ["overloaded"]
    assert unmet(CLAIMS["F0"], run, options={"overloaded": {"until": 100}}) == []


def test_a_slot_law_does_not_apply_where_growth_depends_on_the_worker() -> None:
    """Each slot may have the law, but the slots of a worker grow together: the sum is not that of F0."""

    class OneSide(NoGrowth):
        sees_workers = True
        is_common = False

        def increments(self, *, age, worker, **_state):
            return np.zeros(len(age))

    run = synthetic(Law.geometric(0.5), drift=OneSide())
    found = PREDICATES["known_load_law"](run)
    assert not found.holds
    assert found.reason == "OneSide grows requests by where they run, so that slots depend on each other"


def test_what_a_predicate_needs_to_be_told() -> None:
    message = "options for 'rich_pool' must give a, b: claim B2 assumes it"
    with pytest.raises(ValueError, match=f"^{message}$"):
        unmet(CLAIMS["B2"], GEOMETRIC)
    message = "options for 'large_batch' must give eta: claim B2 assumes it"
    with pytest.raises(ValueError, match=f"^{message}$"):
        unmet(
            CLAIMS["B2"], GEOMETRIC, options={"rich_pool": {"a": 1, "b": 9}, "large_batch": {"a": 1, "b": 9}}
        )


def geometric(slots, *, drift=None, p=0.9):
    law = Law.geometric(p)
    return synthetic(law, drift=drift or NoGrowth(), requests=2000, slots=slots, policy="bfio")


def test_large_batch_by_the_condition_of_b2() -> None:
    told = {"a": 2, "b": 8, "eta": 0.05}
    least = required_batch(2, 0.9, 2, 8, 0.05, 19, s_min=1, s_max=9, growth=0)
    words = "with p = 0.9, a = 2, b = 8, eta = 0.05 and 20 steps"
    found = large_batch(geometric(least), **told)
    assert (found.holds, found.reason) == (True, f"B = {least}, {words}, meets the condition")
    found = large_batch(geometric(least - 1), **told)
    assert (found.holds, found.reason) == (
        False,
        f"B = {least - 1}, {words}, does not meet the condition; the smallest batch that does is {least}",
    )
    options = {"rich_pool": {"a": 2, "b": 8}, "large_batch": told}
    missing = {finding.name for finding in unmet(CLAIMS["B2"], geometric(least), options=options)}
    assert missing <= {"rich_pool", "overloaded"}


def test_large_batch_where_growth_differs_or_tears_apart() -> None:
    uneven = geometric(30, drift=AgeGrowth(), p=0.1)
    found = large_batch(uneven, a=2, b=8, eta=0.05)
    assert not found.holds
    assert found.reason.endswith(
        "no batch is large enough: p·(b - a) = 0.6 must exceed (1 - p)·growth_gap = 1.8"
    )
    # sizes are 1..9: no pool of that law is rich up to 20
    assert large_batch(geometric(30), a=2, b=20, eta=0.05).reason.endswith("s_max must be >= 20, got 9")
    assert large_batch(EQUAL, a=2, b=8, eta=0.05).reason == "the lengths were not drawn from Law.geometric"


def test_the_spread_needs_no_larger_batch() -> None:
    told = {"a": 4, "b": 6, "eta": 0.05}
    run = synthetic(Law.geometric(0.6), drift=NoGrowth(), requests=9000, workers=8, slots=200)
    regime = {"s_min": 1, "s_max": 9, "growth": 0}
    assert required_batch(8, 0.6, 4, 6, 0.05, 19, **regime, spread=True) < required_batch(
        8, 0.6, 4, 6, 0.05, 19, **regime
    )
    found = large_batch_spread(run, **told)
    assert found.reason.startswith("B = 200, with p = 0.6")


def test_b2_applies_to_a_run_in_its_regime_and_holds_there() -> None:
    sizes = Law([*range(1, 26), *range(75, 101)], [1 / 51] * 51)
    least = required_batch(2, 0.9, 25, 75, 0.05, 30, s_min=1, s_max=100)
    # more of each kind than can ever be admitted: BF-IO takes small ones first, and a short window runs out
    work = Workload.synthetic(
        sizes=sizes, lengths=Law.geometric(0.9), drift=UnitGrowth(), requests=30_000, seed=2
    )
    run = simulate(work, System(2, least), Bfio(), steps=31, window=30_000, seed=1)
    options = {"rich_pool": {"a": 25, "b": 75}, "large_batch": {"a": 25, "b": 75, "eta": 0.05}}
    assert unmet(CLAIMS["B2"], run, options=options) == []
    assert run.imbalance.max() <= 99
    poor = simulate(work, System(2, least), Bfio(), steps=31, window=6 * least, seed=1)
    assert [finding.name for finding in unmet(CLAIMS["B2"], poor, options=options)] == ["rich_pool"]
