"""Bad input to the room `bounds`: the exact line a user reads."""

from dataclasses import replace

import numpy as np
import pytest

import bounds
from bounds import (
    CLAIMS,
    Enclosure,
    batch_count,
    batch_means,
    expected_maximum,
    fcfs_imbalance,
    fcfs_lower_bound,
    homogeneous_ratio,
    independent_mean,
    memory_steps,
    stationary_after,
    step_energy_bounds,
    sum_law,
    unmet,
)
from bounds.assumptions import overloaded, rich_pool
from bounds.certified_quantile import fcfs_imbalance_quantile
from bounds.claim import Claim
from drift_processes import DriftProcess, JointLaw, Law, NoGrowth, UnitGrowth, Workload
from simulation import System, simulate

DICE = Law.uniform(1, 6)
ONES = Law.constant(1)
PAIRS = JointLaw([1, 2], [1, 2], [0.5, 0.5])
RUN = simulate(Workload([1, 2, 3], [2, 2, 2], NoGrowth()), System(2, 1), "fcfs")
STEP = {"G": 2, "T": 1, "I_M": 1, "P_idle": 100, "P_max": 400, "gamma": 0.7}


class Erratic(DriftProcess):
    increment_range = (0.0, 2.0)


def f0(sizes=DICE, lengths=ONES, drift=None, **options):
    return fcfs_imbalance(sizes, lengths, drift or NoGrowth(), **{"workers": 2, "slots": 2, **options})


def quantile(level, sizes=DICE, lengths=ONES, drift=None, **options):
    options = {"workers": 2, "slots": 2, **options}
    return fcfs_imbalance_quantile(level, sizes, lengths, drift or NoGrowth(), **options)


def energy(duration_s=(1.0,), max_load=(2.0,), total_load=(3.0,), **options):
    numbers = {"workers": 2, "idle_w": 100, "busy_w": 400, "exponent": 0.7, **options}
    return step_energy_bounds(duration_s, max_load, total_load, **numbers)


def claim(**changes):
    return replace(CLAIMS["B1"], **changes)


BAD = [
    (lambda: Enclosure(2, 1), "lo must be <= hi, got lo = 2.0 and hi = 1.0"),
    (lambda: Enclosure(float("nan"), 1), "lo must be finite, got nan"),
    (lambda: Enclosure(0, "x"), "hi must be a number, got 'x' (str)"),
    (lambda: Enclosure(0, 1) / 0, "divisor must be > 0, got 0"),
    (lambda: Enclosure(0, 1) * "2", "factor must be a number, got '2' (str)"),
    (lambda: Enclosure(0, 1) + float("inf"), "offset must be finite, got inf"),
    (lambda: "x" in Enclosure(0, 1), "value must be a number, got 'x' (str)"),
    (lambda: f0(sizes=[1, 2]), "sizes must be a Law or a JointLaw, got [1, 2] (list)"),
    (lambda: f0(lengths=None), "lengths must be given where sizes is a Law; a JointLaw would hold both"),
    (lambda: f0(lengths=3), "lengths must be a Law, got 3 (int)"),
    (lambda: f0(lengths=Law.uniform(0, 2)), "lengths must be whole numbers >= 1, got 0"),
    (lambda: f0(sizes=PAIRS), "lengths must be None where sizes is a JointLaw: it has the lengths"),
    (lambda: f0(drift="unit"), "drift must be a DriftProcess, got 'unit' (str)"),
    (lambda: f0(workers=0), "workers must be >= 1, got 0"),
    (lambda: f0(slots=1.5), "slots must be a whole number, got 1.5 (float)"),
    (lambda: f0(rtol=0), "rtol must be > 0, got 0"),
    (
        lambda: f0(sizes=Law([1, 2**24], [0.5, 0.5]), lengths=DICE, drift=UnitGrowth()),
        "a table of 16777220 loads is too long for a certified law, at most 8388608",
    ),
    (lambda: quantile(0), "level must be > 0, got 0"),
    (lambda: quantile(1), "level must be < 1, got 1"),
    (lambda: quantile("x"), "level must be a number, got 'x' (str)"),
    (lambda: quantile(0.5, workers=0), "workers must be >= 1, got 0"),
    (lambda: quantile(0.5, slots=0), "slots must be >= 1, got 0"),
    (lambda: quantile(0.5, rtol=-1), "rtol must be > 0, got -1"),
    (lambda: quantile(0.5, sizes=3), "sizes must be a Law or a JointLaw, got 3 (int)"),
    (
        lambda: quantile(0.5, drift=Erratic(), lengths=DICE),
        "drift Erratic has no exact snapshot law (its snapshot is None)",
    ),
    (
        lambda: f0(lengths=Law([2, 6], [0.5, 0.5])),
        "lengths must be aperiodic for F0, got only multiples of 2",
    ),
    (
        lambda: f0(lengths=DICE, drift=Erratic()),
        "drift Erratic has no exact snapshot law (its snapshot is None)",
    ),
    (
        lambda: f0(lengths=Law.constant(5), drift=Erratic()),
        "drift Erratic is not common, so F0 has no stationary law for lengths that are all 5: "
        "the rounds are synchronous and loads spread with the age",
    ),
    (
        lambda: f0(sizes=Law([0.5, 1], [0.5, 0.5]), lengths=DICE, drift=UnitGrowth()),
        "the snapshot law of UnitGrowth needs whole-number sizes",
    ),
    (lambda: expected_maximum([1], copies=2), "law must be a Law, got [1] (list)"),
    (lambda: expected_maximum(DICE, copies=0), "copies must be >= 1, got 0"),
    (lambda: expected_maximum(DICE, copies=2, terms=0), "terms must be >= 1, got 0"),
    (
        lambda: expected_maximum(DICE, copies=2**30, terms=2**21),
        "copies times terms must be <= 2**50, got 2251799813685248",
    ),
    (
        lambda: expected_maximum(DICE, copies=2, terms=10**14),
        "the sum of 100000000000000 needs more than 2**22 points even coarsened, "
        "got Law(6 values in [1, 6], mean 3.5)",
    ),
    (lambda: sum_law(3, 2), "law must be a Law, got 3 (int)"),
    (lambda: sum_law(DICE, 0), "terms must be >= 1, got 0"),
    (
        lambda: sum_law(Law([0, 0.1], [0.5, 0.5]), 2),
        "law must be on a lattice on which the sum of 2 has at most 2**24 points, "
        "got Law(2 values in [0, 0.1], mean 0.05)",
    ),
    (lambda: stationary_after(3), "lengths must be a Law, got 3 (int)"),
    (lambda: stationary_after(Law([0.5, 1], [0.5, 0.5])), "lengths must be whole numbers >= 1, got 0.5"),
    (
        lambda: stationary_after(Law([2, 4], [0.5, 0.5])),
        "lengths must be aperiodic, got only multiples of 2: ages never settle",
    ),
    (lambda: stationary_after(DICE, tolerance=0), "tolerance must be >= 1e-09, got 0"),
    (lambda: stationary_after(DICE, tolerance=1), "tolerance must be < 1, got 1"),
    (lambda: stationary_after(DICE, limit=0), "limit must be >= 1, got 0"),
    (
        lambda: stationary_after(Law.geometric(0.5), limit=4),
        "lengths need more than limit = 4 steps to settle within 0.001: the distance is then still 0.0625",
    ),
    (lambda: fcfs_lower_bound(3, workers=2, slots=2), "load must be a Law or a list of laws, got 3 (int)"),
    (lambda: fcfs_lower_bound(DICE, workers=0, slots=2), "workers must be >= 1, got 0"),
    (lambda: fcfs_lower_bound(DICE, workers=2, slots=0), "slots must be >= 1, got 0"),
    (lambda: homogeneous_ratio(DICE, workers=1, slots=2), "workers must be >= 2, got 1"),
    (lambda: homogeneous_ratio(DICE, workers=2, slots=0), "slots must be >= 1, got 0"),
    (
        lambda: homogeneous_ratio(ONES, workers=2, slots=2),
        "sizes must not be constant, got 1 only: no imbalance",
    ),
    (lambda: energy(max_load=[1, 2]), "max_load must have shape (K,) = (1,), got (2,)"),
    (lambda: energy(total_load=[-1]), "total_load[0] must be >= 0, got -1"),
    (lambda: energy(duration_s=[np.nan]), "duration_s[0] must be finite, got nan"),
    (lambda: energy(busy_w=50), "busy_w must be >= 100, got 50"),
    (lambda: energy(exponent=2), "exponent must be <= 1, got 2"),
    (
        lambda: batch_means([1.0] * 100),
        "values must have at least 160 entries for batches = 20 (8 in each), got 100",
    ),
    (lambda: batch_means([1.0] * 9 + [np.nan] * 200), "values[9] must be finite, got nan"),
    (lambda: batch_means([1.0] * 200, level=1), "level must be < 1, got 1"),
    (lambda: batch_means([1.0] * 200, batches=1), "batches must be >= 2, got 1"),
    (lambda: CLAIMS["B1"].evaluate(G=2), "claim B1 needs Delta (largest minus smallest size, load)"),
    (lambda: CLAIMS["B1"].evaluate(G=2, delta=1), "claim B1 has no symbol 'delta'; it has G, Delta"),
    (lambda: CLAIMS["B1"].evaluate(G="2", Delta=1), "G must be a number, got '2' (str)"),
    (lambda: CLAIMS["B1"].evaluate(G=2, Delta=float("inf")), "Delta must be finite, got inf"),
    (
        lambda: CLAIMS["B1-ratio"].evaluate(G=1, B=1, M=2, mu=1, Delta=1),
        "claim B1-ratio needs G >= 2, got G = 1",
    ),
    (
        lambda: CLAIMS["T0"].evaluate(G=2, K=1, N=1, C=0, kappa=0, nu=0, W=0, J=0),
        "claim T0 has no finite value at G = 2, K = 1, N = 1, C = 0, kappa = 0, nu = 0, W = 0, J = 0",
    ),
    (lambda: CLAIMS["B1"].evaluate(G=-3, Delta=1), "claim B1 needs G >= 1, got G = -3"),
    (lambda: CLAIMS["B1"].evaluate(G=3, Delta=-1), "claim B1 needs Delta >= 0, got Delta = -1"),
    (
        # epsilon = 0.4748·2/√4 = 0.47, and the normal tail at 1 is 0.16
        lambda: CLAIMS["F1"].evaluate(G=4, B=4, sigma=1, rho=2, t=1),
        "claim F1 needs q > 0, got B = 4, rho = 2, sigma = 1, t = 1",
    ),
    (lambda: CLAIMS["F1"].evaluate(G=4, B=400, sigma=1, rho=2, t=0), "claim F1 needs t > 0, got t = 0"),
    (lambda: CLAIMS["E0"].evaluate(**{**STEP, "gamma": 0}), "claim E0 needs gamma > 0, got gamma = 0"),
    (lambda: CLAIMS["E0"].evaluate(**{**STEP, "gamma": 2}), "claim E0 needs gamma <= 1, got gamma = 2"),
    (
        lambda: CLAIMS["E0"].evaluate(**{**STEP, "P_idle": 500}),
        "claim E0 needs P_max >= P_idle, got P_idle = 500, P_max = 400",
    ),
    (lambda: independent_mean([1.0]), "values must have at least 2 entries, got 1"),
    (lambda: independent_mean([1.0, 2.0], level=0), "level must be > 0, got 0"),
    (lambda: memory_steps([1, 2]), "lengths must be a Law, got [1, 2] (list)"),
    (lambda: batch_count(-1, memory=3), "steps must be >= 0, got -1"),
    (
        lambda: CLAIMS["B1"].evaluate_lower(G=2, Delta=1),
        'claim B1 has one side only: its direction is "upper"',
    ),
    (
        lambda: claim(status="certain"),
        "status must be one of 'exact', 'proved', 'asymptotic', 'conjecture'; got 'certain'",
    ),
    (
        lambda: claim(direction="up"),
        "direction must be one of 'equal', 'lower', 'upper', 'between'; got 'up'",
    ),
    (lambda: claim(direction="between"), 'lower must be given exactly where direction is "between"'),
    (
        lambda: claim(symbols={"G": "workers"}),
        "symbols must name exactly those of the expression, got a difference in Delta",
    ),
    (lambda: unmet("B1", RUN), "claim must be a Claim, got 'B1' (str)"),
    (lambda: unmet(CLAIMS["B1"], 3), "run must be a Run, got 3 (int)"),
    (
        lambda: unmet(CLAIMS["T0"], RUN, options={"overloaded": {}}),
        "options names 'overloaded', which claim T0 does not assume",
    ),
    (
        lambda: unmet(claim(assumptions=("full_moon",)), RUN),
        "claim B1 assumes 'full_moon', which is no predicate in PREDICATES",
    ),
    (lambda: overloaded(RUN, warmup=4), "warmup must be <= 3, got 4"),
    (lambda: overloaded(RUN, until=5), "until must be <= 4, got 5"),
    (lambda: rich_pool(RUN, a=3, b=3), "b must be > 3, got 3"),
    (lambda: rich_pool(RUN, a=-1, b=3), "a must be >= 0, got -1"),
]


@pytest.mark.parametrize(("call", "message"), BAD, ids=[message[:60] for _, message in BAD])
def test_bad_input_gives_one_line_that_says_what_is_wrong(call, message) -> None:
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    assert str(caught.value) == message


def test_a_claim_needs_keywords() -> None:
    with pytest.raises(TypeError, match="positional"):
        Claim("B1", "title")


def test_a_misspelt_name_of_the_room_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'bounds' has no attribute 'fcfs_imbalanse'"):
        bounds.fcfs_imbalanse  # noqa: B018
