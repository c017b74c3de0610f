"""E0 (energy of a step) on what a run records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from bounds.claims.e0_energy import CLAIM
from bounds.falsifier.adapter import Adapter
from bounds.falsifier.choices import Choose, Instance, Limits, several
from bounds.falsifier.fields import Field
from bounds.falsifier.part import Number, Part
from drift_processes import NoGrowth, Workload
from simulation import PowerModel, System, simulate

__all__ = ["Energy"]

LOWER = "T·(G·P_max - (P_max - P_idle)·I/M) <= e"
UPPER = "e <= T·(G·P_max - γ·(P_max - P_idle)·I/M)"


class Energy(Adapter):
    """The load of each worker, power in watts, and γ in hundredths; one step of one second."""

    claim = "E0"
    fields: ClassVar[Mapping[str, Field]] = {
        "loads": Field(along="worker", fewest=1, longest=16, is_amount=True),
        "idle_w": Field(at_most=10_000),
        "swing_w": Field(at_most=10_000),
        "exponent_percent": Field(at_least=1, at_most=100),
    }
    usual = Limits(workers=(1, 6), slots=(1, 1), spare=(0, 0), largest=(1, 10, 10_000))
    tiny = (
        Limits(workers=(1, 2), slots=(1, 1), spare=(0, 0), largest=(3,), ordered=True),
        Limits(workers=(3, 3), slots=(1, 1), spare=(0, 0), largest=(2,), ordered=True),
    )
    control = 0.99
    rounding = 1e-9

    def build(self, choose: Choose, limits: Limits) -> Instance:
        """Return loads and a model of power."""
        largest = limits.pick_largest(choose)
        loads = several(choose, choose(*limits.workers), 0, largest, ordered=limits.ordered)
        if limits.ordered:
            power = {
                "idle_w": choose(0, 1),
                "swing_w": 4 * choose(0, 1),
                "exponent_percent": 50 + 25 * choose(0, 2),
            }
        else:
            power = {
                "idle_w": choose(0, 200),
                "swing_w": choose(0, 400),
                "exponent_percent": choose(1, 100),
            }
        return {"loads": loads, **power}

    def parts(self, instance: Instance, beyond: Number) -> list[Part]:
        """Return both sides of the claim, in joules."""
        del beyond
        loads, exponent = instance["loads"], instance["exponent_percent"] / 100
        idle, busy = instance["idle_w"], instance["idle_w"] + instance["swing_w"]
        system = System(
            len(loads), 1, overhead_s=1.0, seconds_per_token=0.0,
            power=PowerModel(idle_w=idle, busy_w=busy, exponent=exponent),
        )  # fmt: skip
        run = simulate(Workload(loads, [1] * len(loads), NoGrowth()), system, "fcfs", steps=1)
        top = max(loads)
        numbers = {
            "G": len(loads),
            "T": float(run.duration_s[0]),
            "I_M": len(loads) - sum(loads) / top if top else len(loads),
            "P_idle": idle,
            "P_max": busy,
            "gamma": exponent,
        }
        energy = float(run.energy_j[0])
        lower, upper = CLAIM.evaluate_lower(**numbers), CLAIM.evaluate(**numbers)
        return [Part(LOWER, lower, energy), Part(UPPER, energy, upper)]
