"""Run every example of README and docs, and put its real output below it.

A fenced ``python`` block, or an ``sh`` block of one ``evenstep`` command, that is followed by a fenced
``text`` block is an example: the text is what it prints. It runs in a folder that holds the files of
docs/examples; a command that ends in ``# exit status N`` must end with that status, and shows its line on
standard error. A block fenced as ``py NAME`` or ``toml NAME`` shows the file of that name.
``python docs/refresh.py`` rewrites the texts (and the README's picture), ``--check`` only says which differ;
the test-suite does the same.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = re.compile(
    r"```(python|sh)\n(?P<code>(?:(?!```).)*)```\n\n```text\n(?P<text>(?:(?!```).)*)```", re.DOTALL
)


EXAMPLES = ROOT / "docs" / "examples"
SHOWN_FILE = re.compile(r"```(?P<kind>py|toml) (?P<name>[\w.]+)\n(?:(?!```).)*```", re.DOTALL)
STATUS = re.compile(r"# exit status (\d+)")


def pages() -> list[Path]:
    """Return the README and every page of the documentation."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def run(kind: str, code: str, folder: Path) -> str:
    """Return what an example prints, run in ``folder``."""
    if kind == "python":
        command = [sys.executable, "-c", code]
    else:
        words = STATUS.sub("", code).split()
        command = [sys.executable, "-c", "from experiments.cli import main; main()", *words[1:]]
    wanted = int(found.group(1)) if (found := STATUS.search(code)) else 0
    shutil.copytree(EXAMPLES, folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, check=False)
    if done.returncode != wanted:
        raise RuntimeError(f"{code}\nended with status {done.returncode}:\n{done.stderr}")
    shown = done.stdout + (done.stderr if wanted else "")
    return "\n".join(line.rstrip() for line in shown.splitlines()) + "\n"


def refreshed(page: Path, folder: Path) -> str:
    """Return the page with the real output below each example."""

    def replace(match: re.Match[str]) -> str:
        kind, code = match.group(1), match.group("code")
        return f"```{kind}\n{code}```\n\n```text\n{run(kind, code, folder)}```"

    def show(match: re.Match[str]) -> str:
        kind, name = match.group("kind"), match.group("name")
        return f"```{kind} {name}\n{(EXAMPLES / name).read_text(encoding='utf-8')}```"

    return SHOWN_FILE.sub(show, EXAMPLE.sub(replace, page.read_text(encoding="utf-8")))


def main() -> int:
    """Refresh or check all pages; return the exit status."""
    check = "--check" in sys.argv[1:]
    stale = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for page in pages():
            new = refreshed(page, folder)
            if new != page.read_text(encoding="utf-8"):
                stale.append(str(page.relative_to(ROOT)))
                if not check:
                    page.write_text(new, encoding="utf-8")
        picture = folder / "results" / "reproduce" / "loads.png"
        if picture.exists() and not check:
            shutil.copy(picture, ROOT / "docs" / "images" / "loads.png")
    for page_name in stale:
        sys.stdout.write(f"{page_name} {'is stale; run python docs/refresh.py' if check else 'refreshed'}\n")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
