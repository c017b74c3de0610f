"""Bad input to laws, drift processes and workloads. Traces have their own table."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contracts import DriftError, stream
from drift_processes import DriftProcess, JointLaw, Law, NoGrowth, UnitGrowth, Workload, published_laws
from drift_processes.base import checked_increments

ONE = Law.constant(1)
NAN = float("nan")


class Answer(DriftProcess):
    def __init__(self, answer: Any, declared: tuple[float, float], *, common: bool = False) -> None:
        self.answer = answer
        self.increment_range = declared
        self.is_common = common

    def increments(self, **_state: Any) -> Any:
        return self.answer


def grow(answer: Any, declared: tuple[float, float] = (0, 2), *, common: bool = False) -> Any:
    return checked_increments(
        Answer(answer, declared, common=common),
        step=4,
        age=np.arange(3),
        size=np.full(3, 10.0),
        load=10.0 + np.arange(3),
        rng=stream(0, "drift"),
    )


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
        DriftError,
        "Answer at step 4 shrinks a request of age 1 and load 11 by -1; it declares increment_range = (0, 2)",
    ),
    (
        "increment beyond the range",
        lambda: grow([0, 0, 2.5]),
        DriftError,
        "Answer at step 4 grows a request of age 2 and load 12 by 2.5; it declares increment_range = (0, 2)",
    ),
    (
        "common increment beyond the range",
        lambda: grow(3, common=True),
        DriftError,
        "Answer at step 4 grows every request by 3; it declares increment_range = (0, 2)",
    ),
    (
        "increment below the range",
        lambda: grow(0, (1, 2)),
        DriftError,
        "Answer at step 4 grows every request by 0; it declares increment_range = (1, 2)",
    ),
    (
        "increment nan",
        lambda: grow(NAN),
        DriftError,
        "Answer at step 4 grows every request by nan; it declares increment_range = (0, 2)",
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
        "arrivals must be one of 'overloaded'; got 'poisson'",
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
