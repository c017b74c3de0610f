"""The search as a whole: every claim stands, every false neighbour falls, tight bounds are reached."""

from fractions import Fraction
from typing import ClassVar

import numpy as np
import pytest

from bounds.falsifier import ADAPTERS, Budget, Part, falsify
from bounds.falsifier.adapter import Adapter
from bounds.falsifier.choices import Limits
from bounds.falsifier.fields import Field
from bounds.falsifier.optimum import Undecided
from formulations import Assignment, imbalance

#: Enough to see that a stage works; everything tiny is tried all the same.
SMALL = Budget(random=60, guided=60)


@pytest.fixture(scope="module", params=ADAPTERS)
def found(request):
    return falsify(request.param, budget=SMALL)


def test_every_claim_holds_as_far_as_the_search_can_tell(found) -> None:
    assert found.verdict.word == "holds", str(found.verdict)
    assert [stage.name for stage in found.stages] == ["random", "guided", "exhaustive"]
    assert all(stage.is_whole and stage.tried and not stage.undecided for stage in found.stages)
    assert found.tried == found.verdict.observations == sum(stage.tried for stage in found.stages)
    assert found.ratio <= 1 + ADAPTERS[found.claim].rounding


def test_every_bound_is_approached(found) -> None:
    """What is tight is reached; the filling lemma is a strict inequality, with no gap in the limit."""
    least = Fraction(9, 10) if found.claim == "filling" else 1 - ADAPTERS[found.claim].rounding
    assert found.part.ratio >= least
    assert not found.part.fails(1.0, ADAPTERS[found.claim].rounding)
    assert found.counterexample is None


@pytest.mark.parametrize("claim", ADAPTERS)
def test_every_false_neighbour_is_refuted(claim: str) -> None:
    scale = ADAPTERS[claim].control
    assert scale < 1
    found = falsify(claim, scale=scale, budget=SMALL)
    assert found.verdict.word == "refuted"
    assert found.ratio >= 1
    assert found.counterexample.check().word == "refuted"
    assert found.counterexample.instance == found.instance
    # the same instance is none to the claim itself
    assert type(found.counterexample)(claim, 1.0, 0, found.instance).check().word == "holds"


def test_the_tight_instance_of_b1_is_rediscovered() -> None:
    """One request of s_max and G·B - 1 of s_min: the ratio is 1, not just near it."""
    found = falsify("B1", budget=SMALL)
    assert found.part.ratio == Fraction(1)
    assert found.instance == {"workers": 3, "slots": 2, "sizes": [0, 0, 0, 0, 0, 1]}
    assert all(stage.ratio == 1 for stage in found.stages)


def test_half_of_b1_has_a_minimal_counterexample() -> None:
    for seed in range(3):
        found = falsify("B1", scale=0.5, seed=seed)
        assert found.instance == {"workers": 2, "slots": 1, "sizes": [0, 1]}
        assert found.ratio == 2
        assert str(found.verdict).startswith("B1 refuted: an instance breaks I <= (G-1)·Δ with 0.5 times")
        assert found.verdict.measured == (1, 1)
        assert found.verdict.bound == (-float("inf"), 0.5)


def test_one_inequality_of_b0_is_tight_as_is_the_other() -> None:
    """The example in the claim: sizes 10 and 9 admitted, 11 waiting; and a swap that changes nothing."""
    adapter = ADAPTERS["B0"]
    left = adapter.parts({"loads": [0, 0], "free": [1, 1], "sizes": [10, 9, 11]}, 0)
    assert {part.ratio for part in left if part.words.startswith("G/(G-1)")} == {1}
    swap = adapter.parts({"loads": [0, 0], "free": [1, 1], "sizes": [3, 0]}, 0)
    assert [(part.smaller, part.larger) for part in swap] == [(3, 3)] * 2  # either way round is an optimum


@pytest.mark.parametrize("claim", ADAPTERS)
def test_the_same_seed_searches_the_same_instances(claim: str) -> None:
    budget = Budget(random=25, guided=25, exhaustive=0)
    one, again, other = (falsify(claim, budget=budget, seed=seed) for seed in (3, 3, 4))
    assert one.stages == again.stages
    assert one.instance == again.instance
    assert [stage.instance for stage in one.stages] != [stage.instance for stage in other.stages]


def test_guidance_gets_closer_than_chance() -> None:
    found = falsify("filling", budget=Budget(random=300, guided=300, exhaustive=0))
    chance, guided, _ = found.stages
    assert guided.ratio > chance.ratio
    assert 1 - guided.ratio < (1 - chance.ratio) / 4


def test_a_search_says_nothing_and_leaves_nothing(tmp_path, monkeypatch, capfd) -> None:
    monkeypatch.chdir(tmp_path)
    falsify("B1", budget=Budget(random=5, guided=20, exhaustive=5))
    falsify("B1", budget=Budget(random=0, guided=20, exhaustive=5), scale=0.5)
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_a_search_cut_short_is_inconclusive() -> None:
    capped = falsify("B1", budget=Budget(random=5, guided=5, exhaustive=10))
    assert capped.verdict.word == "inconclusive"
    assert capped.verdict.reason.startswith("a limit ended the exhaustive search before all of it was tried")
    assert falsify("B1", budget=Budget(seconds=1e-9)).verdict.word == "inconclusive"
    nothing = falsify("B1", budget=Budget(random=0, guided=0, exhaustive=0)).verdict
    assert nothing.reason.startswith("no instance was tried")


def test_a_solver_that_is_wrong_is_found_out(monkeypatch) -> None:
    """Without any scale: the decision of a policy blind to sizes, taken for an optimum, breaks B1."""

    def blind(problem, *, enough=-1):
        worker = np.arange(len(problem.sizes)) % problem.workers
        worker[problem.admissions :] = -1
        value = imbalance(problem, worker)
        return Assignment(worker, value, value, lower_bound=value, status="optimal")

    monkeypatch.setattr("bounds.falsifier.adapters.b1.optimum", blind)
    found = falsify("B1", budget=SMALL)
    assert found.verdict.word == "refuted"
    assert found.ratio > 1
    assert set(found.instance["sizes"]) == {0, 1}
    # with the true optimum the same instance is within the bound
    monkeypatch.undo()
    assert found.counterexample.check().word == "holds"


class Stubborn(Adapter):
    """x <= 10, of which whatever ends in 7 is never decided."""

    claim: ClassVar[str] = "stubborn"
    fields: ClassVar = {"x": Field(at_most=100)}
    usual: ClassVar = Limits((1, 1), (1, 1), (0, 0), (10,))
    tiny: ClassVar = (Limits((1, 1), (1, 1), (0, 0), (10,)),)
    control: ClassVar = 0.5

    def build(self, choose, limits):
        return {"x": choose(0, limits.largest[0])}

    def parts(self, instance, beyond):
        if instance["x"] % 10 == 7:
            raise Undecided("seven")
        return [Part("x <= 10", Fraction(instance["x"]), Fraction(10))]


def test_an_optimum_that_is_not_proven_makes_a_search_inconclusive(monkeypatch) -> None:
    monkeypatch.setattr("bounds.falsifier.search.ADAPTERS", {"stubborn": Stubborn()})
    monkeypatch.setattr("bounds.falsifier.counterexample.ADAPTERS", {"stubborn": Stubborn()})
    found = falsify("stubborn", budget=SMALL)
    assert found.verdict.word == "inconclusive"
    assert found.stages[2].undecided == 1
    assert found.instance == {"x": 10}
    assert "no optimum was proven in time" in found.verdict.reason
    # a counterexample stands whatever else was undecided, and 8 is the smallest beyond 7.5
    refuted = falsify("stubborn", budget=SMALL, scale=0.75)
    assert refuted.verdict.word == "refuted"
    assert refuted.instance == {"x": 8}
