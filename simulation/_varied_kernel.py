"""The compiled engine where each request grows in its own way: O(active) per step, one visit to Python in it.

The increments come from the drift process between `admit_varied` and `grow_and_leave`. Loads are summed anew
in every step, in the order of admission, as `simulation.reference` does, so that the two agree to the last
bit. Imports numba and this room's kernels; the arrays are described in `simulation._state`.
"""

from __future__ import annotations

import math

import numba

from simulation._admission_kernel import bind, decide, measure, note_waiting, take_chosen, take_queued

__all__ = ["admit_varied", "grow_and_leave"]


@numba.njit(cache=True)
def _enter(k, number, floor, requests, crew, scratch):  # type: ignore[no-untyped-def]
    """Put the entrants into slots of their workers, whose ``free`` has been counted down already."""
    n = crew.number[0]
    for i in range(number):
        r, g = scratch.entrants[i], scratch.onto[i]
        crew.request[n + i] = r
        crew.worker[n + i] = g
        crew.age[n + i] = 0
        crew.size[n + i] = crew.load[n + i] = requests.sizes[r]
        crew.memory[n + i] = 0.0
        floor.loads[g] += requests.sizes[r]
        floor.active[g] += 1
        requests.start[r] = k
        requests.worker[r] = g
    crew.number[0] += number
    floor.free_total[0] -= number


@numba.njit(cache=True)
def admit_varied(  # type: ignore[no-untyped-def]
    k, row, n, cursor, clock, rule, pace, floor, requests, queues, crew, scratch, steps, rng
):  # fmt: skip
    """Admit at step k, where ``n`` requests are shown, and measure; False if a rule was broken."""
    if rule.immediate:
        bind(k, cursor, clock, rule, floor, requests, queues, scratch, rng)
        admissions = take_queued(floor, requests, queues, scratch)
        steps.gap[row] = math.nan if admissions > 0 else 0.0
    else:
        admissions = min(n, floor.free_total[0])
        if admissions > 0:
            steps.gap[row] = decide(k, n, admissions, cursor, rule, floor, requests, scratch, rng)
            if not take_chosen(n, admissions, cursor, floor, requests, scratch):
                return False
    _enter(k, admissions, floor, requests, crew, scratch)
    steps.admitted[row] = admissions
    note_waiting(k, row, cursor, requests, queues, steps)
    measure(row, clock, pace, floor, steps)
    return True


@numba.njit(cache=True)
def grow_and_leave(increments, floor, requests, crew):  # type: ignore[no-untyped-def]
    """Let the active requests grow by ``increments`` (one for all, or each) and age; the finished leave."""
    each = increments.size > 1
    floor.loads[:] = 0.0
    kept = 0
    for i in range(crew.number[0]):
        r, g = crew.request[i], crew.worker[i]
        if crew.age[i] + 1 >= requests.lengths[r]:
            floor.active[g] -= 1
            floor.free[g] += 1
            floor.free_total[0] += 1
            continue
        load = crew.load[i] + increments[i if each else 0]
        crew.request[kept] = r
        crew.worker[kept] = g
        crew.age[kept] = crew.age[i] + 1
        crew.size[kept] = crew.size[i]
        crew.load[kept] = load
        crew.memory[kept] = crew.memory[i]
        floor.loads[g] += load
        kept += 1
    crew.number[0] = kept
