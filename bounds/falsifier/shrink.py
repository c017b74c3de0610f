"""The smallest instance near a given one that still does what it does. May import this package's types."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping

from bounds.falsifier.choices import Instance
from bounds.falsifier.fields import Field

__all__ = ["MOST_TRIALS", "shrink", "smaller"]

#: Instances that one shrinking may try.
MOST_TRIALS = 4000


def shrink(
    fields: Mapping[str, Field],
    instance: Instance,
    keeps: Callable[[Instance], bool],
    *,
    most: int = MOST_TRIALS,
    end: float = math.inf,
) -> Instance:
    """Return an instance none of whose `smaller` ones keeps the property.

    Parameters
    ----------
    fields : mapping of str to Field
    instance : dict
        Has the property.
    keeps : callable
        Whether an instance has the property.
    most : int
        Instances to try; what is smallest by then is returned.
    end : float
        When to stop, on the clock of `time.process_time`; likewise.
    """
    trials = 0
    while True:
        for candidate in smaller(fields, instance):
            trials += 1
            if trials > most or time.process_time() >= end:
                return instance
            if keeps(candidate):
                instance = candidate
                break
        else:
            return instance


def smaller(fields: Mapping[str, Field], instance: Instance) -> Iterator[Instance]:
    """Yield instances that are smaller in one respect, the boldest first.

    Lists lose an entry, those along the same thing together; all sizes and loads are halved or lowered by one
    together; then single numbers drop to the least allowed, half way there, and by one. Each step lowers the
    number of entries or a number, so that steps come to an end.
    """
    for along in dict.fromkeys(field.along for field in fields.values() if field.along):
        names = [name for name, field in fields.items() if field.along == along]
        if all(len(instance[name]) > fields[name].fewest for name in names):
            for i in range(len(instance[names[0]])):
                yield instance | {name: instance[name][:i] + instance[name][i + 1 :] for name in names}
    amounts = {name: field for name, field in fields.items() if field.is_amount}
    for less in (_half, _one_less):
        lowered = {name: _everywhere(less, instance[name], field) for name, field in amounts.items()}
        if any(lowered[name] != instance[name] for name in lowered):
            yield instance | lowered
    for name, field in fields.items():
        value = instance[name]
        if not field.along:
            yield from (instance | {name: lower} for lower in _lower(value, field.at_least))
            continue
        for i, entry in enumerate(value):
            for lower in _lower(entry, field.at_least):
                yield instance | {name: [*value[:i], lower, *value[i + 1 :]]}


def _half(value: int) -> int:
    return value // 2


def _one_less(value: int) -> int:
    return value - 1


def _lower(value: int, least: int) -> list[int]:
    """Return numbers below ``value``, from the least allowed up."""
    return sorted({least, least + (value - least) // 2, value - 1}) if value > least else []


def _everywhere(less: Callable[[int], int], value: int | list[int], field: Field) -> int | list[int]:
    if isinstance(value, list):
        return [max(field.at_least, less(entry)) for entry in value]
    return max(field.at_least, less(value))
