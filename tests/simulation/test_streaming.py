"""`simulate_stream`: the same run as `simulate`, in the memory of one chunk."""

import itertools
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drift_processes import (
    DriftProcess,
    Law,
    PoissonArrivals,
    RequestStream,
    UnitGrowth,
    Workload,
)
from simulation import Run, System, Totals, simulate, simulate_stream
from simulation.metrics import LEVELS
from simulation.policies import Bfio, Policy
from tests.workload_strategies import DRIFTS

SYSTEM = System(3, 2, overhead_s=1.0, seconds_per_token=0.01, mean_load_s=0.02)


class Kept:
    """A recorder that keeps everything."""

    def __init__(self) -> None:
        self.blocks: list[dict[str, NDArray[Any]]] = []
        self.admitted: list[dict[str, NDArray[Any]]] = []

    def steps(self, columns: dict[str, NDArray[Any]]) -> None:
        self.blocks.append(columns)

    def requests(self, columns: dict[str, NDArray[Any]]) -> None:
        self.admitted.append(columns)

    def step(self, name: str) -> NDArray[Any]:
        return np.concatenate([block[name] for block in self.blocks])

    def request(self, name: str) -> NDArray[Any]:
        order = np.argsort(np.concatenate([block["request"] for block in self.admitted]))
        return np.concatenate([block[name] for block in self.admitted])[order]


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """A workload, where to cut it into chunks, and how to simulate it."""
    number = draw(st.integers(2, 60))
    whole = st.integers(0, 20)
    arrival_s = None
    if draw(st.booleans()):
        gaps = draw(st.lists(st.sampled_from([0.0, 0.5, 3.0, 40.0]), min_size=number, max_size=number))
        arrival_s = np.cumsum(gaps)
    policies: list[str | Policy] = ["fcfs", "least_load", "power_of_two", Bfio(max_wait=2), Bfio(horizon=3)]
    immediate = arrival_s is not None and draw(st.booleans())
    return {
        "sizes": draw(st.lists(whole, min_size=number, max_size=number)),
        "lengths": draw(st.lists(st.integers(1, 9), min_size=number, max_size=number)),
        "arrival_s": arrival_s,
        "drift": draw(st.sampled_from(DRIFTS)),
        "cuts": sorted(draw(st.sets(st.integers(1, number - 1), max_size=6))),
        "policy": draw(st.sampled_from(["jsq", "random", "round_robin"] if immediate else policies)),
        "binding": "immediate" if immediate else "pooled",
        "lookahead": draw(st.sampled_from(["none", "oracle"])),
        "steps": draw(st.none() | st.integers(1, 30)),
    }


def both(case: dict[str, Any], *, warmup_share: float = 0.0) -> tuple[Run, Totals, Kept, int]:
    """Simulate a case as a whole and chunk by chunk."""
    sizes, lengths, arrival_s, drift = (case[name] for name in ("sizes", "lengths", "arrival_s", "drift"))
    told = {name: case[name] for name in ("steps", "lookahead", "binding")} | {"seed": 5}
    edges = [0, *case["cuts"], len(sizes)]
    run = simulate(Workload(sizes, lengths, drift, arrival_s=arrival_s), SYSTEM, case["policy"], **told)
    chunks = [
        Workload(sizes[a:b], lengths[a:b], drift, arrival_s=None if arrival_s is None else arrival_s[a:b])
        for a, b in itertools.pairwise(edges)
    ]
    warmup, kept = int(warmup_share * (run.steps - 1)), Kept()
    totals = simulate_stream(chunks, SYSTEM, case["policy"], warmup=warmup, recorders=[kept], **told)
    return run, totals, kept, warmup


@given(cases())
def test_every_record_is_that_of_the_whole_run(case: dict[str, Any]) -> None:
    run, totals, kept, _ = both(case)
    assert totals.requests <= run.workload.requests
    names = [
        "max_load",
        "total_load",
        "active",
        "admitted",
        "time_s",
        "duration_s",
        "energy_j",
        "oldest_wait",
    ]
    for name in names if case["arrival_s"] is None else [*names, "waiting"]:
        np.testing.assert_array_equal(kept.step(name), getattr(run, name), err_msg=name)
    ran = np.flatnonzero(run.start >= 0)
    np.testing.assert_array_equal(kept.request("request"), ran)
    for name in ("start", "worker", "wait"):
        np.testing.assert_array_equal(kept.request(name), getattr(run, name)[ran], err_msg=name)
    np.testing.assert_array_equal(kept.request("size"), run.workload.sizes[ran])
    if case["arrival_s"] is not None:
        np.testing.assert_array_equal(kept.request("ttft_s"), run.ttft_s[ran])


@given(cases(), st.floats(0, 1))
def test_the_figures_are_those_of_the_whole_run(case: dict[str, Any], share: float) -> None:
    run, totals, _, warmup = both(case, warmup_share=share)
    whole, streamed = run.summary(warmup=warmup), totals.summary()
    assert [name for name in whole if not name.startswith("tpot_s_p")] == list(streamed)
    for name in streamed:
        value = whole[name]
        if not name.endswith(tuple(f"_p{level}" for level in LEVELS)):
            assert streamed[name] == pytest.approx(value, rel=1e-12, abs=1e-12, nan_ok=True), name


@given(cases())
def test_fairness_counts_everyone_who_was_shown(case: dict[str, Any]) -> None:
    run, totals, _, _ = both(case)
    whole, streamed = run.fairness(), totals.fairness()
    for name in ("requests", "still_waiting"):
        assert whole[name].sum() == streamed[name].sum()
    assert whole["longest"].max() == pytest.approx(streamed["longest"].max(), nan_ok=True)


@given(st.integers(1, 3000), st.integers(0, 40))
@settings(max_examples=30)
def test_batches_keep_the_mean(steps: int, warmup: int) -> None:
    """Joined or not, equal batches have the mean of the steps they cover."""
    work = Workload(np.arange(steps) % 7, np.ones(steps, dtype=int), UnitGrowth())
    kept = Kept()
    if warmup >= -(-steps // 2):
        return
    totals = simulate_stream([work], System(2, 1), "fcfs", warmup=warmup, recorders=[kept])
    imbalance = (2 * kept.step("max_load") - kept.step("total_load"))[warmup:]
    covered = len(totals.imbalance_batches) * totals.batch_steps
    assert totals.imbalance_batches.mean() == pytest.approx(imbalance[:covered].mean())
    assert len(imbalance) - covered < totals.batch_steps


def test_many_steps_are_joined_into_at_most_4096_batches() -> None:
    steps = 40_001
    work = Workload(np.arange(steps) % 5, np.ones(steps, dtype=int), UnitGrowth())
    totals = simulate_stream([work], System(1, 1), "fcfs")
    assert totals.summary()["steps"] == steps
    assert (totals.batch_steps, len(totals.imbalance_batches)) == (16, 2500)


@pytest.mark.parametrize("arrivals", ["overloaded", PoissonArrivals(900.0)])
def test_memory_does_not_grow_with_the_number_of_requests(arrivals: str | PoissonArrivals) -> None:
    def peak(requests: int) -> int:
        stream = RequestStream(
            sizes=Law.uniform(1, 100), lengths=Law.geometric(0.1), drift=UnitGrowth(), requests=requests,
            arrivals=arrivals, seed=1, chunk=20_000,
        )  # fmt: skip
        tracemalloc.start()
        totals = simulate_stream(stream, System(4, 8), "fcfs")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert totals.summary()["finished"] == requests
        return most

    peak(20_000)  # compiles
    assert peak(1_000_000) < 1.5 * peak(100_000)


def test_quantiles_of_a_long_stream_are_within_one_per_cent() -> None:
    stream = RequestStream(
        sizes=Law.uniform(1, 100), lengths=Law.geometric(0.1), drift=UnitGrowth(), requests=30_000,
        arrivals=PoissonArrivals(600.0), seed=3, chunk=7_000,
    )  # fmt: skip
    system = System(4, 8)
    run, totals = simulate(stream.whole(), system, "jsq"), simulate_stream(stream, system, "jsq")
    whole, streamed = run.summary(), totals.summary()
    for name, value in streamed.items():
        assert value == pytest.approx(whole[name], rel=0.01), name


class Shrinking(DriftProcess):
    """Grows by one, and shrinks at age 7."""

    increment_range = (0.0, 1.0)

    def increments(self, *, step: int, age: Any, size: Any, load: Any, rng: Any) -> Any:
        return np.where(age == 7, -1.0, 1.0)


def test_a_violation_names_the_request_by_its_place_in_the_stream() -> None:
    drift = Shrinking()
    chunks = [Workload([5.0] * 4, [length] * 4, drift) for length in (3, 3, 9)]
    with pytest.raises(
        ValueError,
        match=r"^Shrinking at step 31 takes request 8 of age 7 from load 12 to 11, a change of -1;",
    ):
        simulate_stream(chunks, System(1, 1), "fcfs", window=0)


BAD: list[tuple[str, list[Any], dict[str, Any], str]] = [
    ("no chunk", [], {}, "chunks must hold at least one workload"),
    ("not a workload", [3], {}, "chunks[0] must be a Workload, got 3 (int)"),
    (
        "another drift", [Workload([1], [1], UnitGrowth()), Workload([1], [1], UnitGrowth())], {},
        "the chunk after request 0 must have the same drift object",
    ),
    ("policy without a twin", ["ok"], {"policy": "bfio_exact"},
     "policy 'bfio_exact' has no compiled twin, which a stream needs"),
    ("hazard", ["ok"], {"policy": Bfio(horizon=2), "lookahead": "hazard"},
     "lookahead 'hazard' needs simulate: ages have no bound"),
    ("bound at once", ["ok"], {"policy": "jsq", "binding": "immediate"},
     "binding 'immediate' needs requests with arrival times in a stream: without, all are bound at once"),
    ("warm-up beyond the end", ["ok"], {"warmup": 10},
     "warmup = 10 steps, but all requests had left by then"),
]  # fmt: skip


@pytest.mark.parametrize(("chunks", "told", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_input(chunks: list[Any], told: dict[str, Any], message: str) -> None:
    given_chunks = [Workload([1], [1], UnitGrowth()) if chunk == "ok" else chunk for chunk in chunks]
    with pytest.raises((ValueError, TypeError)) as caught:
        simulate_stream(given_chunks, System(2, 1), **({"policy": "fcfs"} | told))
    assert str(caught.value) == message


def test_chunks_must_go_on_where_the_last_one_ended() -> None:
    drift = UnitGrowth()
    first, second = (Workload([1], [1], drift, arrival_s=[time]) for time in (2.0, 1.0))
    with pytest.raises(ValueError, match=r"must not start before 2 s, got 1 s$"):
        simulate_stream([first, second], System(2, 1), "fcfs")
    with pytest.raises(ValueError, match=r"^the chunk after request 0 must have arrival_s$"):
        simulate_stream([first, Workload([1], [1], drift)], System(2, 1), "fcfs")
