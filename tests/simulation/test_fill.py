"""The filling construction of B2's proof: loads in (T - Δ, T] wherever a common level exists."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_processes import Law, UnitGrowth, Workload
from formulations import imbalance
from simulation import System, simulate
from simulation.policies import BfioExact, Deal, Fill
from simulation.policies.fill import common_levels, fill_to, two_kinds
from tests.simulation.test_deal import Beside
from tests.simulation.test_policies import view


@st.composite
def fillings(draw, most_workers: int = 6, most_slots: int = 4):
    """Draw a state with a rich pool and a common level, whole numbers throughout."""
    a = draw(st.integers(0, 30))
    b = a + draw(st.integers(1, 30))
    free = draw(st.lists(st.integers(0, most_slots), min_size=1, max_size=most_workers))
    top = max(free) * b + draw(st.integers(0, 50))
    loads = [top - draw(st.integers(c * a, c * b)) for c in free]
    slots = sum(free)
    several = lambda lo, hi, n: draw(st.lists(st.integers(lo, hi), min_size=n, max_size=n))  # noqa: E731
    spare = several(0, b + 20, draw(st.integers(0, 4)))
    sizes = [*several(0, a, slots), *several(b, b + 20, slots), *spare]
    return loads, free, draw(st.permutations(sizes)), a, b


def loads_after(worker, loads, sizes):
    placed = worker >= 0
    return np.array(loads) + np.bincount(worker[placed], weights=sizes[placed], minlength=len(loads))


def test_a_step_worked_by_hand() -> None:
    """Intervals [10, 10 + 2·10] and [4, 4 + 10] share 10..14, and T = 12 is the middle.

    Worker 0 keeps two requests of size 0, since 10 + 10 is above T, and worker 1 keeps one, since 14 is.
    """
    state = view(loads=[10, 4], free=[2, 1], sizes=[10, 0, 10, 0, 10, 0])
    assert Fill().assign(state).tolist() == [-1, 0, -1, 0, -1, 1]


def test_a_level_may_be_reached_but_not_passed() -> None:
    sizes, loads, free = np.array([0.0, 0, 0, 8, 8, 8]), np.array([10.0, 4]), np.array([2, 1])
    kinds = two_kinds(sizes, 3, 0, 8)
    assert fill_to(12, loads, free, sizes, *kinds).tolist() == [0, 0, -1, 1, -1, -1]
    assert fill_to(11.5, loads, free, sizes, *kinds).tolist() == [0, 0, 1, -1, -1, -1]


@given(state=fillings(), where=st.sampled_from([0.0, 0.5, 1.0]))
def test_loads_end_within_delta_below_any_common_level(state, where) -> None:
    loads, free, sizes, a, b = state
    sizes, loads, free = np.array(sizes, dtype=float), np.array(loads, dtype=float), np.array(free)
    low, high = common_levels(loads, free, a, b)
    assert low <= high
    level = low + where * (high - low)
    small, large = two_kinds(sizes, int(free.sum()), a, b)
    worker = fill_to(level, loads, free, sizes, small, large)
    after = loads_after(worker, loads, sizes)
    delta = np.ptp(sizes) if len(sizes) else 0.0
    assert (np.bincount(worker[worker >= 0], minlength=len(free)) == free).all()
    assert after.max() <= level
    assert (after > level - delta).all() or not free.any()
    assert len(loads) * after.max() - after.sum() <= (len(loads) - 1) * delta


@given(state=fillings(), told=st.booleans())
def test_the_policy_keeps_the_bound_from_every_such_state(state, told) -> None:
    """Limits read off the pool are at least as good: where the pair told has a common level, they have."""
    loads, free, sizes, a, b = state
    policy = Fill(a=a, b=b) if told else Fill()
    shown = view(loads, free, sizes)
    after = loads_after(policy.assign(shown), loads, shown.sizes)
    delta = np.ptp(sizes) if sizes else 0
    assert len(loads) * after.max() - after.sum() <= (len(loads) - 1) * delta


@settings(max_examples=40)
@given(state=fillings(most_workers=3, most_slots=2))
def test_the_optimum_is_at_least_as_good_from_the_same_state(state) -> None:
    loads, free, sizes, _, _ = state
    shown = view(loads, free, sizes)
    if shown.admissions:
        problem = shown.problem()
        best, filled = (imbalance(problem, policy.assign(shown)) for policy in (BfioExact(), Fill()))
        assert best <= filled


@pytest.mark.parametrize("options", [{}, {"a": 25, "b": 75}])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_step_of_a_run_with_large_batches_is_within_the_bound(options, seed) -> None:
    """G = 4, B = 100, p = 1/2, everything in sight: one step's refills outweigh one step's noise."""
    work = Workload.synthetic(
        sizes=Law.uniform(1, 100), lengths=Law.geometric(0.5), drift=UnitGrowth(), requests=20_000, seed=seed
    )
    run = simulate(work, System(4, 100), Fill(**options), steps=40, window=work.requests)
    assert (run.active == 400).all()
    assert run.imbalance.max() <= 3 * 99
    # a policy that is blind to sizes is far outside
    assert simulate(work, System(4, 100), "fcfs", steps=40).imbalance.max() > 3 * 99


def test_the_optimum_is_at_least_as_good_along_a_run() -> None:
    work = Workload.synthetic(
        sizes=Law.uniform(1, 9), lengths=Law.geometric(0.5), drift=UnitGrowth(), requests=60, seed=4
    )
    policy = Beside(Fill(), BfioExact())
    simulate(work, System(2, 3), policy, steps=12, window=12)
    assert len(policy.noted) >= 8
    assert all(best <= filled for best, filled in policy.noted)


def test_without_a_common_level_the_heaviest_is_held_and_the_others_are_filled_up_to_it() -> None:
    # intervals [100, 105] and [0, 10]: T = 100, so worker 0 takes the 0 and worker 1 the two fives
    state = view(loads=[100, 0], free=[1, 2], sizes=[0, 5, 0, 5, 0, 5])
    assert Fill().assign(state).tolist() == [0, 1, -1, 1, -1, -1]


@pytest.mark.parametrize(
    ("sizes", "why"),
    [([3, 1, 2], "too few to have both kinds"), ([4, 4, 4, 4, 4, 4], "one kind only"), ([7], "not even U")],
)
def test_a_pool_that_is_not_rich_is_dealt(sizes, why) -> None:
    state = view(loads=[5, 0], free=[1, 2], sizes=sizes)
    assert Fill().assign(state).tolist() == Deal().assign(state).tolist(), why


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"a": 3}, "a and b must be given together, got a=3 and b=None"),
        ({"b": 3}, "a and b must be given together, got a=None and b=3"),
        ({"a": 3, "b": 3}, "b must be > 3, got 3"),
        ({"a": -1, "b": 3}, "a must be >= 0, got -1"),
    ],
)
def test_limits_that_are_none(options, message) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Fill(**options)
