"""`System`: the machine that is simulated, its step time and its power.

Constants default to those published with the paper (docs/theory.md §1 and §4). May import contracts only.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts import checks

__all__ = ["PowerModel", "System"]

#: The most slots of a system: 5 GB of memory for what is kept of each.
MOST_SLOTS = 10**8

#: Seconds per token of the largest load, as published by the paper's authors.
SECONDS_PER_TOKEN = 1.0054e-7


@dataclass(frozen=True)
class PowerModel:
    """Power of one worker at utilisation u = load / largest load: idle + (busy - idle)·u^exponent.

    Parameters
    ----------
    idle_w, busy_w : float
        Watts at u = 0 and u = 1, 0 <= idle <= busy. Defaults: the A100 figures used in the paper.
    exponent : float
        γ in (0, 1].
    """

    idle_w: float = 100.0
    busy_w: float = 400.0
    exponent: float = 0.7

    def __post_init__(self) -> None:
        idle = checks.number("idle_w", self.idle_w, at_least=0)
        checks.number("busy_w", self.busy_w, at_least=idle)
        checks.number("exponent", self.exponent, above=0, at_most=1)


@dataclass(frozen=True)
class System:
    """G workers of B slots that meet at a barrier after every step.

    A step takes Δt = ``overhead_s`` + ``seconds_per_token``·max_g L_g + ``mean_load_s``·mean_g L_g seconds.

    Parameters
    ----------
    workers : int
        G >= 1.
    slots : int
        B >= 1, slots per worker; G·B at most 10**8.
    overhead_s : float, optional
        C, seconds per step whatever the load. Default: (0.6 ms·B + 35 ms) / 16, the authors' constant.
    seconds_per_token : float
        κ, seconds per unit of the largest load.
    mean_load_s : float
        Seconds per unit of the mean load; 0 in the paper's model, about half of κ in a study of a real
        expert-parallel barrier.
    power : PowerModel

    Examples
    --------
    >>> System(workers=16, slots=72).capacity
    1152
    """

    workers: int
    slots: int
    overhead_s: float | None = None
    seconds_per_token: float = SECONDS_PER_TOKEN
    mean_load_s: float = 0.0
    power: PowerModel = PowerModel()

    def __post_init__(self) -> None:
        object.__setattr__(self, "workers", checks.count("workers", self.workers, at_least=1))
        object.__setattr__(self, "slots", checks.count("slots", self.slots, at_least=1))
        checks.check(
            self.capacity <= MOST_SLOTS,
            f"workers * slots must be <= {MOST_SLOTS}, got {self.workers} * {self.slots} = {self.capacity}",
        )
        if self.overhead_s is None:
            object.__setattr__(self, "overhead_s", (0.6e-3 * self.slots + 35e-3) / 16)
        checks.number("overhead_s", self.overhead_s, at_least=0)
        checks.number("seconds_per_token", self.seconds_per_token, at_least=0)
        checks.number("mean_load_s", self.mean_load_s, at_least=0)
        checks.instance("power", self.power, PowerModel, "a PowerModel")

    @property
    def capacity(self) -> int:
        """G·B, the number of slots."""
        return self.workers * self.slots

    def balanced_step_s(self, slot_load: float) -> float:
        """Return the seconds of a step whose slots are full and all workers equally loaded.

        Parameters
        ----------
        slot_load : float
            E Y, mean load of a slot; every worker then holds B of them.
        """
        per_load = self.seconds_per_token + self.mean_load_s
        return self.step_overhead_s + per_load * self.slots * slot_load

    @property
    def step_overhead_s(self) -> float:
        """C in seconds (never None)."""
        assert self.overhead_s is not None  # set in __post_init__
        return self.overhead_s
