"""The search finds what breaks a contract, tells it as the smallest run, and passes what keeps it."""

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contracts import DriftError
from drift_processes import DriftProcess, NoGrowth, UnitGrowth
from experiments.drift_check import check_drift
from experiments.drift_file import NamedDrift, load_drift
from experiments.drift_lives import Life, drive
from tests.experiments.drift_files import SOURCE

ALONE = " [smallest example: one request of size 0]"
CONTRACT = "it must depend on its arguments and rng alone"
RANGE = "it declares increment_range = (0, 2)"
TWO = " [smallest example: requests of sizes 0, 0, admitted at steps 0, 0]"
AGAIN = f"answers differently, asked the same again: {CONTRACT}"

#: Class, and the whole line; {words} stands for the number of the line of the file in which they are.
BROKEN = [
    (
        "AgeSeven",
        f"AgeSeven at step 7 takes request 0 of age 7 from load 14 to 13, a change of -1; {RANGE}{ALONE}",
    ),
    (
        "LargeSizes",
        f"LargeSizes at step 0 takes request 0 of age 0 from load 1001 to 1003.5, a change of 2.5; {RANGE} "
        "[smallest example: one request of size 1001]",
    ),
    (
        "LateAge",
        "LateAge at step 1200 takes request 0 of age 1200 from load 1200 to 1203, a change of 3; "
        f"{RANGE}{ALONE}",
    ),
    (
        "ThreeAtOnce",
        f"ThreeAtOnce at step 0 takes request 0 of age 0 from load 0 to 3, a change of 3; {RANGE} "
        "[smallest example: requests of sizes 0, 0, 0, admitted at steps 0, 0, 0]",
    ),
    (
        "NotANumber",
        f"NotANumber at step 0 takes request 0 of age 0 from load 0 to nan, a change of nan; {RANGE}{ALONE}",
    ),
    (
        "Infinite",
        f"Infinite at step 0 takes request 0 of age 0 from load 0 to inf, a change of inf; {RANGE}{ALONE}",
    ),
    ("Nothing", f"Nothing.increments at step 0 returns None, must return numbers{ALONE}"),
    ("Words", f"Words.increments at step 0 must return numbers, got 'one'{ALONE}"),
    ("OneRow", f"OneRow.increments at step 0 must return a scalar or shape (2,), got shape (1,){TWO}"),
    ("Column", f"Column.increments at step 0 must return a scalar or shape (1,), got shape (1, 1){ALONE}"),
    (
        "InPlace",
        f"InPlace.increments at step 0 changes its input in place (mine.py, line {{load *= 0.5}}){ALONE}",
    ),
    (
        "Raises",
        "Raises.increments at step 3 raises ZeroDivisionError: division by zero "
        f"(mine.py, line {{1 / (3 - each)}}){ALONE}",
    ),
    ("OwnRandomness", f"OwnRandomness.increments at step 0 {AGAIN}{ALONE}"),
    ("Counts", f"Counts.increments at step 0 {AGAIN}{ALONE}"),
    (
        "DrawsThoughDeterministic",
        "DrawsThoughDeterministic.increments at step 0 draws random numbers, but declares growth_class = "
        f"'per-request deterministic'{ALONE}",
    ),
    (
        "UnknownClass",
        "UnknownClass.growth_class must be one of 'constant', 'common', 'per-request deterministic', "
        "'per-request random'; got 'wild'",
    ),
    ("NoRange", "NoRange.increment_range must be (lo, hi) with 0 <= lo <= hi, finite; got (-1, 2)"),
    ("MaybeCommon", "MaybeCommon.is_common must be True or False, got 'yes'"),
    (
        "CommonInName",
        "CommonInName.increments at step 0 returns 1. where requests are in sight and 0 where not: it "
        "declares is_common = True, and a run shows it none",
    ),
    ("CommonArray", "CommonArray.increments at step 0 must return a scalar (it is common), got shape (3,)"),
    ("CommonLate", f"CommonLate at step 40 changes every load by 3; {RANGE}"),
    (
        "GrowsWithSize",
        "GrowsWithSize declares grows_by_age, but requests of age 0 grow by 0 and by 1000 "
        "[smallest example: requests of sizes 0, 51, admitted at steps 0, 0]",
    ),
    (
        "GrowsByStep",
        "GrowsByStep declares grows_by_age, but requests of age 0 grow by 2 and by 1 "
        "[smallest example: requests of sizes 0, 0, admitted at steps 0, 1]",
    ),
    ("CommonByAge", "CommonByAge declares grows_by_age, but requests of age 0 grow by 0 and by 1"),
    ("MaybeByAge", "MaybeByAge.grows_by_age must be True or False, got 1"),
    ("ConstantInName", "ConstantInName.growth_class is 'constant', but its increment_range is (0, 2)"),
    (
        "CommonClass",
        "CommonClass.growth_class is 'common', but its is_common is False and its increment_range (0, 2)",
    ),
    (
        "SpoiltMemory",
        f"SpoiltMemory.increments at step 2 leaves nan in memory, which must stay finite{ALONE}",
    ),
    ("EndlessMemory", "EndlessMemory.increments at step 0 leaves -inf in memory, which must stay finite"),
    (
        "Leaves",
        f"Leaves.increments at step 0 raises SystemExit: 3 (mine.py, line {{in a step}}){ALONE}",
    ),
    (
        "LeavesTheSecondTime",
        f"LeavesTheSecondTime.increments at step 0 raises SystemExit, asked the same again{ALONE}",
    ),
    (
        "Unfinished",
        "Unfinished.increments at step 0 raises NotImplementedError: Unfinished must override "
        f"increments(...){ALONE}",
    ),
]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("drift") / "mine.py"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def with_line_numbers(message: str) -> str:
    """Replace {words} by the number of the line of the file in which they are."""
    before, brace, rest = message.partition("{")
    if not brace:
        return message
    words, _, after = rest.partition("}")
    lines = [number for number, line in enumerate(SOURCE.splitlines(), 1) if words in line]
    assert len(lines) == 1
    return f"{before}{lines[0]}{after}"


@pytest.mark.parametrize(("name", "message"), BROKEN, ids=[name for name, _ in BROKEN])
def test_the_smallest_run_that_breaks_the_contract_is_told(name: str, message: str, file: Path) -> None:
    with pytest.raises(DriftError) as raised:
        check_drift(load_drift(f"{file}:{name}"))
    assert str(raised.value) == with_line_numbers(message)


def test_a_load_out_of_range_is_one_that_growth_led_to(file: Path) -> None:
    with pytest.raises(
        DriftError, match=r"from load 124 to 127, a change of 3; .* one request of size (\d+)]"
    ):
        check_drift(load_drift(f"{file}:LargeLoads"))


class Ledger(DriftProcess):
    """Keeps its own books, and complains where a run is not what it must be."""

    increment_range = (0.0, 2.0)
    has_memory = True
    sees_workers = True

    def __init__(self) -> None:
        self.most = np.zeros(4)

    def increments(self, *, step, age, size, load, rng, worker, memory) -> Any:
        assert len(age) > 0
        assert (age >= 0).all()
        assert (age <= step).all()
        assert (np.diff(age) <= 0).all()  # in the order of admission
        assert np.allclose(load, size + memory, rtol=0, atol=1e-9 * load.max())
        assert ((age > 0) | (memory == 0)).all()
        assert not any(row.flags.writeable for row in (age, size, load, worker))
        self.most = np.maximum(self.most, [len(age), age.max(), size.max(), worker.max()])
        grown = rng.integers(0, 3, len(age)).astype(float)
        memory += grown
        return grown


class CommonLedger(DriftProcess):
    """Counts the steps in its one number."""

    increment_range = (0.0, 2.0)
    has_memory = True
    is_common = True

    def increments(self, *, step, age, size, load, rng, memory) -> float:
        assert memory.shape == (1,)
        assert memory[0] == step
        memory += 1
        return float(rng.integers(0, 3))


def test_the_search_sees_states_that_a_run_can_reach_and_many_of_them() -> None:
    ledger = Ledger()
    check_drift(NamedDrift(ledger, "Ledger()"), examples=100)
    together, age, size, worker = ledger.most
    assert together == 4
    assert age == 4095
    assert size > 900_000
    assert worker == 2


def test_a_common_process_has_one_memory_for_all() -> None:
    check_drift(NamedDrift(CommonLedger(), "CommonLedger()"), examples=50)


def test_lives_begin_when_they_are_admitted_and_a_gap_is_no_step() -> None:
    class Seen(DriftProcess):
        increment_range = (1.0, 3.0)

        def increments(self, *, step, age, size, load, rng) -> Any:
            seen.append((step, age.tolist(), load.tolist()))
            return np.where(size > 5, 3.0, 1.0)

    seen: list[Any] = []
    # the second comes a step after the first, the third long after both have left
    lives = [Life(9, 0, 3, 0), Life(2, 1, 1, 0), Life(4, 20, 2, 1)]
    drive(NamedDrift(Seen(), "Seen()"), lives)
    assert seen[::2] == seen[1::2]  # each question is asked twice
    assert seen[::2] == [
        (0, [0], [9]),
        (1, [1, 0], [12, 2]),
        (2, [2], [15]),
        (3, [0], [4]),
        (4, [1], [5]),
    ]


def test_a_process_that_breaks_its_word_only_once_is_told_as_such() -> None:
    class Once(DriftProcess):
        increment_range = (0.0, 2.0)
        told = False

        def increments(self, *, step, age, size, load, rng) -> float:
            first, self.told = not self.told, self.told or step > 0
            return 3.0 if step > 0 and first else 1.0

    with pytest.raises(DriftError, match=rf"^Once.increments breaks its contract on a run, .* {CONTRACT}$"):
        check_drift(NamedDrift(Once(), "Once()"))


def test_a_slow_process_is_searched_for_a_while_and_what_was_found_is_told() -> None:
    class Slow(DriftProcess):
        increment_range = (0.0, 2.0)
        wrong_from = 10**9

        def increments(self, *, step, age, size, load, rng) -> Any:
            time.sleep(0.002)
            return np.where(age >= self.wrong_from, 3.0, 1.0)

    slow = Slow()
    began = time.monotonic()
    assert not check_drift(NamedDrift(slow, "Slow()"), longest_s=0.5)
    assert time.monotonic() - began < 15  # one run of up to 2,048 steps may be under way at the end
    slow.wrong_from = 0
    with pytest.raises(DriftError, match=r"^Slow at step 0 takes request 0 of age 0 from load"):
        check_drift(NamedDrift(slow, "Slow()"), longest_s=0.5)


@pytest.mark.parametrize("process", [UnitGrowth(), NoGrowth()])
def test_what_keeps_its_contract_passes(process: DriftProcess) -> None:
    assert check_drift(NamedDrift(process, "fine"))


def test_a_search_without_hypothesis_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis.configuration", None)
    with pytest.raises(ValueError, match=r"^the search needs the package hypothesis: python -m pip install"):
        check_drift(NamedDrift(UnitGrowth(), "UnitGrowth()"))
