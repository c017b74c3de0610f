"""Bad input to the falsifier: one line that names the entry, the value and what would be right."""

import json
import re

import pytest

from bounds.falsifier import Budget, Counterexample, falsify, load_counterexample, save_counterexample
from tests.bounds.falsifier.test_counterexample import TIGHT

GOOD = {"schema": 1, "claim": "B1", "scale": 0.5, "seed": 0, "instance": TIGHT}
KNOWN = "'B0', 'B1', 'filling', 'T0', 'E0', 'E-saving', 'E-saving-published'"
KEYS = "schema, claim, scale, seed, instance"
FILLING = {"loads": [0, 9], "free": [1, 0], "sizes": [0, 10], "a": 0, "b": 10}


def told(**changes: object) -> str:
    return json.dumps({name: value for name, value in (GOOD | changes).items() if value != "absent"})


def instance(**changes: object) -> str:
    return told(instance={name: value for name, value in (TIGHT | changes).items() if value != "absent"})


FILES = [
    ("", "not JSON: Expecting value in line 1, column 1"),
    ('{"schema": 1,\n "claim" "B1"}', "not JSON: Expecting ':' delimiter in line 2, column 10"),
    ("[1]", "not a counterexample: it must be an object"),
    ("[" * 100_000, "not a counterexample: nested too deeply"),
    ("{}", f"'schema' is missing; needed are {KEYS}"),
    (told(seed="absent"), f"'seed' is missing; needed are {KEYS}"),
    (told(note="mine"), f"'note' is unknown; known are {KEYS}"),
    (told(schema=2), "schema must be 1, which this version reads, got 2"),
    (told(schema="1"), "schema must be 1, which this version reads, got '1'"),
    (told(schema=True), "schema must be 1, which this version reads, got True"),
    (told(claim="B9"), f"claim must be one of {KNOWN}; got 'B9'"),
    (told(claim=["B1"]), f"claim must be one of {KNOWN}; got ['B1']"),
    (told(scale=0), "scale must be > 0, got 0"),
    (told(scale="half"), "scale must be a number, got 'half' (str)"),
    (told(scale=float("nan")), "scale must be finite, got nan"),
    (told(scale=10**400), "scale must be at most 1.8e308 in magnitude, the range of float64"),
    (told(seed=-1), "seed must be >= 0, got -1"),
    (told(seed=1.5), "seed must be a whole number, got 1.5 (float)"),
    (told(instance=[1]), "instance must be an object, got [1] (list)"),
    (instance(slots="absent"), "instance lacks 'slots'; it needs workers, slots, sizes"),
    (instance(drift=1), "instance has no entry 'drift'; it has workers, slots, sizes"),
    (instance(workers=1), "instance.workers must be >= 2, got 1"),
    (instance(workers=10**9), "instance.workers must be <= 16, got 1000000000"),
    (instance(workers="2"), "instance.workers must be a whole number, got '2' (str)"),
    (instance(workers=True), "instance.workers must be a whole number, got True (bool)"),
    (instance(sizes=3), "instance.sizes must be a list, got 3 (int)"),
    (instance(sizes=[1, 2, -3, 4]), "instance.sizes[2] must be >= 0, got -3"),
    (instance(sizes=[1, 2, 0.5, 4]), "instance.sizes[2] must be a whole number, got 0.5 (float)"),
    (instance(sizes=[1, 2, 10**30, 4]), f"instance.sizes[2] must be <= 1000000, got {10**30}"),
    (instance(sizes=[0] * 65), "instance.sizes must have 0 to 64 entries, got 65"),
    (
        told(claim="filling", instance=FILLING | {"free": [1, 0, 0]}),
        "instance.free must have as many entries as instance.loads (2, one per worker), got 3",
    ),
]


@pytest.mark.parametrize(("content", "message"), FILES, ids=lambda value: value[:60])
def test_a_file_that_is_no_counterexample(content: str, message: str, tmp_path) -> None:
    path = tmp_path / "c.json"
    path.write_text(content)
    with pytest.raises(ValueError, match="^" + re.escape(f"{path}: {message}") + "$"):
        load_counterexample(path)


def test_a_file_that_cannot_be_read(tmp_path) -> None:
    for path in (tmp_path, tmp_path / "absent.json"):
        with pytest.raises(ValueError, match="^" + re.escape(f"{path} is not a file") + "$"):
            load_counterexample(path)
    path = tmp_path / "c.json"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="^" + re.escape(f"{path}: not JSON: not even UTF-8") + "$"):
        load_counterexample(path)
    path.write_text(" " * 1_000_001)
    with pytest.raises(ValueError, match=r"c\.json has 1000001 bytes, at most 1000000 are read$"):
        load_counterexample(path)
    path.write_text('{"seed": ' + "1" * 5000 + "}")  # more digits than Python turns into a number
    with pytest.raises(ValueError, match=r"c\.json: [^\n]*digits"):
        load_counterexample(path)


CALLS = [
    (lambda: falsify("F0"), ValueError, f"claim must be one of {KNOWN}; got 'F0'"),
    (lambda: falsify("B1", scale=0), ValueError, "scale must be > 0, got 0"),
    (lambda: falsify("B1", scale=True), TypeError, "scale must be a number, got True (bool)"),
    (lambda: falsify("B1", seed=-1), ValueError, "seed must be >= 0, got -1"),
    (lambda: falsify("B1", budget=100), TypeError, "budget must be a Budget, got 100 (int)"),
    (lambda: Budget(random=-1), ValueError, "random must be >= 0, got -1"),
    (lambda: Budget(guided=1.0), TypeError, "guided must be a whole number, got 1.0 (float)"),
    (lambda: Budget(seconds=0), ValueError, "seconds must be > 0, got 0"),
    (lambda: save_counterexample("c.json", GOOD), TypeError,
     f"found must be a Counterexample, got {GOOD!r} (dict)"),
    (lambda: Counterexample("B1", 0.5, 0, TIGHT | {"slots": 0}), ValueError,
     "instance.slots must be >= 1, got 0"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "kind", "message"), CALLS, ids=[message[:60] for *_, message in CALLS])
def test_an_unusable_argument(call, kind, message) -> None:
    with pytest.raises(kind, match="^" + re.escape(message) + "$"):
        call()
