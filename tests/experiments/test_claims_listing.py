"""The claims as tables: all of them, nothing above its status, no simulator behind it."""

import subprocess
import sys
from pathlib import Path

import pytest

from bounds import CLAIMS
from experiments.claims_listing import (
    SIGNS,
    claim_details,
    claims_frame,
    claims_markdown,
    claims_report,
    find_claim,
)


def test_every_claim_has_a_row_with_its_status() -> None:
    frame = claims_frame()
    assert frame.id.tolist() == list(CLAIMS)
    assert dict(zip(frame.id, frame.status, strict=True)) == {c.id: c.status for c in CLAIMS.values()}
    assert set(frame.sign) == set(SIGNS.values())
    assert frame.control.str.len().min() > 0


def test_the_table_of_the_terminal_fits_into_80_characters() -> None:
    lines = claims_report().splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].strip() == "Claims"
    row = next(line for line in lines if line.startswith("B1 "))
    assert row.split() == ["B1", "proved", "<=,", "tight", "BF-IO", "with", "equal", "decode", "lengths"]
    assert next(line for line in lines if line.startswith("B4")).split()[1] == "conjecture"


def test_markdown_has_one_row_of_four_cells_each() -> None:
    lines = claims_markdown().splitlines()
    assert len(lines) == 2 + len(CLAIMS)
    assert all(line.count("|") == 5 for line in lines)
    assert r"| $I(k) \le (G-1)\,\Delta \quad\text{for every } k$ |" in claims_markdown([CLAIMS["B1"]])


def test_the_page_of_the_documentation_has_this_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")
    assert claims_markdown() in page


def test_details_name_assumptions_domain_notes_and_the_control() -> None:
    text = " ".join(claim_details(CLAIMS["B2-ratio"]).split())
    assert "B2-ratio: improvement over FCFS with geometric lengths, large batch (proved)" in text
    assert "assumes: empty_start, overloaded, rich_pool" in text
    assert "holds for: G >= 2, B >= 1" in text
    assert "refuted by: sizes uniform on 1..100" in text
    assert "assumes: nothing" in claim_details(CLAIMS["T0"])
    assert claim_details(CLAIMS["B1"].false_neighbour()).startswith(
        "not-B1: false neighbour of B1 (false: made to be refuted)"
    )


def test_a_claim_is_found_by_its_id() -> None:
    assert find_claim("B2-spread") is CLAIMS["B2-spread"]
    with pytest.raises(ValueError, match=r"^claim must be one of 'F0', 'F1', .*; got 'B9'$"):
        find_claim("B9")
    with pytest.raises(TypeError, match=r"^claim must be a Claim, got 'B1' \(str\)$"):
        claim_details("B1")


def test_no_run_is_made() -> None:
    code = (
        "import simulation; simulation.simulate = None\n"
        "from experiments.claims_listing import claims_report; print(claims_report())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "E-saving-published" in done.stdout
