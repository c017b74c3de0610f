"""What an adapter promises: instances inside what its claim assumes, both sides as the theory has them."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.falsifier import ADAPTERS
from bounds.falsifier.choices import at_random, every
from bounds.falsifier.fields import checked_instance
from bounds.falsifier.optimum import FEW, all_optima, optimum
from contracts import stream
from drift_processes import UnitGrowth, Workload
from simulation import System, simulate
from tests.oracles import brute_force, feasible_workers, values_of
from tests.strategies import step_problems


@pytest.mark.parametrize("claim", ADAPTERS)
def test_instances_are_inside_what_the_claim_assumes(claim: str) -> None:
    adapter, choose = ADAPTERS[claim], at_random(stream(5, claim))
    assert adapter.claim == claim
    for _ in range(300):
        instance = adapter.build(choose, adapter.usual)
        assert adapter.missing(checked_instance(adapter.fields, instance)) == ""
    for limits in adapter.tiny:
        for number, instance in enumerate(every(lambda choose, limits=limits: adapter.build(choose, limits))):
            if number % 7 == 0:
                assert adapter.missing(checked_instance(adapter.fields, instance)) == ""


@settings(max_examples=60)
@given(problem=step_problems(max_horizon=0, options=False, sizes=(3, 20), loads=(0, 5, 50)))
def test_optima_are_those_of_enumeration(problem) -> None:
    best = brute_force(problem)["imbalance"]
    assert optimum(problem).value == best
    wanted = [
        list(worker) for worker in feasible_workers(problem)
        if values_of(problem, worker)["imbalance"] == best
    ]  # fmt: skip
    seen = all_optima(problem)
    if (problem.workers + 1) ** len(problem.sizes) <= FEW:
        assert sorted(seen) == sorted(wanted)
    else:
        assert len(seen) == 1
        assert seen[0] in wanted


@settings(max_examples=40)
@given(sizes=st.lists(st.integers(0, 20), min_size=4, max_size=7), slots=st.integers(1, 2))
def test_b1_measures_what_a_run_shows_in_every_step(sizes, slots) -> None:
    """One decision is all there is to a round, since common growth changes no imbalance."""
    adapter = ADAPTERS["B1"]
    (part,) = adapter.parts({"workers": 2, "slots": slots, "sizes": sizes}, Fraction(-1))
    work = Workload(sizes, [3] * len(sizes), UnitGrowth())
    run = simulate(work, System(2, slots), "bfio_exact", steps=3, window=len(sizes))
    assert run.imbalance.tolist() == [part.smaller] * 3
    assert part.larger == max(sizes) - min(sizes)
    assert part.proven


@given(sizes=st.lists(st.integers(0, 20), min_size=4, max_size=7), beyond=st.integers(0, 4))
def test_what_is_not_proven_lies_between_the_truth_and_what_is_allowed(sizes, beyond) -> None:
    instance = {"workers": 2, "slots": 2, "sizes": sizes}
    (exact,) = ADAPTERS["B1"].parts(instance, Fraction(-1))
    (quick,) = ADAPTERS["B1"].parts(instance, Fraction(beyond, 4))
    assert quick.proven or exact.ratio <= quick.ratio <= Fraction(beyond, 4)
    assert not quick.proven or quick == exact


@pytest.mark.parametrize("sizes", [[0] * 4, [7] * 4, [7] * 9])
def test_b1_without_any_variance_is_zero_below_zero(sizes) -> None:
    (part,) = ADAPTERS["B1"].parts({"workers": 2, "slots": 2, "sizes": sizes}, Fraction(-1))
    assert (part.smaller, part.larger, part.ratio) == (0, 0, 0)
    assert not part.fails(1.0)


def test_filling_measures_the_gap_below_each_common_level() -> None:
    """Levels 9 to 9: worker 0 stays empty, since 10 would be above 9."""
    parts = ADAPTERS["filling"].parts(
        {"loads": [0, 9], "free": [1, 0], "sizes": [0, 10], "a": 0, "b": 10}, Fraction(-1)
    )
    assert {(part.smaller, part.larger) for part in parts if part.strict} == {(9, 10)}
    # the optimum takes the 10
    assert (parts[-1].smaller, parts[-1].larger) == (1, 10)


@pytest.mark.parametrize(
    ("claim", "instance", "why"),
    [
        ("B1", {"workers": 2, "slots": 2, "sizes": [1, 2, 3]},
         "the pool must fill all 4 slots, it has 3 requests"),
        ("filling", {"loads": [0, 9], "free": [1, 0], "sizes": [0, 9], "a": 9, "b": 9},
         "a must be below b, got 9 and 9"),
        ("filling", {"loads": [0, 0], "free": [0, 0], "sizes": [0, 9], "a": 0, "b": 9},
         "no slot is free, so nothing is admitted"),
        ("filling", {"loads": [0, 0], "free": [1, 1], "sizes": [0, 0, 9], "a": 0, "b": 9},
         "the pool is not rich: 2 free slots, 2 sizes <= 0 and 1 sizes >= 9"),
        ("filling", {"loads": [0, 10], "free": [1, 0], "sizes": [0, 9], "a": 0, "b": 9},
         "no common level: one interval begins at 10, one ends at 9"),
    ],
)  # fmt: skip
def test_an_instance_outside_the_assumptions_is_told_why(claim, instance, why) -> None:
    adapter = ADAPTERS[claim]
    assert adapter.missing(checked_instance(adapter.fields, instance)) == why


def test_t0_and_e0_of_a_run_worked_by_hand() -> None:
    """G = 2, loads (3, 1) for one step, C = 1 s, κ = 1 s: 2/(1 + 3) tokens per second."""
    work = {"workers": 2, "slots": 1, "sizes": [3, 1], "lengths": [1, 1]}
    pace = {"overhead_ms": 1000, "per_load_ms": 1000, "per_mean_load_ms": 0}
    for part in ADAPTERS["T0"].parts(work | pace, 0):
        assert (part.smaller, part.larger) == (0.5, 0.5)
    # loads (2, 0), 100 and 400 W, γ = 0.7: I/M = 1 and e = 500, within [500, 590]
    power = {"idle_w": 100, "swing_w": 300, "exponent_percent": 70}
    lower, upper = ADAPTERS["E0"].parts({"loads": [2, 0], **power}, 0)
    assert (lower.smaller, lower.larger, upper.smaller, upper.larger) == (500, 500, 500, pytest.approx(590))


def test_savings_of_two_runs_worked_by_hand() -> None:
    """Loads (3, 1) twice against (2, 2) twice: 3 + 3 seconds against 2 + 2, at 100 W idle and 400 W busy.

    With γ = 1 a worker at a share x of the largest load uses 100 + 300·x W, so that E_0 = 3·(400 + 200)·2 and
    E_1 = 2·800·2 J. The baseline idles 2·2 load, the policy none: 100·4 of 3600 J are saved, and no less.
    """
    power = {"idle_w": 100, "swing_w": 300, "exponent_percent": 100}
    loads = {"baseline": [3, 1], "baseline_next": [3, 1], "policy": [2, 2], "policy_next": [2, 2]}
    for claim in ("E-saving", "E-saving-published"):
        (part,) = ADAPTERS[claim].parts(loads | power, 0)
        assert (part.smaller, part.larger) == (3200, pytest.approx(3200))


def test_a_concave_power_curve_saves_more_than_the_claim() -> None:
    """γ = 0.5 at x = 1/4: the idle part of a busy worker draws half of the swing, and not a quarter of it."""
    power = {"idle_w": 0, "swing_w": 100, "exponent_percent": 50}
    loads = {"baseline": [4, 1], "baseline_next": [0, 0], "policy": [3, 2], "policy_next": [0, 0]}
    (part,) = ADAPTERS["E-saving"].parts(loads | power, 0)
    # by hand: 4 s at 100 + 50 W, and 3 s at 100 + 100·√(2/3) W
    assert part.smaller == pytest.approx(3 * (100 + 100 * (2 / 3) ** 0.5))
    assert part.larger > part.smaller


@pytest.mark.parametrize(
    ("claim", "changes", "why"),
    [
        ("E-saving", {"baseline": [0, 0], "baseline_next": [0, 0]}, "the baseline uses no energy"),
        ("E-saving", {"idle_w": 0, "swing_w": 0}, "the baseline uses no energy"),
        ("E-saving-published", {"policy": [2, 1]}, "the two runs do not do the same work"),
        ("E-saving-published", {"idle_w": 1, "exponent_percent": 50, "policy": [4, 0]},
         "P_idle·I_0 is below C_γ·I_1"),
    ],
)  # fmt: skip
def test_savings_of_runs_that_cannot_be_compared(claim, changes, why) -> None:
    loads = {"baseline": [3, 1], "baseline_next": [3, 1], "policy": [2, 2], "policy_next": [2, 2]}
    instance = {**loads, "idle_w": 100, "swing_w": 300, "exponent_percent": 100, **changes}
    assert ADAPTERS[claim].missing(instance) == why


def test_all_loads_zero_are_idle_power() -> None:
    lower, upper = ADAPTERS["E0"].parts(
        {"loads": [0, 0], "idle_w": 3, "swing_w": 5, "exponent_percent": 50}, 0
    )
    assert lower.smaller == lower.larger == upper.smaller == 6
    assert upper.larger == pytest.approx(11)
    assert np.isfinite(float(upper.ratio))
