"""`Workload`: requests drawn from laws or read from traces."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import stream
from drift_processes import JointLaw, Law, NoGrowth, UnitGrowth, Workload
from tests.traces import trace_file

MOONCAKE = (
    '{"timestamp": 1000, "input_length": 7, "output_length": 2}\n'
    '{"timestamp": 1500, "input_length": 9, "output_length": 0}\n'
    '{"timestamp": 4000, "input_length": 8, "output_length": 5}\n'
)


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    path = tmp_path / "small.jsonl"
    path.write_text(MOONCAKE)
    return path


def synthetic(seed: int, requests: int = 500) -> Workload:
    return Workload.synthetic(
        sizes=Law.uniform(1, 100),
        lengths=Law.geometric(0.02),
        drift=UnitGrowth(),
        requests=requests,
        seed=seed,
    )


def test_given_arrays_are_kept_as_read_only_copies() -> None:
    sizes = np.array([3.0, 1.0])
    work = Workload(sizes, [2, 4], NoGrowth(), arrival_s=[0.0, 2.5])
    sizes[0] = 99
    assert work.sizes.tolist() == [3.0, 1.0]
    assert work.lengths.tolist() == [2, 4]
    assert work.arrival_s is not None
    assert work.arrival_s.tolist() == [0.0, 2.5]
    assert (work.requests, work.is_iid, work.skipped_rows) == (2, False, 0)
    with pytest.raises(ValueError, match="read-only"):
        work.lengths[0] = 1


def test_the_same_seed_draws_the_same_requests_and_another_seed_others() -> None:
    one, same, other = synthetic(1), synthetic(1), synthetic(2)
    assert one.sizes.tolist() == same.sizes.tolist()
    assert one.lengths.tolist() == same.lengths.tolist()
    assert one.sizes.tolist() != other.sizes.tolist()


def test_synthetic_requests_are_independent_draws_that_all_wait_from_the_start() -> None:
    work = synthetic(1)
    assert work.is_iid
    assert work.arrival_s is None
    assert (
        work.source
        == "synthetic: JointLaw.independent(Law(100 values in [1, 100], mean 50.5), Law.geometric(0.02))"
    )


def test_synthetic_requests_have_the_means_of_their_laws() -> None:
    work = synthetic(1, requests=40_000)
    # five standard errors: 28.9/200 and 49.5/200
    assert work.sizes.mean() == pytest.approx(50.5, abs=0.73)
    assert work.lengths.mean() == pytest.approx(50.0, abs=1.24)


def test_a_joint_law_is_drawn_as_pairs() -> None:
    law = JointLaw([10, 20], [1, 9], [0.5, 0.5])
    work = Workload.synthetic(sizes=law, drift=NoGrowth(), requests=100, seed=3)
    assert set(zip(work.sizes.tolist(), work.lengths.tolist(), strict=True)) == {(10, 1), (20, 9)}
    assert work.law is law


def test_the_draw_uses_the_stream_named_workload() -> None:
    law = JointLaw([10, 20], [1, 9], [0.5, 0.5])
    work = Workload.synthetic(sizes=law, drift=NoGrowth(), requests=50, seed=3)
    assert work.sizes.tolist() == law.sample(50, stream(3, "workload"))[0].tolist()


def test_a_trace_is_taken_as_it_is(trace: Path) -> None:
    work = Workload.from_trace(trace, skip_bad_rows=True)
    assert work.sizes.tolist() == [7.0, 8.0]
    assert work.lengths.tolist() == [2, 5]
    assert work.arrival_s is not None
    assert work.arrival_s.tolist() == [0.0, 3.0]
    assert (work.skipped_rows, work.source, work.is_iid) == (1, "small.jsonl", False)
    assert isinstance(work.drift, UnitGrowth)


def test_requests_drawn_from_a_trace_are_its_pairs_with_its_empirical_law(trace: Path) -> None:
    drift = NoGrowth()
    work = Workload.from_trace(trace, drift=drift, requests=400, seed=5, skip_bad_rows=True)
    pairs = list(zip(work.sizes.tolist(), work.lengths.tolist(), strict=True))
    assert set(pairs) == {(7, 2), (8, 5)}
    # Binomial(400, 1/2): five standard deviations are 50
    assert abs(pairs.count((7, 2)) - 200) <= 50
    assert work.law is not None
    assert work.law.probabilities.tolist() == [0.5, 0.5]
    assert (work.arrival_s, work.skipped_rows, work.drift) == (None, 1, drift)
    assert work.source == "small.jsonl, drawn with replacement"


def test_a_published_trace_has_its_published_means() -> None:
    work = Workload.from_trace(trace_file("azure2023_code.parquet"))
    assert work.requests == 8_819
    assert work.sizes.mean() == pytest.approx(2048, abs=0.5)
    assert work.lengths.mean() == pytest.approx(28, abs=0.5)


@given(st.integers(0, 2**70), st.integers(1, 50))
def test_every_seed_gives_requests_of_the_law(seed: int, requests: int) -> None:
    work = Workload.synthetic(
        sizes=Law.uniform(5, 9),
        lengths=Law([2, 4], [0.5, 0.5]),
        drift=NoGrowth(),
        requests=requests,
        seed=seed,
    )
    assert work.requests == requests
    assert set(work.sizes.tolist()) <= {5, 6, 7, 8, 9}
    assert set(work.lengths.tolist()) <= {2, 4}
