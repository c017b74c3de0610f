"""What a scenario of a sweep may hold: the schema of the TOML files, and the value that Python code builds.

Each class is one table of the file. A value that is wrong by itself is refused here; what needs other files
(a trace, a drift process of the user's) or the policies is checked by `experiments.sweeps.plan`. May import
contracts, drift_processes, `experiments.law_words` and the fields of this package.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from drift_processes import PUBLISHED_TRACES
from experiments.law_words import law_of
from experiments.sweeps import fields

__all__ = [
    "ArrivalTable",
    "DriftTable",
    "Quick",
    "SweepScenario",
    "SystemTable",
    "VariantTable",
    "WorkloadTable",
]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WorkloadTable(_Table):
    """Where requests come from: published quantiles, a trace file, or laws in words; exactly one of them.

    Attributes
    ----------
    label : str, optional
        Default: the name of the trace, or the laws.
    published : str, optional
        One of `drift_processes.PUBLISHED_TRACES`.
    trace : str, optional
        A trace file, beside the scenario or in the folder that EVENSTEP_TRACES names; with ``*`` every file
        that fits.
    sizes, lengths : str, optional
        Laws in words, as `evenstep drift` takes them.
    skip_bad_rows : bool
        Leave unusable rows of the trace out.
    """

    label: fields.Label | None = None
    published: Literal[PUBLISHED_TRACES] | None = None  # type: ignore[valid-type]
    trace: Annotated[str, Field(min_length=1)] | None = None
    sizes: str | None = None
    lengths: str | None = None
    skip_bad_rows: Annotated[bool, Field(strict=True)] = False

    @field_validator("sizes", "lengths")
    @classmethod
    def _is_law(cls, value: str | None, info: Any) -> str | None:
        if value is not None:
            law = law_of("", value)
            least = 1 if info.field_name == "lengths" else 0
            if not law.is_integral or law.support[0] < least:
                raise ValueError(f"must be a law on whole numbers >= {least}, got {value!r}")
        return value

    @model_validator(mode="after")
    def _has_one_source(self) -> WorkloadTable:
        laws = self.sizes is not None, self.lengths is not None
        if laws[0] != laws[1]:
            raise ValueError("sizes and lengths must be given together")
        if sum((self.published is not None, self.trace is not None, all(laws))) != 1:
            raise ValueError("must have exactly one of published, trace, or sizes with lengths")
        return self


class DriftTable(_Table):
    """How loads grow: a built-in process or ``FILE.py:CLASS``, and its parameters."""

    process: Annotated[str, Field(min_length=1)] = "UnitGrowth"
    params: dict[str, Any] = Field(default_factory=dict)
    label: fields.Label | None = None


class SystemTable(_Table):
    """The machines: every G with every B. The constants default to those of `simulation.System`."""

    workers: fields.SomeWorkers
    slots: fields.SomeSlots
    overhead_s: fields.Number | None = None
    seconds_per_token: fields.Number | None = None
    mean_load_s: fields.Number | None = None
    idle_w: fields.Number | None = None
    busy_w: fields.Number | None = None
    exponent: Annotated[float, Field(strict=True, gt=0, le=1)] | None = None


class ArrivalTable(_Table):
    """When requests arrive.

    Attributes
    ----------
    kind : {"overloaded", "poisson", "bursts", "trace"}
        ``bursts``: Poisson with a rate that changes between phases; ``trace``: the trace's own times.
    load : float or list of float, optional
        Offered load as a share of capacity (`experiments.capacity.capacity_per_s`); needed by
        ``poisson`` and ``bursts``. Without it a trace keeps its pace.
    burst_rates, burst_stays_s : list of float
        Rates of the phases relative to each other, and their mean stays in seconds.
    """

    kind: Literal["overloaded", "poisson", "bursts", "trace"] = "overloaded"
    load: fields.SomeLoads | None = None
    burst_rates: Annotated[tuple[fields.Rate, ...], Field(min_length=2, max_length=20)] = (1.0, 4.0)
    burst_stays_s: Annotated[tuple[fields.Stay, ...], Field(min_length=2, max_length=20)] = (4.0, 2.0)

    @model_validator(mode="after")
    def _fits(self) -> ArrivalTable:
        if self.kind in ("poisson", "bursts") and self.load is None:
            raise ValueError(
                f"load must be given where kind is {self.kind!r}, for instance load = [0.7, 0.9]"
            )
        if self.kind == "overloaded" and self.load is not None:
            raise ValueError(
                "load must not be given where kind is 'overloaded': everyone waits from the start"
            )
        if len(self.burst_rates) != len(self.burst_stays_s) or max(self.burst_rates) < fields.LEAST_RATE:
            raise ValueError(
                "burst_rates and burst_stays_s must have one number per phase, "
                f"and one rate be >= {fields.LEAST_RATE:g}"
            )
        return self

    @property
    def loads(self) -> tuple[float | None, ...]:
        """The loads of its points; None where there is none to name."""
        return (None,) if self.load is None else self.load


class VariantTable(_Table):
    """A policy with its options; ``horizon`` may be a list, which makes one variant of each."""

    policy: Annotated[str, Field(min_length=1)]
    label: fields.Label | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    binding: Literal["pooled", "immediate"] = "pooled"
    lookahead: Literal["none", "oracle", "noisy", "hazard"] = "none"
    lookahead_options: dict[str, Any] = Field(default_factory=dict)
    horizon: fields.SomeHorizons | None = None


class Quick(_Table):
    """What ``--quick`` puts in the place of the settings of the same names."""

    steps: fields.Steps = 200
    warmup: fields.WholeSteps | None = 200
    replications: fields.Count = 4
    workers: fields.SomeWorkers | None = None
    slots: fields.SomeSlots | None = None
    record_loads: fields.WholeSteps | None = None


class SweepScenario(_Table):
    """One sweep: every workload with every drift, system and kind of arrivals, and every variant at each.

    Attributes
    ----------
    name : str
        Column ``scenario`` of the results, and the folder where none is named.
    title : str
        One line about it.
    seed, steps, replications : int
        Steps are those measured, after the warm-up.
    warmup : int, optional
        Steps left out at the start. Default: derived from the lengths (`experiments.settling`).
    record_loads : int
        Keep each worker's load for so many first steps of replication 0.
    pool : float, optional
        Waiting requests shown to a policy beyond the free slots, as a multiple of the G·B / E o that end per
        step on average, and never fewer than 4·G. Default: 4·G.

    Examples
    --------
    >>> scenario = SweepScenario(
    ...     name="small",
    ...     workloads=[{"sizes": "uniform:1:100", "lengths": "geometric:0.1"}],
    ...     system={"workers": [2, 4], "slots": 8},
    ...     variants=[{"policy": "fcfs"}, {"policy": "bfio", "horizon": [0, 5], "lookahead": "oracle"}],
    ... )
    >>> scenario.system.slots
    (8,)
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
    title: str = ""
    seed: fields.Whole = 1
    steps: fields.Steps = 2000
    warmup: fields.WholeSteps | None = None
    replications: Annotated[int, Field(strict=True, ge=1, le=100_000)] = 4
    record_loads: fields.WholeSteps = 0
    pool: fields.Pool | None = None
    workloads: Annotated[tuple[WorkloadTable, ...], Field(min_length=1, max_length=fields.MOST)]
    drifts: Annotated[tuple[DriftTable, ...], Field(min_length=1, max_length=fields.MOST)] = (DriftTable(),)
    system: SystemTable
    arrivals: Annotated[tuple[ArrivalTable, ...], Field(min_length=1, max_length=fields.MOST)] = (
        ArrivalTable(),
    )
    variants: Annotated[tuple[VariantTable, ...], Field(min_length=1, max_length=fields.MOST)]
    quick: Quick | None = None

    def shrunk(self) -> SweepScenario:
        """Return the scenario that ``--quick`` runs: fewer steps and replications, smaller systems."""
        quick = self.quick or Quick()
        system = self.system.model_copy(
            update={
                "workers": quick.workers or _smallest(self.system.workers),
                "slots": quick.slots or _smallest(self.system.slots),
            }
        )
        warmups = [warmup for warmup in (quick.warmup, self.warmup) if warmup is not None]
        kept = self.record_loads if quick.record_loads is None else quick.record_loads
        return self.model_copy(
            update={
                "name": f"{self.name}-quick",
                "steps": min(quick.steps, self.steps),
                "warmup": min(warmups) if warmups else None,
                "replications": min(quick.replications, self.replications),
                "record_loads": kept,
                "system": system,
            }
        )


def _smallest(numbers: Sequence[int]) -> tuple[int, ...]:
    """Return the two smallest, in their order."""
    kept = sorted(set(numbers))[:2]
    return tuple(number for number in dict.fromkeys(numbers) if number in kept)
