"""The site shows every page, names every room, and builds without a warning where its extra is installed."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.refresh import ROOT

DOCS = ROOT / "docs"
MENU = re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2])
ROOMS = (
    "contracts", "drift_processes", "formulations", "simulation", "bounds", "experiments", "paper_figs",
)  # fmt: skip
SCRIPTS = [file for file in sorted((DOCS / "examples").glob("*.py")) if file.read_text().startswith("# %%")]


def test_every_page_is_in_the_menu_once() -> None:
    pages = sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md"))
    assert sorted(MENU) == pages


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_its_page_of_reference(room: str) -> None:
    page = (DOCS / "reference" / f"{room}.md").read_text(encoding="utf-8")
    assert f"\n::: {room}\n" in page


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_script_is_cells_and_its_page_shows_and_runs_it(script: Path) -> None:
    lines = script.read_text(encoding="utf-8").splitlines()
    marks = [line for line in lines if line.startswith("# %%")]
    assert marks[0] == "# %% [markdown]"
    assert lines[1].startswith("# # ")
    assert set(marks) == {"# %%", "# %% [markdown]"}
    page = (DOCS / "examples.md").read_text(encoding="utf-8")
    assert f"```py {script.name}\n{script.read_text(encoding='utf-8')}```" in page
    # tests/docs/test_docs.py runs this block and holds the page to what it prints
    assert f'runpy.run_path("{script.name}")\n```\n\n```text\n' in page


def test_there_are_four_scripts() -> None:
    assert [script.stem for script in SCRIPTS] == [
        "latex_table", "new_drift_model", "serving_trace", "theorem_in_ten_lines",
    ]  # fmt: skip


def test_formulas_become_mathml_and_keep_their_numbers() -> None:
    pytest.importorskip("latex2mathml", reason="make docs installs it")
    hooks = importlib.import_module("docs.site_hooks")
    shown = hooks.on_page_content(
        '<span class="arithmatex">\\(a &lt; b\\)</span><div class="arithmatex">\\[x^2 \\tag{7}\\]</div>'
    )
    assert "arithmatex" not in shown
    assert shown.count("<math") == 2
    assert "<mi>a</mi><mo>&#x0003C;</mo><mi>b</mi>" in shown
    assert shown.endswith('<span class="equation-number">(7)</span></div>')


def test_a_shown_file_has_its_name_above() -> None:
    pytest.importorskip("latex2mathml", reason="make docs installs it")
    hooks = importlib.import_module("docs.site_hooks")
    assert hooks.on_page_markdown("```py a.py\nx = 1\n```") == '```py title="a.py"\nx = 1\n```'


def built(config: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Build the site as `make docs` does."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(config), "-d", str(site)]
    return subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        check=False,
    )


def test_the_site_builds_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="make docs installs it")
    done = built(ROOT / "mkdocs.yml", tmp_path / "site")
    assert done.returncode == 0, done.stderr
    for page in (tmp_path / "site").rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        assert not re.findall(r'<(?:script|img|link|iframe)[^>]+(?:src|href)="(?:https?:)?//', html), (
            page.name
        )
        assert 'class="arithmatex"' not in html, f"{page.name}: a formula was left as it was"
    for room in set(ROOMS) - {"experiments"}:  # which exports no names: its page lists its modules
        reference = (tmp_path / "site" / "reference" / f"{room}.html").read_text(encoding="utf-8")
        package = importlib.import_module(room)
        for name in package.__all__:
            if callable(value := getattr(package, name)):
                places = (f'id="{room}.{name}"', f'id="{value.__module__}.{name}"')
                assert any(place in reference for place in places), f"{room}.{name}"
    theory = (tmp_path / "site" / "theory.html").read_text(encoding="utf-8")
    assert theory.count('class="equation-number"') == 25
