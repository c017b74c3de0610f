"""`decide`: hold the mean of independent replications against the range that a claim allows.

May import contracts, the confidence sequences and verdicts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from bounds.confidence.sequence import ConfidenceSequence
from bounds.enclosure import Enclosure
from bounds.verdict import Verdict, ordered_range
from contracts import checks, stream

__all__ = ["DEFAULT_BUDGET", "around", "decide", "replication_seeds"]

#: The most replications: a mean of a tenth of the deviation per observation off the bound is then found at
#: level 0.01.
DEFAULT_BUDGET = 2000

Range = tuple[float, float]


def around(value: float | Enclosure, *, rtol: float) -> Range:
    """Return the range that a claim of equality allows: ``value`` within ``rtol``, relative, on both sides.

    An equality can't be confirmed by measuring, only that the mean is nowhere but near. So the claim put to
    the test is "equal within ``rtol``", for "holds" and for "refuted" alike: what a finite warm-up leaves of
    bias does not refute it, as long as it is smaller.

    Parameters
    ----------
    value : float or Enclosure
        The exact value, or where it lies.
    rtol : float
        >= 0.

    Examples
    --------
    >>> around(200.0, rtol=0.01)
    (198.0, 202.0)
    """
    exact = value if isinstance(value, Enclosure) else Enclosure.exactly(value)
    room = checks.number("rtol", rtol, at_least=0)
    return exact.lo - room * abs(exact.lo), exact.hi + room * abs(exact.hi)


def replication_seeds(seed: int) -> Iterator[int]:
    """Yield the seeds of replications 0, 1, 2, …: the same however many are drawn, below 2**63.

    Parameters
    ----------
    seed : int
        The seed that they derive from.
    """
    rng = stream(seed, "replications")
    while True:
        yield int(rng.integers(2**63))


def decide(
    draw: Callable[[int], float | tuple[float, float]],
    allowed: Range,
    sequence: ConfidenceSequence,
    *,
    budget: int = DEFAULT_BUDGET,
    seed: int = 0,
    claim: str = "",
) -> Verdict:
    """Draw replications until it is certain whether their mean lies in the range that a claim allows.

    "refuted" once the confidence sequence is disjoint from the range, "holds" once it lies inside, else
    "inconclusive" when the budget is spent. Looking after each observation costs nothing: the sequence keeps
    its level at all times together, so either word is wrong with probability at most ``sequence.level``.
    Several claims each have that level; for all together multiply it by their number.

    Parameters
    ----------
    draw : callable
        Seed of a replication → one observation, or a pair (numerator, denominator) for a sequence of ratios.
    allowed : (float, float)
        Closed range, an end may be infinite; `around` for equalities.
    sequence : ConfidenceSequence
        Fresh; it says what is known about the observations and at which level to decide.
    budget : int
        The most observations, >= 1.
    seed : int
        `replication_seeds` derives the others.
    claim : str
        Id, for the verdict.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable, or an observation is not a number in the range declared for it.

    Examples
    --------
    >>> from bounds.confidence.betting import BettingSequence
    >>> verdict = decide(lambda seed: seed % 2, (-np.inf, 0.4), BettingSequence(0, 1), claim="coin")
    >>> verdict.word
    'refuted'
    """
    low, high = ordered_range("allowed", allowed)
    checks.instance("sequence", sequence, ConfidenceSequence, "a ConfidenceSequence")
    checks.check(sequence.count == 0, f"sequence must be fresh, got one with {sequence.count} observations")
    most = checks.count("budget", budget, at_least=1)
    for _, derived in zip(range(most), replication_seeds(seed), strict=False):
        drawn = draw(derived)
        sequence.add(*(drawn if isinstance(drawn, tuple) else (drawn,)))
        if sequence.contradicted or _word((low, high), sequence) is not None:
            break
    return _verdict((low, high), sequence, seed, claim)


def _word(allowed: Range, sequence: ConfidenceSequence) -> str | None:
    if sequence.lo > allowed[1] or sequence.hi < allowed[0]:
        return "refuted"
    if allowed[0] <= sequence.lo and sequence.hi <= allowed[1]:
        return "holds"
    return None


def _verdict(allowed: Range, sequence: ConfidenceSequence, seed: int, claim: str) -> Verdict:
    word = None if sequence.contradicted else _word(allowed, sequence)
    level = f"{sequence.level:g}"
    if word is None:
        guarantee = f"nothing decided at error level {level}: {sequence.premise}"
    elif _exact(word, allowed, sequence):
        guarantee = f"wrong with probability at most {level} whenever one stops: {sequence.exact_premise}"
    else:
        guarantee = f"asymptotic, wrong with probability about {level}: {sequence.premise}"
    return Verdict(
        claim,
        word or "inconclusive",
        _reason(word, sequence),
        level=sequence.level,
        guarantee=guarantee,
        measured=(sequence.lo, sequence.hi),
        bound=allowed,
        observations=sequence.count,
        seed=seed,
    )


def _exact(word: str, allowed: Range, sequence: ConfidenceSequence) -> bool:
    """Whether the ends that decided keep their level at every number of observations."""
    if word == "refuted":
        return sequence.exact[0] if sequence.lo > allowed[1] else sequence.exact[1]
    needed = math.isfinite(allowed[0]), math.isfinite(allowed[1])
    return all(exact or not decided for exact, decided in zip(sequence.exact, needed, strict=True))


def _reason(word: str | None, sequence: ConfidenceSequence) -> str:
    if sequence.contradicted:
        return f"{sequence.unit}s contradict each other: not independent, or not of one law"
    if word == "refuted":
        return "the mean lies outside what the claim allows"
    if word == "holds":
        return "the mean lies inside what the claim allows"
    return f"{sequence.count} {sequence.unit}s leave both possible"
