"""One generator, three sources of answers."""

from itertools import combinations_with_replacement, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bounds.falsifier.choices import at_random, every, several


def test_every_sequence_of_answers_is_tried_once_in_order() -> None:
    seen = [tuple(built["x"]) for built in every(lambda choose: {"x": [choose(0, 1), choose(2, 4)]})]
    assert seen == list(product((0, 1), (2, 3, 4)))


def test_how_much_is_asked_may_depend_on_the_answers() -> None:
    def build(choose):
        return {"x": [choose(0, 1) for _ in range(choose(0, 2))]}

    assert [built["x"] for built in every(build)] == [[], [0], [1], [0, 0], [0, 1], [1, 0], [1, 1]]


def test_nothing_asked_is_one_instance() -> None:
    assert list(every(lambda choose: {"x": 1})) == [{"x": 1}]
    assert list(every(lambda choose: {"x": choose(4, 4)})) == [{"x": 4}]


def test_ordered_lists_are_the_multisets() -> None:
    seen = [
        tuple(built["x"]) for built in every(lambda choose: {"x": several(choose, 3, 1, 3, ordered=True)})
    ]
    assert seen == list(combinations_with_replacement((1, 2, 3), 3))


@given(low=st.integers(0, 5), width=st.integers(0, 9), number=st.integers(0, 6), seed=st.integers(0, 9))
def test_random_lists_stay_within_their_ends_and_reach_them(low, width, number, seed) -> None:
    choose = at_random(np.random.default_rng(seed))
    for _ in range(5):
        drawn = several(choose, number, low, low + width)
        assert len(drawn) == number
        assert all(low <= entry <= low + width for entry in drawn)
    assert {choose(low, low + 1) for _ in range(60)} == {low, low + 1}
