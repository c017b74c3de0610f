"""Mistakes in scenarios of sweeps: the exact line a user reads, with file, line and key."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from experiments.sweeps.resolve import TRACES
from experiments.sweeps.toml_file import load_plan, scenario_file
from tests.experiments.sweep_scenarios import SMALL, small

LAW = "uniform:1:100, geometric:0.2"
FCFS, SIZES, LENGTHS = 'policy = "fcfs"', 'sizes = "uniform:1:100"', 'lengths = "geometric:0.2"'

#: What is replaced in the scenario ("": added at the end), by what, and the message after the file's name.
BAD = [
    ("[2, 3]", "[2, 1]", " line 13: system.workers[1]: must be greater than or equal to 2, got 1"),
    ("[2, 3]", '"many"', " line 13: system.workers[0]: must be a valid integer, got 'many'"),
    ("[2, 3]", "[2, 2]", " line 13: system.workers: must be different values, got 2 twice"),
    (
        "",
        f'[[variants]]\n{FCFS}\nlabel = "other"\n',
        f": two runs are the same: FCFS, {LAW}, UnitGrowth and other, {LAW}, UnitGrowth",
    ),
    ("[2, 3]", "[]", " line 13: system.workers: must have at least 1 value, got 0"),
    (
        "seed = 5",
        'seed = 5\nname = "../x"',
        " line 3: name: must be letters, digits, '.', '_' and '-' (at most 80), got '../x'",
    ),
    ("slots", "slotz", " line 14: system.slotz: is no key of a scenario; did you mean 'slots'?"),
    ("slots = 4\n", "", " line 12: system.slots: is missing"),
    ("steps = 60", "steps = 1.5", " line 3: steps: must be a valid integer, got 1.5"),
    ("steps = 60", "steps = true", " line 3: steps: must be a valid integer, got True"),
    ("seed", "sede", " line 2: sede: is no key of a scenario; did you mean 'seed'?"),
    ("seed = 5", "seed = -5", " line 2: seed: must be greater than or equal to 0, got -5"),
    ("seed = 5", "seed = ", ": is no TOML: Invalid value (at line 2, column 8)"),
    (
        LENGTHS,
        'lengths = "geometric:1.2"',
        " line 10: workloads[0].lengths: 'geometric:1.2': p must be <= 1, got 1.2",
    ),
    (LENGTHS + "\n", "", " line 8: workloads[0]: sizes and lengths must be given together"),
    (
        SIZES,
        SIZES + '\npublished = "azure2023_code"',
        " line 8: workloads[0]: must have exactly one of published, trace, or sizes with lengths",
    ),
    (
        FCFS,
        'policy = "fcsf"',
        " line 17: variants[0].policy: there is no policy 'fcsf'; did you mean 'fcfs'?",
    ),
    (
        FCFS,
        FCFS + "\noptions.depth = 3",
        " line 18: variants[0].options.depth: policy 'fcfs' has no such option, it takes none",
    ),
    (
        FCFS,
        FCFS + "\nhorizon = 3",
        " line 18: variants[0].horizon: policy 'fcfs' has no such option, it takes none",
    ),
    (
        "horizon = [0, 3]",
        "options.discount = -1.0",
        " line 19: variants[1]: discount must be > 0, got -1",
    ),
    (
        FCFS,
        'policy = "bfio"\nlabel = "BF-IO(0)"',
        " line 16: variants: two of them are called 'BF-IO(0)'; give one of them a label",
    ),
    (
        "",
        '[[drifts]]\nprocess = "SlidingWindow"',
        " line 23: drifts[0]: SlidingWindow needs params.window=VALUE; it takes window",
    ),
    (
        "",
        '[[arrivals]]\nkind = "poisson"',
        " line 23: arrivals[0]: load must be given where kind is 'poisson', for instance load = [0.7, 0.9]",
    ),
    (
        "",
        '[[arrivals]]\nkind = "trace"',
        f" line 24: arrivals[0].kind: must not be 'trace' for workload '{LAW}', which has no arrival times",
    ),
    # what no cell could run
    ("steps = 60", "pool = 1e308", " line 3: pool: must be less than or equal to 1000000, got 1e+308"),
    (
        "warmup = 20",
        "warmup = 1_000_000_000_000",
        " line 4: warmup: must be less than or equal to 10000000, got 1000000000000",
    ),
    (
        "record_loads = 3",
        f"record_loads = {10**18}",
        f" line 6: record_loads: must be less than or equal to 10000000, got {10**18}",
    ),
    (
        "slots = 4",
        "slots = 4\nseconds_per_token = 1e308",
        " line 15: system.seconds_per_token: must be less than or equal to 1000000000000, got 1e+308",
    ),
    (
        "slots = 4",
        "slots = 4\noverhead_s = 0.0\nseconds_per_token = 0.0",
        " line 15: system.overhead_s: must be larger, or seconds_per_token or mean_load_s: steps must last "
        "1e-12 s",
    ),
    (
        "",
        '[[arrivals]]\nkind = "bursts"\nload = 0.9\nburst_rates = [1e308, 1e308]',
        " line 26: arrivals[0].burst_rates[0]: must be less than or equal to 1000000000, got 1e+308",
    ),
    (
        "",
        '[[arrivals]]\nkind = "bursts"\nload = 0.9\nburst_rates = [0.0, 1e-300]',
        " line 23: arrivals[0]: burst_rates and burst_stays_s must have one number per phase, and one "
        "rate be >= 1e-09",
    ),
    ("[0, 3]", f"[0, {10**18}]", f" line 21: variants[1].horizon: must be <= 10000, got {10**18}"),
    (
        "horizon = [0, 3]",
        "options.horizon = 10_001",
        " line 21: variants[1].options.horizon: must be <= 10000, got 10001",
    ),
    # what would be something else than it is called
    (
        "horizon = [0, 3]",
        "horizon = [0, 3]\noptions.horizon = 5",
        " line 22: variants[1].options.horizon: is the horizon of the variant as well; give one of them",
    ),
    (
        'policy = "bfio"\nhorizon = [0, 3]\nlookahead = "oracle"',
        'policy = "brh"',
        " line 19: variants[1].lookahead: policy 'brh' scores loads from which predicted completions are "
        "taken out: give lookahead = 'hazard' or 'oracle', and lookahead_options = {refill = 'none'}",
    ),
    (
        'policy = "bfio"\nhorizon = [0, 3]',
        'policy = "authors_bfio"\nhorizon = 72',
        " line 22: variants[1].lookahead: policy 'authors_bfio' scores loads from which predicted "
        "completions are taken out: give lookahead = 'hazard' or 'oracle', and lookahead_options = "
        "{refill = 'none'}",
    ),
    # names that none has
    (
        'lookahead = "oracle"',
        'lookahead = "oracle"\nlookahead_options = {x = 1}',
        " line 23: variants[1].lookahead_options.x: is no option of a lookahead; there are miss, "
        "false_alarm, refill",
    ),
    (
        f"{SIZES}\n{LENGTHS}",
        'trace = "a**b/*"',
        " line 9: workloads[0].trace: can't look for 'a**b/*': Invalid pattern: '**' can only be an entire "
        "path component",
    ),
    (
        f"{SIZES}\n{LENGTHS}",
        f'trace = "{5000 * "t"}"',
        f" line 9: workloads[0].trace: can't look for '{198 * 't'}…: File name too long",
    ),
    (
        "",
        '[[drifts]]\nprocess = "\\u0000.py:X"',
        r" line 24: drifts[0].process: can't be '\x00.py:X': embedded null byte",
    ),
    (
        "",
        f'[[drifts]]\nprocess = "{5000 * "d"}.py:X"',
        f" line 24: drifts[0].process: can't read '{198 * 'd'}…: File name too long",
    ),
    (
        "seed = 5",
        f"seed = {3000 * '['}{3000 * ']'}",
        ": is nested too deeply; a scenario needs no more than 4 levels",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), BAD)
def test_a_mistake_is_told_with_file_line_and_key(old: str, new: str, message: str, tmp_path: Path) -> None:
    text = SMALL.replace(old, new, 1) if old else SMALL + new + "\n"
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(ValueError, match=f"^mine.toml{re.escape(message)}$"):
        load_plan(str(tmp_path / "mine.toml"))


def test_a_scenario_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^there is no scenario 'papre'; did you mean 'paper'\?"):
        scenario_file("papre")
    with pytest.raises(ValueError, match=r"^can't read scenario '.*none.toml': No such file or directory$"):
        scenario_file(str(tmp_path / "none.toml"))
    (tmp_path / "b.toml").write_bytes(b"\xff")
    with pytest.raises(ValueError, match=r"^can't read scenario '.*b.toml': is no UTF-8 text$"):
        scenario_file(str(tmp_path / "b.toml"))


def test_a_trace_that_is_not_there_or_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "s.toml"
    file.write_text(SMALL.replace(f"{SIZES}\n{LENGTHS}", 'trace = "t.csv"'))
    monkeypatch.delenv(TRACES, raising=False)
    start = r"^s.toml line 9: workloads\[0\].trace: "
    with pytest.raises(ValueError, match=start + "there is no file 't.csv' beside .* is not set$"):
        load_plan(str(file))
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match=start + r"t\.csv"):
        load_plan(str(file))


def test_a_value_in_python_is_checked_as_a_file_is() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 2"):
        small(system={"workers": 1, "slots": 4})
