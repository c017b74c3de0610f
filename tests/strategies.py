"""Generators of small steps and horizons for Hypothesis."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from formulations import StepProblem

#: Ranges of sizes and loads: ties at one end, steps of one beside a billion at the other.
SIZES = (3, 20, 1000, 10_000_000)
LOADS = (0, 5, 50, 5000, 1_000_000_000)


@st.composite
def step_problems(
    draw: st.DrawFn,
    *,
    max_workers: int = 3,
    max_pool: int = 5,
    max_horizon: int = 3,
    max_free: int = 3,
    options: bool = True,
    sizes: tuple[int, ...] = SIZES,
    loads: tuple[int, ...] = LOADS,
) -> StepProblem:
    """Steps of whole numbers, small enough to enumerate; with ``options`` some have further constraints.

    About half of them weigh the steps of the window alike, the others by whole numbers 1..4.
    """
    workers = draw(st.integers(1, max_workers))
    pool = draw(st.integers(0, max_pool))
    horizon = draw(st.integers(0, max_horizon))
    largest, highest = draw(st.sampled_from(sizes)), draw(st.sampled_from(loads))
    row = st.lists(st.integers(0, highest), min_size=horizon + 1, max_size=horizon + 1)
    alike = draw(st.booleans())
    rows = [draw(row)] * workers if alike else [draw(row) for _ in range(workers)]
    free = draw(st.lists(st.integers(0, max_free), min_size=workers, max_size=workers))
    steps = draw(st.lists(st.integers(0, max(1, largest // 5)), min_size=horizon, max_size=horizon))
    further: dict[str, Any] = {}
    if options and draw(st.booleans()):
        kind = draw(st.sampled_from(["required", "forbidden", "min_admissions", "all"]))
        booleans = st.sampled_from([False, False, True])
        if kind in ("required", "all"):
            further["required"] = draw(st.lists(booleans, min_size=pool, max_size=pool))
        if kind in ("forbidden", "all"):
            cells = draw(st.lists(booleans, min_size=pool * workers, max_size=pool * workers))
            further["forbidden"] = np.array(cells, dtype=bool).reshape(pool, workers)
        if kind in ("min_admissions", "all"):
            further["min_admissions"] = draw(st.integers(0, min(pool, sum(free))))
    return StepProblem(
        loads=rows,
        free_slots=free,
        sizes=draw(st.lists(st.integers(0, largest), min_size=pool, max_size=pool)),
        growth=[0, *np.cumsum(steps, dtype=np.int64).tolist()],
        weights=draw(st.none() | st.lists(st.integers(1, 4), min_size=horizon + 1, max_size=horizon + 1)),
        **further,
    )


@st.composite
def horizons(draw: st.DrawFn, *, max_pool: int = 4, max_steps: int = 4) -> dict[str, Any]:
    """Arguments of the clairvoyant program, small enough to enumerate."""
    pool = draw(st.integers(0, max_pool))
    steps = draw(st.integers(1, max_steps))
    largest = draw(st.sampled_from([3, 20, 1_000_000]))
    growth = draw(st.lists(st.integers(0, 3), min_size=steps - 1, max_size=steps - 1))
    return {
        "sizes": draw(st.lists(st.integers(0, largest), min_size=pool, max_size=pool)),
        "lengths": draw(st.lists(st.integers(1, 4), min_size=pool, max_size=pool)),
        "growth": [0, *np.cumsum(growth, dtype=np.int64).tolist()],
        "workers": draw(st.integers(1, 3)),
        "slots": draw(st.integers(1, 2)),
    }
