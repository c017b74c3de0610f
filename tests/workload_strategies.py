"""Generators of small workloads and systems for Hypothesis."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from drift_processes import (
    Adversarial,
    DriftProcess,
    NoGrowth,
    PoissonArrivals,
    RegimeSwitching,
    SpeculativeDecoding,
    UnitGrowth,
    Workload,
)
from simulation import POLICIES, System

#: Policies cheap enough for thousands of runs.
QUICK_POLICIES = tuple(name for name in POLICIES if name != "bfio_exact")

COMPILED_POLICIES = tuple(name for name in POLICIES if POLICIES[name]().kernel is not None)

#: Those of either that can decide when a slot is free, as `simulate` has it by default.
QUICK_POOLED, COMPILED_POOLED = (
    tuple(name for name in names if "pooled" in POLICIES[name]().bindings)
    for names in (QUICK_POLICIES, COMPILED_POLICIES)
)

#: (policy, binding) of every compiled policy and each binding it can decide under.
COMPILED_RULES = tuple((name, how) for name in COMPILED_POLICIES for how in POLICIES[name]().bindings)


class AgeGrowth(DriftProcess):
    """Heterogeneous: a request of even age grows by 2, of odd age by its size modulo 2."""

    increment_range = (0.0, 2.0)

    def increments(self, *, step: int, age: Any, size: Any, load: Any, rng: Any) -> Any:
        return np.where(age % 2 == 0, 2.0, size % 2)


class EveryThirdStep(DriftProcess):
    """Common: everything grows by 3 in every third step."""

    increment_range = (0.0, 3.0)
    is_common = True

    def increments(self, *, step: int, age: Any, size: Any, load: Any, rng: Any) -> Any:
        return 3.0 if step % 3 == 2 else 0.0


class RandomCommon(DriftProcess):
    """Common and random: a fair coin per step."""

    increment_range = (0.0, 1.0)
    is_common = True

    def increments(self, *, step: int, age: Any, size: Any, load: Any, rng: Any) -> Any:
        return float(rng.integers(2))


class Tenths(DriftProcess):
    """Common: everything grows by 0.1 in even and by 0.7 in odd steps, neither of which float64 holds."""

    increment_range = (0.1, 0.7)
    is_common = True

    def increments(self, *, step: int, age: Any, size: Any, load: Any, rng: Any) -> Any:
        return 0.7 if step % 2 else 0.1


class RandomGrowth(DriftProcess):
    """Heterogeneous and random: each request grows by a uniform number, more if its load is large."""

    increment_range = (0.0, 2.0)

    def increments(self, *, step: int, age: Any, size: Any, load: Any, rng: Any) -> Any:
        return rng.random(len(load)) * np.where(load > 10, 2.0, 1.0)


class Remembers(DriftProcess):
    """Heterogeneous: what a die says at first, then one more in each step up to 9; one more on worker 0."""

    increment_range = (0.0, 10.0)
    has_memory = True
    sees_workers = True

    def increments(self, *, step: int, age: Any, size: Any, load: Any, rng: Any, **more: Any) -> Any:
        memory, worker = more["memory"], more["worker"]
        new = age == 0
        memory[new] = rng.integers(0, 3, np.count_nonzero(new))
        grown = memory + (worker == 0)
        memory[:] = np.minimum(memory + 1, 9)
        return grown


class CountsSteps(DriftProcess):
    """Common, with a memory: one more in each step, until it starts again with what a die says."""

    increment_range = (0.0, 4.0)
    is_common = True
    has_memory = True

    def increments(self, *, step: int, age: Any, size: Any, load: Any, rng: Any, **more: Any) -> Any:
        memory = more["memory"]
        memory[:] = memory + 1 if memory[0] < 4 else rng.integers(0, 3)
        return float(memory[0])


class Thirds(DriftProcess):
    """Heterogeneous and real-valued: a third, and a tenth of the memory, which counts steps."""

    increment_range = (0.0, 2.0)
    has_memory = True

    def increments(self, *, step: int, age: Any, size: Any, load: Any, rng: Any, **more: Any) -> Any:
        more["memory"][:] += 1
        return 1 / 3 + more["memory"] / 10


#: Sizes as `workloads` has them by default, and others that whole numbers can't stand for.
WHOLE_SIZES = st.integers(0, 30)
EIGHTHS = st.integers(0, 240).map(lambda n: n / 8)
SEVENTHS = st.integers(0, 210).map(lambda n: n / 7)
ANY_SIZES = st.one_of(
    st.floats(0, 30), SEVENTHS, st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.7, 2.0**46, 2.0**46 + 0.125])
)

COMMON_DRIFTS = (UnitGrowth(), NoGrowth(), EveryThirdStep(), RandomCommon(), CountsSteps())
VARIED_DRIFTS = (
    AgeGrowth(),
    Remembers(),
    SpeculativeDecoding(2, 0.5),
    Adversarial("heaviest_worker", 1, 3),
    RegimeSwitching([0, 4], [[0.5, 0.5], [0.25, 0.75]]),
)
DRIFTS = (*COMMON_DRIFTS, *VARIED_DRIFTS)


def workloads(
    drifts: tuple[DriftProcess, ...] = DRIFTS,
    max_requests: int = 40,
    sizes: st.SearchStrategy[Any] = WHOLE_SIZES,
    *,
    clocked: bool = False,
) -> st.SearchStrategy[Workload]:
    """Up to ``max_requests`` requests with lengths up to 12, and whole-number sizes up to 30 by default.

    With ``clocked`` some of them arrive at times of their own.
    """
    pair = st.tuples(sizes, st.integers(1, 12))

    def build(draw: Any) -> Workload:
        pairs = draw(st.lists(pair, min_size=1, max_size=max_requests))
        times = draw(arrival_times(len(pairs))) if clocked else None
        return Workload(
            [s for s, _ in pairs], [o for _, o in pairs], draw(st.sampled_from(drifts)), arrival_s=times
        )

    return st.composite(build)()


def arrival_times(number: int) -> st.SearchStrategy[Any]:
    """All from the start, all at once, at random, and gap by gap with ties, bursts and long pauses."""
    gap = st.sampled_from([0.0, 0.0, 0.125, 0.5, 1.0, 1.0, 2.7, 40.0])
    return st.one_of(
        st.none(),
        st.sampled_from([0.0, 3.5]).map(lambda at: np.full(number, at)),
        st.builds(
            lambda rate, seed: PoissonArrivals(rate).times(number, np.random.default_rng(seed)),
            st.sampled_from([0.1, 1.0, 10.0]),
            st.integers(0, 99),
        ),
        st.lists(gap, min_size=number, max_size=number).map(np.cumsum),
    )


def systems() -> st.SearchStrategy[System]:
    """One to four workers of one to four slots."""
    return st.builds(System, st.integers(1, 4), st.integers(1, 4))


def paced_systems() -> st.SearchStrategy[System]:
    """Such systems with steps of a second or more, so that the arrivals of `workloads` matter."""
    return st.builds(
        System,
        st.integers(1, 4),
        st.integers(1, 4),
        overhead_s=st.just(1.0),
        seconds_per_token=st.sampled_from([0.0, 0.125, 0.01]),
        mean_load_s=st.sampled_from([0.0, 0.02]),
    )
