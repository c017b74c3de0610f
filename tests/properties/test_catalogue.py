"""Every policy decides every step of the catalogue of known answers; BF-IO reaches its optimum."""

import numpy as np
import pytest

from formulations import StepProblem, imbalance
from simulation.policies import POLICIES, View
from tests.instances import INSTANCES, Instance
from tests.workload_strategies import QUICK_POOLED

PLAIN = [case for case in INSTANCES if case.problem.is_plain]


def view(problem: StepProblem) -> View:
    """Return the step as a policy sees it, as many requests active as the loads suggest."""
    pool = len(problem.sizes)
    return View(
        step=0,
        loads=problem.loads,
        active=(problem.loads[:, 0] > 0).astype(np.int64),
        free_slots=problem.free_slots,
        sizes=problem.sizes,
        waited=np.zeros(pool, dtype=np.int64),
        growth=problem.growth,
        weights=problem.weights,
        rng=np.random.default_rng(3),
    )


def test_most_of_the_catalogue_is_plain() -> None:
    assert len(PLAIN) >= len(INSTANCES) - 4


@pytest.mark.parametrize("name", [*QUICK_POOLED, "bfio_exact"])
@pytest.mark.parametrize("case", PLAIN, ids=str)
def test_every_policy_makes_a_feasible_choice(case: Instance, name: str) -> None:
    problem, policy = case.problem, POLICIES[name]()
    policy.reset()
    worker = policy.assign(view(problem))
    assert worker.shape == (len(problem.sizes),)
    assert set(worker.tolist()) <= {-1, *range(problem.workers)}
    given = np.bincount(worker[worker >= 0], minlength=problem.workers)
    assert (given <= problem.free_slots).all()
    assert given.sum() == problem.admissions
    assert imbalance(problem, worker) >= case.imbalance


@pytest.mark.parametrize("case", PLAIN, ids=str)
def test_bfio_is_within_its_gap_of_the_optimum(case: Instance) -> None:
    policy = POLICIES["bfio"]()
    worker = policy.assign(view(case.problem))
    assert imbalance(case.problem, worker) <= case.imbalance + policy.gap * case.problem.weights[0]


@pytest.mark.parametrize("case", PLAIN, ids=str)
def test_bfio_exact_reaches_the_optimum(case: Instance) -> None:
    worker = POLICIES["bfio_exact"]().assign(view(case.problem))
    assert imbalance(case.problem, worker) == case.imbalance
