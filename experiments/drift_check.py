"""Whether a drift process keeps its declaration: a search for the smallest run in which it doesn't.

May import contracts, drift_processes, Hypothesis, `bounds.quiet_search` and `experiments.drift_lives`.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import numpy as np

from bounds.quiet_search import quiet_search, quiet_settings
from contracts import DriftError
from drift_processes import DriftProcess
from drift_processes.base import GROWTH_CLASSES, check_declaration
from experiments.drift_file import NamedDrift
from experiments.drift_lives import Life, drive

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["EXAMPLES", "check_drift"]

#: Runs that the search tries.
EXAMPLES = 200

#: Longest lives that a run may have, the common kinds more than once: most mistakes show early, and early
#: ones are quick to find.
LONGEST = (4, 16, 16, 64, 64, 256, 2048)

#: Largest size tried, requests and workers of one run, and the latest admission.
LARGEST_SIZE, MOST_REQUESTS, WORKERS, LATEST = 1_000_000, 4, 3, 40


#: When a search gives up on a slow process, seconds: the whole job should take less than a minute.
LONGEST_SEARCH_S = 20.0

#: Runs that are tried in any case: the search seldom waits that long.
OLDEST = 4096
OLD_AGES = ([Life(0.0, 0, OLDEST, 0)], [Life(float(size), 0, OLDEST, 0) for size in (1, 100, LARGEST_SIZE)])


def check_drift(drift: NamedDrift, *, examples: int = EXAMPLES, longest_s: float = LONGEST_SEARCH_S) -> bool:
    """Search for a run in which the process breaks the contract of `DriftProcess`.

    Checked: the declarations; answers that are finite numbers of the right shape within ``increment_range``,
    which starts at 0 or above, so that no load ever shrinks; the same answer to the same question, random
    numbers being drawn from ``rng`` alone, and none by a process that calls itself deterministic; a common
    process that doesn't look at the requests; one growth for each age where it is said to depend on the age
    alone; memory that stays finite; inputs left as they are.

    Parameters
    ----------
    drift : NamedDrift
    examples : int
        Runs to try. The search is the same each time.
    longest_s : float
        The search ends after this many seconds, what it found by then being told.

    Returns
    -------
    bool
        Whether all runs were tried.

    Raises
    ------
    DriftError
        With the first violation in the smallest run found.
    ValueError
        If the process raises an exception, or Hypothesis is not installed.
    """
    try:
        import hypothesis.configuration  # noqa: F401 - here, as below: it takes a while to import
    except ModuleNotFoundError:
        raise ValueError(
            "the search needs the package hypothesis: python -m pip install hypothesis"
        ) from None
    _check_declarations(drift.process)
    end = time.monotonic() + longest_s
    with quiet_search(), np.errstate(all="ignore"):
        lives = _found(drift, examples, end)
        for run in [lives] if lives else OLD_AGES:
            if lives or time.monotonic() < end:
                _drive_fewest(drift, run)
        if lives:
            raise DriftError(
                f"{_name(drift)}.increments breaks its contract on a run, and not when the same run is "
                "repeated: it must depend on its arguments and rng alone"
            )
    return time.monotonic() < end


def _found(drift: NamedDrift, examples: int, end: float) -> list[Life]:
    """Return the smallest run found in which the process breaks its contract, empty if there is none."""
    import hypothesis
    from hypothesis.errors import Flaky

    broken: list[Life] = []

    @quiet_settings(examples, hypothesis.Phase.generate, hypothesis.Phase.shrink)
    @hypothesis.given(_runs())
    def keeps_its_word(lives: list[Life]) -> None:
        if time.monotonic() >= end:
            return
        try:
            drive(drift, lives)
        except ValueError:
            broken[:] = lives  # the last to break is the smallest: it is tried once more at the end
            raise

    with contextlib.suppress(ValueError, Flaky):
        keeps_its_word()
    return broken


def _drive_fewest(drift: NamedDrift, lives: list[Life]) -> None:
    """Drive the run without every request that the violation doesn't need; the shrinker may leave some."""
    try:
        return drive(drift, lives)
    except ValueError:
        needed = list(lives)
    for life in lives:
        fewer = [each for each in needed if each is not life]
        try:
            drive(drift, fewer)
        except ValueError:
            needed = fewer
    return drive(drift, needed)


def _name(drift: NamedDrift) -> str:
    return type(drift.process).__name__


def _check_declarations(process: DriftProcess) -> None:
    check_declaration(process)
    name = type(process).__name__
    if process.growth_class not in GROWTH_CLASSES:
        listed = ", ".join(map(repr, GROWTH_CLASSES))
        raise DriftError(f"{name}.growth_class must be one of {listed}; got {process.growth_class!r}")
    for flag in ("is_common", "grows_by_age", "sees_workers", "has_memory"):
        if not isinstance(getattr(process, flag), bool):
            raise DriftError(f"{name}.{flag} must be True or False, got {getattr(process, flag)!r}")
    low, high = process.increment_range
    declared = f"{name}.growth_class is {process.growth_class!r}"
    if process.growth_class == "constant" and low != high:
        raise DriftError(f"{declared}, but its increment_range is ({low:g}, {high:g})")
    if process.growth_class == "common" and low != high and not process.is_common:
        raise DriftError(
            f"{declared}, but its is_common is False and its increment_range ({low:g}, {high:g})"
        )


def _runs() -> SearchStrategy[list[Life]]:
    from hypothesis import strategies as st

    sizes = st.one_of(
        st.integers(0, 100), st.integers(0, LARGEST_SIZE), st.floats(0, LARGEST_SIZE, allow_subnormal=False)
    )

    def lives(longest: int) -> SearchStrategy[list[Life]]:
        life = st.builds(
            Life,
            sizes.map(float),
            st.integers(0, LATEST),
            st.integers(1, longest),
            st.integers(0, WORKERS - 1),
        )
        return st.lists(life, min_size=1, max_size=MOST_REQUESTS)

    return st.sampled_from(LONGEST).flatmap(lives)
