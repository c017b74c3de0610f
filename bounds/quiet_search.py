"""Hypothesis as a search inside a program: it says nothing, and leaves nothing where the user works.

Imports Hypothesis, in its functions: it takes a while.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import hypothesis

__all__ = ["quiet_search", "quiet_settings"]


@contextmanager
def quiet_search() -> Iterator[None]:
    """Keep what Hypothesis stores in a folder that is gone afterwards, and its warnings to itself."""
    from hypothesis.configuration import set_hypothesis_home_dir

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


def quiet_settings(examples: int, *phases: hypothesis.Phase) -> hypothesis.settings:
    """Return the settings of a search that is the same each time, has no clock and prints nothing."""
    import hypothesis

    return hypothesis.settings(
        max_examples=examples, phases=phases, derandomize=True, database=None, deadline=None,
        report_multiple_bugs=False, print_blob=False, verbosity=hypothesis.Verbosity.quiet,
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
