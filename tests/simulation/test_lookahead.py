"""What a policy may know of the next steps: by hand, as properties, and the compiled against the readable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_processes import NoGrowth, UnitGrowth, Workload
from formulations import StepProblem, imbalance
from simulation import Lookahead, Policy, System, View, simulate
from simulation.lookahead import NEVER, expected_growth, make_lookahead, predicted_loads, refill_size
from simulation.policies import Bfio
from tests.simulation.test_engine import assert_same
from tests.workload_strategies import EveryThirdStep, systems, workloads

GROWTH = np.array([0.0, 1.0, 2.0])


def predict(lengths: list[int], *, refill: float | None) -> list[list[float]]:
    # worker 0 holds a request of load 10 in its third step, worker 1 one of load 6 in its first
    return predicted_loads(
        worker=np.array([0, 1]),
        load=np.array([10.0, 6.0]),
        age=np.array([2, 0]),
        predicted_length=np.array(lengths),
        growth=GROWTH,
        workers=2,
        refill=refill,
    ).tolist()


def test_predictions_by_hand() -> None:
    assert predict([NEVER, NEVER], refill=None) == [[10, 11, 12], [6, 7, 8]]
    # believed to stay three steps, the first request is gone in one
    assert predict([3, NEVER], refill=None) == [[10, 0, 0], [6, 7, 8]]
    # a request of size 4 takes its slot then, and has grown by one a step later
    assert predict([3, NEVER], refill=4.0) == [[10, 4, 5], [6, 7, 8]]
    # a belief that proved false says nothing more
    assert predict([2, NEVER], refill=4.0) == [[10, 11, 12], [6, 7, 8]]


def test_the_believed_lengths_of_each_kind() -> None:
    lengths, rng = np.full(20_000, 10), np.random.default_rng(1)
    assert (Lookahead("oracle").predicted_lengths(lengths, rng) == 10).all()
    assert (Lookahead("none").predicted_lengths(lengths, rng) == NEVER).all()
    noisy = Lookahead("noisy", miss=0.3, false_alarm=0.5).predicted_lengths(lengths, rng)
    missed, false = noisy == NEVER, noisy < 10
    # 0.3 and 0.7·0.5, each within four standard deviations
    assert missed.mean() == pytest.approx(0.3, abs=0.013)
    assert false.mean() == pytest.approx(0.35, abs=0.0135)
    assert set(noisy[false]) == set(range(1, 10))


@given(
    work=workloads((UnitGrowth(), NoGrowth(), EveryThirdStep())),
    system=systems(),
    horizon=st.integers(0, 5),
    lookahead=st.sampled_from(
        [None, "oracle", Lookahead("oracle", refill=False), Lookahead("noisy", miss=0.3, false_alarm=0.4)]
    ),
    steps=st.none() | st.integers(1, 20),
    max_wait=st.none() | st.integers(1, 5),
    objective=st.sampled_from(["imbalance", "spread", "makespan"]),
)
def test_compiled_lookahead_equals_the_readable_one(
    work, system, horizon, lookahead, steps, max_wait, objective
) -> None:
    policy = Bfio(horizon=horizon, max_wait=max_wait, objective=objective)
    options = {"steps": steps, "window": 3, "seed": 1, "lookahead": lookahead}
    compiled = simulate(work, system, policy, **options)
    readable = simulate(work, system, policy, readable=True, **options)
    assert_same(compiled, readable)
    np.testing.assert_array_equal(compiled.gap, readable.gap)


@given(
    loads=st.lists(st.integers(0, 50), min_size=2, max_size=4),
    sizes=st.lists(st.integers(0, 20), min_size=8, max_size=10),
    horizon=st.integers(1, 4),
    data=st.data(),
)
def test_without_completions_and_with_common_drift_every_horizon_has_the_same_order(
    loads, sizes, horizon, data
) -> None:
    """Theory §1: then the objective of BF-IO(H) is H + 1 times that of BF-IO(0), whatever the assignment."""
    workers, slots = len(loads), 2
    free = [data.draw(st.integers(0, slots)) for _ in loads]
    growth = np.arange(horizon + 1.0)
    active = slots - np.array(free)
    ahead = np.array(loads)[:, None] + active[:, None] * growth
    order = data.draw(st.permutations([g for g in range(workers) for _ in range(free[g])]))
    worker = np.full(len(sizes), -1)
    worker[: len(order)] = order
    long = imbalance(StepProblem(ahead, free, sizes, growth), worker)
    assert long == (horizon + 1) * imbalance(StepProblem(ahead[:, :1], free, sizes), worker)


class Watching(Policy):
    """Fills slots in order and keeps the predictions it was shown."""

    name = "watching"
    horizon = 3

    def __init__(self) -> None:
        self.seen: list[np.ndarray] = []

    def assign(self, view: View) -> np.ndarray:
        self.seen.append(view.loads)
        worker = np.full(len(view.sizes), -1)
        worker[: view.admissions] = np.repeat(np.arange(len(view.free_slots)), view.free_slots)[
            : view.admissions
        ]
        return worker


def test_an_oracle_foresees_the_loads_that_come_to_pass_where_nothing_refills() -> None:
    # four requests fill both workers; the fifth waits until the first leaves, and the policy looks ahead then
    work = Workload([5, 6, 7, 8, 1], [1, 3, 2, 4, 9], UnitGrowth())
    policy = Watching()
    run = simulate(
        work, System(2, 2), policy, window=1, lookahead=Lookahead("oracle", refill=False), record_loads=9
    )
    late = policy.seen[1]  # at step 1, before the fifth request (1, growing) joins worker 0
    own = np.array([[1, 2, 3, 4], [0, 0, 0, 0]])
    np.testing.assert_array_equal(late + own, run.loads[1:5].T)


def test_expected_growth_is_exact_where_every_step_is_alike() -> None:
    assert expected_growth(UnitGrowth(), 3).tolist() == [0, 1, 2, 3]
    assert expected_growth(EveryThirdStep(), 2).tolist() == [0, 1.5, 3]
    assert refill_size(np.array([1.0, 2.0])) == 2
    assert refill_size(np.zeros(0)) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Lookahead("psychic"), "lookahead must be one of 'none', 'oracle', 'noisy'; got 'psychic'"),
        (lambda: Lookahead("noisy", miss=1.5), "miss must be <= 1, got 1.5"),
        (lambda: Lookahead("noisy", false_alarm=-1), "false_alarm must be >= 0, got -1"),
        (lambda: Lookahead("oracle", miss=0.1), "miss and false_alarm need kind 'noisy', got 'oracle'"),
        (
            lambda: make_lookahead(3),
            "lookahead must be a kind of lookahead or a Lookahead object, got 3 (int)",
        ),
        (lambda: Bfio(horizon=-1), "horizon must be >= 0, got -1"),
        (lambda: Bfio(max_wait=0), "max_wait must be >= 1, got 0"),
        (
            lambda: Bfio(objective="even"),
            "objective must be one of 'imbalance', 'spread', 'makespan'; got 'even'",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_is_one_clear_line(call, message: str) -> None:
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    assert str(caught.value) == message


def test_max_wait_is_honoured_and_has_a_price() -> None:
    rng = np.random.default_rng(3)
    work = Workload(rng.integers(1, 100, 4000), rng.integers(1, 60, 4000), UnitGrowth())
    free = simulate(work, System(4, 8), "bfio", steps=400)
    bound = simulate(work, System(4, 8), Bfio(max_wait=20), steps=400)
    assert free.wait.max() > 100
    # at most one step late: in a step more may come due than there are slots
    assert bound.wait[bound.start >= 0].max() <= 40
    assert bound.imbalance.mean() > free.imbalance.mean()
