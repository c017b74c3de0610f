"""`Workload`: the requests of one experiment as plain arrays, drawn from laws or read from a trace.

May import contracts, numpy and the rest of this room.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from contracts import TraceError, checks, stream
from drift_processes.arrivals import OTHER_ARRIVALS, Arrivals, as_arrivals
from drift_processes.base import DriftProcess, check_declaration
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law
from drift_processes.traces import read_trace
from drift_processes.unit_growth import UnitGrowth
from drift_processes.workload_parts import (
    MOST_REQUESTS,
    check_sum,
    chosen_arrivals,
    joint_law,
    lengths_in_steps,
    synthetic_source,
)

__all__ = ["Workload"]


@dataclass(frozen=True, eq=False, init=False)
class Workload:
    """Requests in arrival order, and how they grow.

    Parameters
    ----------
    sizes : (n,) array_like of float
        Size s_i at admission, >= 0 (LLM: prompt tokens). Their sum must be below 2**53, up to where sums of
        whole numbers are exact.
    lengths : (n,) array_like of int
        Steps o_i the request stays, >= 1 (LLM: output tokens).
    drift : DriftProcess
    arrival_s : (n,) array_like of float, optional
        Arrival times in seconds, non-decreasing, >= 0. ``None``: all wait from the start (overloaded).
    law : JointLaw, optional
        Where the pairs are independent draws from a law, that law. The bounds that assume i.i.d. requests
        apply only if it is given.
    source : str
        Where the requests come from, for tables and reports.
    skipped_rows : int
        Rows of the trace that were left out because they were unusable.
    """

    sizes: NDArray[np.float64]
    lengths: NDArray[np.int64]
    drift: DriftProcess
    arrival_s: NDArray[np.float64] | None = None
    law: JointLaw | None = None
    source: str = "given"
    skipped_rows: int = 0

    def __init__(
        self,
        sizes: ArrayLike,
        lengths: ArrayLike,
        drift: DriftProcess,
        *,
        arrival_s: ArrayLike | None = None,
        law: JointLaw | None = None,
        source: str = "given",
        skipped_rows: int = 0,
    ) -> None:
        size = checks.array("sizes", sizes, shape=(None,), at_least=0, axes="(n,)")
        checks.check(len(size) > 0, "sizes must not be empty: a workload needs at least one request")
        check_sum(size)
        number = (len(size),)
        axes = f"(n,) = {number}"
        checks.instance("drift", drift, DriftProcess, "a DriftProcess")
        check_declaration(drift)
        length = checks.array("lengths", lengths, shape=number, integral=True, at_least=1, axes=axes)
        arrival = None
        if arrival_s is not None:
            arrival = checks.array("arrival_s", arrival_s, shape=number, at_least=0, axes=axes)
            checks.sorted_ascending("arrival_s", arrival)
        if law is not None:
            checks.instance("law", law, JointLaw, "a JointLaw")
        checks.instance("source", source, str, "a str")
        checks.count("skipped_rows", skipped_rows)
        for name, value in (
            ("sizes", size),
            ("lengths", length),
            ("drift", drift),
            ("arrival_s", arrival),
            ("law", law),
            ("source", source),
            ("skipped_rows", skipped_rows),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def synthetic(
        cls,
        *,
        sizes: Law | JointLaw,
        lengths: Law | None = None,
        drift: DriftProcess,
        requests: int,
        arrivals: str | Arrivals = "overloaded",
        seed: int,
        source: str | None = None,
    ) -> Workload:
        """Draw ``requests`` independent requests.

        Parameters
        ----------
        sizes : Law or JointLaw
            Law of the sizes; a `JointLaw` gives sizes and lengths together.
        lengths : Law, optional
            Law of the lengths on 1, 2, …; ``None`` exactly if ``sizes`` is a `JointLaw`.
        drift : DriftProcess
        requests : int
            At least 1.
        arrivals : "overloaded" or Arrivals
            When they arrive (`drift_processes.arrivals`); ``"overloaded"``: all wait from the start.
        seed : int
        source : str, optional
            Default: the laws in words.

        Examples
        --------
        >>> work = Workload.synthetic(
        ...     sizes=Law.uniform(1, 100), lengths=Law.geometric(0.02), drift=UnitGrowth(), requests=3, seed=1
        ... )
        >>> work.requests, work.is_iid
        (3, True)
        """
        law = joint_law(sizes, lengths)
        number = checks.count("requests", requests, at_least=1, at_most=MOST_REQUESTS)
        process = as_arrivals("arrivals", arrivals)
        drawn_sizes, drawn_lengths = law.sample(number, stream(seed, "workload"))
        times = process.times(number, stream(seed, "arrivals"))
        source = synthetic_source(law, process) if source is None else source
        return cls(drawn_sizes, drawn_lengths, drift, arrival_s=times, law=law, source=source)

    @classmethod
    def from_trace(
        cls,
        path: str | Path,
        *,
        drift: DriftProcess | None = None,
        requests: int | None = None,
        seed: int = 0,
        skip_bad_rows: bool = False,
        arrivals: str | Arrivals | None = None,
        speed: float = 1.0,
    ) -> Workload:
        """Read a trace file (formats: `drift_processes.traces`).

        Sizes are the prompt tokens; lengths are the steps in which ``drift`` produces the output tokens.

        Parameters
        ----------
        path : str or Path
        drift : DriftProcess, optional
            Default: `UnitGrowth`, one token per step.
        requests : int, optional
            Draw this many requests from the trace's pairs, independently and with replacement; their law is
            then the empirical one. Default: the trace as it is, in its order.
        seed : int
            For the draw, lengths and arrivals.
        skip_bad_rows : bool
            Leave unusable rows out and count them in ``skipped_rows`` instead of raising.
        arrivals : "trace", "overloaded" or Arrivals, optional
            ``"trace"``: the trace's own times, which requests that are drawn don't have. Default: those where
            there are any, else ``"overloaded"``.
        speed : float
            Pace of the trace's own clock, 1e-9 to 1e9; at 2 its requests arrive twice as fast.

        Raises
        ------
        TraceError
            If a row or the file is unusable; the message names file, row and column.
        """
        process = UnitGrowth() if drift is None else drift
        checks.instance("drift", process, DriftProcess, "a DriftProcess")
        number = None
        if requests is not None:
            number = checks.count("requests", requests, at_least=1, at_most=MOST_REQUESTS)
        pace = checks.number("speed", speed, at_least=1e-9, at_most=1e9)
        chosen = chosen_arrivals(arrivals, pace, drawn=number is not None)
        trace = read_trace(path, skip_bad_rows=skip_bad_rows)
        name = Path(path).name
        sizes, law = trace.prompt_tokens.astype(np.float64), None
        lengths = lengths_in_steps(process, trace.output_tokens, seed)
        if number is not None:
            law = JointLaw.empirical(sizes, lengths)
            sizes, lengths = law.sample(number, stream(seed, "workload"))
        if chosen is not None:
            times = chosen.times(len(sizes), stream(seed, "arrivals"))
        elif trace.arrival_s is not None:
            times = trace.arrival_s / pace
        else:
            times = None
            if arrivals is not None or pace != 1:
                raise TraceError(
                    f"{name}: has no arrival times; arrivals must be {OTHER_ARRIVALS}, and speed 1"
                )
        return cls(
            sizes,
            lengths,
            process,
            arrival_s=times,
            law=law,
            source=name if number is None else f"{name}, drawn with replacement",
            skipped_rows=trace.skipped_rows,
        )

    def overloaded(self) -> Workload:
        """Return the same requests in the same order, all waiting from the start."""
        other = copy.copy(self)  # the arrays are read-only, so the two may share them
        object.__setattr__(other, "arrival_s", None)
        return other

    @property
    def requests(self) -> int:
        """n, the number of requests."""
        return len(self.sizes)

    @property
    def is_iid(self) -> bool:
        """Whether the pairs are independent draws from one known law, by construction."""
        return self.law is not None

    def __repr__(self) -> str:
        return f"Workload({self.requests} requests, {type(self.drift).__name__}, {self.source})"
