"""The LaTeX table of the claims: a row for each, balanced, and compilable signs only."""

import re

import pytest

from bounds import CLAIMS
from paper_figs.claims_table import claims_latex, claims_table


def test_every_claim_has_a_row() -> None:
    text = claims_latex()
    rows = [line.strip() for line in text.splitlines() if line.endswith(r" \\")][1:]
    assert [row.split(" & ")[0] for row in rows] == list(CLAIMS)
    assert all(row.count(" & ") == 2 for row in rows)
    assert text.startswith(r"\begin{table*}[t]")
    for command in (r"\toprule", r"\midrule", r"\bottomrule", r"\label{tab:claims}"):
        assert text.count(command) == 1


def test_groups_and_fences_are_balanced_in_every_statement() -> None:
    for claim in (each for one in CLAIMS.values() for each in (one, one.false_neighbour())):
        depth = 0
        for sign in re.findall(r"(?<!\\)[{}]", claim.statement):
            depth += 1 if sign == "{" else -1
            assert depth >= 0, claim.id
        assert depth == 0, claim.id
        assert claim.statement.count(r"\left") == claim.statement.count(r"\right"), claim.id
        assert "$" not in claim.statement, claim.id
        assert claim.statement.isascii(), claim.id


def test_status_and_tightness_are_told() -> None:
    table = claims_table([CLAIMS["F0"], CLAIMS["B1"], CLAIMS["B3"]])
    assert table.columns[1].cells == ["exact", "proved, tight", "asymptotic"]


def test_no_claims_make_no_table() -> None:
    with pytest.raises(ValueError, match=r"^claims must not be empty$"):
        claims_table([])
