"""Programs that some tests drive: where one is absent the test is skipped, or fails where it must run.

Continuous integration installs them and sets ``EVENSTEP_REQUIRE_TOOLS=1``, so that no skip hides there.
"""

from __future__ import annotations

import os
import shutil

import pytest

#: The Debian package of each.
_PACKAGES = {
    "pdflatex": "texlive-latex-base",
    "pdftotext": "poppler-utils",
    "chromium": "chromium",
}


def needs(program: str) -> str:
    """Return the path of a program; without it skip, or fail where ``EVENSTEP_REQUIRE_TOOLS`` is 1."""
    path = shutil.which(program)
    if path is None:
        reason = f"{program} is not installed (Debian package {_PACKAGES[program]})"
        if os.environ.get("EVENSTEP_REQUIRE_TOOLS") == "1":
            pytest.fail(f"{reason}, and EVENSTEP_REQUIRE_TOOLS=1 demands it")
        pytest.skip(reason)
    return path
