"""`Workload`: requests drawn from laws or read from traces."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import TraceError, stream
from drift_processes import (
    DeterministicArrivals,
    JointLaw,
    Law,
    NoGrowth,
    OverloadedArrivals,
    PoissonArrivals,
    UnitGrowth,
    Workload,
)
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


class TwoTokensAStep(UnitGrowth):
    """Every step yields two tokens."""

    def lengths_in_steps(self, tokens: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return (tokens + 1) // 2


class CoinPerToken(UnitGrowth):
    """Between half and all of the tokens, at random."""

    def lengths_in_steps(self, tokens: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return tokens - rng.integers(0, tokens // 2 + 1)


def test_arrivals_of_synthetic_requests_leave_sizes_and_lengths_as_they_are() -> None:
    laws = {"sizes": Law.uniform(1, 100), "lengths": Law.geometric(0.02), "drift": UnitGrowth()}
    one = synthetic(1, requests=200)
    other = Workload.synthetic(**laws, requests=200, seed=1, arrivals=PoissonArrivals(2.0))
    assert (one.sizes.tolist(), one.lengths.tolist()) == (other.sizes.tolist(), other.lengths.tolist())
    times = PoissonArrivals(2.0).times(200, stream(1, "arrivals"))
    assert other.arrival_s is not None
    assert times is not None
    assert other.arrival_s.tolist() == times.tolist()
    assert other.is_iid
    assert other.source == f"{one.source}, PoissonArrivals(rate=2.0)"


def test_overloaded_arrivals_are_the_default_by_another_name() -> None:
    laws = {"sizes": Law.uniform(1, 100), "lengths": Law.geometric(0.02), "drift": UnitGrowth()}
    work = Workload.synthetic(**laws, requests=5, seed=1, arrivals=OverloadedArrivals())
    assert work.arrival_s is None
    assert work.source == synthetic(1).source


def test_synthetic_numbers_are_those_of_version_0_1_0() -> None:
    # written down before draws became faster: whoever changes them changes every published number
    work = synthetic(1, requests=6)
    assert work.sizes.tolist() == [86, 47, 57, 33, 61, 43]
    assert work.lengths.tolist() == [74, 11, 22, 10, 244, 80]


def test_the_overloaded_twin_has_the_same_requests_and_no_times(trace: Path) -> None:
    work = Workload.from_trace(trace, skip_bad_rows=True)
    twin = work.overloaded()
    assert twin.arrival_s is None
    assert (twin.sizes.tolist(), twin.lengths.tolist()) == (work.sizes.tolist(), work.lengths.tolist())
    assert (twin.drift, twin.source, twin.skipped_rows) == (work.drift, work.source, 1)
    assert work.arrival_s is not None
    drawn = Workload.from_trace(trace, requests=9, skip_bad_rows=True, arrivals=PoissonArrivals(1.0))
    assert drawn.arrival_s is not None
    assert drawn.overloaded().law is drawn.law


def test_the_clock_of_a_trace_may_run_faster(trace: Path) -> None:
    for speed, last in ((1.0, 3.0), (2.0, 1.5), (0.25, 12.0)):
        work = Workload.from_trace(trace, skip_bad_rows=True, speed=speed)
        assert work.arrival_s is not None
        assert work.arrival_s.tolist() == [0.0, last]


def test_requests_of_a_trace_may_arrive_otherwise(trace: Path) -> None:
    own = Workload.from_trace(trace, skip_bad_rows=True, arrivals="trace")
    assert own.arrival_s is not None
    assert own.arrival_s.tolist() == [0.0, 3.0]
    assert Workload.from_trace(trace, skip_bad_rows=True, arrivals="overloaded").arrival_s is None
    steady = Workload.from_trace(trace, skip_bad_rows=True, arrivals=DeterministicArrivals(4.0))
    assert steady.arrival_s is not None
    assert steady.arrival_s.tolist() == [0.0, 0.25]
    drawn = Workload.from_trace(
        trace, requests=3, skip_bad_rows=True, arrivals=DeterministicArrivals(4.0), seed=2
    )
    assert drawn.arrival_s is not None
    assert drawn.arrival_s.tolist() == [0.0, 0.25, 0.5]
    assert drawn.is_iid


def test_a_trace_without_times_waits_from_the_start_unless_its_clock_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("prompt_tokens,output_tokens\n7,2\n")
    assert Workload.from_trace(path).arrival_s is None
    with pytest.raises(TraceError):
        Workload.from_trace(path, arrivals="trace")


def test_output_tokens_become_steps_of_the_drift_process(trace: Path) -> None:
    work = Workload.from_trace(trace, drift=TwoTokensAStep(), skip_bad_rows=True)
    assert work.lengths.tolist() == [1, 3]  # of 2 and 5 tokens
    assert work.sizes.tolist() == [7.0, 8.0]


def test_the_law_of_requests_drawn_from_a_trace_is_that_of_their_steps(trace: Path) -> None:
    work = Workload.from_trace(trace, drift=TwoTokensAStep(), requests=50, skip_bad_rows=True)
    assert set(zip(work.sizes.tolist(), work.lengths.tolist(), strict=True)) == {(7, 1), (8, 3)}
    assert work.law is not None
    assert list(zip(work.law.sizes, work.law.lengths, work.law.probabilities, strict=True)) == [
        (7, 1, 0.5),
        (8, 3, 0.5),
    ]


def test_a_random_conversion_uses_the_stream_named_lengths(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    tokens = np.arange(1, 200)
    path.write_text("prompt_tokens,output_tokens\n" + "".join(f"5,{n}\n" for n in tokens))
    work = Workload.from_trace(path, drift=CoinPerToken(), seed=4)
    expected = CoinPerToken().lengths_in_steps(tokens, stream(4, "lengths"))
    assert work.lengths.tolist() == expected.tolist()
    drawn = Workload.from_trace(path, drift=CoinPerToken(), seed=4, requests=5000)
    assert drawn.law is not None
    assert set(drawn.lengths.tolist()) <= set(expected.tolist())
    assert drawn.law.mean_length == pytest.approx(expected.mean())


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
