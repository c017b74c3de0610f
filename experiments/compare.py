"""Policies side by side on a trace: by the trace's own clock, at a chosen load, or overloaded.

May import everything below this room, and the scenario and the capacity of this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from contracts import checks
from drift_processes import Workload
from experiments.capacity import offered_load
from experiments.scenario import LARGEST_SYSTEM, LONGEST_RUN, Scenario
from experiments.settling import settle
from simulation import POLICIES, Lookahead, System, simulate

__all__ = ["POLICIES_COMPARED", "Comparison", "Outcome", "compare"]

POLICIES_COMPARED = (
    "fcfs", "jsq", "least_load", "power_of_two", "vllm_dp", "sglang_total_requests", "sglang_total_tokens",
    "br0", "brh", "bfio",
)  # fmt: skip

#: What policies with a horizon know of completions: what past lengths tell, and nothing of refills.
LOOKAHEAD = Lookahead("hazard", refill="none")

#: Steps measured in the overloaded regime, where the trace doesn't end by itself.
OVERLOADED_STEPS = 20_000

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """The table, one row per policy and binding, and what it depends on; columns are in docs/compare.md."""

    table: pd.DataFrame
    scenario: dict[str, Any]


@dataclass(frozen=True)
class Comparison:
    """Settings of a comparison.

    Parameters
    ----------
    trace : Path
    workers, slots : int
        G >= 2 and B >= 1.
    policies : str
        Names with commas between, each perhaps with ``:pooled`` or ``:immediate``; without, a policy is run
        in every binding that it can decide under. Where all requests are there from the start nobody arrives,
        and only the pooled ones are run.
    speed : float, optional
        At 2 the requests arrive twice as fast as they did.
    load : float, optional
        Let the trace's clock run at the pace that makes this the offered load
        (`experiments.capacity.offered_load`).
    overloaded : bool
        Draw requests from the trace's pairs, independently, so many that slots are never empty.
    steps : int, optional
        Steps simulated at the most, or measured in the overloaded regime. Default: to the end of the trace;
        `OVERLOADED_STEPS`.
    seed : int
    mean_load_s : float
        Seconds per step and unit of the mean load (`simulation.System`).
    skip_bad_rows : bool
        Leave unusable rows of the trace out.
    """

    trace: Path
    workers: int = 16
    slots: int = 72
    policies: str = ",".join(POLICIES_COMPARED)
    speed: float | None = None
    load: float | None = None
    overloaded: bool = False
    steps: int | None = None
    seed: int = 1
    mean_load_s: float = 0.0
    skip_bad_rows: bool = False

    def __post_init__(self) -> None:
        checks.count("workers", self.workers, at_least=2, at_most=LARGEST_SYSTEM)
        checks.count("slots", self.slots, at_least=1, at_most=LARGEST_SYSTEM)
        if self.steps is not None:
            checks.count("steps", self.steps, at_least=1, at_most=LONGEST_RUN)
        checks.seed_value("seed", self.seed)
        checks.number("mean-load-s", self.mean_load_s, at_least=0)
        for name, value, least, most in (("speed", self.speed, 1e-9, 1e9), ("load", self.load, 1e-6, 1e3)):
            if value is not None:
                checks.number(name, value, at_least=least, at_most=most)
        checks.instance("policies", self.policies, str, "names with commas between")
        for name in ("overloaded", "skip_bad_rows"):
            checks.instance(name, getattr(self, name), bool, "True or False")
        given = [name for name in ("speed", "load") if getattr(self, name) is not None]
        given += ["overloaded"] if self.overloaded else []
        checks.check(len(given) < 2, f"{' and --'.join(given)} exclude each other: give one of them")
        _ = self.rules

    @property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """Each policy with a binding, in the order given, none twice."""
        words = (word.strip() for word in self.policies.split(","))
        return tuple(dict.fromkeys(rule for word in words for rule in _rules(word)))

    @property
    def system(self) -> System:
        """The simulated machine, with the published constants."""
        return System(self.workers, self.slots, mean_load_s=self.mean_load_s)


def _rules(word: str) -> Iterator[tuple[str, str]]:
    name, colon, binding = word.partition(":")
    able = POLICIES[checks.choice("policies", name, tuple(POLICIES))]().bindings
    checks.check(
        not colon or binding in able, f"policies: {word!r} must be {name}:{f' or {name}:'.join(able)}"
    )
    return ((name, how) for how in able if how == binding or not colon)


def compare(comparison: Comparison, *, progress: Progress = lambda _what: None) -> Outcome:
    """Run every policy on the same requests.

    Parameters
    ----------
    comparison : Comparison
    progress : callable
        Told in words what begins, once for each of ``comparison.rules`` and once before.

    Raises
    ------
    TraceError, OSError
        If the trace can't be read.
    ValueError
        If it has no times, and they are asked for; or it needs more requests than fit into memory.
    """
    progress("reading the trace")
    work, regime = _requests(comparison)
    system, rows = comparison.system, []
    for name, binding in _usable(comparison, work):
        progress(f"{name} ({binding})")
        policy = POLICIES[name]()
        run = simulate(
            work, system, policy, steps=regime["total"], seed=comparison.seed, binding=binding,
            lookahead=LOOKAHEAD if policy.horizon else None,
        )  # fmt: skip
        rows.append({"policy": name, "binding": binding, **run.summary(warmup=regime["warmup"])})
    return Outcome(pd.DataFrame(rows), _scenario(comparison, work, regime))


def _usable(comparison: Comparison, work: Workload) -> list[tuple[str, str]]:
    """Return the rules that these requests can be run under."""
    if work.arrival_s is not None:
        return list(comparison.rules)
    rules = [rule for rule in comparison.rules if rule[1] == "pooled"]
    checks.check(
        bool(rules),
        f"--policies {comparison.policies}: bind requests on arrival, and all are there from the start; name "
        "one that can be pooled, or leave --overloaded out where the trace has times",
    )
    return rules


def _scenario(comparison: Comparison, work: Workload, regime: dict[str, Any]) -> dict[str, Any]:
    """Return what the table depends on, as JSON-able values."""
    return {
        "trace": comparison.trace.name, "source": work.source, "requests": work.requests,
        "skipped_rows": regime["skipped_rows"], "workers": comparison.workers, "slots": comparison.slots,
        "seed": comparison.seed, "mean_load_s": comparison.mean_load_s, "lookahead": LOOKAHEAD.kind,
        "offered_load": regime["load"], "speed": regime["speed"], "warmup": regime["warmup"],
        "steps": comparison.steps if regime["total"] is None else regime["total"] - regime["warmup"],
    }  # fmt: skip


def _requests(comparison: Comparison) -> tuple[Workload, dict[str, Any]]:
    """Return the requests, and how long and at what pace they are run."""
    skip = comparison.skip_bad_rows
    work = Workload.from_trace(comparison.trace, skip_bad_rows=skip)
    if comparison.overloaded or work.arrival_s is None:
        for name in ("speed", "load"):
            wanted = getattr(comparison, name) is not None
            checks.check(
                not wanted,
                f"--{name}: {comparison.trace.name} has no arrival times; leave it out to compare overloaded",
            )
        return _overloaded(comparison)
    load = offered_load(work, comparison.system)
    speed = 1.0 if comparison.speed is None else comparison.speed
    if comparison.load is not None:
        checks.check(
            np.isfinite(load),
            f"--load: all requests of {comparison.trace.name} arrive at once; give --overloaded instead",
        )
        speed = comparison.load / load
    paced = Workload(
        work.sizes, work.lengths, work.drift, arrival_s=work.arrival_s / speed, source=work.source
    )
    return paced, {
        "load": load * speed, "speed": speed, "warmup": 0, "total": comparison.steps,
        "skipped_rows": work.skipped_rows,
    }  # fmt: skip


def _overloaded(comparison: Comparison) -> tuple[Workload, dict[str, Any]]:
    scenario = Scenario(
        trace=comparison.trace, workers=comparison.workers, slots=comparison.slots, seed=comparison.seed,
        steps=OVERLOADED_STEPS if comparison.steps is None else comparison.steps,
        skip_bad_rows=comparison.skip_bad_rows,
    )  # fmt: skip
    drawn = scenario.requests()
    warmup = settle(drawn.law.length_law, steps=scenario.steps).warmup
    total = warmup + scenario.steps
    work = scenario.workload(drawn.law, source=drawn.source, total_steps=total, seed=scenario.seed)
    return work, {
        "load": None, "speed": None, "warmup": warmup, "total": total, "skipped_rows": drawn.skipped_rows,
    }  # fmt: skip
