"""`RequestStream`: chunks that put together are what `Workload.synthetic` draws, whatever their size."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_processes import (
    Arrivals,
    DeterministicArrivals,
    JointLaw,
    Law,
    MarkovModulatedArrivals,
    NoGrowth,
    PoissonArrivals,
    RequestStream,
    UnitGrowth,
    Workload,
)

LAWS: tuple[dict[str, Any], ...] = (
    {"sizes": Law.uniform(1, 100), "lengths": Law.geometric(0.02)},
    {"sizes": Law.geometric(0.02), "lengths": Law.uniform(1, 9)},
    {"sizes": Law.geometric(0.5), "lengths": Law.geometric(0.5)},
    {"sizes": Law([0.5, 2.25], [0.3, 0.7]), "lengths": Law.constant(4)},
    {"sizes": JointLaw([10, 20, 20], [1, 9, 3], [0.5, 0.25, 0.25])},
)
ARRIVALS: tuple[str | Arrivals, ...] = (
    "overloaded",
    PoissonArrivals(3.0),
    DeterministicArrivals(2.0),
    MarkovModulatedArrivals(rates=(9, 0), mean_stays_s=(1, 1)),
)


def same(one: Workload, other: Workload) -> None:
    assert one.sizes.tolist() == other.sizes.tolist()
    assert one.lengths.tolist() == other.lengths.tolist()
    assert (one.arrival_s is None) == (other.arrival_s is None)
    if one.arrival_s is not None and other.arrival_s is not None:
        assert one.arrival_s.tolist() == other.arrival_s.tolist()
    assert (one.source, one.drift) == (other.source, other.drift)
    assert one.is_iid
    assert other.is_iid


@given(
    st.sampled_from(LAWS),
    st.sampled_from(ARRIVALS),
    st.integers(0, 2**40),
    st.integers(1, 200),
    st.integers(1, 250),
)
def test_the_chunks_put_together_are_the_synthetic_workload(
    laws: dict[str, Any], arrivals: str | Arrivals, seed: int, requests: int, chunk: int
) -> None:
    shared = {**laws, "drift": UnitGrowth(), "requests": requests, "arrivals": arrivals, "seed": seed}
    requests_stream = RequestStream(**shared, chunk=chunk)
    same(requests_stream.whole(), Workload.synthetic(**shared))
    sizes = [part.requests for part in requests_stream]
    assert sum(sizes) == requests
    assert set(sizes[:-1]) <= {chunk}
    assert 1 <= sizes[-1] <= chunk


@pytest.mark.parametrize("laws", LAWS, ids=str)
def test_long_chunks_that_use_the_fast_tables_are_the_synthetic_workload(laws: dict[str, Any]) -> None:
    shared = {**laws, "drift": NoGrowth(), "requests": 150_001, "seed": 3}
    same(RequestStream(**shared, chunk=40_000).whole(), Workload.synthetic(**shared))


def test_every_iteration_starts_anew() -> None:
    requests = RequestStream(
        **LAWS[0], drift=UnitGrowth(), requests=10, arrivals=PoissonArrivals(1.0), seed=1, chunk=4
    )
    first, second = iter(requests), iter(requests)
    for _ in range(3):
        same(next(first), next(second))
    assert next(first, None) is None


def test_a_stream_says_what_it_is() -> None:
    law = LAWS[4]["sizes"]
    requests = RequestStream(sizes=law, drift=UnitGrowth(), requests=10, seed=1)
    assert (requests.requests, requests.chunk, requests.law) == (10, 1_000_000, law)
    assert repr(requests) == (
        "RequestStream(10 requests, UnitGrowth, synthetic: JointLaw(3 pairs, mean length 3.5))"
    )


def test_memory_does_not_grow_with_the_number_of_requests() -> None:
    peaks = []
    for number in (50_000, 1_000_000):
        requests = RequestStream(
            **LAWS[1], drift=NoGrowth(), requests=number, arrivals=ARRIVALS[3], seed=1, chunk=10_000
        )
        tracemalloc.start()
        for _ in requests:
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # to skip the sizes draws up to a million of them at once, at some 24 bytes
    assert peaks[1] < peaks[0] + 30_000_000
    assert peaks[1] < 40_000_000


def test_sizes_may_sum_to_just_below_the_limit_over_all_chunks() -> None:
    half = Law.constant(2**52 - 1)
    shared: dict[str, Any] = {"sizes": half, "lengths": Law.constant(1), "drift": NoGrowth(), "seed": 1}
    assert np.sum(RequestStream(**shared, requests=2, chunk=1).whole().sizes) == 2**53 - 2
    with pytest.raises(ValueError, match=r"^sizes must sum to less than 2\*\*53"):
        list(RequestStream(**shared, requests=3, chunk=1))
