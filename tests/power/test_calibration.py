"""The checker is wrong as rarely as it says, and finds false neighbours.

True claims are put where they are hardest to tell from false ones: the mean sits on the bound itself.
"""

import math

import numpy as np
import pytest
import scipy.stats

from bounds.confidence.betting import BettingSequence
from bounds.confidence.decide import DEFAULT_BUDGET, around, decide
from bounds.confidence.ratios import Part, RatioSequence
from tests.bounds.confidence.wealth import ever_refuted
from tests.power.laws import LAWS

ANY = math.inf
NULLS = 2000


@pytest.mark.parametrize("level", [0.01, 0.1])
def test_of_2000_true_claims_at_most_a_share_of_level_is_refuted(level) -> None:
    rng = np.random.default_rng(2024)
    target, refuted, naive = math.log(2 / level), 0, 0
    for law in LAWS:
        values = law.draw(rng, (NULLS // len(LAWS), 1000))
        refuted += int(ever_refuted(values, law.mean, target=target).sum())
        refuted += int(ever_refuted(1 - values, 1 - law.mean, target=target).sum())
        naive += _ever_significant(values, law.mean, level)
    assert refuted <= level * NULLS
    # not vacuous: looking all the time with a fixed-number interval goes wrong on these very data
    assert naive > 5 * level * NULLS


def _ever_significant(values, mean, level) -> int:
    """How many series a two-sided z-test refutes that is repeated after each observation from the 30th on."""
    counts = np.arange(1, values.shape[1] + 1)
    means = np.cumsum(values, axis=1) / counts
    deviations = np.sqrt(np.maximum(np.cumsum(values**2, axis=1) / counts - means**2, 1e-18))
    z = np.abs(means - mean) / (deviations / np.sqrt(counts))
    return int((z[:, 29:] > scipy.stats.norm.isf(level / 2)).any(axis=1).sum())


def test_the_level_is_used_and_not_merely_kept() -> None:
    # an inequality that gives half its level away would still pass the test above
    rng = np.random.default_rng(5)
    values = rng.integers(2, size=(2000, 2000)).astype(float)
    level = 0.2
    share = ever_refuted(values, 0.5, target=math.log(1 / level)).mean()
    assert 0.15 * level < share <= level


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_decide_refutes_no_true_claim_at_its_bound(law) -> None:
    wrong = 0
    for i in range(20):
        for allowed in ((-ANY, law.mean + 1e-12), (law.mean - 1e-12, ANY), around(law.mean, rtol=1e-9)):
            verdict = _decided(law, allowed, seed=i, budget=200)
            wrong += verdict.word == "refuted"
    # at level 0.01 more than 4 of 60 (not even independent) decisions have a chance below 0.001
    assert wrong <= 4


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_false_neighbours_are_refuted_within_the_default_budget(law) -> None:
    for allowed in ((-ANY, 0.5 * law.mean), (min(2 * law.mean, 0.5 + 0.5 * law.mean), ANY)):
        found = sum(_decided(law, allowed, seed=seed).word == "refuted" for seed in range(10))
        assert found >= 9


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_claims_with_room_are_confirmed_within_the_default_budget(law) -> None:
    for allowed in ((-ANY, min(2 * law.mean, 0.5 + 0.5 * law.mean)), (0.5 * law.mean, ANY)):
        found = sum(_decided(law, allowed, seed=seed).word == "holds" for seed in range(10))
        assert found >= 9


@pytest.mark.parametrize("claimed", [2.0, 4.5])
def test_ratios_are_refuted_where_they_are_wrong(claimed) -> None:
    # pairs of ratio 3; "at least 4.5" and "at most 2" are false
    def draw(seed: int) -> tuple[float, float]:
        rng = np.random.default_rng(seed)
        common = 0.5 + rng.random()
        return 3 * common * rng.uniform(0.5, 1.5), common

    allowed = (claimed, ANY) if claimed > 3 else (-ANY, claimed)
    for seed in range(10):
        verdict = decide(draw, allowed, RatioSequence(Part(7), Part(1.5)), seed=seed)
        assert verdict.word == "refuted"
        assert verdict.observations < 300


@pytest.mark.search
def test_decide_itself_on_2000_true_claims_and_their_false_neighbours() -> None:
    level = 0.05
    refuted = missed = 0
    each = NULLS // len(LAWS)
    for law in LAWS:
        for seed in range(each):
            on_the_bound = (-ANY, law.mean + 1e-12) if seed % 2 else (law.mean - 1e-12, ANY)
            refuted += _decided(law, on_the_bound, seed=seed, level=level).word == "refuted"
            missed += _decided(law, (-ANY, 0.5 * law.mean), seed=seed, level=level).word != "refuted"
    assert refuted <= level * NULLS
    assert missed <= 0.1 * NULLS


def _decided(law, allowed, *, seed, budget=DEFAULT_BUDGET, level=0.01):
    """Decide on one series drawn at once: the seeds of `decide` would cost a generator each."""
    values = iter(law.draw(np.random.default_rng([seed, 77]), (budget,)).tolist())
    return decide(
        lambda _: next(values), allowed, BettingSequence(0, 1, level=level), budget=budget, seed=seed
    )
