"""From a scenario to its points and cells, each with a key and a seed that follow from its content alone.

A *point* is a workload, a drift, a system and a kind of arrivals; a *cell* one variant on one replication
there. The seed of a cell depends on its point and its replication and not on the variant, so that all
variants at a point meet the same requests. May import contracts, simulation and this package's schema.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from experiments.sweeps.mistakes import Mistake
from experiments.sweeps.resolve import DriftChoice, WorkloadChoice, drifts, systems, workloads
from experiments.sweeps.scenario import ArrivalTable, SweepScenario
from experiments.sweeps.variants import Variant, variants
from simulation import System

__all__ = ["Arrival", "Cell", "Plan", "Point", "Theory", "make_plan"]


@dataclass(frozen=True)
class Arrival:
    """When requests arrive at one point; ``load`` is None where the scenario names none."""

    kind: str = "overloaded"
    load: float | None = None
    burst_rates: tuple[float, ...] = ()
    burst_stays_s: tuple[float, ...] = ()

    @classmethod
    def of(cls, table: ArrivalTable, load: float | None) -> Arrival:
        """Return the arrivals of a table at one of its loads."""
        if table.kind != "bursts":
            return cls(table.kind, load)
        return cls(table.kind, load, table.burst_rates, table.burst_stays_s)


@dataclass(frozen=True)
class Point:
    """Where cells run: ``number`` is its place in the scenario."""

    number: int
    workload: WorkloadChoice
    drift: DriftChoice
    system: System
    arrival: Arrival

    @property
    def labels(self) -> list[str]:
        """What workload and drift are called."""
        return [self.workload.label, self.drift.label]

    @cached_property
    def content(self) -> dict[str, Any]:
        """What the point is, JSON-able, without labels, paths and places."""
        return {
            "workload": self.workload.content,
            "drift": self.drift.content,
            "system": asdict(self.system),
            "arrivals": asdict(self.arrival),
        }


@dataclass(frozen=True)
class Cell:
    """One run: a variant at a point on one replication."""

    point: Point
    variant: Variant
    replication: int
    seed: int
    steps: int
    warmup: int | None
    pool: float | None
    record_loads: int

    @cached_property
    def key(self) -> str:
        """32 hexadecimal digits that follow from what is run."""
        return key_of(
            {
                "point": self.point.content,
                "variant": self.variant.content,
                "replication": self.replication,
                "seed": self.seed,
                "steps": self.steps,
                "warmup": self.warmup,
                "pool": self.pool,
                "record_loads": self.record_loads,
            }
        )


@dataclass(frozen=True)
class Theory:
    """What is known of a point without simulation; the steps are those of its cells."""

    point: Point
    steps: int
    warmup: int | None

    @cached_property
    def key(self) -> str:
        """32 hexadecimal digits that follow from what is worked out."""
        return key_of({"point": self.point.content, "steps": self.steps, "warmup": self.warmup})


@dataclass(frozen=True)
class Plan:
    """All that a scenario runs.

    Attributes
    ----------
    scenario : SweepScenario
    points : tuple of Point
    variants : tuple of Variant
    cells : tuple of Cell
        In the order of the results: by point, variant, replication.
    """

    scenario: SweepScenario
    points: tuple[Point, ...]
    variants: tuple[Variant, ...]
    cells: tuple[Cell, ...]

    @cached_property
    def theories(self) -> tuple[Theory, ...]:
        """One for each point where all wait from the start: otherwise nothing exact is known."""
        steps, warmup = self.scenario.steps, self.scenario.warmup
        points = [point for point in self.points if point.arrival.kind == "overloaded"]
        return tuple(Theory(point, steps, warmup) for point in points)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """What the sweep is, JSON-able: the same for the same results, wherever its files lie."""
        scenario = self.scenario
        return {
            "name": scenario.name,
            "title": scenario.title,
            "seed": scenario.seed,
            "steps": scenario.steps,
            "warmup": scenario.warmup,
            "replications": scenario.replications,
            "record_loads": scenario.record_loads,
            "pool": scenario.pool,
            "system": scenario.system.model_dump(mode="json", exclude_none=True),
            "points": [
                {**point.content, "labels": [point.workload.label, point.drift.label]}
                for point in self.points
            ],
            "variants": [{**variant.content, "label": variant.label} for variant in self.variants],
        }


def key_of(content: Any) -> str:
    """Return the key of a JSON-able content: the same whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def make_plan(scenario: SweepScenario, *, folder: Path | None = None) -> Plan:
    """Return the cells of a scenario, with traces and drift processes found and policies checked.

    Parameters
    ----------
    scenario : SweepScenario
    folder : Path, optional
        Where paths in it start. Default: the working directory.

    Raises
    ------
    Mistake
        If something that the scenario names is not there or can't be used; a `ValueError` with the key.
    """
    base = folder or Path()
    points = tuple(_points(scenario, base))
    chosen = tuple(variants(scenario.variants))
    cells = tuple(
        Cell(
            point=point,
            variant=variant,
            replication=replication,
            seed=_seed(scenario.seed, point, replication),
            steps=scenario.steps,
            warmup=scenario.warmup,
            pool=scenario.pool,
            record_loads=scenario.record_loads if replication == 0 else 0,
        )
        for point, variant in product(points, chosen)
        # a trace's own arrivals happened once
        for replication in range(1 if point.arrival.kind == "trace" else scenario.replications)
    )
    _refuse_same(cells)
    return Plan(scenario, points, chosen, cells)


def _refuse_same(cells: Iterable[Cell]) -> None:
    """Raise if two cells would be the same run under two labels."""
    seen: dict[str, Cell] = {}
    for cell in cells:
        other = seen.setdefault(cell.key, cell)
        if other is not cell:
            here, there = ([each.variant.label, *each.point.labels] for each in (other, cell))
            raise Mistake((), f"two runs are the same: {', '.join(here)} and {', '.join(there)}")


def _points(scenario: SweepScenario, base: Path) -> Iterator[Point]:
    arrivals = [Arrival.of(table, load) for table in scenario.arrivals for load in table.loads]
    served = workloads(scenario.workloads, base)
    for table in scenario.arrivals:
        if table.kind == "trace":
            for workload in served:
                if not workload.has_times:
                    raise Mistake(
                        ("arrivals", scenario.arrivals.index(table), "kind"),
                        f"must not be 'trace' for workload {workload.label!r}, which has no arrival times",
                    )
    grown, built = drifts(scenario.drifts, base), list(systems(scenario.system))
    for number, (workload, drift, system, arrival) in enumerate(product(served, grown, built, arrivals)):
        yield Point(number, workload, drift, system, arrival)


def _seed(seed: int, point: Point, replication: int) -> int:
    entropy = int(key_of(point.content), 16)
    state = np.random.SeedSequence(seed, spawn_key=(entropy, replication)).generate_state(1, np.uint64)
    return int(state[0] >> np.uint64(1))  # fits into the signed integers of a table
