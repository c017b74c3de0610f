"""BalanceRoute: scores worked by hand, and what the rule amounts to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import stream
from drift_processes import Law, UnitGrowth, Workload
from simulation import Lookahead, System, View, simulate, verify
from simulation.policies import BalanceRoute0, BalanceRouteH, make_policy
from tests.workload_strategies import ANY_SIZES, DRIFTS, Thirds, paced_systems, systems, workloads


def view(loads, free, sizes, weights=(1.0,), growth=(0.0,)) -> View:
    loads = np.array(loads, dtype=float)
    return View(
        step=0,
        loads=loads.reshape(len(free), -1),
        active=np.zeros(len(free), dtype=np.int64),
        free_slots=np.array(free),
        sizes=np.array(sizes, dtype=float),
        waited=np.zeros(len(sizes), dtype=np.int64),
        growth=np.array(growth, dtype=float),
        weights=np.array(weights, dtype=float),
        rng=stream(0, "policy"),
    )


def test_br0_by_hand() -> None:
    """Loads 10, 4, 6, one slot each but none on the lightest; margins 0, 6, 4, so G·overflow counts.

    Size 3 fits into the margin of worker 2 (F = 3) and overflows worker 0 by 3 (F = 3 - 9); then worker 0.
    """
    assert BalanceRoute0().assign(view([10, 4, 6], [1, 0, 1], [3, 2, 1])).tolist() == [2, 0, -1]


def test_brh_by_hand() -> None:
    """Worker 0 is lighter now (4, 9), worker 1 later (6, 2): envelope 6, 9, margins (2, 0) and (0, 7).

    Size 5 overflows worker 0 by 3 + γ·5 and worker 1 by 5 + γ·0. With γ = 1/4 it is 4.25 and 5: worker 0,
    with γ = 1/2 it is 5.5 and 5: worker 1, now (11, 8) with growth 1, and the envelope is 11, 9. Size 1 then
    fits worker 0 now (7) but not later (0), γ·1 = 0.5, and worker 1 the other way round, 1.
    """
    state = lambda weights: view([[4, 9], [6, 2]], [2, 2], [5, 1], weights, (0.0, 1.0))  # noqa: E731
    assert BalanceRouteH(horizon=1).assign(state((1.0, 0.25))).tolist()[0] == 0
    assert BalanceRouteH(horizon=1).assign(state((1.0, 0.5))).tolist() == [1, 0]
    assert BalanceRouteH(horizon=0).assign(view([4, 6], [2, 2], [5, 1])).tolist() == [0, 1]


def test_the_discount_is_that_of_the_columns() -> None:
    assert BalanceRouteH(horizon=2, discount=0.5).weights(9.0).tolist() == [1, 0.5, 0.25]
    assert make_policy("brh").weights(0.0)[1] == 0.9


@given(
    loads=st.lists(st.floats(0, 1e6), min_size=1, max_size=5),
    sizes=st.lists(st.floats(0, 1e6), min_size=1, max_size=5),
    alpha=st.floats(0.1, 10),
    beta=st.none() | st.floats(0.1, 10),
)
def test_neither_alpha_nor_beta_changes_where_the_oldest_request_goes(loads, sizes, alpha, beta) -> None:
    """The score as it is published, with any factors: the lightest worker is never beaten."""
    state = view(loads, [len(sizes)] * len(loads), sizes)
    chosen, now = make_policy("br0").assign(state), np.array(loads)
    for size, g in zip(sizes, chosen, strict=True):
        overflow = np.maximum(size - (now.max() - now), 0)
        score = alpha * size - (len(now) if beta is None else beta) * overflow
        assert score[g] == score.max()
        assert now[g] == now.min()
        now[g] += size


@settings(max_examples=60)
@given(work=workloads((*DRIFTS, Thirds()), sizes=ANY_SIZES, clocked=True), system=paced_systems(),
       binding=st.sampled_from(["pooled", "immediate"]))  # fmt: skip
def test_br0_decides_as_least_load_does(work, system, binding) -> None:
    one, other = (
        simulate(work, system, policy, binding=binding, seed=1, readable=True)
        for policy in ("br0", "least_load")
    )
    assert one.worker.tolist() == other.worker.tolist()
    assert one.start.tolist() == other.start.tolist()


@settings(max_examples=60)
@given(work=workloads(), system=systems())
def test_brh_without_a_horizon_is_br0(work, system) -> None:
    one, other = (
        simulate(work, system, policy, seed=1) for policy in (BalanceRouteH(horizon=0), BalanceRoute0())
    )
    assert one.worker.tolist() == other.worker.tolist()


@settings(max_examples=120)
@given(
    work=workloads(clocked=True),
    system=paced_systems(),
    lookahead=st.sampled_from(
        [Lookahead("oracle", refill="none"), Lookahead("hazard", refill="none"), Lookahead("hazard"),
         Lookahead("noisy", miss=0.3, false_alarm=0.2, refill="mean")]
    ),
    horizon=st.integers(0, 6),
    discount=st.sampled_from([0.5, 0.9, 1.0]),
)  # fmt: skip
def test_brh_is_the_same_in_both_engines_whatever_it_foresees(
    work, system, lookahead, horizon, discount
) -> None:
    policy = BalanceRouteH(horizon=horizon, discount=discount)
    one, other = (
        simulate(work, system, policy, seed=3, lookahead=lookahead, readable=readable)
        for readable in (False, True)
    )
    assert one.worker.tolist() == other.worker.tolist()
    assert one.max_load.tolist() == other.max_load.tolist()
    verify(one)


def test_what_brh_foresees_matters() -> None:
    """Steps last a second; one slot is free on either worker for the last request, of size 5.

    At step 1 worker 0 holds a request of 11, worker 1 one of 10. The one of 11 ends with this step, the other
    stays: from then on worker 0 is the lighter one.
    """
    work = Workload([10, 9, 5], [2, 9, 9], UnitGrowth(), arrival_s=[0, 0, 0.5])
    system = System(2, 2, overhead_s=1.0, seconds_per_token=0.0)
    ahead = Lookahead("oracle", refill="none")
    assert simulate(work, system, BalanceRouteH(horizon=3, discount=1.0), lookahead=ahead).worker[2] == 0
    assert simulate(work, system, "br0").worker[2] == 1


@pytest.mark.parametrize("binding", ["pooled", "immediate"])
def test_br0_runs_at_the_speed_of_its_twin_and_under_either_binding(binding: str) -> None:
    work = Workload.synthetic(
        sizes=Law.uniform(1, 50), lengths=Law.geometric(0.1), drift=UnitGrowth(), requests=500, seed=1
    )
    runs = [simulate(work, System(3, 4), name, binding=binding) for name in ("br0", "least_load")]
    assert runs[0].worker.tolist() == runs[1].worker.tolist()
    assert (runs[0].policy, runs[0].binding) == ("br0", binding)
