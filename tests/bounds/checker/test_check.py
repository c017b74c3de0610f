"""Claims that are true hold, false ones are refuted, and no verdict contradicts its own numbers."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.checker import CHECKED, Setting, check, check_control, horizon, search
from bounds.checker import setting as setting_module
from bounds.checker import statistical as statistical_tests
from bounds.checker.long_run import LONG_RUN
from bounds.checker.statistical import exact_imbalance
from bounds.claims import CLAIMS
from bounds.enclosure import Enclosure
from bounds.falsifier import ADAPTERS
from bounds.falsifier.adapters import b1 as b1_adapter
from bounds.finding import Finding
from bounds.verdict import Verdict
from drift_processes import Law, NoGrowth
from simulation import Run
from tests.bounds.checker.small import CHECK, ROUNDS, hasten

HALF_OF_B1 = {"workers": 2, "slots": 1, "sizes": [0, 1]}


def agrees_with_itself(verdict: Verdict) -> bool:
    """Whether the word is what the measured range and the allowed one say."""
    (low, high), (least, most) = verdict.measured, verdict.bound
    if verdict.word == "holds":
        return least <= low and high <= most * (1 + 1e-9)
    return verdict.word != "refuted" or low > most or high < least


@pytest.mark.parametrize("claim", CHECKED)
def test_a_claim_holds(claim: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hasten(monkeypatch)
    verdict = check(claim)
    assert verdict.word == "holds", str(verdict)
    assert agrees_with_itself(verdict)
    # only what is measured can be wrong by chance, and a search that finds nothing bounds no probability
    assert verdict.level == (None if claim in ADAPTERS else 0.01)
    assert (verdict.guarantee == "") == (claim in ADAPTERS)
    assert verdict.seed == 0


@pytest.mark.parametrize("claim", CHECKED)
def test_its_false_neighbour_is_refuted(claim: str) -> None:
    verdict = check_control(claim, seed=2)
    assert (verdict.claim, verdict.word) == (claim, "refuted")
    assert agrees_with_itself(verdict)


def test_every_claim_can_be_tested_in_one_way_and_the_filling_lemma_too() -> None:
    ways = [*ADAPTERS, *statistical_tests.STATISTICAL, *horizon.HORIZON_CLAIMS, *LONG_RUN]
    assert sorted(ways) == sorted(CHECKED)
    assert set(ADAPTERS) < set(CHECKED)
    assert set(CHECKED) - set(CLAIMS) == {"filling"}
    assert len(set(CHECKED)) == len(CHECKED)


@pytest.mark.parametrize("scale", [0.25, 0.5, 0.99])
def test_a_tight_bound_made_smaller_is_refuted_by_the_smallest_instance(scale: float) -> None:
    verdict = check("B1", scale=scale)
    assert verdict.word == "refuted"
    assert verdict.instance == HALF_OF_B1
    assert (verdict.measured, verdict.bound) == ((1, 1), (-np.inf, scale))


def test_a_bound_made_larger_holds_and_the_ratio_says_by_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    hasten(monkeypatch)
    verdict = check("B1", scale=4)
    assert verdict.word == "holds"
    assert "worst ratio 0.25" in verdict.reason


def test_a_lower_bound_scaled_beyond_the_truth_is_refuted() -> None:
    # F0, 1609 at the default setting, is 4.9 times F1
    assert check("F1", scale=4.5).word == "holds"
    assert check("F1", scale=5.5).word == "refuted"


def test_an_equality_is_tested_on_both_sides() -> None:
    assert check("F0", ROUNDS, scale=0.9).word == "refuted"
    assert check("F0", ROUNDS, scale=1.1).word == "refuted"


def test_a_ratio_that_an_unproven_decision_may_have_caused_is_left_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert check_control("B1-ratio").word == "refuted"
    unproven = Finding("solved_to_optimality", False, "step 3: proven to be within 2 of the optimum only")
    monkeypatch.setattr(statistical_tests, "solved_to_optimality", lambda run: unproven)
    verdict = check_control("B1-ratio")
    assert verdict.word == "inconclusive"
    assert verdict.reason.endswith(f", but {unproven.reason}")


def test_a_budget_too_small_leaves_it_open() -> None:
    verdict = check("F0", budget=3)
    assert (verdict.word, verdict.observations) == ("inconclusive", 3)


@pytest.mark.parametrize("claim", ["F0", "F1", "B1-ratio", "B1"])
def test_a_seed_gives_the_same_verdict_again_and_another_seed_other_numbers(claim: str) -> None:
    def once(seed: int) -> Verdict:
        return check(claim, ROUNDS, seed=seed, budget=20, scale=0.5)

    assert once(3) == once(3)
    if claim not in ADAPTERS:
        assert once(3).measured != once(4).measured


def test_a_smaller_level_needs_more_replications() -> None:
    often, rarely = (check("F1", level=level, seed=1).observations for level in (0.1, 1e-6))
    assert often < rarely


@settings(max_examples=20)
@given(
    claim=st.sampled_from(["F0", "F1", "B1-ratio"]),
    scale=st.floats(0.1, 20),
    level=st.floats(1e-6, 0.5),
    seed=st.integers(0, 2**32),
    workers=st.integers(2, 5),
    slots=st.integers(1, 6),
    largest=st.integers(0, 9),
    length=st.integers(1, 3),
)
def test_no_verdict_contradicts_its_own_numbers(
    claim: str, scale: float, level: float, seed: int, workers: int, slots: int, largest: int, length: int
) -> None:
    setting = Setting(
        Law.uniform(0, largest), Law.constant(length), workers=workers, slots=slots, steps=60
    )  # fmt: skip
    verdict = check(claim, setting, level=level, budget=80, seed=seed, scale=scale)
    assert agrees_with_itself(verdict), str(verdict)
    if verdict.word in ("holds", "refuted"):
        assert verdict.observations > 0
    else:
        assert verdict.reason


def test_search_shows_what_is_behind_a_verdict() -> None:
    found = search("B1", scale=0.5, seed=7)
    assert found is not None
    assert found.counterexample is not None
    assert found.counterexample.instance == HALF_OF_B1
    assert found.verdict == check("B1", scale=0.5, seed=7)
    assert search("F0") is None


def test_a_scenario_needs_only_the_attributes() -> None:
    scenario = SimpleNamespace(**{name: getattr(ROUNDS, name) for name in ("sizes", "lengths", "drift")})
    scenario.workers, scenario.slots = ROUNDS.workers, ROUNDS.slots
    setting = replace(ROUNDS, steps=None)
    assert check("F1", scenario, budget=10) == check("F1", setting, budget=10)


# what follows breaks the checker on purpose


def wrong_imbalance(*laws: object, **options: object) -> Enclosure:
    return RIGHT(*laws, **options) * 1.1


RIGHT: Callable[..., Enclosure] = setting_module.fcfs_imbalance


def test_a_wrong_exact_value_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting_module, "fcfs_imbalance", wrong_imbalance)
    assert check("F0", ROUNDS).word == "refuted"


def test_a_lower_bound_beyond_the_exact_value_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting_module, "fcfs_lower_bound", lambda *_laws, **_options: 1700.0)
    assert check("F1").word == "refuted"


def test_a_simulation_that_forgets_to_let_loads_grow_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    grown = Setting.run

    def stunted(self: Setting, policy: str, steps: int, seed: int) -> Run:
        return grown(replace(self, drift=NoGrowth()), policy, steps, seed)

    monkeypatch.setattr(Setting, "run", stunted)
    assert check("F0").word == "refuted"


def test_a_policy_that_looks_at_no_size_is_no_bfio(monkeypatch: pytest.MonkeyPatch) -> None:
    def in_order(problem: object, *, enough: object) -> SimpleNamespace:
        del enough
        sizes, workers = list(problem.sizes), problem.workers
        slots = int(problem.free_slots[0])
        loads = [sum(sizes[g * slots : (g + 1) * slots]) for g in range(workers)]
        return SimpleNamespace(value=Fraction(int(workers * max(loads) - sum(loads))), gap=0)

    monkeypatch.setattr(b1_adapter, "optimum", in_order)
    verdict = check("B1")
    assert verdict.word == "refuted"
    assert verdict.instance is not None
    assert verdict.instance["slots"] >= 2  # with one slot there is nothing to choose


def test_a_bound_with_a_wrong_constant_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    # (G-2)·Δ instead of (G-1)·Δ
    def too_low(_claim: object, *, G: int, Delta: Fraction) -> Fraction:  # noqa: N803 - symbols of the claim
        return Fraction((G - 2) * Delta)

    monkeypatch.setattr(b1_adapter, "exact_bound", too_low)
    verdict = check("B1")
    assert (verdict.word, verdict.instance) == ("refuted", HALF_OF_B1)


def test_a_false_claim_among_the_true_ones_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def false(setting: Setting, level: float, budget: int, seed: int, scale: float) -> Verdict:
        return exact_imbalance(setting, level, budget, seed, 1.2 * scale)

    monkeypatch.setattr(CHECK, "STATISTICAL", {**statistical_tests.STATISTICAL, "F1": false})
    words = {claim: check(claim, ROUNDS).word for claim in ("F0", "F1", "B1-ratio")}
    assert words == {"F0": "holds", "F1": "refuted", "B1-ratio": "holds"}


def test_runs_whose_pool_did_not_stay_rich_show_nothing(monkeypatch) -> None:
    """They break nothing either, so that "holds" would be empty words."""
    poor = Finding("rich_pool", False, "poor")
    monkeypatch.setattr(horizon, "rich_pool", lambda run, *, a, b: poor)
    verdict = check("B2", seed=1)
    assert verdict.word == "inconclusive"
    assert verdict.reason == "the pool stayed rich in 0 of 76 runs only, which says little"
