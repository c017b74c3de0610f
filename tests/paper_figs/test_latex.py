"""The LaTeX writer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper_figs.latex import Column, escape, significant, table


def test_special_characters_are_made_harmless() -> None:
    assert escape(r"50 % of a_b & {c} \ ~^$#") == (
        r"50 \% of a\_b \& \{c\} \textbackslash{} \textasciitilde{}\textasciicircum{}\$\#"
    )


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 4, "0"),
        (14212.04, 4, "14210"),
        (14212.04, 7, "14212.04"),
        (0.0123456, 3, "0.0123"),
        (9.9996, 4, "10.000"),
        (-2.5, 2, "-2.5"),
        (float("inf"), 4, "{--}"),
        (float("nan"), 4, "{--}"),
    ],
)
def test_significant_digits_by_hand(value: float, digits: int, text: str) -> None:
    assert significant(value, digits) == text


@given(st.floats(1e-9, 1e12), st.integers(2, 8))
def test_significant_digits_are_within_half_a_unit(value: float, digits: int) -> None:
    assert abs(float(significant(value, digits)) - value) <= 0.51 * 10 ** (1 - digits) * value * 10


def test_a_table_reads_as_written() -> None:
    columns = [Column("policy", "l", ["FCFS", "JSQ"]), Column("I", "S[table-format=2.1]", ["10.5", "9.0"])]
    assert table(columns, caption="A caption.", label="tab:x").splitlines() == [
        r"\begin{table}[t]",
        r"  \centering",
        r"  \caption{A caption.}",
        r"  \label{tab:x}",
        r"  \begin{tabular}{lS[table-format=2.1]}",
        r"    \toprule",
        r"    {policy} & {I} \\",
        r"    \midrule",
        r"    FCFS & 10.5 \\",
        r"    JSQ & 9.0 \\",
        r"    \bottomrule",
        r"  \end{tabular}",
        r"\end{table}",
    ]


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^columns must have the same number of cells, got \[1, 2\]$"):
        table([Column("a", "l", ["x"]), Column("b", "l", ["y", "z"])], caption="", label="")
