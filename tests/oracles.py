"""Answers found by means that share nothing with the solvers: enumeration in exact numbers, and CP-SAT."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from ortools.sat.python import cp_model

from formulations import StepProblem

Optima = dict[str, Fraction]


def feasible_workers(problem: StepProblem) -> Iterator[tuple[int, ...]]:
    """Yield every worker tuple that satisfies all constraints of a tiny step."""
    free = problem.free_slots.tolist()
    most = min(len(problem.sizes), sum(free))
    for worker in itertools.product(range(-1, len(free)), repeat=len(problem.sizes)):
        admitted = len(worker) - worker.count(-1)
        if not problem.min_admissions <= admitted <= most:
            continue
        if any(worker.count(g) > slots for g, slots in enumerate(free)):
            continue
        if problem.required is not None and any(
            g < 0 for g, must in zip(worker, problem.required, strict=True) if must
        ):
            continue
        if problem.forbidden is not None and any(
            g >= 0 and problem.forbidden[i, g] for i, g in enumerate(worker)
        ):
            continue
        yield worker


def values_of(problem: StepProblem, worker: Sequence[int]) -> Optima:
    """Return all three objectives of one assignment, exactly."""
    total = {"imbalance": Fraction(0), "spread": Fraction(0), "makespan": Fraction(0)}
    sizes = [Fraction(size) for size in problem.sizes.tolist()]
    for h, (growth, weight) in enumerate(zip(problem.growth.tolist(), problem.weights.tolist(), strict=True)):
        loads = [Fraction(load) for load in problem.loads[:, h].tolist()]
        for size, g in zip(sizes, worker, strict=True):
            if g >= 0:
                loads[g] += size + Fraction(growth)
        total["imbalance"] += Fraction(weight) * (len(loads) * max(loads) - sum(loads))
        total["spread"] += Fraction(weight) * (max(loads) - min(loads))
        total["makespan"] += Fraction(weight) * max(loads)
    return total


def brute_force(problem: StepProblem) -> Optima | None:
    """Return the optimum of each objective over all assignments of a tiny step, None if there are none."""
    best: Optima | None = None
    for worker in feasible_workers(problem):
        values = values_of(problem, worker)
        best = values if best is None else {name: min(best[name], values[name]) for name in values}
    return best


def cp_sat(problem: StepProblem, objective: str) -> int | None:
    """Return the optimum of a step of whole numbers by constraint programming, None if infeasible."""
    assert problem.is_integral
    model = cp_model.CpModel()
    workers, pool = range(len(problem.loads)), range(len(problem.sizes))
    x = {(i, g): model.new_bool_var(f"x{i},{g}") for i in pool for g in workers}
    for i in pool:
        model.add(sum(x[i, g] for g in workers) <= 1)
        if problem.required is not None and problem.required[i]:
            model.add(sum(x[i, g] for g in workers) == 1)
    for g in workers:
        model.add(sum(x[i, g] for i in pool) <= int(problem.free_slots[g]))
    most = min(len(problem.sizes), int(problem.free_slots.sum()))
    model.add_linear_constraint(sum(x.values()), problem.min_admissions, most)
    if problem.forbidden is not None:
        for i, g in itertools.product(pool, workers):
            if problem.forbidden[i, g]:
                model.add(x[i, g] == 0)
    goal: Any = 0
    for h, growth in enumerate(problem.growth.tolist()):
        limit = int(problem.loads[:, h].max() + problem.sizes.sum() + len(pool) * growth)
        top, low = model.new_int_var(0, limit, f"M{h}"), model.new_int_var(0, limit, f"m{h}")
        loads = [
            int(problem.loads[g, h]) + sum(int(problem.sizes[i] + growth) * x[i, g] for i in pool)
            for g in workers
        ]
        model.add_max_equality(top, loads)
        model.add_min_equality(low, loads)
        goal += (
            int(problem.weights[h])
            * {
                "imbalance": len(loads) * top - sum(loads),
                "spread": top - low,
                "makespan": top,
            }[objective]
        )
    model.minimize(goal)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    # Else it leaves the process with the default handler, and Ctrl-C no longer reaches Python.
    solver.parameters.catch_sigint_signal = False
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    assert status == cp_model.OPTIMAL, solver.status_name(status)
    return round(solver.objective_value)


def brute_force_schedules(
    sizes: Sequence[int],
    lengths: Sequence[int],
    growth: Sequence[int],
    *,
    workers: int,
    slots: int,
) -> int:
    """Return the least total imbalance over every way to admit min(waiting, free) requests at each step."""
    steps = len(growth)

    def continued(k: int, running: tuple[tuple[int, int, int], ...], waiting: frozenset[int]) -> int:
        if k == steps:
            return 0
        running = tuple(r for r in running if r[2] + lengths[r[0]] > k)
        free = [slots - sum(g == w for _, g, _ in running) for w in range(workers)]
        number = min(len(waiting), sum(free))
        places = [g for g in range(workers) for _ in range(free[g])]
        best: int | None = None
        for chosen in itertools.combinations(sorted(waiting), number):
            for spots in set(itertools.permutations(places, number)):
                now = running + tuple((i, g, k) for i, g in zip(chosen, spots, strict=True))
                loads = [0] * workers
                for i, g, start in now:
                    loads[g] += sizes[i] + growth[k] - growth[start]
                cost = workers * max(loads) - sum(loads)
                total = cost + continued(k + 1, now, waiting - set(chosen))
                best = total if best is None else min(best, total)
        assert best is not None
        return best

    return continued(0, (), frozenset(range(len(sizes))))
