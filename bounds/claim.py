"""`Claim`: one statement of the theory as data, with its status, its assumptions and its formula.

May import contracts and sympy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import sympy
from sympy.core.relational import Relational

from contracts import checks

__all__ = ["DIRECTIONS", "STATUSES", "Claim"]

#: What is known, from an identity down to something seen in experiments only.
STATUSES = ("exact", "proved", "asymptotic", "conjecture")
#: How ``expression`` stands to the quantity: equal to it, below it, above it, or above with ``lower`` below.
DIRECTIONS = ("equal", "lower", "upper", "between")


@dataclass(frozen=True, eq=False, kw_only=True)
class Claim:
    """One claim of docs/theory.md.

    Attributes
    ----------
    id, title : str
    statement : str
        LaTeX, without dollar signs.
    status : str
        One of `STATUSES`; a claim is never presented above it.
    direction : str
        One of `DIRECTIONS`.
    tight : bool
        Whether an instance attains the bound.
    assumptions : tuple of str
        Names of predicates in `bounds.assumptions`, all of which must hold on a run.
    symbols : mapping of str to str
        Name of each symbol to its meaning and unit.
    expression : sympy expression
        In exactly these symbols, those of ``lower`` included.
    domain : mapping of str to sympy relation
        What the numbers must fulfil beyond the signs that the symbols are declared with; the key says it in
        words.
    lower : sympy expression or None
        The lower side where ``direction`` is ``"between"``.
    source, proof : str
        Who claims it, and where the proof stands.

    Examples
    --------
    >>> from bounds.claims import CLAIMS
    >>> CLAIMS["B1"].evaluate(G=16, Delta=99)
    1485.0
    """

    id: str
    title: str
    statement: str
    status: str
    direction: str
    tight: bool
    assumptions: tuple[str, ...]
    symbols: Mapping[str, str]
    expression: sympy.Expr
    source: str
    proof: str
    lower: sympy.Expr | None = None
    domain: Mapping[str, Relational] = field(default_factory=dict)

    def __post_init__(self) -> None:
        checks.choice("status", self.status, STATUSES)
        checks.choice("direction", self.direction, DIRECTIONS)
        if (self.lower is not None) != (self.direction == "between"):
            raise ValueError('lower must be given exactly where direction is "between"')
        for name in ("symbols", "domain"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        used = set().union(*({s.name for s in side.free_symbols} for side in self._sides))
        if used != set(self.symbols):
            odd = ", ".join(sorted(used ^ set(self.symbols)))
            raise ValueError(f"symbols must name exactly those of the expression, got a difference in {odd}")

    @property
    def _sides(self) -> tuple[sympy.Expr, ...]:
        return (self.expression,) if self.lower is None else (self.expression, self.lower)

    def evaluate(self, **numbers: float) -> float:
        """Return ``expression`` at these numbers, one for each symbol.

        Raises
        ------
        TypeError, ValueError
            If a symbol is missing or unknown, a value is no finite number or outside the claim's domain, or
            the result is not finite.
        """
        return self._at(self.expression, numbers)

    def evaluate_lower(self, **numbers: float) -> float:
        """Return ``lower`` at these numbers, one for each symbol; for claims that are two-sided."""
        if self.lower is None:
            raise ValueError(f'claim {self.id} has one side only: its direction is "{self.direction}"')
        return self._at(self.lower, numbers)

    def _at(self, side: sympy.Expr, numbers: Mapping[str, float]) -> float:
        listed = ", ".join(self.symbols)
        for name in numbers:
            checks.check(name in self.symbols, f"claim {self.id} has no symbol {name!r}; it has {listed}")
        for name, meaning in self.symbols.items():
            checks.check(name in numbers, f"claim {self.id} needs {name} ({meaning})")
        values = {name: checks.number(name, value) for name, value in numbers.items()}
        self._check_domain(values)
        # rationals, so that no digit of the numbers given is lost in the evaluation
        exact = {s: sympy.Rational(values[s.name]) for s in side.free_symbols}
        result = side.subs(exact).evalf(17)
        if not result.is_real or not result.is_finite:
            shown = ", ".join(f"{name} = {value:g}" for name, value in values.items())
            raise ValueError(f"claim {self.id} has no finite value at {shown}")
        return float(result)

    def _check_domain(self, values: Mapping[str, float]) -> None:
        for words, relation in self.domain.items():
            exact = {s: sympy.Rational(values[s.name]) for s in relation.free_symbols}
            shown = ", ".join(f"{s.name} = {values[s.name]:g}" for s in sorted(exact, key=str))
            checks.check(bool(relation.subs(exact)), f"claim {self.id} needs {words}, got {shown}")
        for symbol in set().union(*(side.free_symbols for side in self._sides)):
            name, value = symbol.name, values[symbol.name]
            sign = ">" if symbol.is_positive else ">=" if symbol.is_nonnegative else ""
            inside = value > 0 if sign == ">" else value >= 0 or not sign
            checks.check(inside, f"claim {self.id} needs {name} {sign} 0, got {name} = {value:g}")

    def __repr__(self) -> str:
        return f"Claim({self.id}: {self.title}; {self.status}, {self.direction})"
