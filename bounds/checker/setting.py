"""`Setting`: the system and the requests that a statistical claim is put to the test on.

May import contracts, drift_processes, simulation, and what the theory of this room knows of FCFS.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from bounds.claims.f1_fcfs_lower import fcfs_lower_bound
from bounds.enclosure import Enclosure
from bounds.fcfs import fcfs_imbalance, slot_load_laws
from bounds.renewal import likely_starts, stationary_after
from contracts import checks
from drift_processes import DriftProcess, JointLaw, Law, UnitGrowth, Workload
from drift_processes.workload_parts import joint_law
from simulation import Run, System, simulate

__all__ = ["Setting", "setting_of"]

#: What a finite warm-up leaves of the start, in total variation of the ages: far below every tolerance.
SETTLED = 1e-4

#: Slots times steps that one replication measures, and the fewest steps.
SLOT_STEPS, SHORTEST = 51_200, 400


@dataclass(frozen=True)
class Setting:
    """Overloaded requests of one law on one system.

    Parameters
    ----------
    sizes : Law or JointLaw
    lengths : Law, optional
        None exactly if ``sizes`` is a `JointLaw`.
    drift : DriftProcess
    workers, slots : int
        G >= 2 and B >= 1.
    steps : int, optional
        Steps that one replication measures after its warm-up. Default: 51,200 slots times steps, at least 400
        steps, so that small systems don't need many replications.
    window : int, optional
        Waiting requests shown beyond the free slots; default as `simulation.simulate`.
    """

    sizes: Law | JointLaw = field(default_factory=lambda: Law.uniform(1, 100))
    lengths: Law | None = field(default_factory=lambda: Law.geometric(0.05))
    drift: DriftProcess = field(default_factory=UnitGrowth)
    workers: int = 8
    slots: int = 16
    steps: int | None = None
    window: int | None = None

    def __post_init__(self) -> None:
        checks.instance("sizes", self.sizes, (Law, JointLaw), "a Law or a JointLaw")
        checks.check(
            (self.lengths is None) == isinstance(self.sizes, JointLaw),
            "lengths must be None exactly where sizes is a JointLaw: it has the lengths",
        )
        least = self.joint.length_law.support[0]
        checks.check(least >= 1, f"lengths must be >= 1, got {least:g}")
        checks.instance("drift", self.drift, DriftProcess, "a DriftProcess")
        checks.count("workers", self.workers, at_least=2)
        checks.count("slots", self.slots, at_least=1)
        if self.steps is not None:
            checks.count("steps", self.steps, at_least=1)
        if self.window is not None:
            checks.count("window", self.window)

    @cached_property
    def joint(self) -> JointLaw:
        """The law of (size, length)."""
        return joint_law(self.sizes, self.lengths)

    @property
    def measured(self) -> int:
        """Steps that one replication measures."""
        least = max(SHORTEST, SLOT_STEPS // (self.workers * self.slots))
        return least if self.steps is None else self.steps

    @property
    def system(self) -> System:
        """The machine."""
        return System(self.workers, self.slots)

    @cached_property
    def warmup(self) -> int:
        """Steps after which the ages of the slots have settled; 0 where all lengths are equal."""
        lengths = self.joint.length_law
        return 0 if lengths.is_constant else stationary_after(lengths, tolerance=SETTLED)

    def exact_fcfs(self) -> Enclosure:
        """Return F0, the mean imbalance of FCFS."""
        return fcfs_imbalance(self.joint, None, self.drift, workers=self.workers, slots=self.slots)

    def least_fcfs(self) -> float:
        """Return F1, a lower bound on it; 0 where it is void."""
        loads = slot_load_laws(self.joint, None, self.drift)
        return fcfs_lower_bound(loads, workers=self.workers, slots=self.slots)

    def of_rounds(self, length: int) -> Setting:
        """Return the same setting with every length equal."""
        return replace(self, sizes=self.joint.size_law, lengths=Law.constant(length))

    def workload(self, steps: int, seed: int) -> Workload:
        """Return requests enough that every slot is full for so many steps, but for a chance below 1e-9."""
        starts = likely_starts(self.joint.length_law, steps=steps, slots=self.workers * self.slots)
        number = int(starts) + 8 * self.workers
        return Workload.synthetic(sizes=self.joint, drift=self.drift, requests=number, seed=seed)

    def run(self, policy: str, steps: int, seed: int) -> Run:
        """Simulate a policy from the empty start on."""
        work = self.workload(steps, seed)
        return simulate(work, self.system, policy, steps=steps, seed=seed, window=self.window)


def setting_of(scenario: Any) -> Setting:
    """Return a scenario as a `Setting`: one already, None for the default, or whatever has its attributes.

    Raises
    ------
    TypeError, ValueError
        If it has not, or one of them is unusable.
    """
    if scenario is None:
        return Setting()
    if isinstance(scenario, Setting):
        return scenario
    names = ("sizes", "lengths", "drift", "workers", "slots")
    missing = [name for name in names if not hasattr(scenario, name)]
    checks.check(
        not missing,
        f"scenario must be a Setting or have {', '.join(names)}, got one without {', '.join(missing)}",
    )
    return Setting(**{name: getattr(scenario, name) for name in names})
