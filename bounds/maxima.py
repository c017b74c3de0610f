"""The expectation of the largest of several independent sums, certified: the true value is in the enclosure.

May import contracts, drift_processes, `bounds.certified`, and the enclosures and lattices of this room.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from bounds.certified.loads import Load, given_load
from bounds.certified.measures import ROUNDING, maximum_above_one, outward
from bounds.enclosure import Enclosure
from bounds.lattice import Cells, gather_onto, spread_onto
from contracts import checks
from drift_processes import Law

__all__ = ["certified_maximum", "expected_maximum", "maximum_above_mean", "precision"]

#: Longest polynomial, in coefficients.
LONGEST = 2**22
#: An exact lattice is used up to this many points; beyond, coarser lattices are tried first.
QUICK = 2**18
#: The same where more is asked for than coarse lattices give in the end.
QUICK_IF_NARROW, NARROW = 2**21, 1e-6
#: Cells of the coarser lattices, tried in turn until the enclosure is as narrow as asked.
COARSE_CELLS = (2**7, 2**9, 2**11, 2**13, 2**15, 2**17)
#: Bits of the integers: of long tables, where they are what takes the time, and of others.
FEW_BITS, MANY_BITS = 61, 128
#: A table of so many loads is long.
LONG_TABLE = 2**17
#: Tables of float64 numbers stand for all laws whose weights are within 2^-52 of theirs, relative to them;
#: normalised, the probabilities are then within a factor 1 ± 2^-50.
ALLOWANCE = 2.0**-50
#: Most loads G·B: of more, float64 probabilities say nothing.
MOST_LOADS = 2**50


def precision(loads: float) -> int:
    """Return how many bits to use for a law of about so many loads."""
    return MANY_BITS if loads <= LONG_TABLE else FEW_BITS


def expected_maximum(law: Law, *, copies: int, terms: int = 1, rtol: float = 1e-3) -> Enclosure:
    """Return E max(S_1, …, S_G), S_g independent sums of B independent copies of ``law``.

    Parameters
    ----------
    law : Law
    copies : int
        G >= 1.
    terms : int
        B >= 1.
    rtol : float
        Wanted width of the enclosure relative to E max - B·E Y (see `maximum_above_mean`).

    Examples
    --------
    Two dice: the larger one shows 161/36 on average.

    >>> value = expected_maximum(Law.uniform(1, 6), copies=2)
    >>> abs(value.mid - 161 / 36) < 1e-9, value.width < 1e-9
    (True, True)
    """
    above = maximum_above_mean(law, copies=copies, terms=terms, rtol=rtol)
    mean = terms * math.fsum(law.values * law.probabilities) / math.fsum(law.probabilities)
    slack = (ALLOWANCE + 8 * ROUNDING) * mean  # every probability, and the roundings of this line
    return Enclosure(above.lo + mean - slack, above.hi + mean + slack)


def maximum_above_mean(law: Law, *, copies: int, terms: int = 1, rtol: float = 1e-3) -> Enclosure:
    """Return E max(S_1, …, S_G) - B·E Y, S_g independent sums of B independent copies of ``law`` = law of Y.

    The value is in the enclosure for the law whose probabilities are proportional to the table of ``law``,
    and for every law whose probabilities differ from those by at most 2^-52 of themselves, for instance
    thirds where the table holds the float64 numbers next to them. Where the law lies on a lattice of
    manageable length nothing else widens the enclosure, whatever ``rtol``. Otherwise lattices are refined
    until the enclosure between a law below and one above Y (`bounds.lattice`) is as narrow as asked, or
    they become too long: then it is wider than asked, and still contains the value.

    Parameters
    ----------
    law : Law
        Taken as it is: a geometric law ends with its table.
    copies, terms : int
        G >= 1, B >= 1.
    rtol : float
        Wanted relative width, > 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable.
    """
    checks.instance("law", law, Law, "a Law")
    number = checks.count("copies", copies, at_least=1)
    summands = checks.count("terms", terms, at_least=1)
    wanted = checks.number("rtol", rtol, above=0)
    load = given_load(law, precision(len(law.values)))
    return certified_maximum(load, copies=number, terms=summands, rtol=wanted, what=repr(law))


def certified_maximum(
    load: Load, *, copies: int, terms: int, rtol: float, what: str, share: int = 1
) -> Enclosure:
    """Return E max(S_1, …, S_G) - B·E Y for a load in integers; ``what`` names it in messages.

    It is one of ``share`` loads, which have the time of a quick one together.

    The value is enclosed for the given law and every other whose probabilities are within a factor
    (1 + 2^-50)^(±n) of it, n = ``load.inputs``: E max - E S is the mean of max_g S_g - ΣS_g / G >= 0 over G·B
    independent loads, whose joint probabilities change by a factor within (1 + 2^-50)^(±nGB), so it does too.
    """
    together = copies * terms
    checks.check(together <= MOST_LOADS, f"copies times terms must be <= 2**50, got {checks.shown(together)}")
    if copies == 1:
        return Enclosure.exactly(0.0)
    stride = load.stride()
    known_to = ALLOWANCE * load.inputs * together
    cut = terms * Fraction(load.cut)
    if stride == 0:
        return Enclosure(*outward(Fraction(0), copies * cut))

    def enclosed(lower: Fraction, upper: Fraction) -> Enclosure:
        # what was cut off the loads, >= 0, would raise the largest sum, and the mean
        return Enclosure(*outward(lower - cut, upper + copies * cut, known_to=known_to))

    exact = _exact_route(load, stride, copies, terms)
    cells = int(load.places[-1] - load.places[0]) // stride
    result = None
    quick = QUICK // share if rtol > NARROW else QUICK_IF_NARROW
    if cells <= LONGEST and load.points_of_sum(terms) <= quick:
        found = exact()
        result = enclosed(*found) if found else None
    if result is None:
        result = _refined(load, exact, copies, terms, rtol, enclosed)
    if result is None:
        most = LONGEST.bit_length() - 1
        raise ValueError(f"the sum of {terms} needs more than 2**{most} points even coarsened, got {what}")
    return result


Pair = tuple[Fraction, Fraction]


def _exact_route(load: Load, stride: int, copies: int, terms: int) -> Callable[[], Pair | None]:
    def exact() -> Pair | None:
        total = load.measure(stride).times(terms, load.scale.bit_length(), LONGEST)
        if total is None:
            return None
        tick = stride * load.unit
        low, high = maximum_above_one(total, copies)
        return low * tick, high * tick

    return exact


def _refined(
    load: Load,
    exact: Callable[[], Pair | None],
    copies: int,
    terms: int,
    rtol: float,
    enclosed: Callable[[Fraction, Fraction], Enclosure],
) -> Enclosure | None:
    best = None
    steps = int(load.places[-1] - load.places[0]) // load.stride()
    bits = min(FEW_BITS, load.scale.bit_length())
    for number in COARSE_CELLS:
        if number >= steps:
            break
        cells = Cells.of(load, number)
        if load.points_of_sum(terms, cells.tick) > 2 * LONGEST:
            break
        above = spread_onto(cells).times(terms, bits, LONGEST)
        below, loss = gather_onto(cells)
        beneath = below.times(terms, bits, LONGEST)
        if above is None or beneath is None:
            break
        tick = cells.tick * load.unit
        low = maximum_above_one(beneath, copies)[0] * tick - terms * loss * load.unit
        found = enclosed(low, maximum_above_one(above, copies)[1] * tick)
        best = _narrower(best, found)
        if best.relative_width <= rtol:
            return best
    if load.points_of_sum(terms) > QUICK_IF_NARROW:
        return best
    last = exact()
    return _narrower(best, enclosed(*last)) if last else best


def _narrower(one: Enclosure | None, other: Enclosure) -> Enclosure:
    """Return what is in both."""
    return other if one is None else Enclosure(max(one.lo, other.lo), min(one.hi, other.hi))
