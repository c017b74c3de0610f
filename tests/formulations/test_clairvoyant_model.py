"""The clairvoyant program: its admission rule, its symmetry, and reading a schedule back."""

import numpy as np
import pulp

from formulations import build_clairvoyant, highs
from formulations.clairvoyant_model import Horizon, build, read_schedule


def horizon(
    sizes: list[float], lengths: list[int], steps: int, *, workers: int = 2, slots: int = 1
) -> Horizon:
    return Horizon(np.array(sizes, dtype=float), np.array(lengths), np.zeros(steps), workers, slots)


def row(program: pulp.LpProblem, name: str) -> str:
    return " ".join(program.get_constraint_by_name(name).asCplexLpConstraint(name).split())


def test_requests_of_equal_size_and_length_are_one_kind_and_lengths_end_with_the_horizon() -> None:
    kinds = horizon([5, 5, 5, 3], [9, 2, 4, 9], 3).kinds()
    assert kinds == {(5.0, 3): [0, 2], (5.0, 2): [1], (3.0, 3): [3]}


def test_the_admission_rule_says_nobody_waits_or_all_slots_are_full() -> None:
    program = build(horizon([5, 3, 2], [1, 2, 1], 2))
    assert row(program, "nobody_waits_0") == (
        "nobody_waits_0: a_0_0_0 + a_0_1_0 + a_1_0_0 + a_1_1_0 + a_2_0_0 + a_2_1_0 - 3 e_0 >= 0"
    )
    assert row(program, "all_full_0") == (
        "all_full_0: a_0_0_0 + a_0_1_0 + a_1_0_0 + a_1_1_0 + a_2_0_0 + a_2_1_0 + 2 e_0 >= 2"
    )
    # At step 1 only requests started there, or of length 2 started at step 0, hold a slot.
    assert row(program, "slots_0_1") == "slots_0_1: a_0_0_1 + a_1_0_0 + a_1_0_1 + a_2_0_1 <= 1"
    assert row(program, "stays_empty_1") == "stays_empty_1: - e_0 + e_1 >= 0"


def test_a_load_has_grown_since_its_start() -> None:
    grown = Horizon(np.array([5.0]), np.array([3]), np.array([0.0, 2.0, 3.0]), 2, 1)
    assert row(build(grown), "load_0_2") == "load_0_2: L_0_2 - 8 a_0_0_0 - 6 a_0_0_1 - 5 a_0_0_2 = 0"


def test_workers_are_ordered_by_their_load_at_step_0() -> None:
    assert row(build(horizon([5], [1], 1, workers=3)), "order_1_2") == "order_1_2: L_1_0 - L_2_0 >= 0"


def test_within_a_kind_the_oldest_starts_first() -> None:
    at = horizon([5, 3, 5], [1, 1, 1], 2)
    values = {f"a_{j}_{g}_{k}": 0.0 for j in range(2) for g in range(2) for k in range(2)}
    values |= {"a_0_1_0": 1.0, "a_0_0_1": 1.0, "a_1_0_0": 1.0}
    worker, start = read_schedule(at, values)
    assert (worker.tolist(), start.tolist()) == ([1, 0, 0], [0, 0, 1])


def test_the_program_is_in_natural_units() -> None:
    program = build_clairvoyant([5, 3, 2], [1, 2, 1], [0, 1], workers=2, slots=1, steps=2)
    assert highs.solve(program).objective == 2.0
    assert program.objective.constant == 0
