"""The writer of LaTeX."""

import pytest

from paper_figs.latex import escape, to_latex
from paper_figs.table import Column, Formula, Number, Table


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("50 % of a_b & {c}", r"50 \% of a\_b \& \{c\}"),
        ("$#", r"\$\#"),
        ("a\\b", r"a{\textbackslash}b"),
        ("~^", r"{\textasciitilde}{\textasciicircum}"),
    ],
)
def test_special_characters_are_made_harmless(text: str, latex: str) -> None:
    assert escape(text) == latex


def test_a_table_reads_as_written() -> None:
    columns = [
        Column(Formula("G"), [Number(2, places=0), Number(2, places=0), Number(4, places=0)], is_key=True),
        Column("policy", ["FCFS", "JSQ", "JSQ"]),
        Column("I", [Number(10.5, 8.5, 12.5), Number(9.0, best=True), Number(float("inf"))], unit="%"),
    ]
    assert to_latex(Table(columns, ["A caption. "], "x", groups=[2])).splitlines() == [
        r"\begin{table}[t]",
        r"  \centering",
        r"  \setlength{\belowcaptionskip}{4pt}",
        r"  \caption{A caption.}",
        r"  \label{tab:x}",
        r"  \footnotesize",
        r"  \setlength{\tabcolsep}{4pt}",
        r"  \sisetup{detect-weight=true, group-digits=integer, group-minimum-digits=5, group-separator={,}}",
        r"  \begin{tabular}{S[table-format=1.0]lS[table-format=2.3]@{\,}l}",
        r"    \toprule",
        r"    {$G$} & {policy} & \multicolumn{2}{c}{I} \\",
        r"    {} & {} & \multicolumn{2}{c}{(\%)} \\",
        r"    \midrule",
        r"    2 & FCFS & 10.5 & $\pm$\,\num{2.0} \\",
        r"    {} & JSQ & \bfseries 9.000 &  \\",
        r"    \midrule",
        r"    4 & JSQ & {$\infty$} &  \\",
        r"    \bottomrule",
        r"  \end{tabular}",
        r"\end{table}",
    ]


def test_parts_of_a_long_table_have_labels_of_their_own() -> None:
    text = to_latex(Table([Column("a", ["x"] * 50)], ["c"], "x", is_wide=True))
    assert text.count(r"\begin{table*}[t]") == 2
    assert r"\label{tab:x}" in text
    assert r"\label{tab:x-2}" in text
    assert r"\caption{c (Part 2.)}" in text
