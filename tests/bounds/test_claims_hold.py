"""Each claim against what it speaks of: random laws, all assignments of small pools, random loads."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounds import CLAIMS, fcfs_lower_bound, homogeneous_ratio, step_energy_bounds
from bounds.claims.f1_fcfs_lower import BERRY_ESSEEN
from bounds.maxima import maximum_above_mean
from drift_processes import Law
from simulation.energy import step_power_w
from simulation.system import PowerModel
from tests.law_strategies import as_law, size_tables

DICE = Law.uniform(1, 100)


# F1


@given(table=size_tables(), workers=st.integers(1, 300), slots=st.integers(1, 3000))
def test_f1_is_never_above_f0(table, workers, slots) -> None:
    law = as_law(table)
    exact = maximum_above_mean(law, copies=workers, terms=slots) * workers
    assert 0 <= fcfs_lower_bound(law, workers=workers, slots=slots) <= exact.hi


@pytest.mark.parametrize(
    ("workers", "slots", "share"),
    [(4, 72, 0.265), (16, 72, 0.436), (64, 72, 0.481), (256, 72, 0.471), (64, 5000, 0.656)],
)
def test_f1_reaches_these_shares_of_f0(workers, slots, share) -> None:
    # shares found by a search over a fine grid of t, independent of the one used here
    exact = maximum_above_mean(DICE, copies=workers, terms=slots).mid * workers
    assert fcfs_lower_bound(DICE, workers=workers, slots=slots) / exact == pytest.approx(share, abs=6e-4)


@given(level=st.floats(0.01, 2.3), workers=st.integers(2, 500), slots=st.integers(72, 5000))
def test_f1_formula_is_maximised_by_the_function(level, workers, slots) -> None:
    values = DICE.values
    third = float((abs(values - 50.5) ** 3).mean())
    numbers = {"G": workers, "B": slots, "sigma": float(values.std()), "rho": third, "t": level}
    if 0.5 * math.erfc(level / math.sqrt(2)) <= BERRY_ESSEEN * third / (values.std() ** 3 * slots**0.5):
        with pytest.raises(ValueError, match=r"claim F1 needs q > 0"):
            CLAIMS["F1"].evaluate(**numbers)
        return
    formula = CLAIMS["F1"].evaluate(**numbers)
    assert formula <= fcfs_lower_bound(DICE, workers=workers, slots=slots) * (1 + 1e-7)


def test_f1_is_void_where_it_says_nothing() -> None:
    assert fcfs_lower_bound(DICE, workers=1, slots=72) == 0
    assert fcfs_lower_bound(Law.constant(7), workers=64, slots=72) == 0
    # skewness ρ/σ³ = 0.98/√0.0099 = 9.9: too large for sums of 72
    assert fcfs_lower_bound(Law([0, 1], [0.99, 0.01]), workers=64, slots=72) == 0
    assert fcfs_lower_bound(Law([0, 1], [0.99, 0.01]), workers=64, slots=7200) > 0


# B1


def best_imbalance(sizes, workers: int, slots: int) -> int:
    """The least imbalance over every way to fill all slots of empty workers from a pool."""
    best = None
    for owner in product(range(workers + 1), repeat=len(sizes)):
        if all(owner.count(g) == slots for g in range(workers)):
            loads = [sum(s for s, o in zip(sizes, owner, strict=True) if o == g) for g in range(workers)]
            value = workers * max(loads) - sum(loads)
            best = value if best is None else min(best, value)
    assert best is not None
    return best


@given(sizes=st.lists(st.integers(0, 50), min_size=4, max_size=7))
def test_b1_bounds_the_best_assignment_of_two_workers(sizes) -> None:
    bound = CLAIMS["B1"].evaluate(G=2, Delta=max(sizes) - min(sizes))
    assert best_imbalance(sizes, 2, 2) <= bound


@given(sizes=st.lists(st.integers(0, 50), min_size=3, max_size=5))
def test_b1_bounds_the_best_assignment_of_three_workers(sizes) -> None:
    bound = CLAIMS["B1"].evaluate(G=3, Delta=max(sizes) - min(sizes))
    assert best_imbalance(sizes, 3, 1) <= bound


@pytest.mark.parametrize(("workers", "slots"), [(2, 1), (2, 3), (3, 1), (3, 2)])
def test_b1_is_attained_by_one_large_request(workers, slots) -> None:
    sizes = [9] + [2] * (workers * slots - 1)
    assert best_imbalance(sizes, workers, slots) == CLAIMS["B1"].evaluate(G=workers, Delta=7)


@given(data=st.data(), workers=st.integers(2, 8), slots=st.integers(1, 6))
def test_b1_construction_keeps_the_spread_within_the_range_of_sizes(data, workers, slots) -> None:
    """The proof as a program: layers of G in decreasing order, the largest to the least loaded worker."""
    number = workers * slots
    sizes = np.array(data.draw(st.lists(st.integers(0, 1000), min_size=number, max_size=number)))
    loads = np.zeros(workers, dtype=np.int64)
    for layer in np.sort(sizes)[::-1].reshape(slots, workers):
        loads[np.argsort(loads, kind="stable")] += layer
    span = int(sizes.max() - sizes.min())
    assert loads.max() - loads.min() <= span
    assert workers * loads.max() - loads.sum() <= CLAIMS["B1"].evaluate(G=workers, Delta=span)


def test_b1_ratio_is_f0_over_b1() -> None:
    ratio = homogeneous_ratio(DICE, workers=16, slots=72)
    exact = maximum_above_mean(DICE, copies=16, terms=72)
    assert ratio.mid == pytest.approx(16 * exact.mid / CLAIMS["B1"].evaluate(G=16, Delta=99), rel=1e-9)
    assert ratio.mid == pytest.approx(4.6571, abs=1e-4)


def test_b1_ratio_grows_as_the_root_of_the_slots() -> None:
    one, four = (homogeneous_ratio(DICE, workers=16, slots=b).mid for b in (1000, 4000))
    assert four / one == pytest.approx(2.0, rel=1e-3)


# T0 and E0

LOADS = st.lists(st.floats(0, 1e6), min_size=1, max_size=40)


@given(
    steps=st.lists(st.lists(st.integers(0, 1000), min_size=3, max_size=3), min_size=1, max_size=9),
    overhead=st.floats(0.01, 1),
    kappa=st.floats(0, 1e-2),
    nu=st.floats(0, 1e-2),
)
def test_t0_is_an_identity(steps, overhead, kappa, nu) -> None:
    loads = np.array(steps, dtype=float)
    seconds = (overhead + kappa * loads.max(axis=1) + nu * loads.mean(axis=1)).sum()
    work = loads.sum()
    idle = (3 * loads.max(axis=1) - loads.sum(axis=1)).sum()
    found = CLAIMS["T0"].evaluate(
        G=3, K=len(steps), N=24, C=overhead, kappa=kappa, nu=nu, W=float(work), J=float(idle)
    )
    assert found == pytest.approx(24 / seconds, rel=1e-9)


@given(
    loads=LOADS,
    idle=st.floats(0, 200),
    swing=st.floats(0, 400),
    exponent=st.floats(0.05, 1),
    seconds=st.floats(0, 10),
)
def test_e0_contains_the_energy_of_a_step(loads, idle, swing, exponent, seconds) -> None:
    vector = np.array(loads)
    power = PowerModel(idle_w=idle, busy_w=idle + swing, exponent=exponent)
    energy = seconds * step_power_w(vector, power)
    lower, upper = step_energy_bounds(
        [seconds],
        [vector.max()],
        [vector.sum()],
        workers=len(loads),
        idle_w=idle,
        busy_w=idle + swing,
        exponent=exponent,
    )
    room = 1e-9 * (1 + energy)
    assert lower[0] - room <= energy <= upper[0] + room


@given(loads=LOADS.filter(lambda x: max(x) > 0), exponent=st.floats(0.05, 1))
def test_e0_sides_are_those_of_the_formula(loads, exponent) -> None:
    vector, workers = np.array(loads), len(loads)
    sides = step_energy_bounds(
        [2.0], [vector.max()], [vector.sum()], workers=workers, idle_w=90, busy_w=410, exponent=exponent
    )
    numbers = {
        "G": workers,
        "T": 2.0,
        "I_M": max(0.0, float(workers - vector.sum() / vector.max())),
        "P_idle": 90,
        "P_max": 410,
        "gamma": exponent,
    }
    assert sides[0][0] == pytest.approx(CLAIMS["E0"].evaluate_lower(**numbers), rel=1e-9, abs=1e-9)
    assert sides[1][0] == pytest.approx(CLAIMS["E0"].evaluate(**numbers), rel=1e-9, abs=1e-9)


def test_e0_is_tight_for_linear_power_and_for_balance() -> None:
    linear = step_energy_bounds([1], [4], [7], workers=3, idle_w=100, busy_w=400, exponent=1)
    assert linear[0] == linear[1] == 100 * 3 + 300 * 7 / 4
    balanced = step_energy_bounds([1], [4], [12], workers=3, idle_w=100, busy_w=400, exponent=0.5)
    assert balanced[0] == balanced[1] == 1200


def test_e0_of_an_idle_step_lies_between_idle_power_and_more() -> None:
    lower, upper = step_energy_bounds([2], [0], [0], workers=3, idle_w=100, busy_w=400, exponent=0.7)
    assert lower[0] == 2 * 3 * 100
    assert upper[0] >= lower[0]
