"""When a batch is large enough for B2: its condition decided exactly, and the smallest batch that meets it.

The formulas are those of docs/theory.md §3, B2, in its symbols; all numbers are rationals here, and the one
logarithm is compared with them in ball arithmetic. May import contracts, sympy and `bounds.balls`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import sympy

from bounds.balls import decide, enclose
from contracts import checks

__all__ = ["LargeBatch", "required_batch"]

x, y = sympy.symbols("x y", positive=True)

#: Batches beyond this are not searched for.
LARGEST_BATCH = 2**100

#: Smallest p: requests far longer than any run.
SMALLEST_P = 1e-12


@dataclass(frozen=True, kw_only=True)
class LargeBatch:
    """The numbers that the condition of B2 speaks of, but for the batch B itself.

    Parameters
    ----------
    workers : int
        G >= 2.
    p : float
        Probability that an active request ends a step, from 1e-12 to 1.
    a, b : float
        The rich pool: sizes <= a and sizes >= b, 0 <= a < b.
    eta : float
        Probability allowed for a failure within the horizon, in (0, 1).
    steps : int
        K >= 1.
    s_min, s_max : float, optional
        Range of the sizes, s_min <= a and b <= s_max. Default: a and b.
    growth : float
        The most that a load grows in a step.
    growth_gap : float
        How far the growth of two requests may differ in a step, 0 where drift is common.
    spread : bool
        Whether the policy minimises max - min and not the imbalance.
    """

    workers: int
    p: float
    a: float
    b: float
    eta: float
    steps: int
    s_min: float | None = None
    s_max: float | None = None
    growth: float = 1.0
    growth_gap: float = 0.0
    spread: bool = False

    def __post_init__(self) -> None:
        def put(name: str, value: float) -> None:
            object.__setattr__(self, name, value)  # as Python has it: numpy's integers would overflow

        put("workers", checks.count("G", self.workers, at_least=2))
        put("p", checks.number("p", self.p, at_least=SMALLEST_P, at_most=1))
        put("a", checks.number("a", self.a, at_least=0))
        put("b", checks.number("b", self.b, above=self.a))
        put("eta", checks.number("eta", self.eta, above=0, below=1))
        put("steps", checks.count("K", self.steps, at_least=1))
        if self.s_min is not None:
            put("s_min", checks.number("s_min", self.s_min, at_least=0, at_most=self.a))
        if self.s_max is not None:
            put("s_max", checks.number("s_max", self.s_max, at_least=self.b))
        put("growth", checks.number("growth", self.growth, at_least=0))
        put("growth_gap", checks.number("growth_gap", self.growth_gap, at_least=0, at_most=self.growth))
        checks.instance("spread", self.spread, bool, "True or False")

    @property
    def size_range(self) -> Fraction:
        """Δ = s_max - s_min."""
        return Fraction(self._s_max) - Fraction(self.a if self.s_min is None else self.s_min)

    @property
    def _s_max(self) -> float:
        return self.b if self.s_max is None else self.s_max

    def oldest(self, slots: int) -> int:
        """Return A: but for probability η/2 no request grows more often than this within the horizon.

        The smallest A with G·B·(K+1)·(1-p)^A <= η/2, and never more than K: there are no more steps.
        """
        stay = 1 - Fraction(self.p)
        alive = self.workers * slots * (self.steps + 1)
        needed = _least_power(stay, Fraction(self.eta) / (2 * alive)) if stay else 1
        return min(needed, self.steps)

    def load_bound(self, slots: int) -> Fraction:
        """Return w_max, which but for probability η/2 no load exceeds when it ends or goes on."""
        return self._load_at(self.oldest(slots))

    def _load_at(self, age: int) -> Fraction:
        return Fraction(self._s_max) + Fraction(self.growth) * age

    def margin(self, slots: int) -> Fraction:
        """Return τ, the deviation that a step's completions may have; <= 0 where there is no room at all."""
        p = Fraction(self.p)
        carried = self.size_range * (1 if self.spread else self.workers - 1)
        return (p * slots * self._reach - (1 - p) * (carried + slots * Fraction(self.growth_gap))) / 2

    @property
    def _reach(self) -> Fraction:
        return Fraction(self.b) - Fraction(self.a)

    def holds(self, slots: int) -> bool:
        """Return whether a batch of B = ``slots`` meets the condition of B2."""
        size = checks.count("slots", slots, at_least=1)
        return self._holds(size, self.load_bound(size))

    def _holds(self, slots: int, load: Fraction) -> bool:
        p, margin = Fraction(self.p), self.margin(slots)
        if margin <= 0:
            return False
        variance = p * (1 - p) * slots * load**2
        exponent = margin**2 / (2 * (variance + load * margin / 3))
        odds = Fraction(8 * self.workers * self.steps) / Fraction(self.eta)
        return bool(decide(sympy.Ge(x, sympy.log(y)), {"x": exponent, "y": odds}))

    def required(self) -> int:
        """Return the smallest B that meets the condition.

        Notes
        -----
        For a fixed w_max the condition is monotone in B, but w_max steps up as B grows, so that a batch may
        meet the condition and the next one not. Let n(w) be the least batch under a bound w, which grows with
        w. A batch meets the condition exactly if it is at least n(w_max(B)). From any batch not above the
        answer, n(w_max(·)) leads to one not above the answer either, and no lower: iterated from 1 it ends at
        the answer.

        Raises
        ------
        ValueError
            If no batch is large enough: refills reach less than growth tears apart.
        """
        p = Fraction(self.p)
        gained, lost = p * self._reach, (1 - p) * Fraction(self.growth_gap)
        if gained <= lost:
            raise ValueError(
                f"no batch is large enough: p·(b - a) = {float(gained):g} must exceed (1 - p)·growth_gap = "
                f"{float(lost):g}"
            )
        batch = 1
        while True:
            following = self._least(self.load_bound(batch), batch)
            if following == batch:
                return batch
            batch = following

    def _least(self, load: Fraction, first: int) -> int:
        """Return the least batch from ``first`` on that meets the condition under a fixed bound on loads."""
        if self._holds(first, load):
            return first
        low, high = first, 2 * first
        while not self._holds(high, load):
            low, high = high, 2 * high
            checks.check(high <= LARGEST_BATCH, f"the batch needed is beyond {LARGEST_BATCH:g} slots")
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._holds(middle, load) else (middle, high)
        return high


@cache
def _least_power(stay: Fraction, below: Fraction) -> int:
    """Return the least n >= 0 with stay^n <= below, for 0 < stay < 1."""
    numbers = {"x": below, "y": stay}
    quotient = enclose(sympy.log(x) / sympy.log(y), numbers)
    number = 0 if quotient is None else max(int(quotient.lo), 0)  # at most one too small
    while (enough := decide(sympy.Le(number * sympy.log(y), sympy.log(x)), numbers)) is not True:
        # equality is what no precision decides, and then the powers are short
        if enough is None and stay**number <= below:
            break
        number += 1
    return number


def required_batch(
    G: int,  # noqa: N803 (the symbols of the theory)
    p: float,
    a: float,
    b: float,
    eta: float,
    K: int,  # noqa: N803
    *,
    s_min: float | None = None,
    s_max: float | None = None,
    growth: float = 1.0,
    growth_gap: float = 0.0,
    spread: bool = False,
) -> int:
    """Return the smallest batch B from which B2 speaks, in one of its three forms.

    Parameters
    ----------
    G, p, a, b, eta, K, s_min, s_max, growth, growth_gap, spread
        As `LargeBatch`: ``growth_gap`` > 0 asks for B2-heterogeneous, ``spread`` for B2-spread.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable, or no batch is large enough.

    Examples
    --------
    >>> required_batch(4, 0.5, 25, 75, 0.01, 200, s_min=1, s_max=100)
    792
    """
    return LargeBatch(
        workers=G, p=p, a=a, b=b, eta=eta, steps=K, s_min=s_min, s_max=s_max,
        growth=growth, growth_gap=growth_gap, spread=spread,
    ).required()  # fmt: skip
