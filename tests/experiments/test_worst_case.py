"""Classes of laws in words, and the report of a search."""

from __future__ import annotations

import re

import pytest

from bounds.checker.worst_case import worst_case
from drift_processes import Law
from experiments.terminal.worst_case import law_words, worst_case_report
from experiments.worst_case import class_of


class TestWords:
    @pytest.mark.parametrize(
        ("words", "whole"),
        [
            ("two-point,rounds,none", "two-point:20:1,rounds,none"),
            ("three-point:50:10,geometric,sliding", "three-point:50:10,geometric:0.05:0.95,sliding"),
            ("two-point:9,geometric:0.1:0.5,unit", "two-point:9:1,geometric:0.1:0.5,unit"),
        ],
    )
    def test_a_class_in_words(self, words: str, whole: str) -> None:
        assert str(class_of(words)) == whole
        assert class_of(whole) == class_of(words)

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (
                "two-point,rounds",
                "class must be SIZES[:S_MAX[:SPAN]],LENGTHS[:P_LO:P_HI],DRIFT, got 'two-point,rounds'",
            ),
            (
                "two-point:x,rounds,unit",
                "class sizes must be two-point[:S_MAX[:SPAN]] of whole numbers, got 'two-point:x'",
            ),
            ("two-point,rounds:3,unit", "class lengths must be rounds, got 'rounds:3'"),
            (
                "two-point,geometric:a:b,unit",
                "class lengths must be geometric[:P_LO:P_HI], got 'geometric:a:b'",
            ),
        ],
    )
    def test_refuses(self, words: str, message: str) -> None:
        with pytest.raises(ValueError, match=re.escape(message) + "$"):
            class_of(words)


class TestReport:
    def test_has_the_verdict_and_the_ratio(self) -> None:
        found = worst_case(class_of("two-point:9,rounds,none", slots=1, window=0), evaluations=1)
        text = worst_case_report(found)
        assert "B1-ratio holds: the worst law found lies above the bound" in text
        assert f"IIR, 99 % interval   {found.iir:.4g} (" in text
        assert "two-point:9:1,rounds,none: G = 2, B = 1, 0 in sight beyond the free slots" in " ".join(
            text.split()
        )

    def test_of_what_has_no_bound_and_no_imbalance(self) -> None:
        found = worst_case(class_of("two-point,rounds,unit"), evaluations=1)
        text = worst_case_report(found)
        assert "∞ (∞ to ∞)" in text
        assert "B1-ratio inconclusive: all runs gave the same mean, 0" in text

    def test_laws_in_words(self) -> None:
        assert law_words(Law([0, 17], [0.25, 0.75])) == "0 (0.25), 17 (0.75)"
        assert law_words(Law.geometric(0.5)) == "geometric, p = 0.5"
