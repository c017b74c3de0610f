"""`falsify`: search for an instance on which a deterministic claim fails, in three stages.

May import contracts and this package.
"""

from __future__ import annotations

import time
from fractions import Fraction

from bounds.falsifier.adapter import Adapter
from bounds.falsifier.adapters import ADAPTERS
from bounds.falsifier.choices import Instance, every
from bounds.falsifier.counterexample import Counterexample
from bounds.falsifier.falsification import Budget, Falsification, Stage
from bounds.falsifier.hunt import Hunt, failing
from bounds.falsifier.optimum import Undecided
from bounds.falsifier.part import Part, worst_of
from bounds.falsifier.shrink import shrink
from bounds.falsifier.stages import STAGES, exhaustive
from contracts import checks

__all__ = ["falsify"]

#: Tiny instances tried for a smaller counterexample than the one found, and the least time for it and for
#: shrinking, seconds.
MOST_TINY, LEAST_S = 2000, 5.0


def falsify(claim: str, *, budget: Budget | None = None, scale: float = 1.0, seed: int = 0) -> Falsification:
    """Search for a counterexample to a deterministic claim: at random, guided toward its bound, exhaustively.

    Parameters
    ----------
    claim : str
        One of `bounds.falsifier.ADAPTERS`.
    budget : Budget, optional
    scale : float
        Multiplies the larger side of each inequality of the claim, > 0. Below 1 it asks for more than the
        claim says, so that a tight claim must be refuted.
    seed : int
        The same seed and budget search the same instances.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable.

    Examples
    --------
    >>> found = falsify("B1", scale=0.5)
    >>> found.verdict.word, found.instance, found.ratio
    ('refuted', {'workers': 2, 'slots': 1, 'sizes': [0, 1]}, 2.0)
    """
    adapter = ADAPTERS[checks.choice("claim", claim, tuple(ADAPTERS))]
    spent = Budget() if budget is None else budget
    checks.instance("budget", spent, Budget, "a Budget")
    factor = checks.number("scale", scale, above=0)
    start = checks.seed_value("seed", seed)
    _warm_up(adapter)
    end = time.process_time() + spent.seconds
    stages, hunts = [], []
    for name, search in STAGES.items():
        hunt = Hunt(adapter, factor, end)
        whole = search(hunt, getattr(spent, name), start)
        hunts.append(hunt)
        stages.append(Stage(name, hunt.tried, hunt.undecided, whole, hunt.worst, hunt.extremal))
        if hunt.refuting is not None:
            found = Counterexample(claim, factor, start, _least_refuting(hunt, start))
            part = _failing(adapter, found.instance, factor)
            return Falsification(claim, factor, start, tuple(stages), part, found.instance, found)
    closest, part = _extremal(hunts)
    return Falsification(claim, factor, start, tuple(stages), part, closest, None)


def _warm_up(adapter: Adapter) -> None:
    """Let what has to be compiled be compiled, which is no part of the search."""
    tiny = every(lambda choose: adapter.build(choose, adapter.tiny[0]))
    adapter.parts(next(instance for instance in tiny if not adapter.missing(instance)), Fraction(-1))


def _least_refuting(hunt: Hunt, seed: int) -> Instance:
    """Return the smallest counterexample there is: the first tiny one, or what the one found shrinks to."""
    adapter, scale = hunt.adapter, hunt.scale
    assert hunt.refuting is not None  # it is why this is called
    end = _time_left(hunt)
    tiny = Hunt(adapter, scale, end)
    exhaustive(tiny, MOST_TINY, seed)
    first = hunt.refuting if tiny.refuting is None else tiny.refuting
    return shrink(
        adapter.fields, first, lambda smaller: _failing(adapter, smaller, scale) is not None, end=end
    )


def _time_left(hunt: Hunt) -> float:
    """Return when to stop making an instance smaller: with the search, but not at once."""
    return max(hunt.end, time.process_time() + LEAST_S)


def _extremal(hunts: list[Hunt]) -> tuple[Instance | None, Part | None]:
    """Return the instance that came closest, shrunk as long as it comes as close.

    A tiny one that comes as close is taken as it is, being the first of the largest shape.
    """
    adapter, tiny = hunts[0].adapter, hunts[-1]
    closest = max(hunts, key=lambda hunt: hunt.worst)
    least = closest.worst * (1 - adapter.rounding) if adapter.rounding else closest.worst
    if tiny.worst >= least or closest.extremal is None:
        return tiny.extremal, tiny.part

    def comes_as_close(instance: Instance) -> bool:
        part = _worst(adapter, instance)
        return part is not None and part.ratio >= least

    instance = shrink(adapter.fields, closest.extremal, comes_as_close, end=_time_left(tiny))
    return instance, _worst(adapter, instance)


def _failing(adapter: Adapter, instance: Instance, scale: float) -> Part | None:
    # what is seen to stay within the scaled bound needs no proof of its optimum
    return failing(adapter, _parts(adapter, instance, Fraction(scale)), scale)


def _worst(adapter: Adapter, instance: Instance) -> Part | None:
    return worst_of(_parts(adapter, instance, Fraction(-1)))


def _parts(adapter: Adapter, instance: Instance, beyond: Fraction) -> list[Part]:
    """Return the inequalities on an instance that shrinking came to, none where the claim does not apply."""
    if adapter.missing(instance):
        return []
    try:
        return adapter.parts(instance, beyond)
    except Undecided:
        return []
