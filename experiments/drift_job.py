"""The job of ``evenstep drift``: which claims survive a drift process, and what it does to the policies.

The process is checked first (`experiments.drift_check`), then all that `experiments.reproduce` measures is
measured under it. May import everything below this room.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from bounds.claims import CLAIMS
from contracts import DriftError
from drift_processes import DriftProcess, JointLaw, Law
from experiments.drift_check import check_drift
from experiments.drift_file import NamedDrift, blaming
from experiments.judging import Measured
from experiments.reproduce import reproduce, stages
from experiments.scenario import Requests, Scenario

__all__ = ["DEFAULT_LENGTHS", "DEFAULT_SIZES", "DriftOutcome", "drift_scenario", "drift_stages", "examine"]

#: Requests where neither a trace nor laws are given.
DEFAULT_SIZES, DEFAULT_LENGTHS = "uniform:1:100", "geometric:0.02"

#: One baseline blind to load, one greedy, one that solves the program of the theorems.
POLICIES = ("fcfs", "least_load", "bfio")

#: What the warm-up leaves of the empty start, as a part of the mean load (`bounds.renewal.stationary_after`).
UNSETTLED = 1e-3

Progress = Callable[[str], None]


@dataclass(frozen=True)
class DriftOutcome:
    """What was found; columns as docs/results.md has them, and in ``claims`` the ``status`` of each claim.

    ``phases`` is the number of snapshot laws the process has for these requests, 0 where it has none;
    ``searched`` is whether the search for a violation of its contract tried all that it had planned;
    ``doubt`` says what contradicts a snapshot law of the user's, beside the claims: empty where nothing does.
    """

    drift: NamedDrift
    phases: int
    searched: bool
    results: pd.DataFrame
    claims: pd.DataFrame
    scenario: dict[str, Any]
    doubt: str = ""

    @property
    def is_violated(self) -> bool:
        """Whether a claim, or the snapshot law, is contradicted by what was seen."""
        return bool(self.doubt) or bool((self.claims["verdict"] == "violated").any())


def drift_scenario(
    drift: NamedDrift, *, trace: Path | None, sizes: str | None, lengths: str | None, **settings: Any
) -> Scenario:
    """Return the scenario of these settings, with the default laws where no requests are given.

    Raises
    ------
    TypeError, ValueError
        If a setting is unusable; the message starts with its name.
    """
    if trace is None:
        sizes, lengths = sizes or DEFAULT_SIZES, lengths or DEFAULT_LENGTHS
    return Scenario(trace=trace, sizes=sizes, lengths=lengths, drift=drift.process, **settings)


def drift_stages() -> int:
    """Return how often `examine` reports progress."""
    return 1 + stages(check_runs=False, policies=POLICIES)


def examine(
    drift: NamedDrift,
    scenario: Scenario,
    *,
    requests: Requests | None = None,
    progress: Progress = lambda _what: None,
) -> DriftOutcome:
    """Check a drift process, simulate the policies under it, and hold the claims against what was seen.

    Parameters
    ----------
    drift : NamedDrift
    scenario : Scenario
        With ``drift.process`` as its drift.
    requests : Requests, optional
        ``scenario.requests()``, where that has been called already.
    progress : callable
        Told in words what begins.

    Raises
    ------
    DriftError
        If the process breaks its contract.
    TraceError, OSError, ValueError
        If the trace can't be read, the process raises an exception, or the requests don't fit into memory.
    """
    name = type(drift.process).__name__
    progress("searching for a counterexample")
    with blaming(drift.file, name):
        searched = check_drift(drift)
        drawn = scenario.requests() if requests is None else requests
        laws = _snapshots(drift.process, drawn.law)
        phases = max(1, len(laws))
        outcome = reproduce(scenario, requests=drawn, policies=POLICIES, phases=phases, progress=progress)
        # our own laws are tested elsewhere, and where all lengths are equal the ages are not stationary
        doubted = laws if drift.file is not None and not drawn.law.length_law.is_constant else ()
    claims = outcome.claims
    claims.insert(1, "status", [CLAIMS[claim].status for claim in claims["claim"]])
    return DriftOutcome(
        drift,
        len(laws),
        searched,
        outcome.results,
        claims,
        outcome.scenario | {"drift": drift.words, "growth_class": growth_class(drift.process)},
        _doubt(outcome.slot_load, doubted),
    )


def growth_class(process: DriftProcess) -> str:
    """Return where the theory puts a process, also where it only says that it is common."""
    low, high = process.increment_range
    if low == high:
        return "constant"
    declared = process.growth_class
    return "common" if process.is_common and declared not in ("constant", "common") else declared


def _snapshots(process: DriftProcess, law: JointLaw) -> tuple[Law, ...]:
    """Return the snapshot laws, none where there is none, after holding them to their type.

    A `ValueError` says that these requests have none, and why: what assumes the law is then not applicable.
    """
    try:
        laws = process.snapshots(law)
    except ValueError:
        return ()
    if laws is None:
        return ()
    if isinstance(laws, tuple) and laws and all(isinstance(each, Law) for each in laws):
        return laws
    name = type(process).__name__
    if type(process).snapshots is DriftProcess.snapshots:  # it made a tuple of what snapshot returned
        raise DriftError(f"{name}.snapshot must return a Law or None, got {laws[0]!r}")
    raise DriftError(f"{name}.snapshots must return a tuple of laws or None, got {laws!r}")


def _doubt(measured: Measured | None, laws: tuple[Law, ...]) -> str:
    """Hold the mean of the user's snapshot laws, if any, against the mean load of a slot under FCFS.

    A law that is merely shifted has nearly the same imbalance, so that F0 alone would not find it out.
    """
    if measured is None or not laws:
        return ""
    expected = math.fsum(each.mean for each in laws) / len(laws)
    room = UNSETTLED * expected
    if measured.outer_lo - room <= expected <= measured.outer_hi + room:
        return ""
    whose = "its snapshot has" if len(laws) == 1 else "its snapshots have"
    what = "is it the law" if len(laws) == 1 else "are they the laws"
    return (
        f"{whose} mean load {expected:.6g}, measured {measured.mean:.6g} ± "
        f"{(measured.hi - measured.lo) / 2:.2g}: {what} of these increments?"
    )
