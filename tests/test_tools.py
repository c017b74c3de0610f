"""The helper that finds programs: a missing one skips, and fails where it must run."""

from pathlib import Path

import pytest

from tests.tools import needs


def test_a_program_is_found_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pdflatex"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert needs("pdflatex") == str(program)


@pytest.mark.parametrize(
    ("required", "outcome"), [("0", pytest.skip.Exception), ("1", pytest.fail.Exception)]
)
def test_a_missing_one_skips_or_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, required: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("EVENSTEP_REQUIRE_TOOLS", required)
    with pytest.raises(outcome, match=r"^chromium is not installed \(Debian package chromium\)"):
        needs("chromium")
