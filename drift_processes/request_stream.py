"""`RequestStream`: drawn requests chunk by chunk, for runs longer than memory. May import this room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts import checks, stream
from drift_processes.arrivals import Arrivals, as_arrivals
from drift_processes.base import DriftProcess, check_declaration
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law
from drift_processes.workload import Workload
from drift_processes.workload_parts import MOST_REQUESTS, check_sum, joint_law, synthetic_source

__all__ = ["RequestStream"]

Pairs = Callable[[int], tuple[NDArray[np.float64], NDArray[np.int64]]]


@dataclass(frozen=True, eq=False, init=False)
class RequestStream:
    """Independent requests drawn from laws, handed out as `Workload` chunks.

    Every iteration starts anew and gives the same chunks; only one is in memory at a time. Put together they
    are what `Workload.synthetic` draws from the same arguments, whatever the chunk.

    Parameters
    ----------
    sizes : Law or JointLaw
        Law of the sizes; a `JointLaw` gives sizes and lengths together.
    lengths : Law, optional
        Law of the lengths on 1, 2, …; ``None`` exactly if ``sizes`` is a `JointLaw`.
    drift : DriftProcess
    requests : int
        Number of requests in all, at least 1. Their sizes must sum to less than 2**53; the chunk that passes
        it raises ``ValueError``.
    arrivals : "overloaded" or Arrivals
        When they arrive. Times go on from chunk to chunk.
    seed : int
    chunk : int
        Requests of a chunk, at least 1; the last may have fewer. A chunk takes some 100 bytes a request.

    Attributes
    ----------
    law : JointLaw
        Law of each pair.

    Examples
    --------
    >>> from drift_processes import UnitGrowth
    >>> laws = {"sizes": Law.uniform(1, 100), "lengths": Law.geometric(0.02)}
    >>> requests = RequestStream(**laws, drift=UnitGrowth(), requests=5, seed=1, chunk=2)
    >>> [part.requests for part in requests]
    [2, 2, 1]
    """

    law: JointLaw
    drift: DriftProcess
    requests: int
    arrivals: Arrivals
    seed: int
    chunk: int

    def __init__(
        self,
        *,
        sizes: Law | JointLaw,
        lengths: Law | None = None,
        drift: DriftProcess,
        requests: int,
        arrivals: str | Arrivals = "overloaded",
        seed: int,
        chunk: int = 1_000_000,
    ) -> None:
        checks.instance("drift", drift, DriftProcess, "a DriftProcess")
        check_declaration(drift)
        for name, value in (
            ("law", joint_law(sizes, lengths)),
            ("drift", drift),
            ("requests", checks.count("requests", requests, at_least=1)),
            ("arrivals", as_arrivals("arrivals", arrivals)),
            ("seed", checks.seed_value("seed", seed)),
            ("chunk", checks.count("chunk", chunk, at_least=1, at_most=MOST_REQUESTS)),
        ):
            object.__setattr__(self, name, value)

    @property
    def source(self) -> str:
        """Where the requests come from, for tables and reports."""
        return synthetic_source(self.law, self.arrivals)

    def __iter__(self) -> Iterator[Workload]:
        """Yield the chunks in order of arrival."""
        pairs = self._pairs()
        sampler = self.arrivals.sampler(stream(self.seed, "arrivals"))
        total = 0.0
        for start in range(0, self.requests, self.chunk):
            number = min(self.chunk, self.requests - start)
            sizes, lengths = pairs(number)
            total = check_sum(sizes, total, start)
            times = sampler.take(number)
            yield Workload(sizes, lengths, self.drift, arrival_s=times, law=self.law, source=self.source)

    def whole(self) -> Workload:
        """Return all requests as one `Workload`; meant for streams that fit into memory."""
        chunks = list(self)
        times = [chunk.arrival_s for chunk in chunks if chunk.arrival_s is not None]
        return Workload(
            np.concatenate([chunk.sizes for chunk in chunks]),
            np.concatenate([chunk.lengths for chunk in chunks]),
            self.drift,
            arrival_s=np.concatenate(times) if times else None,
            law=self.law,
            source=self.source,
        )

    def _pairs(self) -> Pairs:
        rng = stream(self.seed, "workload")
        if not self.law.factors:
            return lambda number: self.law.sample(number, rng)
        sizes, lengths = self.law.factors
        # `Workload.synthetic` draws all sizes and then all lengths from one stream: so the lengths start
        # where the sizes will have ended
        after = stream(self.seed, "workload")
        sizes.skip(self.requests, after)
        return lambda number: (sizes.sample(number, rng), lengths.sample(number, after).astype(np.int64))

    def __repr__(self) -> str:
        return f"RequestStream({self.requests} requests, {type(self.drift).__name__}, {self.source})"
