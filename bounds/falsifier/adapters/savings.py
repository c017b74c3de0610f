"""E-saving (energy that balance saves) and its published form, on what two runs record."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple

from bounds.claim import Claim
from bounds.claims import e_saving, e_saving_published
from bounds.falsifier.adapter import Adapter
from bounds.falsifier.choices import Choose, Instance, Limits, several
from bounds.falsifier.fields import Field
from bounds.falsifier.part import Number, Part
from drift_processes import NoGrowth, Workload
from simulation import PowerModel, System, simulate

__all__ = ["PublishedSaving", "Saving"]

#: Loads of the workers in the two steps of either run.
BASELINE, POLICY = ("baseline", "baseline_next"), ("policy", "policy_next")


class Totals(NamedTuple):
    """What a run comes to over its steps: energy in joules, loads and imbalances."""

    energy: float
    work: float
    idle: float


class Saving(Adapter):
    """The loads of a baseline and of a policy in two steps each; power in watts, and γ in hundredths.

    A step takes a second per unit of the largest load, and none where all loads are 0.
    """

    claim = "E-saving"
    statement: ClassVar[Claim] = e_saving.CLAIM
    fields: ClassVar[Mapping[str, Field]] = {
        **{
            name: Field(along="worker", fewest=1, longest=16, is_amount=True) for name in (*BASELINE, *POLICY)
        },
        "idle_w": Field(at_most=10_000),
        "swing_w": Field(at_most=10_000),
        "exponent_percent": Field(at_least=1, at_most=100),
    }
    usual = Limits(workers=(1, 6), slots=(1, 1), spare=(0, 0), largest=(1, 10, 10_000))
    tiny = (
        Limits(workers=(1, 1), slots=(1, 1), spare=(0, 0), largest=(2,), ordered=True),
        Limits(workers=(2, 2), slots=(1, 1), spare=(0, 0), largest=(1,), ordered=True),
    )
    control = 0.99
    rounding = 1e-9

    def build(self, choose: Choose, limits: Limits) -> Instance:
        """Return the loads of both runs and a model of power."""
        return self._with_power(choose, limits, _loads(choose, limits, (*BASELINE, *POLICY)))

    def _with_power(self, choose: Choose, limits: Limits, loads: dict[str, list[int]]) -> Instance:
        if limits.ordered:
            idle, swing, exponent = choose(0, 1), 4 * choose(0, 1), 50 + 50 * choose(0, 1)
        else:
            idle, swing, exponent = choose(0, 200), choose(0, 400), choose(1, 100)
        # a baseline that uses no energy is none that anything can be saved of
        if not _sum(loads, BASELINE):
            loads["baseline"][-1] = 1
        swing = swing if idle + swing else 1
        return {**loads, "idle_w": idle, "swing_w": swing, "exponent_percent": exponent}

    def missing(self, instance: Instance) -> str:
        """Return that the baseline uses no energy, of which nothing can be saved."""
        busy = instance["idle_w"] + instance["swing_w"]
        return "" if busy * _sum(instance, BASELINE) else "the baseline uses no energy"

    def parts(self, instance: Instance, beyond: Number) -> list[Part]:
        """Return both sides of E_1 <= (1 - bound)·E_0, in joules."""
        del beyond
        baseline, policy = (_totals(instance, names) for names in (BASELINE, POLICY))
        bound = self.statement.evaluate(**self.numbers(instance, baseline, policy))
        return [Part("E_1 <= E_0·(1 - bound)", policy.energy, baseline.energy * (1 - bound))]

    def numbers(self, instance: Instance, baseline: Totals, policy: Totals) -> dict[str, float]:
        """Return the symbols of the claim."""
        loads = {"W_0": baseline.work, "W_1": policy.work}
        return loads | _power(instance) | {"I_0": baseline.idle, "I_1": policy.idle}


class PublishedSaving(Saving):
    """As `Saving`, both runs with the same work, and a bound that is not negative."""

    claim = "E-saving-published"
    statement = e_saving_published.CLAIM

    def build(self, choose: Choose, limits: Limits) -> Instance:
        """Return an instance of `Saving` in which the policy does the work of the baseline.

        It does it as evenly as loads that are whole numbers can, but for a unit of load that is moved.
        """
        instance = self._with_power(choose, limits, _loads(choose, limits, BASELINE))
        workers = len(instance["baseline"])
        for old, new in zip(BASELINE, POLICY, strict=True):
            each, more = divmod(sum(instance[old]), workers)
            loads = [each + (g < more) for g in range(workers)]
            moved = choose(0, min(each, 1))
            instance[new] = [loads[0] + moved, *loads[1:-1], loads[-1] - moved] if workers > 1 else loads
        if _idle(instance, BASELINE) < _idle(instance, POLICY):
            instance |= {
                new: instance[old] for old, new in zip(BASELINE + POLICY, POLICY + BASELINE, strict=True)
            }
        if self.missing(instance):
            # what a busy worker leaks when it waits is then idle power alone
            instance["exponent_percent"] = 100
        return instance

    def missing(self, instance: Instance) -> str:
        """Return what keeps the published form from applying."""
        if _sum(instance, BASELINE) != _sum(instance, POLICY):
            return "the two runs do not do the same work"
        idle, exponent = instance["idle_w"], Fraction(instance["exponent_percent"], 100)
        leak = idle + (1 - exponent) * instance["swing_w"]
        if idle * _idle(instance, BASELINE) < leak * _idle(instance, POLICY):
            return "P_idle·I_0 is below C_γ·I_1"
        return super().missing(instance)

    def numbers(self, instance: Instance, baseline: Totals, policy: Totals) -> dict[str, float]:
        """Return the symbols of the claim."""
        return {"W": baseline.work, "I_0": baseline.idle, "I_1": policy.idle} | _power(instance)


def _loads(choose: Choose, limits: Limits, names: tuple[str, ...]) -> dict[str, list[int]]:
    largest, workers = limits.pick_largest(choose), choose(*limits.workers)
    return {name: several(choose, workers, 0, largest, ordered=limits.ordered) for name in names}


def _sum(instance: Instance, names: tuple[str, str]) -> int:
    return sum(sum(instance[name]) for name in names)


def _idle(instance: Instance, names: tuple[str, str]) -> int:
    return sum(len(instance[name]) * max(instance[name]) - sum(instance[name]) for name in names)


def _power(instance: Instance) -> dict[str, Any]:
    idle = instance["idle_w"]
    return {"P_idle": idle, "P_max": idle + instance["swing_w"], "gamma": instance["exponent_percent"] / 100}


def _totals(instance: Instance, names: tuple[str, str]) -> Totals:
    """Simulate two steps in which every worker holds one request of the load given."""
    loads = [load for name in names for load in instance[name]]
    power = _power(instance)
    system = System(
        len(instance[names[0]]), 1, overhead_s=0.0, seconds_per_token=1.0,
        power=PowerModel(idle_w=power["P_idle"], busy_w=power["P_max"], exponent=power["gamma"]),
    )  # fmt: skip
    run = simulate(Workload(loads, [1] * len(loads), NoGrowth()), system, "fcfs", steps=2)
    return Totals(float(run.energy_j.sum()), float(run.total_load.sum()), float(run.imbalance.sum()))
