"""Every example of README and docs is run; what the page shows below it is what it prints."""

import re
from pathlib import Path

import pytest

from docs.refresh import EXAMPLE, ROOT, pages, run

EXAMPLES = [
    pytest.param(match.group(1), match.group("code"), match.group("text"), id=f"{page.name}-{number}")
    for page in pages()
    for number, match in enumerate(EXAMPLE.finditer(page.read_text(encoding="utf-8")), 1)
]


@pytest.mark.parametrize(("kind", "code", "text"), EXAMPLES)
def test_an_example_prints_what_the_page_shows(kind: str, code: str, text: str, tmp_path: Path) -> None:
    assert run(kind, code, tmp_path) == text


def test_every_example_of_python_shows_its_output() -> None:
    for page in pages():
        text = page.read_text(encoding="utf-8")
        shown = [match for match in EXAMPLE.finditer(text) if match.group(1) == "python"]
        assert len(re.findall(r"^```python", text, re.MULTILINE)) == len(shown), page.name


def test_links_between_pages_lead_somewhere() -> None:
    for page in pages():
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_the_trace_of_the_comparison_is_the_one_that_the_page_makes(tmp_path: Path) -> None:
    made = EXAMPLE.search((ROOT / "docs" / "compare.md").read_text(encoding="utf-8"))
    assert made is not None
    shipped = (ROOT / "docs" / "examples" / "requests.csv").read_bytes()
    run(made.group(1), made.group("code") + "\nopen('ran', 'w').close()", tmp_path)
    assert (tmp_path / "ran").exists()
    assert (tmp_path / "requests.csv").read_bytes() == shipped
