"""`Scenario`: one value that says everything a run depends on.

Flags of the command line become a scenario in exactly one place (`experiments.cli`), so that two commands
can't build the same experiment differently. May import contracts, drift_processes, simulation and
`bounds.renewal`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bounds.renewal import likely_starts
from contracts import checks
from drift_processes import DriftProcess, JointLaw, Law, UnitGrowth, Workload, published_laws, read_trace
from drift_processes.workload_parts import lengths_in_steps
from experiments.law_words import law_of
from simulation import System

__all__ = ["DEFAULT_TRACE", "LARGEST_WORKLOAD", "Requests", "Scenario"]

#: The embedded workload: its length quantiles are shipped, its rows are not.
DEFAULT_TRACE = "azure2023_code"

#: Most requests of one run: each takes about 150 bytes in the runs that are held at once, 4.5 GB in all.
LARGEST_WORKLOAD = 30_000_000

#: Limits of single settings, far beyond what is useful, so that a slip of the finger is told at once.
LARGEST_SYSTEM = 1_000_000
LONGEST_RUN = 10_000_000


class Requests(NamedTuple):
    """The law requests are drawn from, where it comes from, and how many rows of the trace were skipped."""

    law: JointLaw
    source: str
    skipped_rows: int


@dataclass(frozen=True)
class Scenario:
    """Settings of a job: which requests, on which system, for how long.

    Parameters
    ----------
    trace : Path, optional
        A trace file; requests are drawn from its (prompt, output) pairs with replacement, so that they are
        independent and the regime is overloaded for any number of steps. Default: the published quantiles of
        `DEFAULT_TRACE`. Output tokens become steps as the drift process has it (`lengths_in_steps`).
    workers, slots : int
        G >= 2 and B >= 1, each at most 10^6; together limited by `LARGEST_WORKLOAD`.
    steps : int
        Steps measured, after the warm-up; 1 to 10^7. Intervals of the means need some thousands.
    seed : int
    skip_bad_rows : bool
        Leave unusable rows of the trace out, and count them.
    sizes, lengths : str, optional
        Laws in words (`experiments.law_words`) instead of a trace; both or neither.
    drift : DriftProcess
        How loads grow. Default: `UnitGrowth`.
    """

    trace: Path | None = None
    workers: int = 16
    slots: int = 72
    steps: int = 20_000
    seed: int = 1
    skip_bad_rows: bool = False
    sizes: str | None = None
    lengths: str | None = None
    drift: DriftProcess = field(default_factory=UnitGrowth)

    def __post_init__(self) -> None:
        checks.count("workers", self.workers, at_least=2, at_most=LARGEST_SYSTEM)
        checks.count("slots", self.slots, at_least=1, at_most=LARGEST_SYSTEM)
        checks.count("steps", self.steps, at_least=1, at_most=LONGEST_RUN)
        checks.seed_value("seed", self.seed)
        checks.instance("skip_bad_rows", self.skip_bad_rows, bool, "True or False")
        for name in ("sizes", "lengths"):
            both = self.trace is None or getattr(self, name) is None
            checks.check(both, f"{name} can't be given beside a trace, which has sizes and lengths")
        checks.check(len(self._laws) != 1, "sizes and lengths must be given together")
        steps = self._laws.get("lengths")
        is_usable = steps is None or (steps.is_integral and steps.support[0] >= 1)
        checks.check(is_usable, f"lengths {self.lengths!r}: must be whole numbers >= 1")

    @cached_property
    def _laws(self) -> dict[str, Law]:
        """The laws given in words, by the name of the option."""
        words = {name: getattr(self, name) for name in ("sizes", "lengths")}
        return {name: law_of(name, text) for name, text in words.items() if text is not None}

    @property
    def _trace_name(self) -> str | None:
        if self.trace is not None:
            return self.trace.name
        return None if self._laws else DEFAULT_TRACE

    @property
    def system(self) -> System:
        """The simulated machine, with the published constants."""
        return System(self.workers, self.slots)

    def requests(self) -> Requests:
        """Read the trace, or take the laws given, or the embedded quantiles.

        Raises
        ------
        TraceError, OSError
            If the trace can't be read.
        ValueError
            If the drift process turns output tokens into something else than lengths.
        """
        if len(self._laws) == 2:
            law = JointLaw.independent(self._laws["sizes"], self._laws["lengths"])
            return Requests(law, f"sizes {self.sizes}, lengths {self.lengths}", 0)
        if self.trace is None:
            law = JointLaw.independent(*published_laws(DEFAULT_TRACE))
            return Requests(law, f"{DEFAULT_TRACE} (published quantiles)", 0)
        trace = read_trace(self.trace, skip_bad_rows=self.skip_bad_rows)
        steps = lengths_in_steps(self.drift, trace.output_tokens, self.seed)
        law = JointLaw.empirical(trace.prompt_tokens, steps)
        return Requests(law, self.trace.name, trace.skipped_rows)

    def workload(self, law: JointLaw, *, source: str, total_steps: int, seed: int) -> Workload:
        """Draw enough requests that the pool is never empty within ``total_steps``.

        Raises
        ------
        ValueError
            If they would not fit into memory, or their sizes sum to more than float64 holds exactly.
        """
        return Workload.synthetic(
            sizes=law,
            drift=self.drift,
            requests=self.affordable(self._enough(law.length_law, total_steps)),
            seed=seed,
            source=source,
        )

    def affordable(self, requests: int) -> int:
        """Return the number of requests, or raise `ValueError` if it is more than `LARGEST_WORKLOAD`.

        Also if sizes given in words are so large that those of so many requests can't be summed exactly.
        """
        if requests > LARGEST_WORKLOAD:
            raise ValueError(
                f"--workers {self.workers} --slots {self.slots} --steps {self.steps} would need {requests:,} "
                f"requests, more than the {LARGEST_WORKLOAD:,} that fit into memory: lower one of them"
            )
        sizes = self._laws.get("sizes")
        if sizes is not None and _likely_sum(sizes, requests) >= checks.EXACT_INTEGER_LIMIT:
            raise ValueError(
                f"--sizes {self.sizes!r}: {requests:,} sizes of {sizes.mean:g} on average must sum to "
                f"less than 2**53 = {checks.EXACT_INTEGER_LIMIT}, up to where sums are exact"
            )
        return requests

    def _enough(self, lengths: Law, total_steps: int) -> int:
        starts = likely_starts(lengths, steps=total_steps, slots=self.workers * self.slots)
        return math.ceil(starts) + 8 * self.workers

    def describe(self) -> dict[str, Any]:
        """Return the settings as JSON-able values, for the metadata of results."""
        return {
            "trace": self._trace_name,
            "workers": self.workers,
            "slots": self.slots,
            "steps": self.steps,
            "seed": self.seed,
            "skip_bad_rows": self.skip_bad_rows,
        }


def _likely_sum(law: Law, number: int) -> float:
    """Return what the sum of so many draws hardly ever exceeds: ten standard deviations above its mean."""
    with np.errstate(over="ignore"):
        return number * law.mean + 10 * math.sqrt(number * law.variance)
