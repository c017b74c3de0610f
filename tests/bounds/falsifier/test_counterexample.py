"""A counterexample goes to a file and comes back, and a replay believes nothing but the instance."""

import json
import os

import pytest

from bounds.falsifier import Counterexample, falsify, load_counterexample, replay, save_counterexample

TIGHT = {"workers": 2, "slots": 2, "sizes": [9, 2, 2, 2]}


def test_a_file_is_read_back_as_it_was_written(tmp_path) -> None:
    path = tmp_path / "new" / "b1.json"
    found = falsify("B1", scale=0.5, seed=7).counterexample
    save_counterexample(path, found)
    assert load_counterexample(path) == found
    assert json.loads(path.read_text()) == {
        "schema": 1, "claim": "B1", "scale": 0.5, "seed": 7,
        "instance": {"workers": 2, "slots": 1, "sizes": [0, 1]},
    }  # fmt: skip
    assert os.listdir(path.parent) == ["b1.json"]


def test_a_replay_refutes_from_scratch(tmp_path) -> None:
    save_counterexample(tmp_path / "b1.json", Counterexample("B1", 0.5, 0, TIGHT))
    verdict = replay(tmp_path / "b1.json")
    assert verdict.word == "refuted"
    assert verdict.reason == "the instance breaks I <= (G-1)·Δ with 0.5 times the larger side"
    assert verdict.measured == (7, 7)
    assert verdict.bound == (-float("inf"), 3.5)
    assert verdict.instance == TIGHT


def test_a_replay_of_what_is_none_says_so(tmp_path) -> None:
    save_counterexample(tmp_path / "b1.json", Counterexample("B1", 1.0, 0, TIGHT))
    verdict = replay(tmp_path / "b1.json")
    assert (verdict.word, verdict.reason) == ("holds", "the instance is no counterexample")
    assert verdict.measured == (7, 7)


def test_a_replay_outside_the_assumptions_is_not_applicable() -> None:
    short = Counterexample("B1", 0.5, 0, TIGHT | {"sizes": [9, 2]})
    verdict = short.check()
    assert verdict.word == "not applicable"
    assert verdict.reason == "the pool must fill all 4 slots, it has 2 requests"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch) -> None:
    path = tmp_path / "b1.json"
    save_counterexample(path, Counterexample("B1", 0.5, 0, TIGHT))
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        save_counterexample(path, Counterexample("B1", 0.25, 0, TIGHT))
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["b1.json"]
