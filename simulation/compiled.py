"""The compiled engines' Python side: `run_compiled` runs one block by block and hands on what it records.

`simulation._engine_kernel.run_block` simulates common drift, O(G + events) per step;
`simulation._varied_kernel` any other, O(active). `simulation.reference` is the readable twin of both. May
import contracts, numpy, drift_processes, formulations and this room.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from contracts import InvariantBroken, stream
from formulations.fast import default_trials
from simulation._feed import Feed
from simulation._refills_kernel import BALANCED, EMPTY, MEAN
from simulation._scratch import Scratch
from simulation._state import (
    BELIEFS,
    BROKEN,
    HAZARD,
    HUNGRY,
    NOTHING,
    OVER,
    Floor,
    Pace,
    Queues,
    Rule,
    Steps,
)
from simulation.departures import RENEWALS
from simulation.lookahead import Lookahead
from simulation.policies._kernels import BALANCE, BRH
from simulation.policies.base import Policy
from simulation.settings import Settings
from simulation.system import System

__all__ = ["Engine", "Sink", "foresight_of", "run_compiled"]

#: Steps simulated between two visits to Python; long enough to hide the visit, short enough for Ctrl-C.
BLOCK_STEPS = 16_384

_REFILL_CODES = {"balanced": BALANCED, "mean": MEAN, "none": EMPTY}


class Sink(Protocol):
    """Takes what a block of steps recorded, before its requests are forgotten."""

    def __call__(self, first_step: int, steps: Steps, feed: Feed) -> None:
        """Take the records of the steps from ``first_step`` on."""


class Engine:
    """What both compiled engines are made of; a subclass advances it.

    Attributes
    ----------
    admitted : int
        Requests admitted so far.
    """

    def __init__(self, feed: Feed, system: System, policy: Policy, settings: Settings) -> None:
        self.feed, self.system, self.policy, self.settings = feed, system, policy, settings
        self.drift = feed.first.drift
        self.foresight = foresight_of(policy, settings.lookahead)
        self.rule = _rule(policy, self.foresight, system, settings)
        self.pace = Pace.of(system)
        self.floor = Floor.empty(system)
        self.queues = Queues.empty(system.workers if settings.is_immediate else 0)
        shown = system.capacity + settings.window
        shown = shown if settings.pool_limit is None else min(shown, settings.pool_limit)
        self.most_shown = shown if feed.more else min(shown, feed.first.requests)
        self.scratch = Scratch.make(system, self.most_shown, np.zeros(1), np.ones(1))
        self.cursor, self.clock = np.zeros(4, dtype=np.int64), np.zeros(1)
        # kernels of policies that draw no random numbers are handed a generator all the same
        self.rng = settings.rng("policy", policy.name) if policy.is_random else stream(0, "policy")
        self.admitted = 0

    def turnover(self, step: int) -> float:
        """Return the completions so far per worker and step."""
        return (self.admitted - int(self.floor.active.sum())) / (max(step, 1) * self.system.workers)

    def renew(self, step: int) -> None:
        """Ask the policy for its weights, and estimate what is not known."""
        raise NotImplementedError

    def advance(self, step: int, end: int, block: Steps) -> tuple[int, int]:
        """Simulate steps up to ``end`` into ``block``; return the step reached and the status there."""
        raise NotImplementedError

    def refill(self, step: int) -> None:
        """Take in the next chunk of requests."""
        raise NotImplementedError

    def with_columns(self, ahead: NDArray[np.float64], weights: NDArray[np.float64]) -> None:
        """Make room for the columns that the policy wants."""
        if len(weights) == len(self.scratch.weights):
            self.scratch = self.scratch._replace(ahead=ahead, weights=weights)
        else:
            self.scratch = Scratch.make(self.system, self.most_shown, ahead, weights)


def run_compiled(engine: Engine, sink: Sink) -> None:
    """Run the model of docs/theory.md §1 to its end.

    Raises
    ------
    InvariantBroken
        If a kernel broke a rule of the step (that no worker gets more than it has free slots, and as many
        are placed as can be): a defect of the kernel, never of the input.
    """
    steps, kept, step = engine.settings.steps, engine.settings.record_loads, 0
    while steps is None or step < steps:
        if step in RENEWALS:
            engine.renew(step)
        end = min([step + BLOCK_STEPS, *(k for k in RENEWALS if k > step)])
        end = end if steps is None else min(steps, end)
        block = Steps.make(end - step, max(0, min(kept, end) - step), engine.system.workers)
        reached, status = engine.advance(step, end, block)
        if status == BROKEN:
            raise InvariantBroken(
                f"step {reached}: the kernel of policy {engine.policy.name!r} broke a rule of the step"
            )
        block = block.first(reached - step)
        engine.admitted += int(block.admitted.sum())
        sink(step, block, engine.feed)
        step = reached
        if status == OVER:
            break
        if status == HUNGRY:
            engine.refill(step)


def foresight_of(policy: Policy, lookahead: Lookahead) -> int:
    """Return what the policy may know of completions: `NOTHING`, `BELIEFS` or `HAZARD`."""
    if policy.kernel not in (BALANCE, BRH) or policy.horizon == 0 or lookahead.kind == "none":
        return NOTHING
    return HAZARD if lookahead.kind == "hazard" else BELIEFS


def _rule(policy: Policy, foresight: int, system: System, settings: Settings) -> Rule:
    return Rule(
        kernel=policy.kernel or 0,
        window=settings.window,
        pool_limit=-1 if settings.pool_limit is None else settings.pool_limit,
        objective=policy.objective_code,
        trials=default_trials(system.workers),
        max_wait=-1 if policy.max_wait is None else policy.max_wait,
        foresight=foresight,
        refill=_REFILL_CODES[settings.lookahead.refill],
        immediate=settings.is_immediate,
        refresh_s=float(policy.refresh_s),
    )
