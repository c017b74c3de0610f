"""Generators of small workloads and systems for Hypothesis."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from drift_processes import DriftProcess, NoGrowth, UnitGrowth, Workload
from simulation import POLICIES, System

#: Policies cheap enough for thousands of runs.
QUICK_POLICIES = tuple(name for name in POLICIES if name != "bfio_exact")

COMPILED_POLICIES = tuple(name for name in POLICIES if POLICIES[name]().kernel is not None)


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


#: Sizes as `workloads` has them by default, and others that whole numbers can't stand for.
WHOLE_SIZES = st.integers(0, 30)
EIGHTHS = st.integers(0, 240).map(lambda n: n / 8)
SEVENTHS = st.integers(0, 210).map(lambda n: n / 7)
ANY_SIZES = st.one_of(
    st.floats(0, 30), SEVENTHS, st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.7, 2.0**46, 2.0**46 + 0.125])
)

COMMON_DRIFTS = (UnitGrowth(), NoGrowth(), EveryThirdStep(), RandomCommon())
DRIFTS = (*COMMON_DRIFTS, AgeGrowth())


def workloads(
    drifts: tuple[DriftProcess, ...] = DRIFTS,
    max_requests: int = 40,
    sizes: st.SearchStrategy[Any] = WHOLE_SIZES,
) -> st.SearchStrategy[Workload]:
    """Up to ``max_requests`` requests with lengths up to 12, and whole-number sizes up to 30 by default."""
    pair = st.tuples(sizes, st.integers(1, 12))
    return st.builds(
        lambda pairs, drift: Workload([s for s, _ in pairs], [o for _, o in pairs], drift),
        st.lists(pair, min_size=1, max_size=max_requests),
        st.sampled_from(drifts),
    )


def systems() -> st.SearchStrategy[System]:
    """One to four workers of one to four slots."""
    return st.builds(System, st.integers(1, 4), st.integers(1, 4))
