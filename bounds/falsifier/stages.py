"""The three searches: at random, guided by Hypothesis toward the bound, and everything that is tiny.

May import contracts, Hypothesis, `bounds.quiet_search` and this package.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from bounds.falsifier.choices import at_random, every
from bounds.falsifier.hunt import Hunt
from bounds.quiet_search import quiet_search, quiet_settings
from contracts import stream

__all__ = ["STAGES", "exhaustive", "guided", "random"]


def random(hunt: Hunt, most: int, seed: int) -> bool:
    """Try ``most`` instances drawn independently; return whether all of them were."""
    adapter = hunt.adapter
    choose = at_random(stream(seed, f"falsifier {adapter.claim}"))
    for _ in range(most):
        if hunt.is_over:
            return False
        hunt.consider(adapter.build(choose, adapter.usual))
    return True


def guided(hunt: Hunt, most: int, seed: int) -> bool:
    """Let Hypothesis drive the ratio upward over ``most`` instances; return whether it was given all of them.

    Source: MacIver and Donaldson, "Test-case reduction via test-case generation: insights from the Hypothesis
    reducer", ECOOP 2020, and Löscher and Sagonas, "Targeted property-based testing", ISSTA 2017.
    """
    import hypothesis  # here: it takes a while to import
    from hypothesis import strategies as st

    adapter = hunt.adapter

    @hypothesis.seed(seed)
    @quiet_settings(max(most, 1), hypothesis.Phase.generate, hypothesis.Phase.target)
    @hypothesis.given(st.data())
    def comes_close(data: st.DataObject) -> None:
        # drawn even when all is over: Hypothesis must see the same questions to the same answers
        instance = adapter.build(lambda low, high: data.draw(st.integers(low, high)), adapter.usual)
        if hunt.is_over:
            return
        ratio = hunt.consider(instance)
        if math.isfinite(ratio):
            hypothesis.target(ratio, label=adapter.claim)

    if most:
        with quiet_search():
            comes_close()
    return not hunt.is_over


def exhaustive(hunt: Hunt, most: int, seed: int) -> bool:
    """Try every instance of the adapter's tiny shapes; return whether no limit came before the end.

    Of instances that come equally close the first of the largest shape is kept.
    """
    del seed
    adapter, left = hunt.adapter, most
    for limits in adapter.tiny:
        fresh = True  # whether this shape has yet to show an instance as close as the worst so far
        for instance in every(lambda choose, limits=limits: adapter.build(choose, limits)):  # type: ignore[misc]
            if left == 0 or hunt.is_over:
                return False
            left -= 1
            hunt.consider(instance, ties=fresh)
            fresh = fresh and hunt.extremal is not instance
    return True


#: Name to search, in the order in which they run; each takes a hunt, a number of instances and a seed.
STAGES: Mapping[str, Callable[[Hunt, int, int], bool]] = MappingProxyType(
    {"random": random, "guided": guided, "exhaustive": exhaustive}
)
