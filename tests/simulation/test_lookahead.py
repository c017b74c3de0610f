"""What a policy may know of the next steps: by hand, as properties, and the compiled against the readable."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_processes import Law, NoGrowth, UnitGrowth, Workload
from formulations import StepProblem, imbalance
from simulation import Lookahead, Policy, System, View, simulate
from simulation.departures import AgeRecord, Departures, age_bounds, believed_departures, leave_table
from simulation.lookahead import NEVER, expected_growth, make_lookahead
from simulation.policies import Bfio
from simulation.refills import PoolSizes, predicted_loads
from tests.simulation.test_engine import assert_same
from tests.workload_strategies import EveryThirdStep, paced_systems, workloads

GROWTH = np.array([0.0, 1.0, 2.0])


def predict(believed: list[int], *, refill: str, sizes: list[float] | None = None, free: int = 0) -> list:
    # worker 0 holds a request of load 10 in its third step, worker 1 one of load 6 in its first
    departures = believed_departures(
        worker=np.array([0, 1]),
        load=np.array([10.0, 6.0]),
        age=np.array([2, 0]),
        believed=np.array(believed),
        growth=GROWTH,
        workers=2,
    )
    return predicted_loads(
        loads=np.array([10.0, 6.0]),
        active=np.array([1, 1]),
        free=np.array([free, 0]),
        growth=GROWTH,
        departures=departures,
        pool=PoolSizes(np.array(sizes or [4.0])),
        refill=refill,
    ).tolist()


def test_predictions_by_hand() -> None:
    assert predict([NEVER, NEVER], refill="balanced") == [[10, 11, 12], [6, 7, 8]]
    # believed to stay three steps, the first request is gone in one
    assert predict([3, NEVER], refill="none") == [[10, 0, 0], [6, 7, 8]]
    # a request of size 4 takes its slot then, and has grown by one a step later
    assert predict([3, NEVER], refill="mean") == [[10, 4, 5], [6, 7, 8]]
    # a belief that proved false says nothing more
    assert predict([2, NEVER], refill="mean") == [[10, 11, 12], [6, 7, 8]]


def test_balanced_refills_by_hand() -> None:
    # one departure: its refill has the mean size, 4, whatever the balance
    assert predict([3, NEVER], refill="balanced", sizes=[1, 7]) == [[10, 4, 5], [6, 7, 8]]
    # both leave in one step: 4 each, as both workers are then empty
    assert predict([3, 1], refill="balanced", sizes=[1, 7]) == [[10, 4, 5], [6, 4, 5]]


def test_balanced_refills_level_what_differs_as_far_as_sizes_allow() -> None:
    def loads(sizes: list[float]) -> list[list[float]]:
        # two workers keep 20 and 14, each loses a request of load 5 in the next step; constant loads
        departures = Departures(*(np.array([[0.0, x], [0.0, x]]) for x in (1.0, 5.0, 0.0)))
        return predicted_loads(
            loads=np.array([25.0, 19.0]),
            active=np.array([2, 2]),
            free=np.zeros(2, dtype=np.int64),
            growth=np.zeros(2),
            departures=departures,
            pool=PoolSizes(np.array(sizes)),
            refill="balanced",
        ).tolist()

    # two refills of mean size 5, one of 2 and one of 8: both workers reach 22
    balanced = loads([0.0, 10.0])
    assert [column[0] for column in balanced] == [25, 19]
    assert balanced[0][1] == balanced[1][1] == 22
    # sizes 4 to 6 allow only 4 and 6
    assert [column[1] for column in loads([4.0, 6.0])] == [24, 20]


def test_the_believed_lengths_of_each_kind() -> None:
    lengths, rng = np.full(20_000, 10), np.random.default_rng(1)
    assert (Lookahead("oracle").believed_lengths(lengths, rng) == 10).all()
    assert (Lookahead("none").believed_lengths(lengths, rng) == NEVER).all()
    noisy = Lookahead("noisy", miss=0.3, false_alarm=0.5).believed_lengths(lengths, rng)
    missed, false = noisy == NEVER, noisy < 10
    # 0.3 and 0.7·0.5, each within four standard deviations
    assert missed.mean() == pytest.approx(0.3, abs=0.013)
    assert false.mean() == pytest.approx(0.35, abs=0.0135)
    assert set(noisy[false]) == set(range(1, 10))


def test_a_geometric_length_leaves_at_the_same_rate_at_every_age() -> None:
    bounds = age_bounds(200)
    table = leave_table(bounds, 4, lengths=Law.geometric(0.1), record=AgeRecord(bounds, bounds))
    np.testing.assert_allclose(table, np.tile([0, 0.1, 0.19, 0.271], (len(bounds), 1)), atol=0.5 / 1024)


def test_a_constant_length_is_foreseen_within_its_class() -> None:
    # classes begin at 0, 1, 2, 4 (ages 2 and 3), 5 …; of two requests aged 2 and 3 one leaves at 4 next
    bounds = age_bounds(4)
    table = leave_table(bounds, 3, lengths=Law.constant(4), record=AgeRecord(bounds, bounds))
    assert bounds.tolist() == [0, 1, 2, 4]
    assert table.tolist() == [[0, 0, 0], [0, 0, 0], [0, 0.5, 1], [0, 1, 1]]


def test_the_estimated_hazard_finds_the_rate_of_a_geometric_length() -> None:
    # 10 % of 4000 request-steps of each age ended there: the occurrence-exposure rate is 0.1
    record = AgeRecord(np.full(4, 4000), np.full(4, 400))
    np.testing.assert_allclose(record.survival(age_bounds(4), 6), 0.9 ** np.arange(6), rtol=1e-3)


def test_the_default_weights_follow_the_turnover() -> None:
    assert Bfio(horizon=2).weights(0.0).tolist() == [1, 1, 1]
    # exp(-λh/3) in sixteenths: λ = 3 gives 16, 5.9, 2.2, 0.8, 0.3
    assert Bfio(horizon=9).weights(3.0).tolist() == [16, 6, 2, 1]
    assert Bfio(horizon=3, discount=0.5).weights(9.9).tolist() == [16, 8, 4, 2]
    assert Bfio(horizon=3, discount=1.0).weights(9.9).tolist() == [1, 1, 1, 1]


@given(
    work=workloads(clocked=True),
    system=paced_systems(),
    horizon=st.integers(0, 5),
    lookahead=st.sampled_from(
        [
            None,
            "oracle",
            "hazard",
            Lookahead("oracle", refill="none"),
            Lookahead("hazard", lengths=Law.geometric(0.2), refill="mean"),
            Lookahead("noisy", miss=0.3, false_alarm=0.4),
        ]
    ),
    steps=st.none() | st.integers(1, 20),
    max_wait=st.none() | st.integers(1, 5),
    objective=st.sampled_from(["imbalance", "spread", "makespan"]),
    discount=st.sampled_from([None, 1.0, 0.7]),
)
def test_compiled_lookahead_equals_the_readable_one(
    work, system, horizon, lookahead, steps, max_wait, objective, discount
) -> None:
    policy = Bfio(horizon=horizon, discount=discount, max_wait=max_wait, objective=objective)
    options = {"steps": steps, "window": 3, "seed": 1, "lookahead": lookahead}
    compiled = simulate(work, system, policy, **options)
    readable = simulate(work, system, policy, readable=True, **options)
    assert_same(compiled, readable)


def test_ends_beyond_the_last_step_are_foreseen_before_it() -> None:
    # the request of length 4 leaves after the run's three steps, within the window of the last
    work = Workload([0] * 4, [1, 4, 1, 1], EveryThirdStep())
    options = {"steps": 3, "window": 3, "lookahead": "oracle"}
    one, other = (simulate(work, System(2, 1), Bfio(horizon=2), readable=r, **options) for r in (True, False))
    np.testing.assert_array_equal(one.gap, other.gap)


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
        work, System(2, 2), policy, window=1, lookahead=Lookahead("oracle", refill="none"), record_loads=9
    )
    late = policy.seen[1]  # at step 1, before the fifth request (1, growing) joins worker 0
    own = np.array([[1, 2, 3, 4], [0, 0, 0, 0]])
    np.testing.assert_array_equal(late + own, run.loads[1:5].T)


def test_expected_growth_is_exact_where_every_step_is_alike() -> None:
    assert expected_growth(UnitGrowth(), 4).tolist() == [0, 1, 2, 3]
    assert expected_growth(EveryThirdStep(), 3).tolist() == [0, 1.5, 3]
    assert PoolSizes(np.array([1.0, 2.0])).mean == 2
    assert PoolSizes(np.array([1.0, 2.5])).mean == 1.75


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: Lookahead("psychic"),
            "lookahead must be one of 'none', 'oracle', 'noisy', 'hazard'; got 'psychic'",
        ),
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


@pytest.mark.parametrize("readable", [False, True])
@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([-1, 1, 1], "weights of policy 'bfio' must be > 0, got -1"),
        ([0, 0, 0], "weights of policy 'bfio' must be > 0, got 0"),
        ([], "weights of policy 'bfio' must have 1 to H + 1 = 3 entries, got 0"),
        (np.ones(9), "weights of policy 'bfio' must have 1 to H + 1 = 3 entries, got 9"),
        ([1, np.nan], "weights of policy 'bfio'[1] must be finite, got nan"),
    ],
)
def test_weights_that_can_not_be_are_refused_by_both_engines(weights, message: str, readable: bool) -> None:
    class Odd(Bfio):
        def weights(self, turnover: float):
            return weights

    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        simulate(Workload([1, 2], [3, 3], NoGrowth()), System(2, 1), Odd(horizon=2), readable=readable)


def test_a_policy_with_a_solver_of_its_own_is_asked() -> None:
    class Mine(Bfio):
        calls = 0

        def solve(self, problem):
            Mine.calls += 1
            return super().solve(problem)

    simulate(Workload([1, 2, 3], [3, 3, 1], NoGrowth()), System(2, 1), Mine())
    assert Mine.calls == 2


def test_a_hazard_needs_tables_no_longer_than_the_run() -> None:
    work = Workload([1, 2, 3], [3, 2, 10**12], NoGrowth())
    short = simulate(work, System(2, 1), Bfio(horizon=2), lookahead="hazard", steps=4)
    assert short.steps == 4
    message = "lookahead 'hazard' keeps ages up to 10000000 steps, this run may reach 100000000; "
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        simulate(work, System(2, 1), Bfio(horizon=2), lookahead="hazard", steps=10**8)
