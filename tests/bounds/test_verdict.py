"""`Verdict`: one readable line, and the same again from JSON."""

import json
import math
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounds.verdict import WORDS, Verdict

ENDS = st.floats(allow_nan=False, allow_infinity=False)
RANGES = st.one_of(
    st.tuples(ENDS, ENDS).map(lambda ends: tuple(sorted(ends))),
    ENDS.map(lambda end: (-math.inf, end)),
    ENDS.map(lambda end: (end, math.inf)),
    st.just((-math.inf, math.inf)),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | ENDS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)

FULL = Verdict(
    "F0",
    "holds",
    "the mean lies inside what the claim allows",
    level=0.01,
    guarantee="wrong with probability at most 0.01 whenever one stops",
    measured=(680.25, 700.0),
    bound=(650.0, 725.5),
    observations=412,
    seed=3,
    instance={"sizes": [1, 2], "law": {"p": 0.5}, "note": None},
)


@given(
    st.text(), st.sampled_from(WORDS), st.none() | st.floats(0.001, 0.5), RANGES, RANGES,
    st.integers(0, 10**9), st.none() | st.integers(0, 2**70), st.none() | st.dictionaries(st.text(), JSON),
)  # fmt: skip
def test_a_verdict_survives_json(text, word, level, measured, bound, number, seed, instance) -> None:
    verdict = Verdict(text, word, text, level, text, measured, bound, number, seed, instance)
    stored = json.dumps(verdict.to_dict(), allow_nan=False)
    assert Verdict.from_dict(json.loads(stored)) == verdict


def test_an_infinite_end_is_stored_as_null() -> None:
    stored = replace(FULL, bound=(-math.inf, 5)).to_dict()
    assert stored["bound"] == [None, 5.0]
    assert stored["measured"] == [680.25, 700.0]


@pytest.mark.parametrize(
    ("verdict", "line"),
    [
        (
            FULL,
            "F0 holds: the mean lies inside what the claim allows "
            "(measured [680.25, 700], allowed [650, 725.5]; 412 observations; error level 0.01)",
        ),
        (
            Verdict("B1", "refuted", "ratio 1.5", measured=(45, 45), bound=(-math.inf, 30), observations=1),
            "B1 refuted: ratio 1.5 (measured 45, allowed <= 30; 1 observation)",
        ),
        (
            Verdict("F1", "inconclusive", "too few", measured=(2, math.inf), level=0.05),
            "F1 inconclusive: too few (measured >= 2; error level 0.05)",
        ),
        (Verdict("B2", "not applicable", "idle slots"), "B2 not applicable: idle slots"),
    ],
)
def test_a_verdict_reads_as_one_line(verdict, line) -> None:
    assert str(verdict) == line


def test_a_verdict_cannot_be_changed_through_the_instance_it_was_given() -> None:
    instance = {"sizes": [1, 2]}
    verdict = replace(FULL, instance=instance)
    instance["sizes"].append(3)
    assert verdict.instance == {"sizes": [1, 2]}
    with pytest.raises(FrozenInstanceError):
        verdict.word = "refuted"  # type: ignore[misc]
