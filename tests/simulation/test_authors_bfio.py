"""The published heuristic, described anew: scores and subsets worked by hand or by enumeration."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.policies import AuthorsBfio
from simulation.policies.authors_bfio import _cell, _Floor
from tests.simulation.test_balance_route import view


def test_while_many_slots_are_free_the_emptiest_worker_gets_the_best_fit() -> None:
    """Loads 20, 12, 15 with 3, 4, 1 slots: 8 free. Worker 1 has most, its margin is 8.

    Of 3, 7, 9 and 8 the 8 fits exactly (F = 8; 9 gets 9 - 43): worker 1. Then 7 are free, and the rest comes
    in subsets: the lightest is worker 2, one slot and a margin of 5: of 3, 7, 9 the largest within is 3.
    Workers 0 and 1 are at 20, the envelope: no sum fits, none scores above 0, and the best single one loses
    least: 7 on worker 0; then worker 1, the lightest, has a margin of 7, and 9 overflows it by 2.
    """
    state = view([20, 12, 15], [3, 4, 1], [3, 7, 9, 8])
    assert AuthorsBfio(horizon=0).assign(state).tolist() == [2, 0, 1, 1]


def test_the_emptiest_worker_comes_first_not_the_fullest() -> None:
    """8 slots are free, 6 of them on worker 1, whose margin the first request fills; then both are at 10."""
    assert AuthorsBfio(horizon=0).assign(view([10, 6], [2, 6], [4, 4])).tolist() == [1, 0]


def test_a_subset_fills_the_margin() -> None:
    """Two slots on worker 0, margin 10: of 9, 4, 3, 6 the pair 4 + 6 fills it, better than 9 alone."""
    assert AuthorsBfio(horizon=0).assign(view([0, 10], [2, 0], [9, 4, 3, 6])).tolist() == [-1, 0, -1, 0]


def test_later_margins_count_by_their_weights() -> None:
    """Worker 0, one slot, margins 10 and 4 next step: 9 scores 9·1.5 - 43·0.5·5 < 0, 3 scores 4.5."""
    state = view([[0, 6], [10, 10]], [1, 0], [9, 3], weights=(1.0, 0.5), growth=(0.0, 0.0))
    assert AuthorsBfio(horizon=1).assign(state).tolist() == [-1, 0]
    assert AuthorsBfio(horizon=0).assign(view([0, 10], [1, 0], [9, 3])).tolist() == [0, -1]


@pytest.mark.parametrize(("step", "first"), [(0, 0), (1, 0), (9, 1)])
def test_the_longer_it_runs_the_more_the_later_loads_count(step: int, first: int) -> None:
    """Worker 0 is lighter now (0 and 5), worker 1 at H = 1 (10 and 5); λ is 0, 1/2 (a tie) and 9/10."""
    state = view([[0, 10], [5, 5]], [1, 1], [1], weights=(1.0, 1.0), growth=(0.0, 0.0))
    assert AuthorsBfio(horizon=1).assign(replace(state, step=step)).tolist() == [first]


def test_its_weights_are_those_published() -> None:
    assert AuthorsBfio().weights(0.0)[:3].tolist() == [1.0, 0.86, 0.86**2]
    assert len(AuthorsBfio().weights(0.0)) == 73


@given(
    margins=st.lists(st.integers(0, 30), min_size=1, max_size=4),
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=8),
    weights=st.lists(st.sampled_from([1.0, 0.5, 0.25]), min_size=4, max_size=4),
    slots=st.integers(1, 4),
)
def test_the_subset_is_the_one_the_published_rule_takes(margins, sizes, weights, slots) -> None:
    """Against the rule in other words, from all combinations.

    Let `bar` be the best score of the numbers too large to fit, and of nothing at all. The largest number
    that fits and beats it is taken; else the best of those that don't fit, if any beats nothing; else the
    best single request.
    """
    top, numbers = max(margins), range(1, min(slots, len(sizes)) + 1)
    state = view([[top - m for m in margins], [top] * len(margins)], [slots, 0], sizes,
                 weights[: len(margins)], [0.0] * len(margins))  # fmt: skip
    chosen = _Floor(state, 43.0).best_subset(0)
    score = lambda total: sum(  # noqa: E731
        w * (total - 43 * max(total - m, 0)) for w, m in zip(weights, margins, strict=False)
    )
    sums = {number: [sum(pick) for pick in combinations(sizes, number)] for number in numbers}
    fitting = {
        number: score(max(total for total in sums[number] if total <= min(margins)))
        for number in numbers
        if min(sums[number]) <= min(margins)
    }
    bar = max([0.0, *(score(min(sums[number])) for number in numbers if number not in fitting)])
    beating = [number for number, reached in fitting.items() if reached > bar]
    expected = fitting[max(beating)] if beating else bar if bar > 0 else max(map(score, sizes))
    assert score(sum(sizes[i] for i in chosen)) == expected


@pytest.mark.parametrize(
    ("slots", "placed"),
    [
        (3, [0, 0, 0, -1]),  # 1 + 1 + 6 fits: the search ends there, though 6 + 6 would fill the margin
        (2, [-1, -1, 0, 0]),  # among pairs 6 + 6 is the largest that fits
    ],
)
def test_the_largest_number_that_fits_ends_the_search(slots: int, placed: list[int]) -> None:
    """Worker 0 has a margin of 12; scores within it are the sums themselves: 8 and 12."""
    assert AuthorsBfio(horizon=0).assign(view([0, 12], [slots, 0], [1, 1, 6, 6])).tolist() == placed


@given(sums=st.lists(st.integers(0, 60), min_size=1, max_size=5),
       margins=st.lists(st.integers(0, 40), min_size=1, max_size=5))  # fmt: skip
def test_scores_are_the_sum_that_defines_them(sums, margins) -> None:
    top, weights = max(margins), [2.0**-h for h in range(len(margins))]
    state = view([[top - m for m in margins], [top] * len(margins)], [1, 1], [1], weights, [0] * len(margins))
    expected = [
        sum(w * (total - 43 * max(total - m, 0)) for w, m in zip(weights, margins, strict=True))
        for total in sums
    ]
    np.testing.assert_allclose(
        _Floor(state, 43.0).score(0, np.array(sums, dtype=float)), expected, rtol=1e-12
    )


def test_sizes_are_cut_into_cells_only_where_they_must_be() -> None:
    assert _cell(np.array([3.0, 4096.0])) == 1
    assert _cell(np.array([0.0])) == 1
    assert _cell(np.array([1.0, 8192.0])) == 2
    assert _cell(np.array([0.5, 1.0])) == 1 / 4096


def test_margins_beyond_all_sizes_are_no_matter() -> None:
    assert AuthorsBfio(horizon=0).assign(view([0, 2.0**45], [2, 0], [9, 4, 3])).tolist() == [0, 0, -1]
