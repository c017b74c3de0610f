"""Both forms of the saving against step energies, and the instances that refute what goes beyond them."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bounds import CLAIMS
from bounds.balls import enclose
from bounds.claims.e_saving_published import LIMIT
from simulation.energy import step_power_w
from simulation.system import PowerModel

LOADS = st.lists(st.lists(st.integers(0, 50), min_size=3, max_size=3), min_size=1, max_size=6)


def told(steps):
    """Total load and total imbalance."""
    loads = np.array(steps, dtype=float)
    return float(loads.sum()), float((loads.shape[1] * loads.max(axis=1) - loads.sum(axis=1)).sum())


def energy(steps, power):
    """Joules where a step takes max_g L_g seconds."""
    loads = np.array(steps, dtype=float)
    return sum(row.max() * float(step_power_w(row, power)) for row in loads)


def symbols(power):
    return {"P_idle": power.idle_w, "P_max": power.busy_w, "gamma": power.exponent}


def saving(base, other, power):
    return 1 - energy(other, power) / energy(base, power)


@given(base=LOADS, other=LOADS, idle=st.integers(1, 200), swing=st.integers(0, 400), gamma=st.floats(0.05, 1))
def test_the_saving_of_any_two_runs(base, other, idle, swing, gamma) -> None:
    assume(np.max(base) > 0)
    power = PowerModel(idle_w=idle, busy_w=idle + swing, exponent=gamma)
    (w_0, i_0), (w_1, i_1) = told(base), told(other)
    least = CLAIMS["E-saving"].evaluate(W_0=w_0, W_1=w_1, I_0=i_0, I_1=i_1, **symbols(power))
    assert saving(base, other, power) >= least - 1e-9 * (1 + abs(least))


@given(base=LOADS, order=st.permutations(range(18)), gamma=st.floats(0.05, 1), idle=st.integers(1, 200))
def test_the_published_form_is_the_weaker_one_in_its_domain(base, order, gamma, idle) -> None:
    # the same loads on other workers and steps: the same total work
    flat = np.array(base).ravel()
    other = flat[[i for i in order if i < flat.size]].reshape(-1, 3)
    (work, i_0), (_, i_1) = told(base), told(other)
    assume(work > 0)
    power = PowerModel(idle_w=idle, busy_w=400, exponent=gamma)
    leak = gamma * idle + (1 - gamma) * 400
    numbers = {"I_0": i_0, "I_1": i_1, **symbols(power)}
    sharp = CLAIMS["E-saving"].evaluate(W_0=work, W_1=work, **numbers)
    if idle * i_0 >= leak * i_1 * (1 + 1e-12):
        published = CLAIMS["E-saving-published"].evaluate(W=work, **numbers)
        assert 0 <= published <= sharp * (1 + 1e-12)
        assert published <= saving(base, other, power) + 1e-9
    elif idle * i_0 < leak * i_1 * (1 - 1e-12):
        with pytest.raises(ValueError, match="needs P_idle I_0 >= C_gamma I_1"):
            CLAIMS["E-saving-published"].evaluate(W=work, **numbers)


def test_with_a_negative_numerator_the_published_form_fails() -> None:
    power = PowerModel(idle_w=40, busy_w=400, exponent=0.5)
    base, other = [(3, 0), (8, 8)], [(10, 9)]
    (work, i_0), (same, i_1) = told(base), told(other)
    assert (work, i_0, i_1) == (same, 3, 1) == (19, 3, 1)
    form = (40 * i_0 - 220 * i_1) / (400 * work + 220 * i_0)
    assert form == pytest.approx(-100 / 8260)
    assert saving(base, other, power) == pytest.approx(-0.01234, abs=1e-5)
    assert saving(base, other, power) < form
    sharp = CLAIMS["E-saving"].evaluate(W_0=19, W_1=19, I_0=i_0, I_1=i_1, **symbols(power))
    assert sharp <= saving(base, other, power)


def test_the_limit_of_the_published_form() -> None:
    numbers = {"P_idle": 100, "P_max": 400, "gamma": 0.7}
    assert 100 / 190 in enclose(LIMIT, numbers)
    assert CLAIMS["E-saving-published"].evaluate(W=1, I_0=1e9, I_1=1, **numbers) == pytest.approx(100 / 190)


def test_tight_for_a_baseline_that_idles_or_works() -> None:
    power = PowerModel(idle_w=100, busy_w=400, exponent=0.7)
    assert saving([(2, 0)], [(1, 1)], power) == pytest.approx(0.2)
    assert CLAIMS["E-saving"].evaluate(W_0=2, W_1=2, I_0=2, I_1=0, **symbols(power)) == 0.2


def test_the_false_neighbours_are_refuted_by_that_instance() -> None:
    power = PowerModel(idle_w=100, busy_w=400, exponent=0.7)
    reached = saving([(2, 0)], [(1, 1)], power)
    numbers = {"I_0": 2, "I_1": 0, **symbols(power)}
    assert CLAIMS["E-saving"].false_neighbour().evaluate(W_0=2, W_1=2, **numbers) > reached + 0.1
    assert CLAIMS["E-saving-published"].false_neighbour().evaluate(W=2, **numbers) == 0.25 > reached


def test_the_neighbour_of_e0_is_refuted() -> None:
    power = PowerModel(idle_w=100, busy_w=400, exponent=0.7)
    drawn = float(step_power_w(np.array([10.0, 9.0]), power))
    numbers = {"G": 2, "T": 1, "I_M": 0.1, **symbols(power)}
    assert CLAIMS["E0"].evaluate_lower(**numbers) <= drawn <= CLAIMS["E0"].evaluate(**numbers)
    assert CLAIMS["E0"].false_neighbour().evaluate(**numbers) == pytest.approx(774.5)
    assert drawn > 778
