"""The job of `evenstep check`: which claims, what counts as an alarm, what is written."""

import json
from pathlib import Path

import pytest

from bounds.checker import CHECKED
from bounds.falsifier import replay
from bounds.verdict import Verdict
from experiments.checking import Checked, chosen, run_checks, write_verdicts
from experiments.terminal.check import check_report, replay_report
from tests.bounds.checker.small import CHECK, ROUNDS

HALF_OF_B1 = {"workers": 2, "slots": 1, "sizes": [0, 1]}


def verdict(word: str, claim: str = "B1") -> Verdict:
    return Verdict(claim, word, "because")


def checked(word: str, *, is_control: bool = False) -> Checked:
    return Checked(verdict(word), is_control)


@pytest.mark.parametrize(
    ("word", "of_claim", "of_control"),
    [
        ("holds", False, True),
        ("refuted", True, False),
        ("inconclusive", False, True),
        ("not applicable", False, False),
    ],
)
def test_an_alarm_is_a_claim_refuted_or_a_control_that_applies_and_is_not(
    word: str, of_claim: bool, of_control: bool
) -> None:
    assert checked(word).is_alarm == of_claim
    assert checked(word, is_control=True).is_alarm == of_control


def test_no_names_are_all_that_have_a_test() -> None:
    assert chosen([]) == CHECKED
    assert chosen(["B1", "F0"]) == ("B1", "F0")


def test_a_name_that_is_no_claim_is_told() -> None:
    with pytest.raises(ValueError, match=r"^claim must be one of 'F0', .*; got 'B7'$"):
        chosen(["B1", "B7"])


def test_each_claim_is_announced_and_put_to_the_test() -> None:
    said: list[str] = []
    names = ("F1", "B1-ratio")
    done = run_checks(names, ROUNDS, level=0.01, budget=400, seed=1, progress=said.append)
    assert said == list(names)
    assert [entry.verdict.claim for entry in done] == list(names)
    assert [(entry.verdict.word, entry.is_alarm) for entry in done] == [("holds", False)] * 2
    assert [entry.status for entry in done] == ["proved", "proved"]


def test_controls_are_announced_as_such() -> None:
    said: list[str] = []
    done = run_checks(
        ("B1", "filling"), ROUNDS, level=0.01, budget=50, seed=1, controls=True, progress=said.append
    )
    assert said == ["B1 (control)", "filling (control)"]
    assert [(entry.verdict.word, entry.is_alarm) for entry in done] == [("refuted", False)] * 2
    assert [entry.status for entry in done] == ["proved", "lemma"]


def test_a_checker_that_cannot_fail_raises_the_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    def content(_setting: object, _level: float, _budget: int, seed: int) -> Verdict:
        return Verdict("F0", "holds", "everything does", seed=seed)

    monkeypatch.setattr(CHECK, "CONTROLS", {"F0": content})
    done = run_checks(("F0",), ROUNDS, level=0.01, budget=50, seed=1, controls=True)
    assert done[0].is_alarm


def test_verdicts_and_counterexamples_can_be_read_back(tmp_path: Path) -> None:
    done = run_checks(("B1", "F1"), ROUNDS, level=0.01, budget=50, seed=3, scale=0.5)
    assert [entry.verdict.word for entry in done] == ["refuted", "holds"]
    written = write_verdicts(tmp_path / "new" / "folder", done, scale=0.5, seed=3)
    assert [path.name for path in written] == ["verdicts.json", "B1.json"]
    rows = json.loads(written[0].read_text(encoding="utf-8"))
    assert [row.pop("control") for row in rows] == [False, False]
    assert [Verdict.from_dict(row) for row in rows] == [entry.verdict for entry in done]
    again = replay(written[1])
    assert again.word == "refuted"
    assert (again.instance, again.measured) == (done[0].verdict.instance, done[0].verdict.measured)


def test_what_holds_or_was_measured_or_is_a_control_leaves_no_counterexample(tmp_path: Path) -> None:
    done = [
        Checked(verdict("holds"), is_control=False),
        Checked(verdict("refuted", "F0"), is_control=False),
        Checked(verdict("refuted"), is_control=True),
    ]
    written = write_verdicts(tmp_path, done, scale=1.0, seed=1)
    assert [path.name for path in written] == ["verdicts.json"]
    assert [row["control"] for row in json.loads(written[0].read_text())] == [False, False, True]


def test_the_report_tells_ranges_reasons_and_what_they_rest_on() -> None:
    done = [
        Checked(
            Verdict(
                "F1", "holds", "it lies inside", level=0.01, guarantee="rarely wrong", measured=(3, 5),
                bound=(2, float("inf")), observations=1234,
            ),
            is_control=False,
        ),
        Checked(Verdict("B1", "holds", "none found", measured=(1, 1), bound=(-float("inf"), 4)), False),
        Checked(Verdict("F0", "not applicable", "no law"), is_control=False),
        Checked(Verdict("T0", "refuted", "broken", instance=HALF_OF_B1), is_control=False),
    ]  # fmt: skip
    text = check_report(done, "a heading")
    rows = {line.split()[0]: " ".join(line.split()) for line in text.splitlines()[4:8]}
    assert rows == {
        "F1": "F1 proved ≥ 2 3 … 5 1,234 holds",
        "B1": "B1 proved ≤ 4 1 – holds",
        "F0": "F0 exact – – – not applicable",
        "T0": "T0 exact – – – refuted",
    }
    assert text.startswith("a heading\nClaims")
    assert "F0: no law\n" in text
    assert "F1: rarely wrong\n" in text
    assert f"counterexample: {json.dumps(HALF_OF_B1)}" in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_guarantee_that_claims_share_is_told_once() -> None:
    done = [
        Checked(Verdict(name, "holds", "so", level=0.01, guarantee="rarely"), False) for name in ("F0", "F1")
    ]
    assert check_report(done, "").count("rarely") == 1
    assert "F0, F1: rarely" in check_report(done, "")


def test_controls_are_named_so() -> None:
    assert "to be refuted" in check_report([checked("refuted", is_control=True)], "")
    assert "to be refuted" not in check_report([checked("refuted")], "")


def test_a_replay_tells_the_instance() -> None:
    found = Verdict("B1", "refuted", "it breaks", instance=HALF_OF_B1)
    assert replay_report(found) == f"B1 refuted: it breaks\n  counterexample: {json.dumps(HALF_OF_B1)}\n"
