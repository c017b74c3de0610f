"""A reproduction written by hand and all that is drawn from it, made once."""

from pathlib import Path

import pytest

from paper_figs import write_reproduction
from tests.paper_figs.reproductions import write_reproduction_files, write_section_files


@pytest.fixture(scope="session")
def reproduction(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder; the section is in ``quick``. Not to be changed."""
    folder = write_reproduction_files(tmp_path_factory.mktemp("reproduction"))
    written = write_reproduction(folder, write_section_files(folder / "quick"))
    assert written == ["table_main.tex", "loads.pdf", "loads.png", "report.html"]
    return folder
