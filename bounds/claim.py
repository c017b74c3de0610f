"""`Claim`: one statement of the theory as data, with its status, its assumptions and its formula.

May import contracts, sympy, and from this room the enclosures and ball arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import sympy
from sympy.core.relational import Relational

from bounds.balls import Number, decide, enclose
from bounds.enclosure import Enclosure
from contracts import checks
from contracts.pickling import anew

__all__ = ["DIRECTIONS", "STATUSES", "Claim", "Neighbour"]

#: What is known, from an identity down to something seen in experiments only.
STATUSES = ("exact", "proved", "asymptotic", "conjecture")
#: How ``expression`` stands to the quantity: equal to it, below it, above it, or above with ``lower`` below.
DIRECTIONS = ("equal", "lower", "upper", "between")


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A statement close to a claim that is false: a checker that doesn't refute it can't fail.

    Attributes
    ----------
    statement : str
        LaTeX, without dollar signs.
    expression : sympy expression
        In the place of the claim's, in some of its symbols.
    why : str
        What makes it false: an instance that refutes it, with numbers.
    drops_domain : bool
        Whether it is said without the claim's conditions on the numbers.
    """

    statement: str
    expression: sympy.Expr
    why: str
    drops_domain: bool = False


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
        In these symbols, all of which it, ``lower`` or ``domain`` uses.
    domain : mapping of str to sympy relation
        What the numbers must fulfil beyond the signs that the symbols are declared with; the key says it in
        words.
    lower : sympy expression or None
        The lower side where ``direction`` is ``"between"``.
    source, proof : str
        Who claims it, and where the proof stands.
    notes : str
        What the statement does not say: gaps found, and what stands in their place.
    neighbour : Neighbour or None
        A false statement next to it (`false_neighbour`).
    is_control : bool
        Whether this is itself such a false statement, made to be refuted.

    Examples
    --------
    >>> from bounds.claims import CLAIMS
    >>> CLAIMS["B1"].evaluate(G=16, Delta=99)
    1485.0
    >>> CLAIMS["B1"].false_neighbour().evaluate(G=16, Delta=99)
    742.5
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
    notes: str = ""
    neighbour: Neighbour | None = None
    is_control: bool = False

    def __post_init__(self) -> None:
        checks.choice("status", self.status, STATUSES)
        checks.choice("direction", self.direction, DIRECTIONS)
        if (self.lower is not None) != (self.direction == "between"):
            raise ValueError('lower must be given exactly where direction is "between"')
        for name in ("symbols", "domain"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        used = {symbol.name for symbol in self._symbols()}
        # a control takes the numbers of its claim, whether it needs them or not
        if used - set(self.symbols) if self.is_control else used != set(self.symbols):
            odd = ", ".join(sorted(used ^ set(self.symbols)))
            raise ValueError(f"symbols must name exactly those of the expression, got a difference in {odd}")

    def __reduce__(self) -> tuple[Any, ...]:
        return anew(self)

    def _symbols(self) -> set[sympy.Symbol]:
        parts = [self.expression, *self.domain.values(), *([] if self.lower is None else [self.lower])]
        return set().union(*(part.free_symbols for part in parts))

    def evaluate(self, **numbers: float) -> float:
        """Return ``expression`` at these numbers, one for each symbol.

        Raises
        ------
        TypeError, ValueError
            If a symbol is missing or unknown, a value is no finite number or outside the claim's domain, or
            the result is not finite.
        """
        return self._enclosed(self.expression, self._exact(numbers)).mid

    def evaluate_lower(self, **numbers: float) -> float:
        """Return ``lower`` at these numbers, one for each symbol; for claims that are two-sided."""
        return self._enclosed(self._lower(), self._exact(numbers)).mid

    def enclosure(self, **numbers: Number) -> Enclosure:
        """Return a proven enclosure of ``expression``; numbers may be enclosures themselves.

        Raises
        ------
        TypeError, ValueError
            As `evaluate`; outside the domain is an enclosure part of which is.

        Examples
        --------
        >>> from bounds.claims import CLAIMS
        >>> value = CLAIMS["F0"].enclosure(G=2, B=1, M=Enclosure(0.74, 0.76), mu=0.5)
        >>> 0.5 in value, value.width < 0.05
        (True, True)
        """
        return self._enclosed(self.expression, numbers)

    def enclosure_lower(self, **numbers: Number) -> Enclosure:
        """Return a proven enclosure of ``lower``; for claims that are two-sided."""
        return self._enclosed(self._lower(), numbers)

    def false_neighbour(self) -> Claim:
        """Return the neighbour as a claim of its own, to be evaluated at the same numbers and refuted."""
        if self.neighbour is None:
            raise ValueError(f"claim {self.id} has no false neighbour")
        other = self.neighbour
        return replace(
            self,
            id=f"not-{self.id}",
            title=f"false neighbour of {self.id}",
            statement=other.statement,
            expression=other.expression,
            domain={} if other.drops_domain else self.domain,
            tight=False,
            proof="none: it is false",
            notes=other.why,
            neighbour=None,
            is_control=True,
        )

    def scaled(self, factor: float) -> Claim:
        """Return the claim with ``expression`` times ``factor``, which may well be false: a control."""
        scale = sympy.Rational(checks.number("factor", factor, above=0))
        shown = rf"{sympy.latex(scale)} \times \text{{bound of {self.id}}}"
        return replace(
            self,
            id=f"{self.id}*{factor:g}",
            title=f"{self.title}, bound times {factor:g}",
            statement=shown,
            expression=scale * self.expression,
            proof="none: scaled",
            neighbour=None,
            is_control=True,
        )

    def _lower(self) -> sympy.Expr:
        if self.lower is None:
            raise ValueError(f'claim {self.id} has one side only: its direction is "{self.direction}"')
        return self.lower

    @staticmethod
    def _exact(numbers: Mapping[str, float]) -> Mapping[str, Number]:
        return {name: checks.number(name, value) for name, value in numbers.items()}

    def _enclosed(self, side: sympy.Expr, numbers: Mapping[str, Number]) -> Enclosure:
        values = self._checked(numbers)
        found = enclose(side, values)
        if found is None:
            shown = ", ".join(f"{name} = {_shown(value)}" for name, value in values.items())
            raise ValueError(f"claim {self.id} has no finite value at {shown}")
        return found

    def _checked(self, numbers: Mapping[str, Number]) -> Mapping[str, Number]:
        """Return the numbers, checked to be those of the claim and in its domain."""
        listed = ", ".join(self.symbols)
        for name in numbers:
            checks.check(name in self.symbols, f"claim {self.id} has no symbol {name!r}; it has {listed}")
        for name, meaning in self.symbols.items():
            checks.check(name in numbers, f"claim {self.id} needs {name} ({meaning})")
        values = {
            name: value if isinstance(value, Enclosure) else checks.number(name, value)
            for name, value in numbers.items()
        }
        for words, relation in self.domain.items():
            named = sorted(symbol.name for symbol in relation.free_symbols)
            shown = ", ".join(f"{name} = {_shown(values[name])}" for name in named)
            holds = decide(relation, values)
            checks.check(holds is True, f"claim {self.id} needs {words}, got {shown}")
        for symbol in self._symbols():
            value = values[symbol.name]
            least = value.lo if isinstance(value, Enclosure) else value
            sign = ">" if symbol.is_positive else ">=" if symbol.is_nonnegative else ""
            words = f"{symbol.name} {sign} 0, got {symbol.name} = {_shown(value)}"
            inside = least > 0 if sign == ">" else least >= 0 or not sign
            checks.check(inside, f"claim {self.id} needs {words}")
        return values

    def __repr__(self) -> str:
        status = "false" if self.is_control else self.status
        return f"Claim({self.id}: {self.title}; {status}, {self.direction})"


def _shown(value: Number) -> str:
    return f"[{value.lo:g}, {value.hi:g}]" if isinstance(value, Enclosure) else f"{float(value):g}"
