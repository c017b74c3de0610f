"""Laws in words: each form is the law of that name, and each mistake one line."""

import re

import pytest

from drift_processes import Law
from experiments.law_words import KINDS, is_law, law_of


@pytest.mark.parametrize(
    ("words", "law"),
    [
        ("uniform:1:100", Law.uniform(1, 100)),
        ("geometric:0.02", Law.geometric(0.02)),
        ("constant:50", Law.constant(50)),
        ("negative_binomial:2:0.1", Law.negative_binomial(2, 0.1)),
        ("lognormal:20:0.5:400", Law.lognormal(20, 0.5, 400)),
        ("zipf:1.5:200", Law.zipf(1.5, 200)),
    ],
)
def test_words_name_the_law(words: str, law: Law) -> None:
    named = law_of("sizes", words)
    assert is_law(words)
    assert named.values.tolist() == law.values.tolist()
    assert named.probabilities.tolist() == law.probabilities.tolist()


def test_every_kind_is_shown_above() -> None:
    assert set(KINDS) == {"uniform", "geometric", "constant", "negative_binomial", "lognormal", "zipf"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "sizes must be one of uniform:LO:HI, geometric:P, constant:VALUE, "),
        ("normal:0:1", "sizes must be one of uniform:LO:HI, geometric:P, constant:VALUE, "),
        ("uniform:1", "sizes must be uniform:LO:HI with numbers, got 'uniform:1'"),
        ("uniform:1:2:3", "sizes must be uniform:LO:HI with numbers, got 'uniform:1:2:3'"),
        ("uniform:one:2", "sizes must be uniform:LO:HI with numbers, got 'uniform:one:2'"),
        ("uniform:5:2", "sizes 'uniform:5:2': hi must be >= 5, got 2"),
        ("uniform:0.5:2", "sizes 'uniform:0.5:2': lo must be a whole number, got 0.5 (float)"),
        ("geometric:2", "sizes 'geometric:2': p must be <= 1, got 2"),
        (
            "uniform:0:1000000000000",
            "sizes 'uniform:0:1000000000000' has 1,000,000,000,001 values, more than the 5,000,000 that can "
            "be worked with",
        ),
        ("uniform:0:5000000", "sizes 'uniform:0:5000000' has 5,000,001 values, more than the 5,000,000 that"),
        ("zipf:1.5:5000001", "sizes 'zipf:1.5:5000001' has 5,000,001 values, more than the 5,000,000 that"),
        ("lognormal:9:1.5:6000000", "sizes 'lognormal:9:1.5:6000000' has 6,000,000 values, more than the"),
        (
            "geometric:0.000005",
            "sizes 'geometric:0.000005' has 8,317,746 values, more than the 5,000,000 that",
        ),
        ("uniform:0:inf", "sizes 'uniform:0:inf': hi must be a whole number, got inf (float)"),
        ("constant:nan", "sizes 'constant:nan': value must be finite, got nan"),
    ],
)
def test_a_mistake_says_what_would_be_right(words: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        law_of("sizes", words)
