"""Laws in words, as the command line takes them: ``uniform:1:100``, ``geometric:0.02``, ``constant:50``.

Imports contracts and the laws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from contracts import checks
from drift_processes import Law

__all__ = ["KINDS", "MOST_VALUES", "is_law", "law_of", "number_of"]

#: Most values a law may have here: the claims of `evenstep drift` then take half a minute and more than 1 GB.
MOST_VALUES = 5_000_000

#: How each kind is made, and what its numbers mean.
KINDS: Mapping[str, tuple[Callable[..., Law], tuple[str, ...]]] = MappingProxyType(
    {
        "uniform": (Law.uniform, ("LO", "HI")),
        "geometric": (Law.geometric, ("P",)),
        "constant": (Law.constant, ("VALUE",)),
        "negative_binomial": (Law.negative_binomial, ("R", "P")),
        "lognormal": (Law.lognormal, ("MEDIAN", "SIGMA", "AT_MOST")),
        "zipf": (Law.zipf, ("EXPONENT", "CUTOFF")),
    }
)

#: How many values a law gets, where that is known before the table is made, which may take seconds by itself.
NUMBER_OF_VALUES: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        "uniform": lambda lo, hi: hi - lo + 1,
        "lognormal": lambda _median, _sigma, at_most: at_most,
        "zipf": lambda _exponent, cutoff: cutoff,
    }
)


def is_law(text: str) -> bool:
    """Whether a text looks like a law: a kind of law, a colon, and more."""
    kind, colon, _rest = text.partition(":")
    return bool(colon) and kind in KINDS


def law_of(name: str, text: str) -> Law:
    """Return the law that a text names.

    Parameters
    ----------
    name : str
        How messages call the argument.
    text : str

    Raises
    ------
    ValueError
        If there is no such law (the message lists those that exist), or it has more than `MOST_VALUES`.

    Examples
    --------
    >>> law_of("sizes", "uniform:1:100").support
    (1.0, 100.0)
    """
    checks.instance(name, text, str, "a law in words")
    kind, *numbers = text.split(":")
    if kind not in KINDS:
        forms = ", ".join(":".join((each, *meaning)) for each, (_make, meaning) in KINDS.items())
        raise ValueError(f"{name} must be one of {forms}; got {text!r}")
    make, meaning = KINDS[kind]
    form = ":".join((kind, *meaning))
    values = [number_of(number) for number in numbers]
    if len(values) != len(meaning) or None in values:
        raise ValueError(f"{name} must be {form} with numbers, got {text!r}")
    if kind in NUMBER_OF_VALUES and isinstance(values[-1], int):
        _refuse_long(f"{name} {text!r}", NUMBER_OF_VALUES[kind](*values))
    try:
        law = make(*values)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} {text!r}: {error}") from None
    _refuse_long(f"{name} {text!r}", len(law.values))
    return law


def _refuse_long(law: str, number: float) -> None:
    if number > MOST_VALUES:
        raise ValueError(
            f"{law} has {number:,} values, more than the {MOST_VALUES:,} that can be worked with"
        )


def number_of(text: str) -> int | float | None:
    """Return the number a text spells, a whole one as an int; ``None`` where it spells none."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return None
