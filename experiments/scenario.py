"""`Scenario`: one value that says everything a run depends on.

Flags of the command line become a scenario in exactly one place (`experiments.cli`), so that two commands
can't build the same experiment differently. May import contracts, drift_processes, simulation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts import checks
from drift_processes import JointLaw, UnitGrowth, Workload, published_laws, read_trace
from simulation import System

__all__ = ["DEFAULT_TRACE", "Scenario"]

#: The embedded workload: its length quantiles are shipped, its rows are not.
DEFAULT_TRACE = "azure2023_code"


@dataclass(frozen=True)
class Scenario:
    """Settings of the main job.

    Parameters
    ----------
    trace : Path, optional
        A trace file; requests are drawn from its (prompt, output) pairs with replacement, so that they are
        independent and the regime is overloaded for any number of steps. Default: the published quantiles of
        `DEFAULT_TRACE`.
    workers, slots : int
        G >= 2 and B >= 1.
    steps : int
        Steps measured, after the warm-up.
    seed : int
    skip_bad_rows : bool
        Leave unusable rows of the trace out, and count them.
    """

    trace: Path | None = None
    workers: int = 16
    slots: int = 72
    steps: int = 20_000
    seed: int = 1
    skip_bad_rows: bool = False

    def __post_init__(self) -> None:
        checks.count("workers", self.workers, at_least=2)
        checks.count("slots", self.slots, at_least=1)
        checks.count("steps", self.steps, at_least=100)
        checks.seed_value("seed", self.seed)

    @property
    def system(self) -> System:
        """The simulated machine, with the published constants."""
        return System(self.workers, self.slots)

    def law(self) -> tuple[JointLaw, str, int]:
        """Return the law of the requests, its source, and how many rows of the trace were skipped."""
        if self.trace is None:
            return (
                JointLaw.independent(*published_laws(DEFAULT_TRACE)),
                f"{DEFAULT_TRACE} (published quantiles)",
                0,
            )
        trace = read_trace(self.trace, skip_bad_rows=self.skip_bad_rows)
        return (
            JointLaw.empirical(trace.prompt_tokens, trace.output_tokens),
            self.trace.name,
            trace.skipped_rows,
        )

    def workload(self, law: JointLaw, *, source: str, total_steps: int) -> Workload:
        """Draw enough requests that the pool is never empty within ``total_steps``."""
        return Workload.synthetic(
            sizes=law,
            drift=UnitGrowth(),
            requests=self._enough(law, total_steps),
            seed=self.seed,
            source=source,
        )

    def _enough(self, law: JointLaw, total_steps: int) -> int:
        # Lorden's inequality: a slot starts at most steps / E o + E o² / (E o)² requests on average
        length = law.length_law
        per_slot = total_steps / length.mean + 1 + length.variance / length.mean**2
        mean = self.workers * self.slots * per_slot
        return math.ceil(mean + 10 * math.sqrt(mean)) + 8 * self.workers

    def describe(self) -> dict[str, Any]:
        """Return the settings as JSON-able values, for the metadata of results."""
        return {
            "trace": DEFAULT_TRACE if self.trace is None else self.trace.name,
            "workers": self.workers,
            "slots": self.slots,
            "steps": self.steps,
            "seed": self.seed,
            "skip_bad_rows": self.skip_bad_rows,
        }
