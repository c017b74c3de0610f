"""The theory's sections are where the code says they are, and its equations are numbered in order."""

import re

import pytest

from bounds import CLAIMS
from docs.refresh import ROOT

ROOMS = (
    "contracts", "drift_processes", "formulations", "simulation", "bounds", "experiments", "paper_figs",
)  # fmt: skip
THEORY = (ROOT / "docs" / "theory.md").read_text(encoding="utf-8")
REFERENCE = re.compile(r"theory\.md §(?P<section>\d+)(?:, (?P<claim>[\w-]+))?")


def headings() -> set[tuple[str, str]]:
    """Return the pairs of section and claim that have a heading; a section by itself has no claim."""
    found, section = set(), ""
    for level, title in re.findall(r"^(##+) (.*)$", THEORY, re.MULTILINE):
        if level == "##":
            section = title.split()[0]
        found.add((section, title.split(":")[0] if level == "###" else ""))
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_every_reference_to_the_theory_names_a_heading(room: str) -> None:
    for file in sorted((ROOT / room).rglob("*.py")):
        for match in REFERENCE.finditer(file.read_text(encoding="utf-8")):
            wanted = (match["section"], match["claim"] or "")
            assert wanted in headings(), f"{file.relative_to(ROOT)}: {match.group()}"


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=str)
def test_a_claim_is_proved_in_a_section_of_its_own(claim) -> None:
    match = REFERENCE.search(claim.proof)
    assert match is not None
    assert match["claim"] == claim.id
    assert (match["section"], claim.id) in headings()
    title = re.search(rf"^### {claim.id}: (.*)$", THEORY, re.MULTILINE)
    assert title is not None
    # a heading never promises more than the claim does
    if claim.status not in ("exact", "proved"):
        assert f"`{claim.status}`" in title[1]


def test_equations_are_numbered_in_order() -> None:
    numbers = [int(number) for number in re.findall(r"\\tag\{(\d+)\}", THEORY)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == THEORY.count("$$") // 2
