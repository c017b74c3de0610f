"""Compiled twins of the pooled policies; each is held to its readable version by tests.

Every kernel fills ``worker[:n]`` (-1 = left waiting) for the n waiting requests shown, places exactly
``admissions`` of them, and may use ``loads``, ``active`` and ``free`` as scratch: the caller passes copies.
Imports numpy, numba and the kernel of `formulations.solve_fast`.
"""

from __future__ import annotations

import numba
import numpy as np

from formulations._fast_kernel import fast_step

__all__ = [
    "BALANCE",
    "BRH",
    "FCFS",
    "JSQ",
    "LEAST_LOAD",
    "POWER_OF_TWO",
    "RANDOM",
    "SGLANG_REQUESTS",
    "SGLANG_TOKENS",
    "VLLM_DP",
    "balance",
    "choose",
    "least_overflow",
]

#: Up to `POWER_OF_TWO` they see the present loads, the next two predicted ones, those after them reports.
FCFS, RANDOM, JSQ, LEAST_LOAD, POWER_OF_TWO, BALANCE, BRH, VLLM_DP, SGLANG_REQUESTS, SGLANG_TOKENS = range(10)


@numba.njit(cache=True)
def deal_in_turn(free, admissions, turn, worker):  # type: ignore[no-untyped-def]
    """Fcfs and RoundRobin; returns whose turn is next."""
    workers = free.size
    for i in range(admissions):
        while free[turn] == 0:
            turn += 1
            if turn == workers:
                turn = 0
        worker[i] = turn
        free[turn] -= 1
        turn += 1
        if turn == workers:
            turn = 0
    return turn


@numba.njit(cache=True)
def _open_workers(free, found):  # type: ignore[no-untyped-def]
    number = 0
    for g in range(free.size):
        if free[g] > 0:
            found[number] = g
            number += 1
    return number


@numba.njit(cache=True)
def _close(found, number, at):  # type: ignore[no-untyped-def]
    # keeps the ascending order that the readable version's flatnonzero has
    for j in range(at, number - 1):
        found[j] = found[j + 1]
    return number - 1


@numba.njit(cache=True)
def choose_at_random(free, admissions, rng, found, worker):  # type: ignore[no-untyped-def]
    """RandomChoice."""
    number = _open_workers(free, found)
    for i in range(admissions):
        at = int(rng.random() * number)
        g = found[at]
        worker[i] = g
        free[g] -= 1
        if free[g] == 0:
            number = _close(found, number, at)


@numba.njit(cache=True)
def power_of_two(loads, free, sizes, admissions, rng, found, worker):  # type: ignore[no-untyped-def]
    """PowerOfTwo."""
    number = _open_workers(free, found)
    for i in range(admissions):
        first = int(rng.random() * number)
        second = int(rng.random() * number)
        a, b = found[first], found[second]
        at = first
        if loads[b] < loads[a] or (loads[b] == loads[a] and b < a):
            at = second
        g = found[at]
        worker[i] = g
        free[g] -= 1
        loads[g] += sizes[i]
        if free[g] == 0:
            number = _close(found, number, at)


@numba.njit(cache=True)
def _before(count, loads, a, b):  # type: ignore[no-untyped-def]
    if count[a] != count[b]:
        return count[a] < count[b]
    if loads[a] != loads[b]:
        return loads[a] < loads[b]
    return a < b


@numba.njit(cache=True)
def _sift_down(heap, size, at, count, loads):  # type: ignore[no-untyped-def]
    while True:
        child = 2 * at + 1
        if child >= size:
            return
        if child + 1 < size and _before(count, loads, heap[child + 1], heap[child]):
            child += 1
        if not _before(count, loads, heap[child], heap[at]):
            return
        heap[at], heap[child] = heap[child], heap[at]
        at = child


@numba.njit(cache=True)
def join_shortest(count, step, loads, free, sizes, admissions, heap, worker):  # type: ignore[no-untyped-def]
    """JoinShortestQueue (count = active, step = 1), LeastLoad (count = zeros, step = 0), by a binary heap."""
    number = _open_workers(free, heap)
    for at in range(number // 2 - 1, -1, -1):
        _sift_down(heap, number, at, count, loads)
    for i in range(admissions):
        g = heap[0]
        worker[i] = g
        free[g] -= 1
        count[g] += step
        loads[g] += sizes[i]
        if free[g] == 0:
            number -= 1
            heap[0] = heap[number]
        _sift_down(heap, number, 0, count, loads)


@numba.njit(cache=True)
def choose(code, turn, loads, active, free, sizes, n, admissions, rng, scratch, worker):  # type: ignore[no-untyped-def]
    """Run the kernel of this code; returns whose turn is next (only `deal_in_turn` moves it)."""
    worker[:n] = -1
    if code == FCFS:
        return deal_in_turn(free, admissions, turn, worker)
    if code == RANDOM:
        choose_at_random(free, admissions, rng, scratch, worker)
    elif code == JSQ:
        join_shortest(active, 1, loads, free, sizes, admissions, scratch, worker)
    elif code == LEAST_LOAD:
        active[:] = 0
        join_shortest(active, 0, loads, free, sizes, admissions, scratch, worker)
    elif code == POWER_OF_TWO:
        power_of_two(loads, free, sizes, admissions, rng, scratch, worker)
    return turn


@numba.njit(cache=True)
def balance(loads, free, sizes, growth, weights, required, objective, trials, solver, worker):  # type: ignore[no-untyped-def]
    """Bfio: solve the step's program; return the proven gap in units of the present step."""
    value, bound = fast_step(loads, free, sizes, growth, weights, required, objective, trials, solver, worker)
    return max(0.0, value - bound) / weights[0]


@numba.njit(cache=True)
def least_overflow(loads, free, sizes, ahead, weights, n, admissions, worker):  # type: ignore[no-untyped-def]
    """BalanceRouteH: ``loads`` (G, K) are the predicted ones, and are raised by what is placed."""
    workers, columns = loads.shape
    worker[:n] = -1
    top = np.zeros(columns)
    for h in range(columns):
        top[h] = loads[:, h].max()
    for i in range(admissions):
        best, least = -1, 0.0
        for g in range(workers):
            if free[g] == 0:
                continue
            cost = 0.0
            for h in range(columns):
                cost += weights[h] * max(sizes[i] - (top[h] - loads[g, h]), 0.0)
            if best < 0 or cost < least or (cost == least and loads[g, 0] < loads[best, 0]):
                best, least = g, cost
        worker[i] = best
        free[best] -= 1
        for h in range(columns):
            loads[best, h] += sizes[i] + ahead[h]
            top[h] = max(top[h], loads[best, h])
