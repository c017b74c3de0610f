"""Shrinking ends at an instance none of whose smaller ones will do, inside its ranges."""

from hypothesis import given
from hypothesis import strategies as st

from bounds.falsifier.fields import Field, checked_instance
from bounds.falsifier.shrink import shrink, smaller

FIELDS = {
    "workers": Field(at_least=2, at_most=9),
    "loads": Field(along="worker", fewest=1, is_amount=True),
    "free": Field(along="worker", fewest=1, at_least=1, at_most=5),
    "sizes": Field(along="request", is_amount=True),
}


@st.composite
def instances(draw):
    number = draw(st.integers(1, 4))
    several = lambda lo, hi, n: draw(st.lists(st.integers(lo, hi), min_size=n, max_size=n))  # noqa: E731
    return {
        "workers": draw(st.integers(2, 9)),
        "loads": several(0, 1000, number),
        "free": several(1, 5, number),
        "sizes": several(0, 1000, draw(st.integers(0, 5))),
    }


def weight(instance) -> int:
    lists = [value for value in instance.values() if isinstance(value, list)]
    return sum(map(len, lists)) * 10**6 + sum(map(sum, lists)) + instance["workers"]


@given(instance=instances())
def test_smaller_instances_are_smaller_and_fit_the_fields(instance) -> None:
    for candidate in smaller(FIELDS, instance):
        assert checked_instance(FIELDS, candidate) == candidate
        assert weight(candidate) < weight(instance)


@given(instance=instances(), total=st.integers(0, 300))
def test_the_result_keeps_the_property_and_nothing_smaller_does(instance, total) -> None:
    def keeps(candidate) -> bool:
        return sum(candidate["loads"]) + sum(candidate["sizes"]) >= total

    if keeps(instance):
        least = shrink(FIELDS, instance, keeps)
        assert keeps(least)
        assert not any(keeps(candidate) for candidate in smaller(FIELDS, least))
        assert sum(least["loads"]) + sum(least["sizes"]) == total
        assert least["workers"] == 2
        assert set(least["free"]) == {1}


def test_a_limit_of_trials_returns_what_is_smallest_by_then() -> None:
    tried = []
    start = {"workers": 9, "loads": [8], "free": [1], "sizes": []}
    assert shrink(FIELDS, start, lambda candidate: bool(tried.append(candidate)) or True, most=0) == start
    assert shrink(FIELDS, start, lambda candidate: True, most=1) != start


def test_a_time_that_is_up_returns_what_is_smallest_by_then() -> None:
    start = {"workers": 9, "loads": [8], "free": [1], "sizes": []}
    assert shrink(FIELDS, start, lambda candidate: True, end=0.0) == start


def test_amounts_that_depend_on_each_other_shrink_together() -> None:
    """loads[0] = sizes[0]: neither can shrink alone."""
    start = {"workers": 2, "loads": [640], "free": [1], "sizes": [640]}
    same = lambda candidate: candidate["sizes"] == candidate["loads"]  # noqa: E731
    assert shrink(FIELDS, start, same)["loads"] == [0]
