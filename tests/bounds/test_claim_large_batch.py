"""B2's condition: its parts against exact probabilities, and the smallest batch that meets it."""

import math
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bounds import CLAIMS, LargeBatch, required_batch

COMMON = {"p": 0.5, "a": 25, "b": 75, "eta": 0.01, "steps": 200, "s_min": 1, "s_max": 100}


def by_hand(workers, slots, p, a, b, eta, steps, s_min, s_max, growth, gap, spread):
    """The condition in plain floats; None where rounding could decide."""
    alive = workers * slots * (steps + 1)
    oldest = 1 if p == 1 else math.ceil(math.log(2 * alive / eta) / -math.log(1 - p) - 1e-12)
    load = s_max + growth * min(oldest, steps)
    carried = (s_max - s_min) * (1 if spread else workers - 1) + slots * gap
    margin = (p * slots * (b - a) - (1 - p) * carried) / 2
    if margin <= 0:
        return False
    variance = p * (1 - p) * slots * load**2
    chance = 4 * workers * steps * math.exp(-(margin**2) / (2 * (variance + load * margin / 3)))
    return None if abs(chance / (eta / 2) - 1) < 1e-9 else chance <= eta / 2


@given(
    workers=st.integers(2, 40),
    p=st.sampled_from([0.3, 0.5, 0.8, 0.95, 1.0]),
    reach=st.integers(1, 60),
    room=st.integers(0, 30),
    eta=st.floats(1e-6, 0.5),
    steps=st.integers(1, 500),
    growth=st.sampled_from([0.0, 1.0, 7.5]),
    spread=st.booleans(),
    data=st.data(),
)
def test_the_smallest_batch_meets_the_condition_and_none_below_does(
    workers, p, reach, room, eta, steps, growth, spread, data
) -> None:
    gap = data.draw(st.sampled_from([0.0, growth / 10]))
    assume(p * reach > 1.05 * (1 - p) * gap)
    low, high = float(room), float(room + reach)
    numbers = (low, high, eta, steps, 0, high + room, growth, gap, spread)
    least = required_batch(
        workers, p, low, high, eta, steps, s_min=0, s_max=high + room, growth=growth, growth_gap=gap,
        spread=spread,
    )  # fmt: skip
    assert by_hand(workers, least, p, *numbers) is not False
    tried = {*range(1, min(least, 60)), *range(max(least - 60, 1), least)}
    assert not any(by_hand(workers, slots, p, *numbers) for slots in tried)


def test_batches_worked_out_elsewhere() -> None:
    assert required_batch(4, 0.5, 25, 75, 0.01, 200, s_min=1, s_max=100) == 792
    assert required_batch(4, 0.5, 25, 75, 0.01, 200, s_min=1, s_max=100, spread=True) == 785
    assert required_batch(256, 0.5, 25, 75, 0.01, 200, s_min=1, s_max=100) == 1999
    assert required_batch(256, 0.5, 25, 75, 0.01, 200, s_min=1, s_max=100, spread=True) == 1137
    assert required_batch(4, 0.5, 25, 75, 0.01, 200, s_min=1, s_max=100, growth=10, growth_gap=10) == 11617


def test_without_noise_the_condition_by_hand() -> None:
    # p = 1: tau = B/2, V = 0, exponent 3·tau/(2·w_max) with w_max = 1 + 1: B·3/8 >= log(8·2·1/0.5)
    assert required_batch(2, 1.0, 0, 1, 0.5, 1) == math.ceil(8 / 3 * math.log(32))
    # without growth w_max = 1
    assert required_batch(2, 1.0, 0, 1, 0.5, 1, growth=0) == math.ceil(4 / 3 * math.log(32))


def test_a_larger_batch_may_fail_where_a_smaller_one_meets_the_condition() -> None:
    # the bound on ages steps up between the two, by 20 units of load
    regime = LargeBatch(workers=3, p=0.9, a=25, b=75, eta=0.01, steps=50, s_min=1, s_max=100, growth=20)
    assert regime.required() == 324
    assert [slots for slots in range(320, 380) if regime.holds(slots)] == [324, 325, 326, *range(372, 380)]
    assert regime.oldest(327) == regime.oldest(326) + 1


def test_growth_that_tears_apart_more_than_refills_reach_has_no_batch() -> None:
    with pytest.raises(ValueError, match=r"^no batch is large enough: p·\(b - a\) = 5 must exceed") as caught:
        required_batch(2, 0.5, 0, 10, 0.1, 10, growth=10, growth_gap=10)
    assert str(caught.value).endswith("(1 - p)·growth_gap = 5")
    assert required_batch(2, 0.5, 0, 10, 0.1, 10, growth=10, growth_gap=9.9) > 10**6


@given(slots=st.integers(1, 1500), spread=st.booleans(), gap=st.sampled_from([0.0, 1.0]))
def test_the_domain_of_the_claims_is_the_same_condition(slots, spread, gap) -> None:
    regime = LargeBatch(workers=4, growth_gap=gap, spread=spread, **COMMON)
    assume(not (spread and gap))
    claim = CLAIMS["B2-spread" if spread else "B2-heterogeneous" if gap else "B2"]
    numbers = {"G": 4, "B": slots, "K": 200, "p": 0.5, "a": 25, "b": 75, "Delta": 99, "eta": 0.01}
    numbers |= {"w_max": float(regime.load_bound(slots))} | ({"gap": gap} if gap else {})
    if regime.holds(slots):
        assert claim.evaluate(**numbers) == 3 * 99
    else:
        with pytest.raises(ValueError, match=r"claim B2[a-z-]* needs (tau|4 G K exp)"):
            claim.evaluate(**numbers)


@given(
    p=st.sampled_from([Fraction(1, 10), Fraction(1, 2), Fraction(3, 4)]),
    slots=st.integers(1, 500),
    steps=st.integers(1, 400),
    eta=st.sampled_from([0.5, 0.01, 2.0**-20]),
)
def test_the_bound_on_ages_is_the_smallest(p, slots, steps, eta) -> None:
    regime = LargeBatch(workers=2, p=float(p), a=0, b=1, eta=eta, steps=steps)
    stay, alive = 1 - Fraction(float(p)), 2 * slots * (steps + 1)
    oldest = regime.oldest(slots)
    # P(o > A) = (1-p)^A for each of at most G·B·(K+1) requests
    assert oldest == steps or alive * stay**oldest <= Fraction(eta) / 2
    assert alive * stay ** (oldest - 1) > Fraction(eta) / 2


def test_a_bound_on_ages_met_with_equality_is_found() -> None:
    # 2·1·4·2^-A = 2^-3/2 at A = 7
    assert LargeBatch(workers=2, p=0.5, a=0, b=1, eta=2.0**-3, steps=3).oldest(1) == 3
    assert LargeBatch(workers=2, p=0.5, a=0, b=1, eta=2.0**-3, steps=1023).oldest(1) == 15


@given(
    loads=st.lists(st.integers(0, 20), min_size=1, max_size=8),
    target=st.integers(0, 20),
    p=st.sampled_from([0.1, 0.5, 0.9, 1.0]),
    margin=st.floats(0.5, 60),
)
def test_bernstein_is_never_below_the_exact_tail(loads, target, p, margin) -> None:
    """One worker of one step: Σ ξ_i·(w_i - y) deviates by the margin or more, all outcomes enumerated."""
    top = max(*loads, target, 1)
    tail = 0.0
    for outcome in product((0, 1), repeat=len(loads)):
        chance = math.prod(p if each else 1 - p for each in outcome)
        away = sum((each - p) * (load - target) for each, load in zip(outcome, loads, strict=True))
        tail += chance * (abs(away) >= margin)
    variance = p * (1 - p) * len(loads) * top**2
    assert tail <= 2 * math.exp(-(margin**2) / (2 * (variance + top * margin / 3))) + 1e-12
