"""The transport problem keeps every unit, and fills columns only where that earns more than staying home."""

import numpy as np
import pytest
from scipy.optimize import linprog

from formulations._transport import transport


def solve(
    base: np.ndarray, free: np.ndarray, weights: list[int], price: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    workers, columns = base.shape
    units, home, spare, level = np.zeros_like(base), np.zeros(workers), np.zeros(columns), np.zeros(columns)
    transport(
        base, free, np.array(weights, dtype=float), base.max(axis=0), price, units, home, spare, level,
        np.zeros((columns, columns + 1)), np.zeros((columns, columns + 1), dtype=np.int64),
        np.zeros(columns, dtype=np.int64),
    )  # fmt: skip
    return units, home, spare, level


def random_step(workers: int, columns: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 40, (workers, columns)).astype(float), rng.integers(0, 3, workers)


every_weights = pytest.mark.parametrize("weights", [[1] * 5, [5, 4, 3, 2, 1], [1, 7, 2, 2, 3]], ids=str)


@every_weights
def test_every_unit_is_kept(weights: list[int]) -> None:
    base, free = random_step(7, 5, seed=5)
    units, home, spare, level = solve(base, free, weights, 20.0)
    assert (units >= 0).all()
    assert (home + units.sum(axis=1)).tolist() == [sum(weights)] * 7
    assert (spare + units.sum(axis=0)).tolist() == [7 * weight for weight in weights]
    assert (level >= base.max(axis=0)).all()
    assert units.any()


@every_weights
@pytest.mark.parametrize("price", [0.0, 3.0, 8.0, 20.0, 50.0])
@pytest.mark.parametrize("seed", range(4))
def test_the_cost_is_that_of_a_linear_program(seed: int, price: float, weights: list[int]) -> None:
    # Workers without a slot stay at home at no cost; so do the program's.
    base, free = random_step(6, 5, seed)
    units, home, spare, _ = solve(base, free, weights, price)
    low = base.max(axis=0)
    value = (units * base).sum() - price * (home * free).sum() + (spare * low).sum()
    workers, columns = base.shape
    # Maximise over units and home: each column's lack is G·W_h less its units.
    open_ = (free > 0).astype(float)
    gain = [*((base - low) * open_[:, None]).ravel(), *(-price * free)]
    rows = np.zeros((columns, workers * columns + workers))
    own = np.zeros((workers, workers * columns + workers))
    for g in range(workers):
        own[g, workers * columns + g] = 1
        for h in range(columns):
            rows[h, g * columns + h] = own[g, g * columns + h] = 1
    best = linprog(
        -np.array(gain), rows, workers * np.array(weights), own, np.full(workers, float(sum(weights)))
    )
    assert best.status == 0
    assert value == pytest.approx(-best.fun + workers * float(np.dot(weights, low)))
