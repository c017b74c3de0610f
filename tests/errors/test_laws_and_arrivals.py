"""Bad input to the further laws, correlated pairs, arrivals, workloads of traces, streams and plain CSV."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contracts import DriftError, TraceError
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
    read_trace,
)

ONE = Law.constant(1)
NAN = float("nan")
WANTED = "'overloaded' or an Arrivals such as PoissonArrivals(rate=5.0)"


def bursts(**changes: Any) -> MarkovModulatedArrivals:
    return MarkovModulatedArrivals(**{"rates": (20, 2), "mean_stays_s": (5, 45), **changes})


def synthetic(**changes: Any) -> Workload:
    good = {"sizes": ONE, "lengths": ONE, "drift": NoGrowth(), "requests": 2, "seed": 0}
    return Workload.synthetic(**{**good, **changes})


def streamed(**changes: Any) -> RequestStream:
    good = {"sizes": ONE, "lengths": ONE, "drift": NoGrowth(), "requests": 2, "seed": 0}
    return RequestStream(**{**good, **changes})


class Backwards(Arrivals):
    """Times that fall."""

    rate = 1.0

    def sampler(self, rng: np.random.Generator) -> Any:
        return self

    def take(self, number: int) -> Any:
        return np.arange(number, 0.0, -1.0)


class Shrinking(NoGrowth):
    increment_range = (-1.0, 0.0)


class NoSteps(UnitGrowth):
    """A conversion that loses the second request's steps."""

    def lengths_in_steps(self, tokens: Any, rng: Any) -> Any:
        return tokens * np.array([1, 0])


class TooFew(UnitGrowth):
    def lengths_in_steps(self, tokens: Any, rng: Any) -> Any:
        return tokens[:1]


BAD: list[tuple[str, Callable[[], Any], type[Exception], str]] = [
    # negative binomial
    ("r too small", lambda: Law.negative_binomial(0, 0.5), ValueError, "r must be >= 0.001, got 0"),
    (
        "r as text",
        lambda: Law.negative_binomial("2", 0.5),
        TypeError,
        "r must be a number, got '2' (str)",
    ),
    ("nb p 0", lambda: Law.negative_binomial(2, 0), ValueError, "p must be > 0, got 0"),
    ("nb p 2", lambda: Law.negative_binomial(2, 2), ValueError, "p must be <= 1, got 2"),
    (
        "nb p tiny",
        lambda: Law.negative_binomial(2, 1e-9),
        ValueError,
        "p must be >= 1e-6 for the law to fit into a table, got 1e-09",
    ),
    (
        "nb too long",
        lambda: Law.negative_binomial(1e12, 0.5),
        ValueError,
        "the negative binomial law of r = 1e+12, p = 0.5 needs a table of 1.54310660645e+12 entries, "
        "more than 50000000",
    ),
    (
        "nb beyond float64",
        lambda: Law.negative_binomial(1e308, 1e-5),
        ValueError,
        "the negative binomial law of r = 1e+308, p = 1e-05 needs a table of inf entries, more than 50000000",
    ),
    # lognormal
    ("median 0", lambda: Law.lognormal(0, 1, 9), ValueError, "median must be > 0, got 0"),
    ("sigma 0", lambda: Law.lognormal(5, 0, 9), ValueError, "sigma must be > 0, got 0"),
    ("sigma nan", lambda: Law.lognormal(5, NAN, 9), ValueError, "sigma must be finite, got nan"),
    ("at_most 0", lambda: Law.lognormal(5, 1, 0), ValueError, "at_most must be >= 1, got 0"),
    (
        "at_most a float",
        lambda: Law.lognormal(5, 1, 9.0),
        TypeError,
        "at_most must be a whole number, got 9.0 (float)",
    ),
    (
        "at_most huge",
        lambda: Law.lognormal(5, 1, 10**9),
        ValueError,
        "at_most must be <= 50000000, got 1000000000",
    ),
    # Zipf
    ("exponent -1", lambda: Law.zipf(-1, 9), ValueError, "exponent must be >= 0, got -1"),
    ("cutoff 0", lambda: Law.zipf(2, 0), ValueError, "cutoff must be >= 1, got 0"),
    (
        "cutoff huge",
        lambda: Law.zipf(2, 10**8),
        ValueError,
        "cutoff must be <= 50000000, got 100000000",
    ),
    # mixture
    ("mixture of nothing", lambda: Law.mixture([], []), ValueError, "laws must not be empty"),
    (
        "mixture of a number",
        lambda: Law.mixture([ONE, 3], [0.5, 0.5]),
        TypeError,
        "laws[1] must be a Law, got 3 (int)",
    ),
    (
        "mixture of one law",
        lambda: Law.mixture(ONE, [1]),
        TypeError,
        "laws must be a list of laws, got Law(1 values in [1, 1], mean 1) (Law)",
    ),
    (
        "mixture with a missing weight",
        lambda: Law.mixture([ONE, ONE], [1]),
        ValueError,
        "weights must have shape (2), got (1,)",
    ),
    (
        "mixture with a negative weight",
        lambda: Law.mixture([ONE, ONE], [1.5, -0.5]),
        ValueError,
        "weights[1] must be >= 0, got -0.5",
    ),
    (
        "mixture of 0.9",
        lambda: Law.mixture([ONE, ONE], [0.5, 0.4]),
        ValueError,
        "weights must sum to 1, got 0.9",
    ),
    # correlated pairs
    ("rho 1", lambda: JointLaw.correlated(ONE, ONE, 1), ValueError, "rho must be <= 0.999, got 1"),
    ("rho -1", lambda: JointLaw.correlated(ONE, ONE, -1), ValueError, "rho must be >= -0.999, got -1"),
    (
        "correlated lengths from 0",
        lambda: JointLaw.correlated(ONE, Law.uniform(0, 2), 0.5),
        ValueError,
        "lengths must be whole numbers >= 1, got 0",
    ),
    (
        "correlated numbers",
        lambda: JointLaw.correlated(4, ONE, 0.5),
        TypeError,
        "sizes must be a Law, got 4 (int)",
    ),
    (
        "too many pairs",
        lambda: JointLaw.correlated(Law.uniform(1, 2000), Law.uniform(1, 2001), 0.5),
        ValueError,
        "2000 sizes and 2001 lengths make 4002000 correlated pairs, more than 4000000: use coarser laws",
    ),
    (
        "a uniform law of too many values",
        lambda: Law.uniform(7, 10**12),
        ValueError,
        "the uniform law on 7..1000000000000 needs a table of 999999999994 entries, more than 50000000",
    ),
    # arrivals
    ("rate 0", lambda: PoissonArrivals(0), ValueError, "rate must be >= 1e-09, got 0"),
    ("rate nan", lambda: PoissonArrivals(NAN), ValueError, "rate must be finite, got nan"),
    ("rate as text", lambda: PoissonArrivals("5"), TypeError, "rate must be a number, got '5' (str)"),
    ("steady rate -1", lambda: DeterministicArrivals(-1), ValueError, "rate must be >= 1e-09, got -1"),
    ("one phase", lambda: bursts(rates=[3]), ValueError, "rates must hold at least 2 phases, got 1"),
    ("a negative rate", lambda: bursts(rates=[3, -1]), ValueError, "rates[1] must be >= 0, got -1"),
    (
        "a rate beyond use",
        lambda: bursts(rates=[3, 1e300]),
        ValueError,
        "rates[1] must be <= 1e+12, got 1e+300",
    ),
    (
        "a missing stay",
        lambda: bursts(mean_stays_s=[3]),
        ValueError,
        "mean_stays_s must have shape (2), got (1,)",
    ),
    (
        "a stay of 0",
        lambda: bursts(mean_stays_s=[3, 0]),
        ValueError,
        "mean_stays_s[1] must be > 0, got 0.0",
    ),
    (
        "phases that change too fast",
        lambda: bursts(mean_stays_s=[1e-6, 1e-6]),
        ValueError,
        "rates · mean_stays_s must be >= 0.01 (0.005 for each phase), got 2.2e-05 requests in a visit to "
        "every phase; take fewer or longer phases, or where they "
        "change that fast PoissonArrivals of the mean rate",
    ),
    (
        "thousands of phases for each request",
        lambda: bursts(rates=[0] * 5000 + [1], mean_stays_s=[0.011] * 5001),
        ValueError,
        "rates · mean_stays_s must be >= 25.005 (0.005 for each phase), got 0.011 requests in a visit to "
        "every phase; take fewer or longer phases, or where they "
        "change that fast PoissonArrivals of the mean rate",
    ),
    (
        "no rate at all",
        lambda: bursts(rates=[0, 0]),
        ValueError,
        "rates · mean_stays_s must be >= 0.01 (0.005 for each phase), got 0 requests in a visit to "
        "every phase; take fewer or longer phases, or where they "
        "change that fast PoissonArrivals of the mean rate",
    ),
    (
        "hardly any rate",
        lambda: bursts(rates=[2e-10, 0], mean_stays_s=[1e12, 1e12]),
        ValueError,
        "the mean rate must be >= 1e-09, got 1e-10",
    ),
    (
        "an unknown order",
        lambda: bursts(order="random"),
        ValueError,
        "order must be one of 'cycle', 'jump'; got 'random'",
    ),
    (
        "times of -1 requests",
        lambda: PoissonArrivals(1).times(-1, np.random.default_rng(0)),
        ValueError,
        "number must be >= 0, got -1",
    ),
    (
        "sampler not overridden",
        lambda: Arrivals().times(1, np.random.default_rng(0)),
        NotImplementedError,
        "Arrivals must override sampler(rng)",
    ),
    (
        "arrivals by another name",
        lambda: synthetic(arrivals="poisson"),
        ValueError,
        f"arrivals must be {WANTED}, got 'poisson'",
    ),
    (
        "arrivals as a number",
        lambda: synthetic(arrivals=5.0),
        TypeError,
        f"arrivals must be {WANTED}, got 5.0 (float)",
    ),
    (
        "times of one's own that fall",
        lambda: synthetic(arrivals=Backwards()),
        ValueError,
        "arrival_s[1] must be >= arrival_s[0] = 2.0, got 1.0",
    ),
    # streams
    ("a stream of nothing", lambda: streamed(requests=0), ValueError, "requests must be >= 1, got 0"),
    ("chunks of nothing", lambda: streamed(chunk=0), ValueError, "chunk must be >= 1, got 0"),
    (
        "chunks of 1e6",
        lambda: streamed(chunk=1e6),
        TypeError,
        "chunk must be a whole number, got 1000000.0 (float)",
    ),
    ("a stream of seed -1", lambda: streamed(seed=-1), ValueError, "seed must be >= 0, got -1"),
    (
        "a stream without drift",
        lambda: streamed(drift=None),
        TypeError,
        "drift must be a DriftProcess, got None (NoneType)",
    ),
    (
        "a stream that may shrink",
        lambda: streamed(drift=Shrinking()),
        DriftError,
        "Shrinking.increment_range must be (lo, hi) with 0 <= lo <= hi, finite; got (-1.0, 0.0)",
    ),
    (
        "a stream without lengths",
        lambda: streamed(lengths=None),
        ValueError,
        "lengths must be given where sizes is a Law; a JointLaw would hold both",
    ),
    (
        "a stream of arrivals by another name",
        lambda: streamed(arrivals="trace"),
        ValueError,
        f"arrivals must be {WANTED}, got 'trace'",
    ),
    (
        "a stream of huge sizes",
        lambda: list(streamed(sizes=Law.constant(2**51), requests=9, chunk=3)),
        ValueError,
        "sizes must sum to less than 2**53 = 9007199254740992, up to sizes[3] = 2.2518e+15 they sum to "
        "9007199254740992",
    ),
    (
        "a workload of huge sizes",
        lambda: Workload([1e300] * 2 + [1e308] * 2, [1] * 4, NoGrowth()),
        ValueError,
        "sizes must sum to less than 2**53 = 9007199254740992, up to sizes[0] = 1e+300 they sum to 1e+300",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_input(call: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message
    assert type(caught.value) is error


TIMED = "prompt_tokens,output_tokens,arrival_s\n7,2,0\n8,5,3\n"
UNTIMED = "prompt_tokens,output_tokens\n7,2\n8,5\n"

#: (what is read, arguments of Workload.from_trace, error, message)
BAD_TRACE_ARGUMENTS: list[tuple[str, dict[str, Any], type[Exception], str]] = [
    (
        TIMED,
        {"arrivals": "trace", "requests": 5},
        ValueError,
        f"arrivals must be {WANTED} where requests are drawn: only the trace as it is has times, got 'trace'",
    ),
    (TIMED, {"arrivals": "clock"}, ValueError, f"arrivals must be 'trace', {WANTED}, got 'clock'"),
    (TIMED, {"arrivals": 3}, TypeError, f"arrivals must be 'trace', {WANTED}, got 3 (int)"),
    (TIMED, {"speed": 0}, ValueError, "speed must be >= 1e-09, got 0"),
    (TIMED, {"speed": "2"}, TypeError, "speed must be a number, got '2' (str)"),
    (
        TIMED,
        {"speed": 2, "arrivals": PoissonArrivals(1.0)},
        ValueError,
        "speed must be 1 unless requests arrive by the trace's own clock, got 2",
    ),
    (
        TIMED,
        {"speed": 0.5, "requests": 5},
        ValueError,
        "speed must be 1 unless requests arrive by the trace's own clock, got 0.5",
    ),
    (
        UNTIMED,
        {"arrivals": "trace"},
        TraceError,
        f"t.csv: has no arrival times; arrivals must be {WANTED}, and speed 1",
    ),
    (
        UNTIMED,
        {"speed": 2.0},
        TraceError,
        f"t.csv: has no arrival times; arrivals must be {WANTED}, and speed 1",
    ),
    (TIMED, {"drift": "unit"}, TypeError, "drift must be a DriftProcess, got 'unit' (str)"),
    (
        TIMED,
        {"drift": NoSteps()},
        ValueError,
        "NoSteps.lengths_in_steps(...)[1] must be >= 1, got 0",
    ),
    (
        TIMED,
        {"drift": TooFew(), "requests": 5},
        ValueError,
        "TooFew.lengths_in_steps(...) must have shape (2), got (1,)",
    ),
    (TIMED, {"requests": 0}, ValueError, "requests must be >= 1, got 0"),
]


@pytest.mark.parametrize(("content", "arguments", "error", "message"), BAD_TRACE_ARGUMENTS)
def test_bad_arguments_for_a_trace(
    tmp_path: Path, content: str, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content)
    with pytest.raises(error) as caught:
        Workload.from_trace(path, **arguments)
    assert str(caught.value) == message
    assert type(caught.value) is error


#: (content, message after the name)
BAD_PLAIN_CSV = [
    (
        "prompt_tokens,answer\n1,2\n",
        ", line 1: missing column output_tokens; a plain CSV has prompt_tokens, output_tokens and perhaps "
        "arrival_s; found 'prompt_tokens', 'answer'",
    ),
    (
        "prompt_tokens,output_tokens,prompt_tokens\n1,2,1\n",
        ", line 1: the column prompt_tokens must be there once, got 2",
    ),
    (
        "arrival_s,prompt_tokens,output_tokens,arrival_s\n0,1,2,0\n",
        ", line 1: the column arrival_s must be there once, got 2",
    ),
    ("prompt_tokens,output_tokens\n", ": the file has no rows"),
    ("prompt_tokens,output_tokens\n0,1\n", ", line 2: prompt_tokens must be >= 1, got 0"),
    (
        "prompt_tokens,output_tokens\n1,2.5\n",
        ", line 2: output_tokens must be a whole number >= 1, got 2.5",
    ),
    ("prompt_tokens,output_tokens\n1\n", ", line 2: must have 2 cells like the header, got 1"),
    (
        "prompt_tokens,output_tokens,arrival_s\n1,2,noon\n",
        ", line 2: arrival_s must be a time in seconds, got 'noon'",
    ),
    (
        "prompt_tokens,output_tokens,arrival_s\n1,2,\n",
        ", line 2: arrival_s must be a time in seconds, got an empty cell",
    ),
    (
        "prompt_tokens,output_tokens,arrival_s\n1,2,5\n1,2,4.5\n",
        ", line 3: arrival_s must not be earlier than '5' of the row before, got '4.5'",
    ),
    (
        "a,b\n1,2\n",
        ", line 1: the columns must include TIMESTAMP, ContextTokens, GeneratedTokens (the Azure LLM "
        "inference trace) or Timestamp, Request tokens, Response tokens (BurstGPT) or prompt_tokens, "
        "output_tokens and perhaps arrival_s (a plain CSV); found 'a', 'b'",
    ),
]


@pytest.mark.parametrize(("content", "message"), BAD_PLAIN_CSV, ids=[row[1][:60] for row in BAD_PLAIN_CSV])
def test_bad_plain_csv(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content)
    with pytest.raises(TraceError) as caught:
        read_trace(path)
    assert str(caught.value) == "t.csv" + message
