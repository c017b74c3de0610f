"""Filling lemma, separation and the step behind B2, by brute force: every admission of tiny instances."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bounds import CLAIMS


def admissions(free, pool):
    """Every way to fill all free slots of each worker from a pool: who gets which request, -1 for no one."""
    for owner in product(range(-1, len(free)), repeat=len(pool)):
        if all(owner.count(g) == slots for g, slots in enumerate(free)):
            yield owner


def filled(loads, owner, pool):
    """The loads after an admission."""
    return [
        load + sum(size for size, g in zip(pool, owner, strict=True) if g == worker)
        for worker, load in enumerate(loads)
    ]


def imbalance(loads):
    return len(loads) * max(loads) - sum(loads)


@st.composite
def rich_steps(draw, share_a_point=False):
    """Loads and free slots after completions, and a pool with enough sizes <= a and enough >= b.

    Where asked, the intervals [load + slots * a, load + slots * b] of the workers share a point.
    """
    free = draw(st.sampled_from([(1, 1), (2, 1), (0, 2), (1, 1, 1), (3, 0), (2, 0, 1)]))
    a, b = sorted(draw(st.lists(st.integers(1, 12), min_size=2, max_size=2, unique=True)))
    number = sum(free)
    low = draw(st.lists(st.integers(0, a), min_size=number, max_size=number))
    high = draw(st.lists(st.integers(b, 14), min_size=number, max_size=number))
    if share_a_point:  # load + slots * a <= point <= load + slots * b
        point = max(slots * b for slots in free) + draw(st.integers(0, 8))
        ranges = [(point - slots * b, point - slots * a) for slots in free]
    else:
        ranges = [(0, 30)] * len(free)
    loads = [draw(st.integers(*bounds)) for bounds in ranges]
    return loads, free, low + high, a, b


@given(step=rich_steps(share_a_point=True), at_top=st.booleans())
def test_filling_lemma(step, at_top) -> None:
    """Where the intervals share a point T, some admission has all loads in (T - Δ, T]."""
    loads, free, pool, a, b = step
    lowest = max(load + slots * a for load, slots in zip(loads, free, strict=True))
    highest = min(load + slots * b for load, slots in zip(loads, free, strict=True))
    assert lowest <= highest
    target, span = highest if at_top else lowest, max(pool) - min(pool)
    assert any(
        all(target - span < load <= target for load in filled(loads, owner, pool))
        for owner in admissions(free, pool)
    )


@given(step=rich_steps())
def test_filling_lemma_where_the_intervals_miss_each_other(step) -> None:
    """With T the largest left end, worker g comes to within max(Δ, T - its right end) below T."""
    loads, free, pool, a, b = step
    target = max(load + slots * a for load, slots in zip(loads, free, strict=True))
    span = max(pool) - min(pool)
    short = [max(span, target - load - slots * b) for load, slots in zip(loads, free, strict=True)]
    best = min(imbalance(filled(loads, owner, pool)) for owner in admissions(free, pool))
    assert best <= sum(short) - min(short)


@st.composite
def whole_steps(draw):
    """Workers with B requests each, which of them end, the chance p of that, and a rich pool."""
    workers, slots = draw(st.sampled_from([(2, 2), (2, 3), (3, 1), (3, 2)]))
    number = workers * slots
    ends = draw(st.lists(st.booleans(), min_size=number, max_size=number).filter(lambda x: sum(x) <= 3))
    held = draw(st.lists(st.integers(0, 40), min_size=number, max_size=number))
    a, b = sorted(draw(st.lists(st.integers(0, 12), min_size=2, max_size=2, unique=True)))
    low = draw(st.lists(st.integers(0, a), min_size=sum(ends), max_size=sum(ends)))
    high = draw(st.lists(st.integers(b, 14), min_size=sum(ends), max_size=sum(ends)))
    p = draw(st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)]))
    return workers, slots, held, ends, low + high, a, b, p


@given(step=whole_steps(), growth=st.integers(0, 5))
def test_the_recursion_of_the_imbalance(step, growth) -> None:
    """e' <= (1-p)·e + 2·(G-1)·(N - τ)^+, for every outcome of the completions and whatever p is."""
    workers, slots, held, ends, pool, a, b, p = step
    assume(pool)
    rows = [range(g * slots, (g + 1) * slots) for g in range(workers)]
    span = max(pool) - min(pool)
    loads = [sum(held[i] for i in row) for row in rows]
    left = [sum(held[i] + growth for i in row if not ends[i]) for row in rows]
    free = [sum(ends[i] for i in row) for row in rows]
    deviation = Fraction(0)
    for sign, size in ((-1, a), (1, b)):
        for row, load in zip(rows, loads, strict=True):
            done = sum(held[i] + growth - size for i in row if ends[i])
            deviation = max(deviation, sign * (done - p * (load + slots * growth - slots * size)))
    bound = (workers - 1) * span
    margin = (p * slots * (b - a) + span - (1 - p) * bound) / 2
    before = max(imbalance(loads) - bound, 0)
    best = min(imbalance(filled(left, owner, pool)) for owner in admissions(free, pool))
    assert best - bound <= (1 - p) * before + 2 * (workers - 1) * max(deviation - margin, 0)


@given(
    loads=st.lists(st.integers(0, 12), min_size=2, max_size=3),
    pool=st.lists(st.integers(0, 12), min_size=3, max_size=5),
    data=st.data(),
)
def test_separation_at_every_optimum(loads, pool, data) -> None:
    workers = len(loads)
    free = data.draw(st.sampled_from([(1, 1), (2, 1), (0, 2)] if workers == 2 else [(1, 1, 1), (1, 0, 1)]))
    every = {owner: imbalance(filled(loads, owner, pool)) for owner in admissions(free, pool)}
    least = min(every.values())
    for owner in (owner for owner, value in every.items() if value == least):
        after = filled(loads, owner, pool)
        waiting = [size for size, g in zip(pool, owner, strict=True) if g == -1]
        for new, g in ((size, g) for size, g in zip(pool, owner, strict=True) if g >= 0):
            gap = CLAIMS["B0"].evaluate(G=workers, M=max(after), L=after[g])
            if gap > 0:
                assert not any(0 < size - new < gap * (1 - 1e-12) for size in waiting)
        # the swap of the proof: the only worker at the maximum, and one below it
        highest = [g for g in range(workers) if after[g] == max(after)]
        if len(highest) == 1:
            top = [size for size, g in zip(pool, owner, strict=True) if g == highest[0]]
            for new, g in ((size, g) for size, g in zip(pool, owner, strict=True) if g >= 0):
                assert not any(0 < size - new < max(after) - after[g] for size in top)


def test_separation_is_attained_and_its_neighbour_refuted() -> None:
    # two workers of one slot: 9 and 10 are admitted, 11 waits: either choice has imbalance 1
    assert {imbalance([10, other]) for other in (9, 11)} == {1}
    assert CLAIMS["B0"].evaluate(G=2, M=10, L=9) == 11 - 9
    # three workers: the imbalance is 1 with 9 and 2 with 11, which lies 2 above
    assert imbalance([10, 10, 9]) == 1
    assert imbalance([10, 10, 11]) == 2
    assert CLAIMS["B0"].evaluate(G=3, M=10, L=9) == 1.5
    assert CLAIMS["B0"].false_neighbour().evaluate(G=3, M=10, L=9) == 3 > 11 - 9


def test_separation_needs_two_workers() -> None:
    with pytest.raises(ValueError, match=r"^claim B0 needs G >= 2, got G = 1$"):
        CLAIMS["B0"].evaluate(G=1, M=10, L=9)
