"""`simulate_stream`: a run over requests that come in chunks, in memory that does not grow with their number.

The compiled engines are those of `simulation.simulate`; what differs is that records are summed up, or handed
to recorders, block by block. May import contracts, numpy, drift_processes and this room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes import Workload
from simulation._feed import Feed
from simulation._state import Steps
from simulation.compiled import run_compiled
from simulation.engine import make_engine, make_settings
from simulation.lookahead import Lookahead
from simulation.policies import make_policy
from simulation.policies.base import Policy
from simulation.settings import RangeCheck
from simulation.system import System
from simulation.totals import Totals

__all__ = ["Recorder", "simulate_stream"]


class Recorder(Protocol):
    """Takes records as they come, for instance to write them to a file."""

    def steps(self, columns: dict[str, NDArray[Any]]) -> None:
        """Take a block of steps: ``step``, ``time_s``, ``duration_s``, ``max_load``, ``total_load``, ….

        The names are those of `simulation.Run`, with ``step`` in front; arrays of equal length. ``waiting``
        is there where requests arrive one by one.
        """

    def requests(self, columns: dict[str, NDArray[Any]]) -> None:
        """Take the requests admitted in these steps, as arrays of equal length.

        ``request`` (its number), ``size``, ``length``, ``start``, ``worker``, ``wait`` (steps in view) and,
        where requests arrive one by one, ``arrival_s``, ``wait_s``, ``ttft_s``.
        """


def simulate_stream(
    chunks: Iterable[Workload],
    system: System,
    policy: str | Policy,
    *,
    steps: int | None = None,
    seed: int | None = None,
    lookahead: str | Lookahead | None = None,
    binding: str = "pooled",
    window: int | None = None,
    pool_limit: int | None = None,
    warmup: int = 0,
    recorders: Sequence[Recorder] = (),
) -> Totals:
    """Simulate as `simulation.simulate` does, over any number of requests in the memory of one chunk.

    Parameters
    ----------
    chunks : iterable of Workload
        For instance a `drift_processes.RequestStream`. In the order of arrival, with one drift object.
    system, policy, steps, seed, lookahead, binding, window, pool_limit
        As in `simulation.simulate`.
    warmup : int
        Steps before this one are simulated but not counted. Without ``steps`` a run that is over by then is
        refused when it is over.
    recorders : sequence of Recorder
        Told of every step and request, those before the warm-up included.

    Returns
    -------
    Totals
        The same figures as `Run.summary` and `Run.fairness`; quantiles to within one per cent.

    Raises
    ------
    TypeError, ValueError, DriftError
        As `simulation.simulate`; or if the policy has no compiled twin, immediate binding is asked for where
        all requests wait from the start (they would all be bound at once), or a hazard (its ages have no
        bound here).

    Examples
    --------
    >>> from drift_processes import Law, RequestStream, UnitGrowth
    >>> stream = RequestStream(
    ...     sizes=Law.uniform(1, 100), lengths=Law.geometric(0.02), drift=UnitGrowth(), requests=5000, seed=1,
    ...     chunk=1000,
    ... )
    >>> totals = simulate_stream(stream, System(4, 8), "fcfs")
    >>> totals.requests, totals.summary()["finished"]
    (5000, 5000)
    """
    checks.instance("chunks", chunks, Iterable, "an iterable of workloads")
    checks.instance("system", system, System, "a System")
    for i, recorder in enumerate(recorders):
        takes = all(callable(getattr(recorder, name, None)) for name in ("steps", "requests"))
        checks.check(
            takes, f"recorders[{i}] must have methods steps and requests, got {checks.shown(recorder)}"
        )
    rule = make_policy(policy)
    settings = make_settings(
        system, rule, steps=steps, seed=seed, lookahead=lookahead, binding=binding, window=window,
        pool_limit=pool_limit, record_loads=0,
    )  # fmt: skip
    checks.check(rule.kernel is not None, f"policy {rule.name!r} has no compiled twin, which a stream needs")
    checks.check(settings.lookahead.kind != "hazard", "lookahead 'hazard' needs simulate: ages have no bound")
    first = checks.count("warmup", warmup, at_most=None if steps is None else steps - 1)
    rule.reset()
    engine = make_engine(_checked(chunks, RangeCheck(system, settings.steps)), system, rule, settings)
    clocked = engine.feed.first.arrival_s is not None
    checks.check(
        clocked or not settings.is_immediate,
        "binding 'immediate' needs requests with arrival times in a stream: without, all are bound at once",
    )
    totals = Totals(system, engine.feed.first.sizes, warmup=first, clocked=clocked)
    run_compiled(engine, _Sink(totals, recorders))
    totals.close(engine.feed, int(engine.floor.active.sum()))
    return totals


def _checked(chunks: Iterable[Workload], limits: RangeCheck) -> Iterator[Workload]:
    for i, chunk in enumerate(chunks):
        checks.instance(f"chunks[{i}]", chunk, Workload, "a Workload")
        limits.add(chunk)
        yield chunk


class _Sink:
    """Hands a block of steps and the requests admitted in it to the totals and the recorders."""

    def __init__(self, totals: Totals, recorders: Sequence[Recorder]) -> None:
        self.totals, self.recorders = totals, recorders

    def __call__(self, first_step: int, steps: Steps, feed: Feed) -> None:
        """Take a block."""
        if not len(steps.active):
            return
        requests = feed.requests
        begun = np.flatnonzero(requests.start >= first_step)
        row = requests.start[begun] - first_step
        columns: dict[str, NDArray[Any]] = {
            "request": feed.number[begun],
            "size": requests.sizes[begun],
            "length": requests.lengths[begun],
            "start": requests.start[begun],
            "worker": requests.worker[begun],
            "wait": requests.start[begun] - requests.shown[begun],
        }
        clocked = len(requests.arrival_s) > 0
        if clocked:
            arrived = requests.arrival_s[begun]
            columns["arrival_s"] = arrived
            columns["wait_s"] = steps.time_s[row] - arrived
            columns["ttft_s"] = steps.time_s[row] + steps.duration_s[row] - arrived
        self.totals.add(first_step, steps, columns)
        if self.recorders:
            block = {
                "step": np.arange(first_step, first_step + len(steps.active)),
                **{name: column for name, column in steps._asdict().items() if name not in _UNRECORDED},
                "energy_j": steps.power_w * steps.duration_s,
                "oldest_wait": steps.oldest,
            }
            if not clocked:
                del block["waiting"]  # who waits beyond the chunk at hand is not known
            for recorder in self.recorders:
                recorder.steps(block)
                recorder.requests(columns)


#: Columns of a block that are not handed to recorders, or under another name.
_UNRECORDED = ("power_w", "oldest", "loads")
