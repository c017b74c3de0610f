"""Bad input to laws, drift processes and workloads. Traces have their own table."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contracts import DriftError, stream
from drift_processes import (
    Adversarial,
    CommonGrowth,
    DriftProcess,
    JointLaw,
    Law,
    NoGrowth,
    RandomIncrements,
    RegimeSwitching,
    SaturatingGrowth,
    SlidingWindow,
    SpeculativeDecoding,
    ThrottledGrowth,
    UnitGrowth,
    Workload,
    published_laws,
)
from drift_processes.base import OutOfRange, checked_increments

ONE = Law.constant(1)
NAN = float("nan")


class Answer(DriftProcess):
    def __init__(self, answer: Any, declared: tuple[float, float], *, common: bool = False) -> None:
        self.answer = answer
        self.increment_range = declared
        self.is_common = common

    def increments(self, **_state: Any) -> Any:
        return self.answer


def grow(
    answer: Any,
    declared: tuple[float, float] = (0, 2),
    *,
    common: bool = False,
    requests: int = 3,
    request: Any = None,
) -> Any:
    return checked_increments(
        Answer(answer, declared, common=common),
        step=4,
        age=np.arange(requests),
        size=np.full(requests, 10.0),
        load=10.0 + np.arange(requests),
        rng=stream(0, "drift"),
        request=request,
    )


def shares(answer: Any) -> Any:
    def chosen(**_state: Any) -> Any:
        return answer

    nothing = np.zeros(2)
    return Adversarial(chosen).increments(
        step=7, age=nothing, size=nothing, load=nothing, worker=nothing, rng=stream(0, "drift")
    )


def snapshot(drift: DriftProcess, sizes: list[float], lengths: list[int]) -> Law | None:
    return drift.snapshot(JointLaw(sizes, lengths, np.full(len(sizes), 1 / len(sizes))))


def synthetic(**changes: Any) -> Workload:
    good = {"sizes": ONE, "lengths": ONE, "drift": NoGrowth(), "requests": 1, "seed": 0}
    return Workload.synthetic(**{**good, **changes})


BAD: list[tuple[str, Callable[[], Any], type[Exception], str]] = [
    # laws
    ("Law of nothing", lambda: Law([], []), ValueError, "values must not be empty"),
    ("Law of negatives", lambda: Law([1, -2], [0.5, 0.5]), ValueError, "values[1] must be >= 0, got -2"),
    ("Law of nan", lambda: Law([NAN], [1]), ValueError, "values[0] must be finite, got nan"),
    (
        "Law with a missing weight",
        lambda: Law([1, 2], [1]),
        ValueError,
        "probabilities must have shape (2), got (1,)",
    ),
    (
        "Law with a negative weight",
        lambda: Law([1, 2], [1.5, -0.5]),
        ValueError,
        "probabilities[1] must be >= 0, got -0.5",
    ),
    ("Law of 0.9", lambda: Law([1, 2], [0.5, 0.4]), ValueError, "probabilities must sum to 1, got 0.9"),
    (
        "Law of 1 + 2e-9",
        lambda: Law([1, 2], [0.5, 0.5 + 2e-9]),
        ValueError,
        "probabilities must sum to 1, got 1.000000002",
    ),
    (
        "Law with a value twice",
        lambda: Law([1234567, 2, 1234567], [0.5, 0.25, 0.25]),
        ValueError,
        "values must be distinct, got 1234567 twice",
    ),
    ("constant", lambda: Law.constant(-1), ValueError, "value must be >= 0, got -1"),
    ("uniform from -1", lambda: Law.uniform(-1, 3), ValueError, "lo must be >= 0, got -1"),
    ("uniform backwards", lambda: Law.uniform(5, 4), ValueError, "hi must be >= 5, got 4"),
    (
        "uniform of floats",
        lambda: Law.uniform(1.0, 4),
        TypeError,
        "lo must be a whole number, got 1.0 (float)",
    ),
    ("geometric 0", lambda: Law.geometric(0), ValueError, "p must be > 0, got 0"),
    ("geometric 1.5", lambda: Law.geometric(1.5), ValueError, "p must be <= 1, got 1.5"),
    (
        "geometric tiny",
        lambda: Law.geometric(1e-7),
        ValueError,
        "p must be >= 1e-6 for the law to fit into a table, got 1e-07",
    ),
    (
        "geometric denormal",
        lambda: Law.geometric(5e-324),
        ValueError,
        "p must be >= 1e-6 for the law to fit into a table, got 4.94066e-324",
    ),
    ("empirical of nothing", lambda: Law.empirical([]), ValueError, "samples must not be empty"),
    (
        "empirical of texts",
        lambda: Law.empirical(["a"]),
        TypeError,
        "samples must hold numbers, got dtype <U1",
    ),
    (
        "quantiles as a list",
        lambda: Law.from_quantiles([1, 2]),
        TypeError,
        "quantiles must be a mapping of levels to values, got [1, 2] (list)",
    ),
    (
        "quantiles without ends",
        lambda: Law.from_quantiles({0.5: 3}),
        ValueError,
        "quantiles must include the levels 0 and 1 (smallest and largest value)",
    ),
    (
        "quantiles of nothing",
        lambda: Law.from_quantiles({}),
        ValueError,
        "quantiles must include the levels 0 and 1 (smallest and largest value)",
    ),
    (
        "quantiles beyond 1",
        lambda: Law.from_quantiles({0: 1, 99: 2}),
        ValueError,
        "quantile levels[1] must be <= 1, got 99",
    ),
    (
        "quantiles that fall",
        lambda: Law.from_quantiles({0: 1, 0.5: 9, 1: 8}),
        ValueError,
        "quantiles[2] must be >= quantiles[1] = 9.0, got 8.0",
    ),
    (
        "quantiles too far apart",
        lambda: Law.from_quantiles({0: 1, 1: 1e9}),
        ValueError,
        "quantiles span 1000000000 whole numbers, too many for a table",
    ),
    (
        "survival of halves",
        lambda: Law.constant(0.5).survival(),
        ValueError,
        "survival needs a law on whole numbers",
    ),
    (
        "survival of an absurd length",
        lambda: Law([1, 10**15], [0.5, 0.5]).survival(),
        ValueError,
        "survival needs a table of 1e+15 entries, more than 50000000: the largest value is too large",
    ),
    # joint laws
    ("JointLaw of nothing", lambda: JointLaw([], [], []), ValueError, "sizes must not be empty"),
    ("JointLaw of length 0", lambda: JointLaw([1], [0], [1]), ValueError, "lengths[0] must be >= 1, got 0"),
    (
        "JointLaw of length 1.5",
        lambda: JointLaw([1], [1.5], [1]),
        ValueError,
        "lengths[0] must be a whole number, got 1.5",
    ),
    (
        "JointLaw with a missing length",
        lambda: JointLaw([1, 2], [1], [1]),
        ValueError,
        "lengths must have shape (2), got (1,)",
    ),
    (
        "JointLaw of 0.5",
        lambda: JointLaw([1], [1], [0.5]),
        ValueError,
        "probabilities must sum to 1, got 0.5",
    ),
    (
        "empirical pairs of nothing",
        lambda: JointLaw.empirical([], []),
        ValueError,
        "sizes must not be empty",
    ),
    (
        "empirical pairs of ragged sizes",
        lambda: JointLaw.empirical([[1], [2, 3]], [1]),
        ValueError,
        "sizes must be an array with rows of equal length",
    ),
    (
        "empirical pairs with a missing length",
        lambda: JointLaw.empirical([1, 2], [1]),
        ValueError,
        "lengths must have shape (2), got (1,)",
    ),
    (
        "independent lengths from 0",
        lambda: JointLaw.independent(ONE, Law.uniform(0, 3)),
        ValueError,
        "lengths must be whole numbers >= 1, got 0",
    ),
    (
        "independent of numbers",
        lambda: JointLaw.independent(ONE, 3),
        TypeError,
        "lengths must be a Law, got 3 (int)",
    ),
    # drift
    (
        "increments not overridden",
        lambda: DriftProcess().increments(step=0, age=None, size=None, load=None, rng=None),
        NotImplementedError,
        "DriftProcess must override increments(...)",
    ),
    (
        "increment that shrinks",
        lambda: grow([0, -1, 0]),
        OutOfRange,
        "Answer at step 4 takes request 1 of age 1 from load 11 to 10, a change of -1; "
        "it declares increment_range = (0, 2)",
    ),
    (
        "increment beyond the range",
        lambda: grow([0, 0, 2.5]),
        OutOfRange,
        "Answer at step 4 takes request 2 of age 2 from load 12 to 14.5, a change of 2.5; "
        "it declares increment_range = (0, 2)",
    ),
    (
        "common increment beyond the range",
        lambda: grow(3, common=True),
        OutOfRange,
        "Answer at step 4 takes request 0 of age 0 from load 10 to 13, a change of 3; "
        "it declares increment_range = (0, 2)",
    ),
    (
        "increment below the range",
        lambda: grow(0, (1, 2)),
        OutOfRange,
        "Answer at step 4 takes request 0 of age 0 from load 10 to 10, a change of 0; "
        "it declares increment_range = (1, 2)",
    ),
    (
        "increment nan",
        lambda: grow(NAN),
        OutOfRange,
        "Answer at step 4 takes request 0 of age 0 from load 10 to nan, a change of nan; "
        "it declares increment_range = (0, 2)",
    ),
    (
        "common increment beyond the range where no request is shown",
        lambda: grow(3, common=True, requests=0),
        OutOfRange,
        "Answer at step 4 changes every load by 3; it declares increment_range = (0, 2)",
    ),
    (
        "increment that shrinks a request known by number",
        lambda: grow([0, -1, 0], request=np.array([70, 81, 92])),
        OutOfRange,
        "Answer at step 4 takes request 81 of age 1 from load 11 to 10, a change of -1; "
        "it declares increment_range = (0, 2)",
    ),
    (
        "increments of another number of requests",
        lambda: grow([1, 1]),
        DriftError,
        "Answer.increments at step 4 must return a scalar or shape (3,), got shape (2,)",
    ),
    (
        "common increments as an array",
        lambda: grow([1, 1, 1], common=True),
        DriftError,
        "Answer.increments at step 4 must return a scalar (it is common), got shape (3,)",
    ),
    (
        "increments that are texts",
        lambda: grow("much"),
        DriftError,
        "Answer.increments at step 4 must return numbers, got 'much'",
    ),
    (
        "range that shrinks",
        lambda: grow(-0.5, (-1, 1)),
        DriftError,
        "Answer.increment_range must be (lo, hi) with 0 <= lo <= hi, finite; got (-1, 1)",
    ),
    (
        "range backwards",
        lambda: grow(1, (2, 1)),
        DriftError,
        "Answer.increment_range must be (lo, hi) with 0 <= lo <= hi, finite; got (2, 1)",
    ),
    (
        "range without end",
        lambda: grow(1, (0, float("inf"))),
        DriftError,
        "Answer.increment_range must be (lo, hi) with 0 <= lo <= hi, finite; got (0, inf)",
    ),
    (
        "range of one number",
        lambda: grow(1, 2),
        DriftError,
        "Answer.increment_range must be (lo, hi) with 0 <= lo <= hi, finite; got 2",
    ),
    (
        "snapshot of fractional sizes",
        lambda: UnitGrowth().snapshot(JointLaw([0.5], [1], [1])),
        ValueError,
        "the snapshot law of UnitGrowth needs whole-number sizes",
    ),
    (
        "snapshot of huge sizes",
        lambda: UnitGrowth().snapshot(JointLaw([1e12], [5], [1])),
        ValueError,
        "loads up to 1000000000005 are too large for a table of the snapshot law",
    ),
    # the processes
    ("CommonGrowth of nothing", lambda: CommonGrowth([]), ValueError, "steps must not be empty"),
    (
        "CommonGrowth that shrinks",
        lambda: CommonGrowth([1, -2]),
        ValueError,
        "steps[1] must be >= 0, got -2",
    ),
    (
        "CommonGrowth repeated once",
        lambda: CommonGrowth([1], repeat=1),
        TypeError,
        "repeat must be True or False, got 1 (int)",
    ),
    ("ThrottledGrowth 0", lambda: ThrottledGrowth(0), ValueError, "rate must be >= 1, got 0"),
    (
        "ThrottledGrowth 1.5",
        lambda: ThrottledGrowth(1.5),
        TypeError,
        "rate must be a whole number, got 1.5 (float)",
    ),
    ("SlidingWindow 0", lambda: SlidingWindow(0), ValueError, "window must be > 0, got 0"),
    (
        "SlidingWindow in words",
        lambda: SlidingWindow("wide"),
        TypeError,
        "window must be a number, got 'wide' (str)",
    ),
    (
        "SaturatingGrowth down",
        lambda: SaturatingGrowth(-1, 3),
        ValueError,
        "cap must be >= 0, got -1",
    ),
    (
        "SaturatingGrowth at once",
        lambda: SaturatingGrowth(5, 0),
        ValueError,
        "half_life must be >= 0.01, got 0",
    ),
    (
        "SpeculativeDecoding without a draft",
        lambda: SpeculativeDecoding(0, 0.5),
        ValueError,
        "draft must be >= 1, got 0",
    ),
    (
        "SpeculativeDecoding 150 %",
        lambda: SpeculativeDecoding(2, 1.5),
        ValueError,
        "acceptance must be <= 1, got 1.5",
    ),
    (
        "steps of a number of tokens",
        lambda: SpeculativeDecoding(2, 0.5).steps_law(3),
        TypeError,
        "tokens must be a Law, got 3 (int)",
    ),
    (
        "steps of no tokens",
        lambda: SpeculativeDecoding(2, 0.5).steps_law(Law.uniform(0, 3)),
        ValueError,
        "tokens must be whole numbers >= 1, got 0",
    ),
    (
        "steps of a million tokens",
        lambda: SpeculativeDecoding(2, 0.5).steps_law(Law.constant(1e6)),
        ValueError,
        "tokens must be at most 200000, got 1000000",
    ),
    (
        "RandomIncrements of nothing",
        lambda: RandomIncrements(),
        TypeError,
        "law, or low and high, must be given",
    ),
    (
        "RandomIncrements without a top",
        lambda: RandomIncrements(low=1),
        TypeError,
        "law, or low and high, must be given",
    ),
    ("RandomIncrements backwards", lambda: RandomIncrements(3, 1), ValueError, "high must be >= 3, got 1"),
    ("RandomIncrements from -1", lambda: RandomIncrements(-1, 1), ValueError, "low must be >= 0, got -1"),
    (
        "RandomIncrements with two lows",
        lambda: RandomIncrements(1, 3, low=0),
        TypeError,
        "law must be a Law where low is given by name, got 1",
    ),
    (
        "RandomIncrements with a law and a top",
        lambda: RandomIncrements(ONE, 3),
        ValueError,
        "law must stand alone, without low and high",
    ),
    (
        "RandomIncrements of too many values",
        lambda: RandomIncrements(0, 10**7),
        ValueError,
        "high must be at most low + 999999 where both are whole numbers, got 10000000",
    ),
    (
        "RegimeSwitching of nothing",
        lambda: RegimeSwitching([], []),
        ValueError,
        "increments must not be empty",
    ),
    (
        "RegimeSwitching that shrinks",
        lambda: RegimeSwitching([1, -2], [[1, 0], [0, 1]]),
        ValueError,
        "increments[1] must be >= 0, got -2",
    ),
    (
        "RegimeSwitching with a missing regime",
        lambda: RegimeSwitching([1, 2], [[1]]),
        ValueError,
        "transition must have shape (regimes, regimes) = (2, 2), got (1, 1)",
    ),
    (
        "RegimeSwitching that loses requests",
        lambda: RegimeSwitching([1, 2], [[0.5, 0.5], [0.5, 0.4]]),
        ValueError,
        "transition[1] must sum to 1, got 0.9",
    ),
    (
        "RegimeSwitching of two chains",
        lambda: RegimeSwitching([1, 2], [[1, 0], [0, 1]]),
        ValueError,
        "initial must be given: the chain has several stationary laws",
    ),
    (
        "RegimeSwitching from too many regimes",
        lambda: RegimeSwitching([1, 2], [[1, 0], [0, 1]], initial=[0.5, 0.6]),
        ValueError,
        "initial must sum to 1, got 1.1",
    ),
    (
        "RegimeSwitching per worker",
        lambda: RegimeSwitching([1, 2], [[0, 1], [1, 0]], scope="worker"),
        ValueError,
        "scope must be one of 'request', 'system'; got 'worker'",
    ),
    (
        "Adversarial unknown",
        lambda: Adversarial("worst"),
        ValueError,
        "schedule must be one of 'heaviest_worker', 'lightest_worker', 'largest', 'oldest', 'youngest'; "
        "got 'worst'",
    ),
    (
        "Adversarial by number",
        lambda: Adversarial(3),
        TypeError,
        "schedule must be a name or a function, got 3 (int)",
    ),
    (
        "Adversarial backwards",
        lambda: Adversarial("oldest", 2, 1),
        ValueError,
        "high must be >= 2, got 1",
    ),
    (
        "share beyond 1",
        lambda: shares([0.5, 1.5]),
        ValueError,
        "chosen at step 7: share[1] must be <= 1, got 1.5",
    ),
    (
        "one share for all",
        lambda: shares(1.0),
        ValueError,
        "chosen at step 7: share must have shape (2), got ()",
    ),
    (
        "snapshot of huge loads",
        lambda: snapshot(ThrottledGrowth(2), [1e12, 1], [5, 5]),
        ValueError,
        "loads up to 1000000000002 are too large for a table of the snapshot law",
    ),
    (
        "snapshot of huge lengths",
        lambda: snapshot(ThrottledGrowth(2), [1], [10**9]),
        ValueError,
        "lengths up to 1000000000 are too large for a table of the snapshot law",
    ),
    (
        "snapshot of too many dependent pairs",
        lambda: snapshot(ThrottledGrowth(2), list(range(3000)), [10**6] * 3000),
        ValueError,
        "3000 sizes times 1000000 ages are too many for the snapshot law of dependent pairs",
    ),
    (
        "snapshot of too long a walk",
        lambda: snapshot(SpeculativeDecoding(4, 0.5), [1], [4_000_000]),
        ValueError,
        "4000000 ages are too many for the snapshot law of this growth",
    ),
    (
        "snapshot of dependent pairs too far apart",
        lambda: snapshot(SpeculativeDecoding(4, 0.5), [0, 4_000_000], [5, 4000]),
        ValueError,
        "sizes over 4000001 cells times 4000 ages are too many for the snapshot law of dependent pairs",
    ),
    (
        "rounds of too many ages",
        lambda: RandomIncrements(0, 1).round_laws(ONE, 10_000),
        ValueError,
        "lengths of 10000 are too large for a table of every age",
    ),
    # workloads
    (
        "Workload of nothing",
        lambda: Workload([], [], NoGrowth()),
        ValueError,
        "sizes must not be empty: a workload needs at least one request",
    ),
    (
        "Workload of negative sizes",
        lambda: Workload([1, -1], [1, 1], NoGrowth()),
        ValueError,
        "sizes[1] must be >= 0, got -1",
    ),
    (
        "Workload of length 0",
        lambda: Workload([1], [0], NoGrowth()),
        ValueError,
        "lengths[0] must be >= 1, got 0",
    ),
    (
        "Workload with a missing length",
        lambda: Workload([1, 2], [1], NoGrowth()),
        ValueError,
        "lengths must have shape (n,) = (2,), got (1,)",
    ),
    (
        "Workload of times that fall",
        lambda: Workload([1, 2], [1, 1], NoGrowth(), arrival_s=[2, 1]),
        ValueError,
        "arrival_s[1] must be >= arrival_s[0] = 2.0, got 1.0",
    ),
    (
        "Workload of a negative time",
        lambda: Workload([1], [1], NoGrowth(), arrival_s=[-1]),
        ValueError,
        "arrival_s[0] must be >= 0, got -1",
    ),
    (
        "Workload without drift",
        lambda: Workload([1], [1], None),
        TypeError,
        "drift must be a DriftProcess, got None (NoneType)",
    ),
    (
        "Workload with a drift that may shrink",
        lambda: Workload([1], [1], Answer(0, (-1, 1))),
        DriftError,
        "Answer.increment_range must be (lo, hi) with 0 <= lo <= hi, finite; got (-1, 1)",
    ),
    (
        "Workload with a Law of pairs",
        lambda: Workload([1], [1], NoGrowth(), law="geometric"),
        TypeError,
        "law must be a JointLaw, got 'geometric' (str)",
    ),
    ("no requests", lambda: synthetic(requests=0), ValueError, "requests must be >= 1, got 0"),
    ("negative seed", lambda: synthetic(seed=-1), ValueError, "seed must be >= 0, got -1"),
    (
        "unknown arrivals",
        lambda: synthetic(arrivals="poisson"),
        ValueError,
        "arrivals must be 'overloaded' or an Arrivals such as PoissonArrivals(rate=5.0), got 'poisson'",
    ),
    (
        "sizes of a number",
        lambda: synthetic(sizes=5),
        TypeError,
        "sizes must be a Law or a JointLaw, got 5 (int)",
    ),
    (
        "a Law without lengths",
        lambda: synthetic(lengths=None),
        ValueError,
        "lengths must be given where sizes is a Law; a JointLaw would hold both",
    ),
    (
        "a JointLaw with lengths",
        lambda: synthetic(sizes=JointLaw([1], [1], [1])),
        ValueError,
        "lengths must be None where sizes is a JointLaw: it has the lengths",
    ),
    (
        "unknown published trace",
        lambda: published_laws("azure"),
        ValueError,
        "name must be one of 'azure2023_code', 'mooncake_conversation', 'arxiv_summarization_llama2', "
        "'sharegpt_8k_llama2', 'paper_arxiv_8000', 'paper_burst_8000', 'paper_longbench_8000', "
        "'servegen_m_large_20min', 'servegen_m_mid_10min'; got 'azure'",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_input(call: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message
    assert type(caught.value) is error


def test_drawing_no_requests_from_a_trace(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"timestamp": 0, "input_length": 1, "output_length": 1}')
    with pytest.raises(ValueError, match=r"^requests must be >= 1, got 0$"):
        Workload.from_trace(path, requests=0)
